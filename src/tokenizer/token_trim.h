/* The places of tokens without the spaces that their texts begin or end with, as ByteLevel and RobertaProcessing of
 * `tokenizers` take them away. */
#ifndef TOKENIZER_TOKEN_TRIM_H
#define TOKENIZER_TOKEN_TRIM_H

#include "heed.h"

/* Trims bytes [*begin, *end) of a text, the place of a token that is written so. keeps_one: one space at its begin
 * stays, as it was put there. */
void token_trim(size_t *begin, size_t *end, heed_bytes written, heed_bytes text, bool keeps_one);

#endif
