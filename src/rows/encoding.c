#include "rows/encoding.h"

#include <string.h>

#include "base/utf8.h"

/* U+0080 ... U+009F are where windows-1252 differs from latin-1. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

void encoding_append(writer *out, heed_encoding encoding, const char *data, size_t size)
{
    if (encoding == HEED_UTF8 || size == 0) {
        writer_bytes(out, data, size);
        return;
    }
    enum { WIDEST = 3 }; /* U+20AC and its like */
    char *to = writer_reserve(out, size <= SIZE_MAX / WIDEST ? size * WIDEST : SIZE_MAX);
    if (to == NULL)
        return;
    for (size_t at = 0; at < size;) {
        size_t run = utf8_ascii(data + at, size - at);
        if (run > 0)
            memcpy(to, data + at, run);
        to += run;
        at += run;
        if (at == size)
            break;
        uint32_t point = (unsigned char)data[at++];
        if (encoding == HEED_WINDOWS_1252 && point < 0xA0)
            point = windows_1252[point - 0x80];
        char bytes[4];
        size_t length = utf8_encode(point, bytes);
        memcpy(to, bytes, length);
        to += length;
    }
    out->size = (size_t)(to - out->data);
}

unsigned encoding_high_byte(uint32_t point)
{
    if (point >= 0x80 && point < 0x100)
        return (unsigned)point;
    for (unsigned i = 0; i < sizeof windows_1252 / sizeof *windows_1252; i++)
        if (windows_1252[i] == point)
            return 0x80 + i;
    return 0;
}

bool encoding_restore(writer *out, heed_encoding encoding, heed_bytes text)
{
    if (encoding == HEED_UTF8) {
        writer_bytes(out, text.data, text.size);
        return true;
    }
    for (size_t at = 0; at < text.size;) {
        size_t run = utf8_ascii(text.data + at, text.size - at);
        writer_bytes(out, text.data + at, run);
        at += run;
        if (at == text.size)
            break;
        uint32_t point = 0;
        size_t length = utf8_decode(text.data + at, text.size - at, &point);
        unsigned byte = length > 0 ? encoding_high_byte(point) : 0;
        if (byte == 0)
            return false;
        writer_byte(out, (char)byte);
        at += length;
    }
    return true;
}
