#include "network/network.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/bfloat16.h"
#include "network/architecture.h"
#include "network/builder.h"

heed_status network_new(network **out, const network_spec *spec, heed_error *error)
{
    heed_status status = HEED_OK;
    layer_spec *layers = NULL;
    int count = 0;
    *out = NULL;
    network *net = memory_array(1, sizeof *net);
    if (net == NULL)
        return fail_memory(error, "a network");
    net->spec = *spec;
    net->attention = -1;
    net->kernels = kernels_choose();
    TRY(architecture_parse(&layers, &count, spec->architecture, error));
    TRY(architecture_print(&net->architecture, layers, count, error));
    net->spec.architecture = net->architecture;
    TRY(builder_run(net, layers, count, error));
    *out = net;
    net = NULL;
done:
    free(layers);
    network_free(net);
    return status;
}

void network_free(network *net)
{
    if (net == NULL)
        return;
    free(net->layers);
    free(net->parameters);
    free(net->slots);
    free(net->architecture);
    free(net);
}

/* ---- work */

uint64_t network_token_products(const network *net, size_t tokens)
{
    const size_t row = tokens < net->spec.window ? tokens : net->spec.window;
    uint64_t sum = (uint64_t)net->embedded.width;
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *p = &net->parameters[i];
        const layer_stage stage = layer_place(&net->layers[p->layer]);
        if (stage == STAGE_ENCODER || stage == STAGE_POOLING) /* before them are tables, of which a token reads a row */
            sum += parameter_count(p);
    }
    for (int i = 0; i < net->layer_count; i++)
        if (net->layers[i].class->compares_tokens)
            sum += 2 * (uint64_t)row * (uint64_t)net->layers[i].units;
    return sum;
}

/* ---- copies of weights */

/* out [columns][rows] = x [rows][columns] transposed. A few columns at a time, so that their lines of out stay in the
 * caches. */
static void transpose(int rows, int columns, const real *x, real *out)
{
    enum { AT_A_TIME = 16 };
    for (int first = 0; first < columns; first += AT_A_TIME) {
        int end = columns - first < AT_A_TIME ? columns : first + AT_A_TIME;
        for (int i = 0; i < rows; i++)
            for (int j = first; j < end; j++)
                out[(ptrdiff_t)j * rows + i] = x[(ptrdiff_t)i * columns + j];
    }
}

void network_transpose_layer(const network *net, int number, const real *weights, real *transposed)
{
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *p = &net->parameters[i];
        if (p->layer != number || p->transposed == NO_COPY)
            continue;
        size_t tap_size = parameter_count(p) / (size_t)p->taps;
        for (size_t at = 0; at < parameter_count(p); at += tap_size)
            transpose(p->rows / p->taps, p->columns, weights + p->offset + at, transposed + p->transposed + at);
    }
}

void network_transpose(const network *net, const real *weights, real *transposed)
{
    for (int i = 0; i < net->layer_count; i++)
        network_transpose_layer(net, i, weights, transposed);
}

void network_to_bf16(const network *net, const real *weights, uint32_t *bf16)
{
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *p = &net->parameters[i];
        if (p->bf16 != NO_COPY)
            bf16_pack(p->rows, p->columns, weights + p->offset, bf16 + p->bf16);
    }
}
