/* Unigram, as SentencePiece has it: of all ways to divide a word into tokens the one whose scores have the largest sum.
 * A character that is no token by itself may be unknown, with a score below all others; unknown neighbours are one
 * token. */
#ifndef TOKENIZER_UNIGRAM_H
#define TOKENIZER_UNIGRAM_H

#include "tokenizer/token_model.h"

extern const token_model unigram_model;

#endif
