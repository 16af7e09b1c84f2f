#include "text/tokenize.h"

#include <string.h>

#include "base/utf8.h"
#include "text/unicode.h"

/* The whole text is one token. Here and below *at beyond the size says that the last token was given. */
static bool next_whole(heed_bytes text, size_t *at, size_t *begin, size_t *end)
{
    if (*at > text.size)
        return false;
    *begin = 0;
    *end = text.size;
    *at = text.size + 1;
    return true;
}

/* Python's text.split(" "): one token more than there are spaces. */
static bool next_split(heed_bytes text, size_t *at, size_t *begin, size_t *end)
{
    if (*at > text.size)
        return false;
    size_t i = *at;
    while (i < text.size && text.data[i] != ' ')
        i++;
    *begin = *at;
    *end = i;
    *at = i + 1;
    return true;
}

/* The character at `at`; 0 in *length behind the last one. What is not UTF-8 counts as invisible. */
static uint32_t character_at(heed_bytes text, size_t at, size_t *length)
{
    uint32_t point = 0;
    *length = 0;
    if (at >= text.size)
        return 0;
    *length = utf8_decode(text.data + at, text.size - at, &point);
    if (*length == 0) {
        *length = 1;
        return 0;
    }
    return point;
}

static bool is_run_character(uint32_t point)
{
    return unicode_is_word(point) && !unicode_is_ideograph(point);
}

/* The end of a run of \w whose first character ends at `at`, with apostrophes between two of its characters. */
static size_t run_end(heed_bytes text, size_t at)
{
    for (;;) {
        size_t length, quote = 0;
        uint32_t point = character_at(text, at, &length);
        if (point == '\'' || point == UNICODE_RIGHT_QUOTE) {
            quote = length;
            point = character_at(text, at + quote, &length);
        }
        if (length == 0 || !is_run_character(point))
            return at;
        at += quote + length;
    }
}

static bool next_word(heed_bytes text, size_t *at, size_t *begin, size_t *end)
{
    while (*at < text.size) {
        size_t length;
        uint32_t point = character_at(text, *at, &length);
        *begin = *at;
        *at += length;
        if (is_run_character(point))
            *at = run_end(text, *at);
        else if (!unicode_is_visible(point))
            continue;
        *end = *at;
        return true;
    }
    return false;
}

token_next tokenizer(heed_tokenizer kind)
{
    return kind == HEED_TOKENS_NONE ? next_whole : kind == HEED_TOKENS_SPLIT ? next_split : next_word;
}
