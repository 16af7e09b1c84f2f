/* The n-grams of words that training rows have. */
#ifndef WIDE_WORD_GRAMS_LEARN_H
#define WIDE_WORD_GRAMS_LEARN_H

#include "data/examples.h"
#include "wide/word_grams.h"

/* The n-grams that at least min_count of the rows have, of words of the vocabulary, which has no rarer ones. The rows
 * are whole texts. HEED_BAD_DATA for more than a model can have. */
heed_status word_grams_learn(word_grams *out, const examples *rows, const vocabulary *words, gram_range range,
                             uint32_t min_count, heed_error *error);

#endif
