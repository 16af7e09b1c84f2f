/* Characters as Python's str and re, and as Unicode's rules on words see them. point: at most U+10FFFF. */
#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include <stdbool.h>

#include "base/points.h"

#define UNICODE_CAPITAL_I_WITH_DOT 0x0130u
#define UNICODE_CAPITAL_SIGMA 0x03A3u
#define UNICODE_COMBINING_DOT 0x0307u
#define UNICODE_RIGHT_QUOTE 0x2019u
#define UNICODE_MIDDLE_DOT 0x00B7u
#define UNICODE_HYPHENATION_POINT 0x2027u
#define UNICODE_GERSHAYIM 0x05F4u

static inline bool ascii_is_word(unsigned char byte)
{
    static const uint64_t word[4] = {0x03FF000000000000u, 0x07FFFFFE87FFFFFEu}; /* 0-9 A-Z _ a-z */
    return (word[byte >> 6] >> (byte & 63) & 1) != 0;
}

/* \w: letters, numbers of every kind, underscore. Marks are not. */
static inline bool unicode_is_word(uint32_t point)
{
    return (point_bits(point) & POINT_WORD) != 0;
}
/* Marks of every kind (general category M), which belong to the character before them. */
static inline bool unicode_is_mark(uint32_t point)
{
    return (point_bits(point) & POINT_MARK) != 0;
}
/* U+200C and U+200D, which join letters, or part them, inside a word. */
static inline bool unicode_is_joiner(uint32_t point)
{
    return point == 0x200C || point == 0x200D;
}
/* Characters without a shape that are not part of a word, only of its layout: soft hyphens, directions, U+FEFF. */
static inline bool unicode_is_layout(uint32_t point)
{
    return (point_bits(point) & POINT_LAYOUT) != 0;
}
/* \s */
bool unicode_is_space(uint32_t point);
/* Neither white space nor a control, format or otherwise invisible character. */
static inline bool unicode_is_visible(uint32_t point)
{
    return (point_bits(point) & POINT_VISIBLE) != 0;
}
/* Letters of words that blanks divide: those of Python's rules, among which kana and Hangul are written in runs and Han
 * is not; and those of Unicode's, among which kana, Thai, Lao, Khmer, Burmese and others are not. */
static inline bool unicode_is_python_letter(uint32_t point)
{
    return (point_bits(point) & (POINT_WORD | POINT_IDEOGRAPH)) == POINT_WORD;
}
static inline bool unicode_is_letter(uint32_t point)
{
    return (point_bits(point) & (POINT_WORD | POINT_UNSPACED)) == POINT_WORD;
}
/* The letters of words that blanks do not divide. */
static inline bool unicode_is_unspaced(uint32_t point)
{
    return (point_bits(point) & (POINT_WORD | POINT_UNSPACED)) == (POINT_WORD | POINT_UNSPACED);
}
static inline bool unicode_is_hebrew(uint32_t point)
{
    return point >= 0x05D0 && point <= 0x05F2;
}
/* Whether a user-perceived character (UAX #29, extended grapheme cluster) ends between two characters. *state: 0 at its
 * begin; NULL: without the rules that need more than two characters, which are for emojis and flags. */
bool unicode_is_cluster_end(uint32_t before, uint32_t after, int32_t *state);
/* The Unicode properties Cased and Case_Ignorable, which decide whether a sigma is final. A character with both counts
 * only as ignorable, as the rule skips it first. */
static inline bool unicode_is_cased(uint32_t point)
{
    return (point_bits(point) & POINT_CASED) != 0;
}
static inline bool unicode_is_case_ignorable(uint32_t point)
{
    return (point_bits(point) & POINT_IGNORABLE) != 0;
}
/* The simple lower-case form: for all but the two capitals above, which need more. */
uint32_t unicode_lower(uint32_t point);

#endif
