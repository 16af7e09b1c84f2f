/* UTF-8 as the Unicode standard has it (table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <string.h>

#include "heed.h"

/* The length of the character at data (1 to 4) and its code point; 0 if the bytes are not one. size > 0. */
static inline size_t utf8_decode(const char *data, size_t size, uint32_t *point)
{
    const unsigned char *b = (const unsigned char *)data;
    if (b[0] < 0x80) {
        *point = b[0];
        return 1;
    }
    if (b[0] < 0xC2 || b[0] > 0xF4)
        return 0;
    if (b[0] < 0xE0) {
        if (size < 2 || (b[1] & 0xC0) != 0x80)
            return 0;
        *point = (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
        return 2;
    }
    if (b[0] < 0xF0) {
        if (size < 3 || (b[1] & 0xC0) != 0x80 || (b[2] & 0xC0) != 0x80)
            return 0;
        *point = (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
        return *point >= 0x800 && (*point < 0xD800 || *point > 0xDFFF) ? 3 : 0;
    }
    if (size < 4 || (b[1] & 0xC0) != 0x80 || (b[2] & 0xC0) != 0x80 || (b[3] & 0xC0) != 0x80)
        return 0;
    *point =
        (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3F) << 12 | (uint32_t)(b[2] & 0x3F) << 6 | (b[3] & 0x3F);
    return *point >= 0x10000 && *point <= 0x10FFFF ? 4 : 0;
}

/* Writes the character into out[4]; returns its length. */
static inline size_t utf8_encode(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xE0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

/* Not tolower, which depends on the caller's locale. */
static inline char ascii_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* How many bytes of ASCII come first. */
static inline size_t utf8_ascii(const char *data, size_t size)
{
    const uint64_t beyond = 0x8080808080808080u;
    size_t run = 0;
    uint64_t eight, some[4];
    for (; size - run >= sizeof some; run += sizeof some) {
        memcpy(some, data + run, sizeof some);
        if (((some[0] | some[1] | some[2] | some[3]) & beyond) != 0)
            break;
    }
    while (size - run >= sizeof eight) {
        memcpy(&eight, data + run, sizeof eight);
        if ((eight & beyond) != 0)
            break;
        run += sizeof eight;
    }
    while (run < size && (unsigned char)data[run] < 0x80)
        run++;
    return run;
}

/* The offset of the first byte that is not UTF-8, or size if all of it is. */
size_t utf8_check(const char *data, size_t size);

/* The bytes without the byte order mark that editors of Windows write in front. */
static inline heed_bytes utf8_unmarked(heed_bytes text)
{
    bool marked = text.size >= 3 && text.data[0] == '\xEF' && text.data[1] == '\xBB' && text.data[2] == '\xBF';
    return marked ? (heed_bytes){text.data + 3, text.size - 3} : text;
}

#endif
