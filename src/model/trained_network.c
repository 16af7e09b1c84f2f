#include "model/trained_network.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/batch.h"
#include "network/initial_weights.h"

enum { MAX_BYTES = INT32_MAX }; /* of the weights, and of a pass: 2 GiB */

static heed_status check_size(const network *net, heed_error *error)
{
    size_t positions = (size_t)ROWS_PER_CHUNK * net->spec.window, pass = 0; /* numbers */
    for (int i = 0; i < net->slot_count; i++)
        if (!net->slots[i].gradient)
            pass += (size_t)net->slots[i].width * (net->slots[i].per_row ? ROWS_PER_CHUNK : positions);
    if (net->weight_count > MAX_BYTES / sizeof(float))
        return fail(error, HEED_USAGE, "the network has %zu parameters, expected at most %zu; use fewer units or words",
                    net->weight_count, MAX_BYTES / sizeof(float));
    if (pass > MAX_BYTES / sizeof(float))
        return fail(error, HEED_USAGE,
                    "a pass over %d rows of %u tokens needs %zu MB, expected at most %d; use a smaller --max-length or "
                    "fewer units",
                    ROWS_PER_CHUNK, net->spec.window, pass >> 18, MAX_BYTES >> 20);
    return HEED_OK;
}

heed_status trained_network_new(trained_network **out, const network_spec *spec, heed_error *error)
{
    trained_network *n = memory_array(1, sizeof *n);
    heed_status status;
    *out = NULL;
    if (n == NULL)
        return fail_memory(error, "a network");
    TRY(network_new(&n->net, spec, error));
    TRY(check_size(n->net, error));
    *out = n;
    return HEED_OK;
done:
    trained_network_free(n);
    return status;
}

heed_status trained_network_allocate(trained_network *n, heed_error *error)
{
    n->weights = memory_aligned(n->net->weight_count, sizeof *n->weights);
    return n->weights == NULL ? fail_memory(error, "weights") : HEED_OK;
}

void trained_network_free(void *trained)
{
    trained_network *n = trained;
    if (n == NULL)
        return;
    network_free(n->net);
    free(n->weights);
    free(n);
}

heed_status trained_network_random(trained_network **out, const network_spec *spec, uint64_t seed, heed_error *error)
{
    trained_network *n = NULL;
    heed_status status;
    *out = NULL;
    TRY(trained_network_new(&n, spec, error));
    TRY(trained_network_allocate(n, error));
    TRY(network_initialize(n->net, n->weights, seed, error));
    *out = n;
    return HEED_OK;
done:
    trained_network_free(n);
    return status;
}
