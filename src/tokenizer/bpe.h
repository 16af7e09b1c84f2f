/* Byte pair encoding: a word begins as its characters; of the pairs of neighbours that may be merged the one that comes
 * first in the list of merges becomes one token, the leftmost of several, and so on until there is none. */
#ifndef TOKENIZER_BPE_H
#define TOKENIZER_BPE_H

#include "tokenizer/token_model.h"

extern const token_model bpe_model;

#endif
