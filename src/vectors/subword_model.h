/* fastText's .bin: a dictionary, and vectors of words and of their sub-words (Bojanowski et al. 2017, "Enriching word
 * vectors with subword information"). */
#ifndef VECTORS_SUBWORD_MODEL_H
#define VECTORS_SUBWORD_MODEL_H

#include "vectors/vector_store.h"

/* Reads vectors of wanted words: a known word is the mean of its own row and those of its sub-words, an unknown one the
 * mean of its sub-words. The window has the beginning of the file. */
void subword_model_read(vectors *v, vector_input *in);

#endif
