#include "check/text_marks.h"

#include "base/utf8.h"
#include "rows/encoding.h"
#include "text/unicode.h"

enum { LONGEST = 4 };

/* Whether these characters, as bytes, are a character of UTF-8. */
static bool is_mojibake(const char *data, size_t size, uint32_t point)
{
    char bytes[LONGEST] = {(char)encoding_high_byte(point)};
    size_t count = 1, needed = (unsigned char)bytes[0] < 0xE0 ? 2 : (unsigned char)bytes[0] < 0xF0 ? 3 : 4;
    if ((unsigned char)bytes[0] < 0xC2 || (unsigned char)bytes[0] > 0xF4)
        return false;
    for (size_t at = 0; count < needed && at < size; count++) {
        size_t length = utf8_decode(data + at, size - at, &point);
        if (length == 0)
            return false;
        bytes[count] = (char)encoding_high_byte(point);
        at += length;
    }
    return count == needed && utf8_decode(bytes, needed, &point) == needed;
}

static bool is_control(uint32_t point)
{
    return (point < 0x20 && point != '\t' && point != '\n' && point != '\r') || (point >= 0x7F && point < 0xA0);
}

static unsigned ascii_marks(const char *data, size_t size)
{
    unsigned marks = TEXT_EMPTY;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        if (byte > ' ' && byte < 0x7F)
            marks &= ~(unsigned)TEXT_EMPTY;
        else if (is_control(byte))
            marks |= TEXT_CONTROL;
    }
    return marks;
}

unsigned text_marks(heed_bytes text)
{
    unsigned found = 0, empty = TEXT_EMPTY;
    for (size_t at = 0; at < text.size;) {
        size_t ascii = utf8_ascii(text.data + at, text.size - at);
        unsigned plain = ascii_marks(text.data + at, ascii);
        empty &= plain;
        found |= plain & TEXT_CONTROL;
        at += ascii;
        if (at == text.size)
            break;
        uint32_t point = 0;
        size_t length = utf8_decode(text.data + at, text.size - at, &point);
        at += length > 0 ? length : 1;
        empty &= unicode_is_visible(point) ? 0 : TEXT_EMPTY;
        found |= point == 0xFFFD ? TEXT_LOST : 0;
        found |= is_control(point) ? TEXT_CONTROL : 0;
        found |= is_mojibake(text.data + at, text.size - at, point) ? TEXT_MOJIBAKE : 0;
    }
    return found | empty;
}
