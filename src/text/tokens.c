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
    buffer_release(&tokens->stripped);
    buffer_release(&tokens->clean);
    buffer_release(&tokens->joined);
    trace_release(&tokens->stripped_from);
    trace_release(&tokens->clean_from);
    word_cache_release(&tokens->cache);
    free(tokens);
}

heed_status tokens_add(heed_tokens *tokens, heed_token token, heed_error *error)
{
    heed_status status = memory_grow(&tokens->items, &tokens->capacity, tokens->count + 1, sizeof token, error);
    if (status == HEED_OK)
        tokens->items[tokens->count++] = token;
    return status;
}

heed_status tokens_finish(heed_tokens *tokens, heed_error *error)
{
    size_t size = TOKENS_SLACK;
    for (size_t i = 0; i < tokens->count; i++) {
        size_t room = tokens->items[i].text.size + 1;
        if (room > SIZE_MAX - size)
            return fail_memory(error, "the joined tokens");
        size += room;
    }
    buffer_clear(&tokens->joined);
    return buffer_reserve(&tokens->joined, size, error);
}

const heed_token *heed_tokens_items(const heed_tokens *tokens, size_t *count)
{
    *count = tokens->count;
    return tokens->items;
}

/* Appends a text. Most are short ones out of `clean`: those take one load and store, and what comes next goes over the
 * bytes too many. */
static char *join(const heed_tokens *tokens, char *at, heed_bytes text)
{
    if (text.size == 0)
        return at;
    bool inside = (uintptr_t)text.data - (uintptr_t)tokens->clean.data <= tokens->clean.size;
    if (inside && text.size <= TOKENS_SLACK)
        memcpy(at, text.data, TOKENS_SLACK);
    else
        memcpy(at, text.data, text.size);
    return at + text.size;
}

heed_bytes heed_tokens_joined(heed_tokens *tokens)
{
    char *begin = tokens->joined.data, *at = begin;
    for (size_t i = 0; i < tokens->count; i++) {
        if (i > 0)
            *at++ = ' ';
        at = join(tokens, at, tokens->items[i].text);
    }
    return (heed_bytes){begin, (size_t)(at - begin)};
}
