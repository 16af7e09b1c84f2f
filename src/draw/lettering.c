#include "draw/lettering.h"

#include <string.h>
#include <utf8proc.h>

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
    int cells = utf8proc_charwidth((utf8proc_int32_t)point);
    return cells >= 2 ? 1.05 : cells == 1 ? 0.72 : 0;
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

/* The longest beginning of a text within `room`, with the marks behind its last character. */
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

/* Where the longest end of a text within `room` begins: never at a mark. */
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

heed_status lettering_fit(buffer *out, heed_bytes text, double room, bool *cut, heed_error *error)
{
    *cut = lettering_width(text) > room;
    if (!*cut)
        return buffer_append(out, text.data, text.size, error);
    double half = room > ELLIPSIS_WIDTH ? (room - ELLIPSIS_WIDTH) / 2 : 0;
    size_t head = head_within(text, half), tail = tail_within(text, half);
    heed_status status = buffer_append(out, text.data, head, error);
    if (status == HEED_OK)
        status = buffer_append(out, ELLIPSIS, strlen(ELLIPSIS), error);
    return status == HEED_OK ? buffer_append(out, text.data + tail, text.size - tail, error) : status;
}

/* Outside of XML 1.0's Char production, or a control character that it merely tolerates. */
static bool is_refused(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xFFFE || point == 0xFFFF;
}

heed_status lettering_escape(buffer *out, heed_bytes text, heed_error *error)
{
    heed_status status = HEED_OK;
    uint32_t point = 0;
    char bytes[4];
    for (size_t at = 0; at < text.size && status == HEED_OK;) {
        at += next_character(text, at, &point);
        const char *name = point == '<' ? "&lt;" : point == '>' ? "&gt;" : point == '&' ? "&amp;" : NULL;
        if (point == '"')
            name = "&quot;";
        if (point == '\t' || point == '\n' || point == '\r')
            point = ' ';
        if (is_refused(point))
            point = REPLACEMENT;
        status = name != NULL ? buffer_append(out, name, strlen(name), error)
                              : buffer_append(out, bytes, utf8_encode(point, bytes), error);
    }
    return status;
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
