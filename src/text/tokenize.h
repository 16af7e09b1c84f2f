/* Text to tokens. */
#ifndef TEXT_TOKENIZE_H
#define TEXT_TOKENIZE_H

#include "text/segmenter.h"

/* Where a token is in the text. */
typedef struct token_place {
    size_t begin, end;
} token_place;

enum { TOKENS_AT_ONCE = 192 };

/* The places of the next tokens from *at on; returns how many, 0 if there are no more, and moves *at past them. Begin
 * with *at = 0. segmenter: divides letters of scripts without blanks by dictionary; NULL: they are divided into
 * user-perceived characters. */
typedef size_t (*token_finder)(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE], segmenter *segmenter);

token_finder token_finder_of(heed_tokenizer kind, heed_text_rules rules);

#endif
