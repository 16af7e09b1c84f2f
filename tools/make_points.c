/* make_points - OUT.bin: the table of base/points.h, from utf8proc. Numbers have the byte order of this machine. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/points.h"

enum { POINTS = POINT_PAGES * POINT_PAGE, LONGEST = 32 };

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

/* ---- words */

static bool is_in_categories(uint32_t point, const utf8proc_category_t *categories, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (utf8proc_category((utf8proc_int32_t)point) == categories[i])
            return true;
    return false;
}

#define IN_CATEGORIES(point, ...)                                                                                      \
    is_in_categories(point, (const utf8proc_category_t[]){__VA_ARGS__},                                                \
                     sizeof((const utf8proc_category_t[]){__VA_ARGS__}) / sizeof(utf8proc_category_t))

static bool is_word(uint32_t point)
{
    return point == '_' ||
           IN_CATEGORIES(point, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LL, UTF8PROC_CATEGORY_LT, UTF8PROC_CATEGORY_LM,
                         UTF8PROC_CATEGORY_LO, UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NL, UTF8PROC_CATEGORY_NO);
}

static bool is_mark(uint32_t point)
{
    return IN_CATEGORIES(point, UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_MC, UTF8PROC_CATEGORY_ME);
}

static bool is_visible(uint32_t point)
{
    return !IN_CATEGORIES(point, UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_CS, UTF8PROC_CATEGORY_ZS,
                          UTF8PROC_CATEGORY_ZL, UTF8PROC_CATEGORY_ZP) &&
           !utf8proc_get_property((utf8proc_int32_t)point)->ignorable; /* variation selectors, fillers */
}

static bool is_ideograph(uint32_t point)
{
    static const code_range ideographs[] = {{0x3005, 0x3007}, {0x3021, 0x3029}, {0x3400, 0x4DBF},
                                            {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFD}};
    return IN_RANGES(ideographs, point);
}

/* Han, kana, and the letters of line breaking class SA (UAX #14). */
static bool is_unspaced(uint32_t point)
{
    static const code_range complex_context[] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F},  {0x1780, 0x17FF},
                                                 {0x1950, 0x19DF}, {0x1A20, 0x1AAF},  {0xA9E0, 0xA9FF},
                                                 {0xAA60, 0xAADF}, {0x11700, 0x1174F}};
    static const code_range kana[] = {{0x3031, 0x3035}, {0x3040, 0x30FF}, {0x31F0, 0x31FF}, {0xFF66, 0xFF9F}, {0x1AFF0, 0x1B16F}};
    return is_ideograph(point) || IN_RANGES(kana, point) ||
           (IN_RANGES(complex_context, point) && !IN_CATEGORIES(point, UTF8PROC_CATEGORY_ND));
}

/* Neither the joiners nor U+200B, which separates words, nor the tags in flags. */
static bool is_layout(uint32_t point)
{
    static const code_range layout[] = {{0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200E, 0x200F},
                                        {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};
    return IN_RANGES(layout, point);
}

/* ---- case */

static bool is_cased(uint32_t point)
{
    /* Other_Lowercase and Other_Uppercase, as far as they are not case-ignorable */
    static const code_range others[] = {{0xAA, 0xAA},       {0xBA, 0xBA},       {0x2160, 0x217F},  {0x24B6, 0x24E9},
                                        {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189}};
    return IN_CATEGORIES(point, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LL, UTF8PROC_CATEGORY_LT) ||
           IN_RANGES(others, point);
}

static bool is_case_ignorable(uint32_t point)
{
    /* Word_Break = MidLetter, MidNumLet, Single_Quote; the rest is decided by category */
    static const code_range middles[] = {{0x27, 0x27},     {0x2E, 0x2E},     {0x3A, 0x3A},     {0xB7, 0xB7},
                                         {0x387, 0x387},   {0x55F, 0x55F},   {0x5F4, 0x5F4},   {0x2018, 0x2019},
                                         {0x2024, 0x2024}, {0x2027, 0x2027}, {0xFE13, 0xFE13}, {0xFE52, 0xFE52},
                                         {0xFE55, 0xFE55}, {0xFF07, 0xFF07}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1A}};
    return IN_CATEGORIES(point, UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME, UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_LM,
                         UTF8PROC_CATEGORY_SK) ||
           IN_RANGES(middles, point);
}

/* ---- composition and clusters */

