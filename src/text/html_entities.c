#include "text/html_entities.h"

#include <string.h>

#include "text/html_entity_row.h"

enum { REPLACEMENT = 0xFFFD, LAST_POINT = 0x10FFFF };

/* Made by tools/make_html_entities from html_entities.txt. */
extern const html_entity_row html_entities_data[] __attribute__((visibility("hidden")));
extern const html_entity_row html_entities_data_end[] __attribute__((visibility("hidden")));

/* Of the rows [first, end), which have the same first `at` bytes: the first whose next one is at least byte. */
static const html_entity_row *seek(const html_entity_row *first, const html_entity_row *end, size_t at, int byte)
{
    while (first < end) {
        const html_entity_row *middle = first + (end - first) / 2;
        if ((unsigned char)middle->name[at] < byte)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* The longest name that the text begins with, found byte by byte: the rows that still fit become fewer. */
static html_markup named_entity(const char *name, size_t size)
{
    html_markup found = {0};
    const html_entity_row *first = html_entities_data, *end = html_entities_data_end;
    for (size_t i = 0; i < size && i < HTML_ENTITY_LONGEST && name[i] != '\0'; i++) {
        int byte = (unsigned char)name[i];
        first = seek(first, end, i, byte);
        end = seek(first, end, i, byte + 1);
        if (first == end)
            break;
        if (i + 1 == HTML_ENTITY_LONGEST || first->name[i + 1] == '\0')
            found = (html_markup){i + 1, {first->points[0], first->points[1]}, first->points[1] == 0 ? 1 : 2};
    }
    return found;
}

static int digit_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 99;
}

static bool is_left_out(uint32_t point)
{
    bool control = (point < 0x20 && (point < '\t' || point > '\r' || point == '\v')) || point == 0x7F;
    return control || (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

/* What a number stands for: itself, but for those that the standard lists. */
static html_markup numbered_entity(uint32_t number, size_t size)
{
    /* windows-1252 from 0x80 on; five of its bytes are no characters, and stay. */
    static const uint16_t windows[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                         0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
                                         0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                         0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
    if (number >= 0x80 && number < 0xA0)
        number = windows[number - 0x80];
    else if (number == 0 || number > LAST_POINT || (number >= 0xD800 && number <= 0xDFFF))
        number = REPLACEMENT;
    else if (is_left_out(number))
        return (html_markup){.size = size};
    return (html_markup){size, {number}, 1};
}

/* "#39", "#x27", with or without ";". */
static html_markup number_entity(const char *text, size_t size)
{
    bool hex = size > 1 && (text[1] == 'x' || text[1] == 'X');
    int base = hex ? 16 : 10;
    size_t first = hex ? 2 : 1, i = first;
    uint32_t number = 0;
    for (; i < size && digit_value(text[i]) < base; i++)
        if (number <= LAST_POINT)
            number = number * (uint32_t)base + (uint32_t)digit_value(text[i]);
    if (i == first)
        return (html_markup){0};
    return numbered_entity(number, i < size && text[i] == ';' ? i + 1 : i);
}

html_markup html_entity_at(heed_bytes text)
{
    const char *name = text.data + 1;
    size_t size = text.size - 1;
    html_markup found = size > 0 && name[0] == '#' ? number_entity(name, size) : named_entity(name, size);
    found.size += found.size > 0; /* the "&" */
    return found;
}
