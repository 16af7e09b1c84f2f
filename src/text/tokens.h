/* The list of tokens, and memory that a thread reuses for every text. */
#ifndef TEXT_TOKENS_H
#define TEXT_TOKENS_H

#include "text/segmenter.h"
#include "text/stages.h"
#include "text/stems.h"
#include "text/word_cache.h"
#include "tokenizer/shared_tokenizer.h"
#include "tokenizer/subwords.h"

/* This many bytes can be read after the cleaned text, so that short words can be loaded by value, whatever their
 * size. */
enum { TOKENS_SLACK = WORD_CACHE_LONGEST };

struct heed_tokens {
    heed_token *items;
    size_t count, capacity;
    text_stage stages[TEXT_STAGES];
    heed_bytes cleaned; /* the text after all of them: tokens point into it; NULL if they are a tokenizer's */
    bool failed;        /* memory for a token was not available */
    writer joined;      /* room for the tokens joined is reserved with them, so that joining cannot fail */
    bool is_joined;     /* they are there */
    word_cache cache;
    stem_cache stems;
    segmenter *segmenter;        /* opened by the first text that needs it */
    subwords *subwords;          /* the same, */
    shared_tokenizer *tokenizer; /* and the tokenizer that it is for, which the tokens are borrowed from */
};

/* Empties the list. If memory fails from then on, tokens_finish reports it. */
void tokens_begin(heed_tokens *tokens);
void tokens_add(heed_tokens *tokens, heed_token token);
/* Room for so many more tokens after the last, which the caller fills and adds to the count; NULL on failure. */
heed_token *tokens_reserve(heed_tokens *tokens, size_t count);
/* Call this after the last token: HEED_FAILED if memory for a token or text was not available. */
heed_status tokens_finish(heed_tokens *tokens, heed_error *error);
/* All of them. */
const heed_token *tokens_items(const heed_tokens *tokens, size_t *count);

#endif
