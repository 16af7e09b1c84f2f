#include "text/html_angles.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of the tag at data, which begins with '<'; 0 if it is not a tag. A tag does not contain another '<'. */
static size_t tag_length(const char *data, size_t size)
{
    if (size < 3 || !(is_letter(data[1]) || data[1] == '/' || data[1] == '!' || data[1] == '?'))
        return 0;
    for (size_t i = 2; i < size && data[i] != '<'; i++)
        if (data[i] == '>')
            return i + 1;
    return 0;
}

/* The length of the comment at data; 0 if it is not a comment. **open: false once a comment without an end was found,
 * so that ends are not searched again. */
static size_t comment_length(const char *data, size_t size, bool *open)
{
    if (!*open || size < 7 || memcmp(data, "<!--", 4) != 0)
        return 0;
    const char *end = memmem(data + 4, size - 4, "-->", 3);
    *open = end != NULL;
    return end == NULL ? 0 : (size_t)(end - data) + 3;
}

static int digit_value(char c, uint32_t base)
{
    int value = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    return value < (int)base ? value : -1;
}

/* "&#39;" or "&#x27;": its length and character; 0 for anything else. */
static size_t number_length(const char *data, size_t size, uint32_t *point)
{
    if (size < 4 || data[1] != '#')
        return 0;
    bool hex = data[2] == 'x' || data[2] == 'X';
    uint32_t base = hex ? 16 : 10, value = 0;
    size_t first = hex ? 3 : 2, i = first;
    for (; i < size && value <= 0x10FFFF; i++) {
        int digit = digit_value(data[i], base);
        if (digit < 0)
            break;
        value = value * base + (uint32_t)digit;
    }
    bool whole = i > first && i < size && data[i] == ';';
    if (!whole || value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *point = value;
    return i + 1;
}

/* The length of the entity at data, which begins with '&', and its character; 0 if it is not an entity. */
static size_t entity_length(const char *data, size_t size, uint32_t *point)
{
    static const struct {
        const char *name;
        uint32_t point;
    } named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", 0xA0}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        size_t length = strlen(named[i].name);
        if (size >= length && memcmp(data, named[i].name, length) == 0) {
            *point = named[i].point;
            return length;
        }
    }
    return number_length(data, size, point);
}

html_markup html_angles_at(heed_bytes text, bool *comments)
{
    html_markup found = {0, {' '}, 1};
    if (*text.data == '&') {
        found.size = entity_length(text.data, text.size, &found.points[0]);
        return found;
    }
    found.size = comment_length(text.data, text.size, comments);
    if (found.size == 0)
        found.size = tag_length(text.data, text.size);
    return found;
}
