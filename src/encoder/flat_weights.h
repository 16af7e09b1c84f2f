/* An encoder whose weights can be moved: all of them lie in one block, in the order of the table (encoder_weights.h).
 */
#ifndef ENCODER_FLAT_WEIGHTS_H
#define ENCODER_FLAT_WEIGHTS_H

#include "encoder/encoder.h"

/* The same transformer with its weights in a block of its own, encoder.weights.flat; HEED_FAILED: memory. */
heed_status encoder_copy(encoder **out, const encoder *e, heed_error *error);
/* Where the first weights of the blocks and of the embeddings other than words' lie: words come first. */
size_t encoder_flat_after_words(const encoder *e);
/* Finds the digest anew, after weights were moved. HEED_BAD_DATA: one of them is no finite number. */
heed_status encoder_flat_digest(encoder *e, heed_error *error);

#endif
