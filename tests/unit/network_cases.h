/* For the tests of networks: a network of an architecture, weights for it, and a parameter by its name. */
#ifndef UNIT_NETWORK_CASES_H
#define UNIT_NETWORK_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "network/initial_weights.h"
#include "network/network.h"

static inline network *network_of(network_spec spec)
{
    heed_error error = {0};
    network *net;
    if (network_new(&net, &spec, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return net;
}

/* Initial weights, moved a little, so that no bias is 0. */
static inline real *weights_of(const network *net)
{
    real *w = memory_aligned(net->weight_count, sizeof *w);
    assert_non_null(w);
    assert_int_equal(network_initialize(net, w, 3, NULL), HEED_OK);
    for (size_t i = 0; i < net->weight_count; i++) {
        uint32_t word = random_word((random_key){11, RANDOM_SPLIT, 9, 0, 0}, (uint32_t)i);
        w[i] += (real)(random_unit(word) * 0.6 - 0.3);
    }
    return w;
}

/* NULL where there is none. */
static inline const parameter *find_parameter(const network *net, const char *name)
{
    for (int i = 0; i < net->parameter_count; i++)
        if (strcmp(net->parameters[i].name, name) == 0)
            return &net->parameters[i];
    return NULL;
}

static inline const parameter *parameter_named(const network *net, const char *name)
{
    const parameter *p = find_parameter(net, name);
    if (p == NULL)
        fail_msg("no parameter is called %s", name);
    return p;
}

#endif
