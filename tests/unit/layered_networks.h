/* One list of architectures, in which every layer is, for all the tests that hold something of every layer: answers do
 * not depend on the batch, weights that are not numbers are seen, huge ones do no harm, threads change no bit. */
#ifndef UNIT_LAYERED_NETWORKS_H
#define UNIT_LAYERED_NETWORKS_H

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "math/real.h"
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
    {"embed 7 | gru 9 | mean | dense tanh 5", 1},
    /* ON_STATES of them, which have no padding */
    {"encoder | attention additive 17 | dense 7 | dropout 0.3", 1},
    {"encoder bert 6x7 | dropout 0.3 | bilstm 9 | attention general + max", 3},
    {"encoder | conv 6 3 | transformer 2 5 | mean | dense 3", 1},
    {"encoder | first + max | dense tanh 4 | dense 3", 3},
};
enum { ALL_LAYERED = sizeof layered / sizeof *layered, ON_STATES = 4, LAYERED = ALL_LAYERED - ON_STATES };

/* How wide the states are that an architecture reads; 0: it reads words. */
enum { STATES_WIDTH = 7 };
static inline uint32_t width_of(const char *architecture)
{
    return strncmp(architecture, "encoder", strlen("encoder")) == 0 ? STATES_WIDTH : 0;
}

/* States between -1 and 1 for a row, enough for 16 tokens and the first one: [17][STATES_WIDTH]. */
static inline const real *made_states(uint32_t row)
{
    static real states[512][17 * STATES_WIDTH];
    for (uint32_t i = 0; i < 17 * STATES_WIDTH; i++)
        states[row][i] = (real)(random_unit(random_word((random_key){13, RANDOM_SPLIT, 0, 0, row}, i)) * 2 - 1);
    return states[row];
}

static inline void every_layer_is_in_the_list(void **state)
{
    (void)state;
    for (int i = 0; layer_classes[i] != NULL; i++) {
        const char *word = layer_classes[i]->keyword;
        bool found = false;
        for (size_t j = 0; j < ALL_LAYERED && !found; j++) {
            const char *at = strstr(layered[j].architecture, word);
            for (; at != NULL && !found; at = strstr(at + 1, word)) /* a whole word: "lstm" is not "bilstm" */
                found = (at == layered[j].architecture || at[-1] == ' ') && strchr(" ", at[strlen(word)]) != NULL;
        }
        if (!found)
            fail_msg("tests/unit/layered_networks.h: no architecture has the layer '%s'", word);
    }
}

#endif
