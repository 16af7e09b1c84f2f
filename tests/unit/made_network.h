/* For tests: models that are no more than a network of some architecture, without words or weights. */
#ifndef UNIT_MADE_NETWORK_H
#define UNIT_MADE_NETWORK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/network_classifier.h"

static inline heed_model made_network(const char *architecture, uint32_t vocabulary, uint32_t window)
{
    const network_spec spec = {architecture, vocabulary, window, 1, true, false, HEED_TASK_BINARY, 0};
    trained_network *network = NULL;
    heed_error error = {""};
    if (trained_network_new(&network, &spec, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return (heed_model){.class = &network_classifier, .trained = network};
}

#endif
