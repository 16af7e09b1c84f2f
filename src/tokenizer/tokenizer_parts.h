/* What a tokenizer consists of, for the files that read one and that run it. */
#ifndef TOKENIZER_TOKENIZER_PARTS_H
#define TOKENIZER_TOKENIZER_PARTS_H

#include "tokenizer/added_tokens.h"
#include "tokenizer/token_frame.h"
#include "tokenizer/token_model.h"
#include "tokenizer/token_points.h"

/* What a character is for the division into words (BertPreTokenizer). */
typedef enum word_kind {
    KIND_OTHER, /* of bytes only: the normalizer has to look at what is around it */
    KIND_SPACE,
    KIND_PUNCTUATION, /* a word of its own */
    KIND_LETTER
} word_kind;

static inline word_kind word_kind_of(uint32_t point)
{
    unsigned bits = token_point_bits(point);
    return (bits & TOKEN_SPACE) != 0 ? KIND_SPACE : (bits & TOKEN_PUNCTUATION) != 0 ? KIND_PUNCTUATION : KIND_LETTER;
}

struct tokenizer {
    intern vocabulary; /* all tokens in the order of their ids, added ones too */
    normalizer steps;
    added_tokens added;
    token_frame frame;
    const token_model *model;
    void *state; /* the model's */
    /* What the bytes of ASCII become, where the normalizer changes each by itself; KIND_OTHER for all others. */
    unsigned char kind[256], letter[256];
};

#endif
