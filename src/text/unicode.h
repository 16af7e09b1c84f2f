/* Characters as Python's str and re see them; properties come from utf8proc, ASCII is handled without it. */
#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#define UNICODE_CAPITAL_I_WITH_DOT 0x0130u
#define UNICODE_CAPITAL_SIGMA 0x03A3u
#define UNICODE_COMBINING_DOT 0x0307u
#define UNICODE_RIGHT_QUOTE 0x2019u

/* Whether a bit map over ASCII has a character below 128. */
static inline bool ascii_in(const uint64_t map[2], uint32_t point)
{
    return (map[point >> 6] >> (point & 63) & 1) != 0;
}

static inline bool ascii_is_word(unsigned char byte)
{
    static const uint64_t word[4] = {0x03FF000000000000u, 0x07FFFFFE87FFFFFEu}; /* 0-9 A-Z _ a-z */
    return (word[byte >> 6] >> (byte & 63) & 1) != 0;
}

/* \w: letters, numbers of every kind, underscore. Marks are not. */
bool unicode_is_word(uint32_t point);
/* Marks of every kind (general category M), which belong to the character before them. */
bool unicode_is_mark(uint32_t point);
/* U+200C and U+200D, which join letters, or part them, inside a word. */
static inline bool unicode_is_joiner(uint32_t point)
{
    return point == 0x200C || point == 0x200D;
}
/* Characters without a shape that are not part of a word, only of its layout: soft hyphens, directions, U+FEFF. Neither
 * joiners nor U+200B, which separates words, nor the tags in flags are. */
bool unicode_is_layout(uint32_t point);
/* \s */
bool unicode_is_space(uint32_t point);
/* Neither white space nor a control, format or otherwise invisible character. */
bool unicode_is_visible(uint32_t point);
/* Han: each such character is a token. Kana and Hangul are written in runs that stay together. */
bool unicode_is_ideograph(uint32_t point);
/* Letters of scripts that are written without a blank between words: Han, kana, Thai, Lao, Khmer, Burmese and those of
 * line breaking class SA (UAX #14). */
bool unicode_is_unspaced(uint32_t point);
/* Whether a user-perceived character (UAX #29, extended grapheme cluster) ends between two characters. *state: 0 at its
 * begin; NULL: without the rules that need more than two characters, which are for emojis and flags. */
bool unicode_is_cluster_end(uint32_t before, uint32_t after, int32_t *state);
bool unicode_is_hebrew(uint32_t point);
/* The Unicode properties Cased and Case_Ignorable, which decide whether a sigma is final. A character with both counts
 * only as ignorable, as the rule skips it first. */
bool unicode_is_cased(uint32_t point);
bool unicode_is_case_ignorable(uint32_t point);
/* The simple lower-case form: for all but the two characters above, which need more. */
uint32_t unicode_lower(uint32_t point);

#endif
