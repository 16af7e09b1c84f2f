#include "text/tokenize.h"

#include <endian.h>
#include <string.h>

#include "base/utf8.h"
#include "text/unicode.h"

/* The whole text is one token. Here and below, *at beyond the size means that there are no more tokens. */
static size_t find_whole(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE], segmenter *segmenter)
{
    (void)segmenter;
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
static size_t find_split(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE], segmenter *segmenter)
{
    (void)segmenter;
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
        if (length == 0 || !unicode_is_python_letter(point))
            return at;
        at += quote + length;
    }
}

/* Words as Python's re sees letters: marks are no part of them. */
static size_t find_python_words(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE], segmenter *segmenter)
{
    (void)segmenter;
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
            if (unicode_is_python_letter(point))
                end = run_end(text, end);
            else if (!unicode_is_visible(point))
                continue;
        }
        places[count++] = (token_place){begin, end};
    }
    *at = end;
    return count;
}

/* ---- words as Unicode has them (UAX #29) */

/* The character before `at`, marks and joiners not counted. */
static uint32_t letter_before(heed_bytes text, size_t at)
{
    uint32_t point = 0;
    do {
        size_t end = at--;
        while (at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80)
            at--;
        if (utf8_decode(text.data + at, end - at, &point) == 0)
            return 0;
    } while (at > 0 && (unicode_is_mark(point) || unicode_is_joiner(point)));
    return point;
}

/* Whether the character at `at` may be between two letters of a word: an apostrophe, the middle dot of Catalan, and
 * between letters of Hebrew its gershayim, which many write as a quote. */
static bool is_middle(heed_bytes text, size_t at, uint32_t point, uint32_t after)
{
    switch (point) {
    case '\'':
    case UNICODE_RIGHT_QUOTE:
    case UNICODE_MIDDLE_DOT:
    case UNICODE_HYPHENATION_POINT:
        return true;
    case '"':
    case UNICODE_GERSHAYIM:
        return unicode_is_hebrew(after) && unicode_is_hebrew(letter_before(text, at));
    default:
        return false;
    }
}

/* The length of what goes on with a word at `at`: a letter or mark, a joiner before one of those, or one of those above
 * with its own marks up to the next letter. 0: the word ends. */
static size_t word_goes_on(heed_bytes text, size_t at)
{
    size_t length, next;
    uint32_t point = character_at(text, at, &length);
    if (length == 0 || unicode_is_letter(point) || unicode_is_mark(point))
        return length;
    size_t end = at + length;
    uint32_t after = character_at(text, end, &next);
    for (; unicode_is_mark(after) || unicode_is_joiner(after); after = character_at(text, end, &next))
        end += next;
    if (unicode_is_letter(after) && (unicode_is_joiner(point) || is_middle(text, at, point, after)))
        return end + next - at;
    return unicode_is_joiner(point) && end > at + length ? end - at : 0;
}

/* The end of a word, some of whose characters end at `at`. */
static size_t word_end(heed_bytes text, size_t at)
{
    for (size_t more = 1; more > 0; at += more) {
        at = skip_ascii_word(text, at);
        bool ends =
            at == text.size || ((unsigned char)text.data[at] < 0x80 && text.data[at] != '\'' && text.data[at] != '"');
        more = ends ? 0 : word_goes_on(text, at);
    }
    return at;
}

/* The end of the user-perceived character that begins with the character before `at`. */
static size_t cluster_end(heed_bytes text, size_t at, uint32_t point)
{
    int32_t state = 0;
    /* Some versions of Unicode join Burmese and Khmer consonants by rules that need a state. */
    int32_t *used = unicode_is_word(point) ? NULL : &state;
    for (size_t length = 1; at < text.size; at += length) {
        uint32_t next = character_at(text, at, &length);
        if (unicode_is_cluster_end(point, next, used))
            break;
        point = next;
    }
    return at;
}

/* The end of the letters of scripts without blanks that begin at `at`, marks and joiners included. */
static size_t unspaced_end(heed_bytes text, size_t at)
{
    size_t length;
    for (uint32_t point; (point = character_at(text, at, &length)), length > 0; at += length)
        if (!(point_bits(point) & (POINT_UNSPACED | POINT_MARK)) && !unicode_is_joiner(point))
            break;
    return at;
}

/* The end of a word in such letters: by the dictionary, or after one user-perceived character. */
static size_t unspaced_word_end(heed_bytes text, size_t begin, size_t after, uint32_t point, segmenter *segmenter)
{
    if (segmenter == NULL)
        return cluster_end(text, after, point);
    size_t end = segmenter_run_end(segmenter, begin);
    return segmenter_word_end(segmenter, text, begin, end > 0 ? end : unspaced_end(text, begin));
}

static size_t find_words(heed_bytes text, size_t *at, token_place places[TOKENS_AT_ONCE], segmenter *segmenter)
{
    size_t count = 0, end = *at;
    if (segmenter != NULL && end == 0)
        segmenter_reset(segmenter);
    while (end < text.size && count < TOKENS_AT_ONCE) {
        size_t begin = end, length;
        unsigned char byte = (unsigned char)text.data[begin];
        if (byte == ' ') {
            end++;
            continue;
        }
        if (ascii_is_word(byte)) {
            end = word_end(text, begin + 1);
        } else {
            uint32_t point = character_at(text, begin, &length);
            end += length;
            if (unicode_is_letter(point))
                end = word_end(text, end);
            else if (unicode_is_unspaced(point))
                end = unspaced_word_end(text, begin, end, point, segmenter);
            else if (unicode_is_visible(point))
                end = cluster_end(text, end, point);
            else
                continue;
        }
        places[count++] = (token_place){begin, end};
    }
    *at = end;
    return count;
}

token_finder token_finder_of(heed_tokenizer kind, heed_text_rules rules)
{
    return kind == HEED_TOKENS_NONE           ? find_whole
           : kind == HEED_TOKENS_SPLIT        ? find_split
           : rules == HEED_TEXT_RULES_UNICODE ? find_words
                                              : find_python_words;
}
