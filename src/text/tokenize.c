#include "text/tokenize.h"

#include <endian.h>
#include <string.h>

#include "base/utf8.h"
#include "text/unicode.h"

/* The whole text is one token. Here and below, *at beyond the size means that there are no more tokens. */
static size_t find_whole(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE])
{
    if (*at > text.size)
        return 0;
    places[0] = (token_place){0, text.size};
    *at = text.size + 1;
    return 1;
}

enum { BLOCK = 64 };

/* Bit i says that byte i of a block is a space. Eight bytes are tested at once: if a byte is zero after the exclusive
 * or, neither it nor its sum with 7F has bit 7 set; the product collects the eight bits. */
static uint64_t spaces_in(const char block[BLOCK])
{
    const uint64_t ones = 0x0101010101010101u, low = ones * 0x7F;
    uint64_t spaces = 0;
    for (unsigned i = 0; i < BLOCK / 8; i++) {
        uint64_t eight;
        memcpy(&eight, block + 8 * i, sizeof eight);
        eight = le64toh(eight) ^ ones * ' ';
        uint64_t zeros = ~(((eight & low) + low) | eight | low);
        spaces |= ((zeros >> 7) * 0x0102040810204080u >> 56) << 8 * i;
    }
    return spaces;
}

/* Python's text.split(" "): one token more than there are spaces. */
static size_t find_split(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE])
{
    size_t count = 0, begin = *at, block = *at;
    for (; block < text.size && count < TOKENS_AT_ONCE - BLOCK; block += BLOCK) {
        char last[BLOCK] = {0};
        bool whole = text.size - block >= BLOCK;
        if (!whole)
            memcpy(last, text.data + block, text.size - block);
        uint64_t spaces = spaces_in(whole ? text.data + block : last);
        for (; spaces != 0; spaces &= spaces - 1) {
            size_t end = block + (size_t)__builtin_ctzll(spaces);
            places[count++] = (token_place){begin, end};
            begin = end + 1;
        }
    }
    if (block >= text.size && begin <= text.size) {
        places[count++] = (token_place){begin, text.size};
        begin = text.size + 1;
    }
    *at = begin;
    return count;
}

/* The character at `at`; 0 in *length after the last one. What is not UTF-8 counts as invisible. */
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

static size_t skip_ascii_word(heed_bytes text, size_t at)
{
    while (at < text.size && ascii_is_word((unsigned char)text.data[at]))
        at++;
    return at;
}

/* The end of a run of \w, some of whose characters end at `at`, with apostrophes between two of them. */
static size_t run_end(heed_bytes text, size_t at)
{
    for (;;) {
        at = skip_ascii_word(text, at);
        if (at == text.size || text.data[at] == ' ')
            return at;
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

static size_t find_words(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE])
{
    size_t count = 0, end = *at;
    while (end < text.size && count < TOKENS_AT_ONCE) {
        size_t length, begin = end;
        unsigned char byte = (unsigned char)text.data[begin];
        if (byte == ' ') {
            end++;
            continue;
        }
        uint32_t point = byte;
        if (ascii_is_word(byte)) {
            end = run_end(text, begin + 1);
        } else {
            point = character_at(text, begin, &length);
            end += length;
            if (is_run_character(point))
                end = run_end(text, end);
            else if (!unicode_is_visible(point))
                continue;
        }
        places[count++] = (token_place){begin, end};
    }
    *at = end;
    return count;
}

token_finder tokenizer(heed_tokenizer kind)
{
    return kind == HEED_TOKENS_NONE ? find_whole : kind == HEED_TOKENS_SPLIT ? find_split : find_words;
}
