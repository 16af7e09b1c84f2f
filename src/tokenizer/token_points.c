#include "tokenizer/token_points.h"

#include <string.h>

static size_t itself(uint32_t point, uint32_t to[TOKEN_FORM])
{
    to[0] = point;
    return 1;
}

/* The number of a point that is in a list of so many forms, each `width` bytes that begin with its point. */
static size_t find_point(uint32_t point, const void *forms, size_t width, size_t count)
{
    size_t low = 0;
    for (size_t high = count; high - low > 1;) {
        size_t middle = low + (high - low) / 2;
        uint32_t found;
        memcpy(&found, (const char *)forms + middle * width, sizeof found);
        if (found <= point)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The form of a point that is in the list. */
static size_t find_form(uint32_t point, const token_form *forms, size_t count, uint32_t to[TOKEN_FORM])
{
    const size_t low = find_point(point, forms, sizeof *forms, count);
    size_t size = 0;
    memcpy(to, forms[low].to, sizeof forms[low].to);
    while (size < TOKEN_FORM && to[size] != 0)
        size++;
    return size;
}

size_t token_point_lower(uint32_t point, uint32_t to[TOKEN_FORM])
{
    return (token_point_bits(point) & TOKEN_LOWERS) == 0
               ? itself(point, to)
               : find_form(point, token_points_data.lowered, TOKEN_LOWERED, to);
}

/* A syllable of Hangul: its consonant, its vowel, and its final consonant if it has one (Unicode, section 3.12). */
static size_t decompose_syllable(uint32_t index, uint32_t to[TOKEN_FORM])
{
    enum { VOWELS = 21, FINALS = 28, FIRST_CONSONANT = 0x1100, FIRST_VOWEL = 0x1161, BEFORE_FINALS = 0x11A7 };
    to[0] = FIRST_CONSONANT + index / (VOWELS * FINALS);
    to[1] = FIRST_VOWEL + index / FINALS % VOWELS;
    to[2] = BEFORE_FINALS + index % FINALS;
    return index % FINALS == 0 ? 2 : 3;
}

size_t token_point_decompose(uint32_t point, uint32_t to[TOKEN_FORM])
{
    enum { FIRST_SYLLABLE = 0xAC00, LAST_SYLLABLE = 0xD7A3 };
    if (point >= FIRST_SYLLABLE && point <= LAST_SYLLABLE)
        return decompose_syllable(point - FIRST_SYLLABLE, to);
    return (token_point_bits(point) & TOKEN_DECOMPOSES) == 0
               ? itself(point, to)
               : find_form(point, token_points_data.decomposed, TOKEN_DECOMPOSED, to);
}

size_t token_point_widen(uint32_t point, uint32_t to[TOKEN_WIDE_FORM])
{
    const token_wide_form *forms = token_points_data.widened;
    if ((token_point_bits(point) & TOKEN_WIDENS) == 0)
        return token_point_decompose(point, to);
    const size_t low = find_point(point, forms, sizeof *forms, TOKEN_WIDENED);
    memcpy(to, token_points_data.wide_points + forms[low].first, forms[low].size * sizeof *to);
    return forms[low].size;
}
