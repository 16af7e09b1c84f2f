/* The list of tokens and what a thread keeps from text to text. */
#ifndef TEXT_TOKENS_H
#define TEXT_TOKENS_H

#include "base/buffer.h"
#include "text/trace.h"
#include "text/word_cache.h"

/* That many bytes can be read behind the text in `clean`, so that short words are taken by value, whatever their
 * size. */
enum { TOKENS_SLACK = WORD_CACHE_LONGEST };

struct heed_tokens {
    heed_token *items;
    size_t count, capacity;
    buffer stripped, clean; /* the text behind the html stage, and behind the character stages: tokens point into it */
    trace stripped_from, clean_from;
    buffer joined; /* room for the tokens joined is reserved with them, so that joining cannot fail */
    word_cache cache;
};

heed_status tokens_add(heed_tokens *tokens, heed_token token, heed_error *error);
/* To be called behind the last token. */
heed_status tokens_finish(heed_tokens *tokens, heed_error *error);

#endif
