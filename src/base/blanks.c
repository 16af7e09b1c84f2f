#include "base/blanks.h"

#include "base/utf8.h"

bool point_is_blank(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } blanks[] = {{0x09, 0x0D},     {0x1C, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
                  {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks && point >= blanks[i].first; i++)
        if (point <= blanks[i].last)
            return true;
    return false;
}

/* The bytes of the blank at the beginning; 0 if there is none. */
static size_t blank_at(const char *data, size_t size)
{
    uint32_t point = 0;
    size_t length = size > 0 ? utf8_decode(data, size, &point) : 0;
    return length > 0 && point_is_blank(point) ? length : 0;
}

/* The same at the end. */
static size_t blank_before_end(heed_bytes text)
{
    enum { LONGEST = 3 }; /* bytes of a blank */
    for (size_t back = 1; back <= LONGEST && back <= text.size; back++)
        if (((unsigned char)text.data[text.size - back] & 0xC0) != 0x80)
            return blank_at(text.data + text.size - back, back) == back ? back : 0;
    return 0;
}

heed_bytes blanks_trim(heed_bytes text)
{
    size_t blank;
    while ((blank = blank_at(text.data, text.size)) > 0)
        text = (heed_bytes){text.data + blank, text.size - blank};
    while ((blank = blank_before_end(text)) > 0)
        text.size -= blank;
    return text;
}

heed_bytes spaces_trim(heed_bytes b)
{
    while (b.size > 0 && (b.data[0] == ' ' || b.data[0] == '\t'))
        b = (heed_bytes){b.data + 1, b.size - 1};
    while (b.size > 0 && (b.data[b.size - 1] == ' ' || b.data[b.size - 1] == '\t'))
        b.size--;
    return b;
}
