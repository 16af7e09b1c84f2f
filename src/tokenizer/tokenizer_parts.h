/* What a tokenizer consists of, for the files that read one and that run it. */
#ifndef TOKENIZER_TOKENIZER_PARTS_H
#define TOKENIZER_TOKENIZER_PARTS_H

#include "tokenizer/added_tokens.h"
#include "tokenizer/pre_tokenizer.h"
#include "tokenizer/token_frame.h"
#include "tokenizer/token_model.h"

struct tokenizer {
    intern vocabulary; /* all tokens in the order of their ids, added ones too */
    normalizer steps;
    added_tokens added;
    pre_tokenizer words;
    token_frame frame;
    const token_model *model;
    void *state; /* the model's */
    /* What the bytes of ASCII become, where the normalizer changes each by itself and words are divided as BERT does;
     * KIND_OTHER for all others. */
    unsigned char kind[256], letter[256];
};

#endif
