/* States of the rows of a corpus, which trainings have in common as long as they read the rows alike. */
#ifndef FEATURES_STATE_TABLE_H
#define FEATURES_STATE_TABLE_H

#include "features/text_encoding.h"

/* How rows become states: all that they depend on besides their sub-words and the encoder. */
typedef struct state_key {
    uint32_t length; /* a longer row is cut to so many sub-words, which the encoder reads at a time, */
    heed_cut cut;    /* here */
} state_key;

typedef struct state_table {
    state_key key;
    size_t rows;
    real **of;   /* [rows]: states [1 + sub-words of the row, cut][E] (text_encoding.h); NULL: not there yet */
    size_t most; /* bytes that those of all rows may have: with more of them none are kept */
} state_table;

/* An empty one, with the usual bound; NULL: no memory. */
state_table *state_table_new(void);
void state_table_free(state_table *t); /* NULL too */
/* Empties the table if it is of another key or of another number of rows. HEED_FAILED: memory. */
heed_status state_table_begin(state_table *t, state_key key, size_t rows, heed_error *error);
void state_table_empty(state_table *t);

#endif
