/* One pass through the encoder for all parts of a sum that read it: one on its features, and others on its states. */
#ifndef MODEL_SUM_ENCODING_H
#define MODEL_SUM_ENCODING_H

#include "base/pool.h"
#include "model/sum.h"

/* Scratch of one caller at a time. */
typedef struct sum_encoding sum_encoding;

/* *out NULL: the sum has not both kinds of parts, or they read different stretches of a text. */
heed_status sum_encoding_new(sum_encoding **out, const model_sum *sum, pool *workers, heed_error *error);
void sum_encoding_free(sum_encoding *s);
/* Gives rows of the sum features and states, where they have not both; they live until the next call. */
heed_status sum_encoding_give(sum_encoding *s, batch_row *rows, size_t count, heed_error *error);

#endif
