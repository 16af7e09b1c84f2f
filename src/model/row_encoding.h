/* Features or states for rows that come without them: what a model reads of its encoder. */
#ifndef MODEL_ROW_ENCODING_H
#define MODEL_ROW_ENCODING_H

#include "features/text_encoding.h"
#include "network/batch.h"

typedef enum encoding_kind {
    ENCODING_FEATURES = 1, /* as logistic regression reads them (linear/logistic.h) */
    ENCODING_STATES = 2,   /* as a network reads them (network/states.c) */
    ENCODING_BOTH = ENCODING_FEATURES | ENCODING_STATES
} encoding_kind;

/* Scratch of one caller at a time. */
typedef struct row_encoding row_encoding;

/* For rows of any length, or with states of at most rule.room sub-words. e and workers are borrowed. */
heed_status row_encoding_new(row_encoding **out, const shared_encoder *e, feature_rule rule, encoding_kind kind,
                             pool *workers, heed_error *error);
void row_encoding_free(row_encoding *r);
/* HEED_PRECISION_FLOAT32, as at first, or BFLOAT16: passes multiply by the encoder's kernels in bfloat16. Errors as
 * shared_encoder_halves. */
heed_status row_encoding_set_weights(row_encoding *r, heed_precision weights, heed_error *error);
/* The faster of the two for an encoder, on this processor. NULL: float32. */
heed_precision row_encoding_best_weights(const shared_encoder *e);
/* Gives each of the rows [count] that has not all of this kind its own, which live until the next call. */
heed_status row_encoding_give(row_encoding *r, batch_row *rows, size_t count, heed_error *error);
/* How many of the first rows to give states to at a time, where that is free: their memory is bounded. */
size_t row_encoding_block(const batch_row *rows, size_t count);

#endif