/* Sets POINT_COMPOSES where NFC changes the character by itself, and of the last one of what it is composed of: it may
 * compose with others before it. */
static void note_composition(uint16_t *bits, uint32_t point)
{
    utf8proc_int32_t points[LONGEST];
    int class = 0;
    const utf8proc_option_t form = UTF8PROC_STABLE;
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)point, points, LONGEST, form | UTF8PROC_DECOMPOSE, &class);
    utf8proc_int32_t last = points[count - 1];
    bool decomposes = count > 1;
    count = utf8proc_normalize_utf32(points, count, form | UTF8PROC_COMPOSE);
    bool changes = count != 1 || points[0] != (utf8proc_int32_t)point;
    if (changes)
        bits[point] |= POINT_COMPOSES;
    if (utf8proc_get_property((utf8proc_int32_t)point)->combining_class != 0)
        bits[point] |= POINT_ORDERED;
    if (!changes && decomposes)
        bits[last] |= POINT_COMPOSES;
}

/* Vowels and finals of Hangul, which compose by a rule. */
static bool is_jamo(uint32_t point)
{
    return (point >= 0x1161 && point <= 0x1175) || (point >= 0x11A8 && point <= 0x11C2);
}

static bool extends(uint32_t point)
{
    switch (utf8proc_get_property((utf8proc_int32_t)point)->boundclass) {
    case UTF8PROC_BOUNDCLASS_OTHER:
    case UTF8PROC_BOUNDCLASS_CR:
    case UTF8PROC_BOUNDCLASS_LF:
    case UTF8PROC_BOUNDCLASS_CONTROL:
    case UTF8PROC_BOUNDCLASS_PREPEND:
        return false;
    default:
        return true;
    }
}

static uint16_t bits_of(uint32_t p)
{
    unsigned bits = 0;
    bits |= is_word(p) ? POINT_WORD : 0;
    bits |= is_mark(p) ? POINT_MARK : 0;
    bits |= is_visible(p) ? POINT_VISIBLE : 0;
    bits |= is_ideograph(p) ? POINT_IDEOGRAPH : 0;
    bits |= is_unspaced(p) ? POINT_UNSPACED : 0;
    bits |= is_layout(p) ? POINT_LAYOUT : 0;
    bits |= is_case_ignorable(p) ? POINT_IGNORABLE : is_cased(p) ? POINT_CASED : 0;
    bits |= utf8proc_tolower((utf8proc_int32_t)p) != (utf8proc_int32_t)p ? POINT_LOWERS : 0;
    bits |= extends(p) ? POINT_EXTENDS : 0;
    bits |= is_jamo(p) ? POINT_COMPOSES : 0;
    return (uint16_t)bits;
}

/* ---- the table */

static void die(const char *what)
{
    fprintf(stderr, "make_points: %s\n", what);
    exit(1);
}

/* The number of the page: that of an earlier one with the same bits, or the next. */
static unsigned page_of(const uint16_t *bits, uint32_t first, const uint32_t *kept, unsigned count)
{
    unsigned page = 0;
    while (page < count && memcmp(bits + kept[page], bits + first, POINT_PAGE * sizeof *bits) != 0)
        page++;
    return page;
}

int main(int argc, char **argv)
{
    static uint16_t bits[POINTS];
    static uint8_t page[POINT_PAGES];
    uint32_t kept[POINT_PAGE];
    unsigned count = 0;
    if (argc != 3)
        die("usage: make_points - OUT.bin");
    for (uint32_t point = 0; point < POINTS; point++)
        bits[point] = bits_of(point);
    for (uint32_t point = 0; point < POINTS; point++)
        if (point < 0xD800 || point > 0xDFFF)
            note_composition(bits, point);
    for (unsigned i = 0; i < POINT_PAGES; i++) {
        unsigned found = page_of(bits, i * POINT_PAGE, kept, count);
        if (found > UINT8_MAX)
            die("more than 256 different pages");
        page[i] = (uint8_t)found;
        if (found == count)
            kept[count++] = i * POINT_PAGE;
    }
    FILE *out = fopen(argv[2], "wb");
    bool fine = out != NULL && fwrite(page, 1, sizeof page, out) == sizeof page;
    for (unsigned i = 0; i < count && fine; i++)
        fine = fwrite(bits + kept[i], sizeof *bits, POINT_PAGE, out) == POINT_PAGE;
    if (!fine || fclose(out) != 0)
        die("cannot write the table");
    return 0;
}
