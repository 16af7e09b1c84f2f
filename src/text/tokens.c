#include "text/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

heed_status heed_tokens_new(heed_tokens **out, heed_error *error)
{
    *out = memory_array(1, sizeof **out);
    if (*out == NULL)
        return fail_memory(error, "a list of tokens");
    heed_status status = tokens_finish(*out, error);
    if (status != HEED_OK) {
        heed_tokens_free(*out);
        *out = NULL;
    }
    return status;
}

void heed_tokens_free(heed_tokens *tokens)
{
    if (tokens == NULL)
        return;
    free(tokens->items);
    stages_release(tokens->stages);
    writer_release(&tokens->joined);
    word_cache_release(&tokens->cache);
    stem_cache_release(&tokens->stems);
    segmenter_close(tokens->segmenter);
    subwords_free(tokens->subwords);
    shared_tokenizer_release(tokens->tokenizer);
    free(tokens);
}

void tokens_begin(heed_tokens *tokens)
{
    tokens->count = 0;
    tokens->failed = false;
    stages_clear(tokens->stages);
    tokens->cleaned = (heed_bytes){NULL, 0};
}

heed_token *tokens_reserve(heed_tokens *tokens, size_t count)
{
    if (memory_grow(&tokens->items, &tokens->capacity, tokens->count + count, sizeof *tokens->items, NULL) != HEED_OK) {
        tokens->failed = true;
        return NULL;
    }
    return tokens->items + tokens->count;
}

void tokens_add(heed_tokens *tokens, heed_token token)
{
    heed_token *room = tokens_reserve(tokens, 1);
    if (room == NULL)
        return;
    *room = token;
    tokens->count++;
}

heed_status tokens_finish(heed_tokens *tokens, heed_error *error)
{
    size_t size = TOKENS_SLACK;
    bool fits = true;
    for (size_t i = 0; i < tokens->count; i++) {
        size_t room = tokens->items[i].text.size + 1;
        fits = fits && room <= SIZE_MAX - size;
        size += room;
    }
    writer_clear(&tokens->joined);
    tokens->is_joined = false;
    bool fine =
        fits && writer_reserve(&tokens->joined, size) != NULL && !tokens->failed && !stages_failed(tokens->stages);
    return fine ? HEED_OK : fail_memory(error, "the tokens of a text");
}

const heed_token *tokens_items(const heed_tokens *tokens, size_t *count)
{
    *count = tokens->count;
    return tokens->items;
}

size_t heed_tokens_count(const heed_tokens *tokens)
{
    return tokens->count;
}

const heed_token *heed_tokens_item(const heed_tokens *tokens, size_t i)
{
    return &tokens->items[i];
}

/* Appends a text. Most are short ones of the cleaned text: these take one load and store, and the next text overwrites
 * the extra bytes. */
static char *join(const heed_tokens *tokens, char *at, heed_bytes text)
{
    if (text.size == 0)
        return at;
    bool inside = (uintptr_t)text.data - (uintptr_t)tokens->cleaned.data <= tokens->cleaned.size;
    if (inside && text.size <= TOKENS_SLACK)
        memcpy(at, text.data, TOKENS_SLACK);
    else
        memcpy(at, text.data, text.size);
    return at + text.size;
}

heed_bytes heed_tokens_joined(heed_tokens *tokens)
{
    char *begin = tokens->joined.data, *at = begin;
    if (tokens->is_joined)
        return (heed_bytes){begin == NULL ? "" : begin, tokens->joined.size};
    for (size_t i = 0; i < tokens->count; i++) {
        if (i > 0)
            *at++ = ' ';
        at = join(tokens, at, tokens->items[i].text);
    }
    tokens->joined.size = (size_t)(at - begin);
    tokens->is_joined = true;
    return (heed_bytes){begin, tokens->joined.size};
}
