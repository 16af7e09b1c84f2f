#include "text/unicode.h"

#include <stddef.h>
#include <utf8proc.h>

#include "base/blanks.h"

static const uint64_t ascii_space[2] = {0x00000001F0003E00u, 0};                            /* 09-0D 1C-20 */
static const uint64_t ascii_invisible[2] = {0x00000001FFFFFFFFu, 0x8000000000000000u};      /* 00-20 7F */
static const uint64_t ascii_cased[2] = {0, 0x07FFFFFE07FFFFFEu};                            /* A-Z a-z */
static const uint64_t ascii_case_ignorable[2] = {0x0400408000000000u, 0x0000000140000000u}; /* ' . : ^ ` */

typedef struct code_range {
    uint32_t first, last;
} code_range;

static bool in_ranges(const code_range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

#define IN_RANGES(ranges, point) in_ranges(ranges, sizeof(ranges) / sizeof *(ranges), point)

bool unicode_is_word(uint32_t point)
{
    if (point < 0x80)
        return ascii_is_word((unsigned char)point);
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

bool unicode_is_mark(uint32_t point)
{
    if (point < 0x300)
        return false;
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return true;
    default:
        return false;
    }
}

bool unicode_is_layout(uint32_t point)
{
    static const code_range layout[] = {{0x200E, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};
    if (point < 0x2000)
        return point == 0xAD || point == 0x61C || point == 0x180E;
    return point <= 0xFEFF && IN_RANGES(layout, point);
}

bool unicode_is_space(uint32_t point)
{
    return point < 0x80 ? ascii_in(ascii_space, point) : point_is_blank(point);
}

bool unicode_is_visible(uint32_t point)
{
    if (point < 0x80)
        return !ascii_in(ascii_invisible, point);
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)point);
    switch (property->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return !property->ignorable; /* variation selectors, fillers */
    }
}

bool unicode_is_ideograph(uint32_t point)
{
    static const code_range ideographs[] = {{0x3005, 0x3007}, {0x3021, 0x3029}, {0x3400, 0x4DBF},
                                            {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFD}};
    return point >= 0x3005 && IN_RANGES(ideographs, point);
}

bool unicode_is_unspaced(uint32_t point)
{
    static const code_range others[] = {
        {0x0E00, 0x0EFF}, {0x1000, 0x109F}, {0x1780, 0x17FF},   {0x1950, 0x19DF},   {0x1A20, 0x1AAF}, /* SA */
        {0xA9E0, 0xA9FF}, {0xAA60, 0xAADF}, {0x11700, 0x1174F},                                       /* SA */
        {0x3040, 0x30FF}, {0x31F0, 0x31FF}, {0xFF66, 0xFF9F},   {0x1AFF0, 0x1B16F},                   /* kana */
    };
    if (point < 0xE00)
        return false;
    return unicode_is_ideograph(point) ||
           (IN_RANGES(others, point) && utf8proc_category((utf8proc_int32_t)point) != UTF8PROC_CATEGORY_ND);
}

bool unicode_is_cluster_end(uint32_t before, uint32_t after, int32_t *state)
{
    return state == NULL ? utf8proc_grapheme_break((utf8proc_int32_t)before, (utf8proc_int32_t)after)
                         : utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)after, state);
}

bool unicode_is_hebrew(uint32_t point)
{
    return point >= 0x05D0 && point <= 0x05F2;
}

bool unicode_is_cased(uint32_t point)
{
    /* Other_Lowercase and Other_Uppercase, as far as they are not case-ignorable */
    static const code_range others[] = {{0xAA, 0xAA},       {0xBA, 0xBA},       {0x2160, 0x217F},  {0x24B6, 0x24E9},
                                        {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189}};
    if (point < 0x80)
        return ascii_in(ascii_cased, point);
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
        return true;
    default:
        return IN_RANGES(others, point);
    }
}

bool unicode_is_case_ignorable(uint32_t point)
{
    /* Word_Break = MidLetter, MidNumLet, Single_Quote; the rest is decided by category */
    static const code_range middles[] = {{0xB7, 0xB7},     {0x387, 0x387},   {0x55F, 0x55F},   {0x5F4, 0x5F4},
                                         {0x2018, 0x2019}, {0x2024, 0x2024}, {0x2027, 0x2027}, {0xFE13, 0xFE13},
                                         {0xFE52, 0xFE52}, {0xFE55, 0xFE55}, {0xFF07, 0xFF07}, {0xFF0E, 0xFF0E},
                                         {0xFF1A, 0xFF1A}};
    if (point < 0x80)
        return ascii_in(ascii_case_ignorable, point);
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        return IN_RANGES(middles, point);
    }
}

uint32_t unicode_lower(uint32_t point)
{
    if (point < 0x80)
        return point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
}
