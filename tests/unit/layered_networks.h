/* One list of architectures, in which every layer is, for all the tests that hold something of every layer: answers do
 * not depend on the batch, weights that are not numbers are seen, huge ones do no harm, threads change no bit. */
#ifndef UNIT_LAYERED_NETWORKS_H
#define UNIT_LAYERED_NETWORKS_H

#include <stdio.h>

#include "network/layers.h"

/* With and without final state, alone and side by side. */
static const struct {
    const char *architecture;
    uint32_t outputs;
} layered[] = {
    {"embed 5 | bilstm 6 | attention additive 4 | dense 7", 1},
    {"embed 19 | lstm 17 | lstm 3 | attention additive 10 | dense 20 | dropout 0.5 | dense 3", 3},
    {"embed 33 | bilstm 16 | bilstm 9 | attention additive 17", 1},
    {"embed 19 | conv 17 3 | conv 5 2 9 40 | attention additive 4", 1},
    {"embed 20 | transformer 4 17 | transformer 1 9 | attention additive 4 | dense 3", 3},
    {"embed 7 | conv 6 3 | transformer-pre 2 5 | bilstm 4 | attention additive 4", 1},
    {"embed 19 | gru 17 | bigru 5 | attention dot | dense 3", 1},
    {"embed 7 | bigru 16 | attention scaled", 3},
    {"embed 7 | lstm 17 | attention general | dense 3", 1},
    {"embed 7 | bigru 9 | attention location | dense 3", 1},
    {"embed 18 | attention location", 3},
    {"embed 7 | bilstm 9 | attention cosine | dense 3", 1},
    {"embed 19 | conv 6 3 | attention cosine", 1},
    {"embed 7 | bigru 9 | max | dense 3", 1},
    {"embed 19 | max", 3},
    {"embed 7 | gru 17 | mean | dense 3", 1},
    {"embed 4 | transformer 2 5 | mean", 1},
    {"embed 7 | bigru 9 | last | dense 3", 1},
    {"embed 7 | dropout 0.3 | bilstm 9 recurrent-dropout 0.4 | dropout 0.2 | attention additive 4", 1},
    {"embed 19 | bigru 9 recurrent-dropout 0.4 | dropout 0.5 | lstm 5 recurrent-dropout 0.2 | max + last | dense 3", 3},
    {"embed 7 | bilstm 9 | attention additive 4 + max + mean + last + attention dot | dense 3", 3},
};
enum { LAYERED = sizeof layered / sizeof *layered };

static inline void every_layer_is_in_the_list(void **state)
{
    (void)state;
    for (int i = 0; layer_classes[i] != NULL; i++) {
        const char *word = layer_classes[i]->keyword;
        bool found = false;
        for (size_t j = 0; j < LAYERED && !found; j++) {
            const char *at = strstr(layered[j].architecture, word);
            for (; at != NULL && !found; at = strstr(at + 1, word)) /* a whole word: "lstm" is not "bilstm" */
                found = (at == layered[j].architecture || at[-1] == ' ') && strchr(" ", at[strlen(word)]) != NULL;
        }
        if (!found)
            fail_msg("tests/unit/layered_networks.h: no architecture has the layer '%s'", word);
    }
}

#endif
