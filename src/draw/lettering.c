#include "draw/lettering.h"

#include <string.h>
#include <utf8proc.h>

#include "base/escape.h"
#include "base/utf8.h"

#define REPLACEMENT 0xFFFDu
#define ELLIPSIS "\xE2\x80\xA6"
#define ELLIPSIS_WIDTH 1.0

/* The character at the beginning of text, and its bytes; a byte that is not UTF-8 is a character by itself. */
static size_t next_character(heed_bytes text, size_t at, uint32_t *point)
{
    size_t length = utf8_decode(text.data + at, text.size - at, point);
    if (length > 0)
        return length;
    *point = REPLACEMENT;
    return 1;
}

static double ascii_width(uint32_t point)
{
    static const char narrow[] = " !'(),-./:;I[\\]`fijlrt|", wide[] = "%@MWmw";
    if (point < 0x20 || point == 0x7F)
        return 1;
    if (strchr(narrow, (int)point) != NULL)
        return 0.43;
    if (strchr(wide, (int)point) != NULL)
        return 1;
    return point >= 'A' && point <= 'Z' ? 0.74 : 0.65;
}

static double character_width(uint32_t point)
{
    if (point < 0x80)
        return ascii_width(point);
    int columns = point_columns(point);
    return columns == 2 ? 1.05 : columns == 1 ? 0.72 : 0;
}

double lettering_width(heed_bytes text)
{
    double width = 0;
    uint32_t point = 0;
    for (size_t at = 0; at < text.size;) {
        at += next_character(text, at, &point);
        width += character_width(point);
    }
    return width;
}

/* The longest prefix of a text within `room`, with the combining marks after its last character. */
static size_t head_within(heed_bytes text, double room)
{
    double width = 0;
    uint32_t point = 0;
    size_t at = 0;
    while (at < text.size) {
        size_t length = next_character(text, at, &point);
        width += character_width(point);
        if (width > room)
            break;
        at += length;
    }
    return at;
}

/* Where the longest suffix of a text within `room` begins: never at a combining mark. */
static size_t tail_within(heed_bytes text, double room)
{
    double left = lettering_width(text);
    uint32_t point = 0;
    size_t at = 0;
    while (at < text.size) {
        size_t length = next_character(text, at, &point);
        double width = character_width(point);
        if (left <= room && width > 0)
            break;
        left -= width;
        at += length;
    }
    return at;
}

void lettering_escape(writer *out, heed_bytes text)
{
    size_t begin = 0;
    for (size_t at = 0; at < text.size; at++)
        if (text.data[at] == '\t' || text.data[at] == '\n' || text.data[at] == '\r') {
            escape_markup(out, (heed_bytes){text.data + begin, at - begin});
            writer_byte(out, ' ');
            begin = at + 1;
        }
    if (begin < text.size)
        escape_markup(out, (heed_bytes){text.data + begin, text.size - begin});
}

bool lettering_fit(writer *out, heed_bytes text, double room)
{
    if (lettering_width(text) <= room) {
        lettering_escape(out, text);
        return false;
    }
    double half = room > ELLIPSIS_WIDTH ? (room - ELLIPSIS_WIDTH) / 2 : 0;
    size_t head = head_within(text, half), tail = tail_within(text, half);
    lettering_escape(out, (heed_bytes){text.data, head});
    writer_text(out, ELLIPSIS);
    lettering_escape(out, (heed_bytes){text.data + tail, text.size - tail});
    return true;
}

bool lettering_is_right_to_left(heed_bytes text)
{
    uint32_t point = 0;
    for (size_t at = 0; at < text.size;) {
        at += next_character(text, at, &point);
        utf8proc_propval_t direction = utf8proc_get_property((utf8proc_int32_t)point)->bidi_class;
        if (direction == UTF8PROC_BIDI_CLASS_R || direction == UTF8PROC_BIDI_CLASS_AL)
            return true;
        if (direction == UTF8PROC_BIDI_CLASS_L)
            return false;
    }
    return false;
}
