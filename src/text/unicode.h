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
/* \s */
bool unicode_is_space(uint32_t point);
/* Neither white space nor a control, format or otherwise invisible character. */
bool unicode_is_visible(uint32_t point);
/* Han: each such character is a token. Kana and Hangul are written in runs that stay together. */
bool unicode_is_ideograph(uint32_t point);
/* The Unicode properties Cased and Case_Ignorable, which decide whether a sigma is final. A character with both counts
 * only as ignorable, as the rule skips it first. */
bool unicode_is_cased(uint32_t point);
bool unicode_is_case_ignorable(uint32_t point);
/* The simple lower-case form: for all but the two characters above, which need more. */
uint32_t unicode_lower(uint32_t point);

#endif
