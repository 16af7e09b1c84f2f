/* States for rows that come without them, as a network on an encoder reads them (network/states.c). */
#ifndef MODEL_ROW_STATES_H
#define MODEL_ROW_STATES_H

#include "features/text_states.h"
#include "network/batch.h"

/* Scratch of one caller at a time. */
typedef struct row_states row_states;

/* For rows of at most `longest` sub-words. e and workers are borrowed. HEED_FAILED: memory. */
heed_status row_states_new(row_states **out, const shared_encoder *e, uint32_t longest, pool *workers,
                           heed_error *error);
void row_states_free(row_states *s);
/* Gives each of the rows [count] that has no states its own, which live until the next call. */
heed_status row_states_give(row_states *s, batch_row *rows, size_t count, heed_error *error);
/* How many of the first rows to give states to at a time, where that is free: their memory is bounded. */
size_t row_states_block(const batch_row *rows, size_t count);

#endif
