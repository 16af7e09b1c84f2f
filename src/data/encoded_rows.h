/* Features of rows by the encoder of their corpus, each computed once. */
#ifndef DATA_ENCODED_ROWS_H
#define DATA_ENCODED_ROWS_H

#include "base/pool.h"
#include "data/corpus.h"

/* Tells how many of the rows are done; non-zero stops. */
typedef struct feature_listener {
    int (*tell)(void *user, size_t done, size_t rows);
    void *user;
} feature_listener;

/* Which rows, and how they become features; borrowed. */
typedef struct feature_query {
    const heed_corpus *corpus;
    const feature_key *key;
    const uint32_t *rows; /* [count]: of the corpus */
    size_t count;
} feature_query;

/* *out [rows of the corpus][E], E the encoder's width, of which those of the query are computed where they are not
 * there yet; borrowed from the corpus until another key is asked for. listener: NULL: nobody. HEED_FAILED: memory;
 * HEED_STOPPED: by the listener. */
heed_status encoded_rows_find(const real **out, const feature_query *query, pool *workers,
                              const feature_listener *listener, heed_error *error);

#endif
