/* The list of tokens and what a thread keeps from text to text. */
#ifndef TEXT_TOKENS_H
#define TEXT_TOKENS_H

#include "base/writer.h"
#include "text/trace.h"
#include "text/word_cache.h"

/* That many bytes can be read after the text in `clean`, so that short words are taken by value, whatever their
 * size. */
enum { TOKENS_SLACK = WORD_CACHE_LONGEST };

struct heed_tokens {
    heed_token *items;
    size_t count, capacity;
    writer stripped, clean; /* the text after the html stage, and after the character stages: tokens point into it */
    trace stripped_from, clean_from;
    bool failed;   /* there was no memory for a token */
    writer joined; /* room for the tokens joined is reserved with them, so that joining cannot fail */
    word_cache cache;
};

/* Empties the list. What cannot be added then, for want of memory, is remembered until tokens_finish. */
void tokens_begin(heed_tokens *tokens);
void tokens_add(heed_tokens *tokens, heed_token token);
/* Room for so many more tokens after the last, for the caller to fill and to add to the count; NULL on failure. */
heed_token *tokens_reserve(heed_tokens *tokens, size_t count);
/* To be called after the last token: HEED_FAILED if there was no memory for one of them or for a text. */
heed_status tokens_finish(heed_tokens *tokens, heed_error *error);

#endif
