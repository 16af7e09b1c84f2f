/* States of rows by the encoder of their corpus, each computed once if there is room for all of them. */
#ifndef DATA_ENCODED_STATES_H
#define DATA_ENCODED_STATES_H

#include "data/encoded_rows.h"

/* Which rows, and how they become states; borrowed. */
typedef struct state_query {
    const heed_corpus *corpus;
    state_key key;
    const uint32_t *rows; /* [count]: of the corpus */
    size_t count;
} state_query;

/* Whether the corpus keeps the states of its rows: not if all of them have more bytes than its bound. */
bool encoded_states_fit(const heed_corpus *corpus, const state_key *key);
/* *out [rows of the corpus]: the states of each as row_states_of takes them, of which those of the query are computed where they are not there yet;
 * borrowed from the corpus until another key is asked for. NULL: they do not fit, so none are kept. listener: NULL:
 * nobody. HEED_FAILED: memory; HEED_STOPPED: by the listener. */
heed_status encoded_states_find(real *const **out, const state_query *query, pool *workers,
                                const feature_listener *listener, heed_error *error);

#endif
