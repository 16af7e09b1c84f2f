#include "rows/wide_text.h"

#include <utf8proc.h>

#include "base/utf8.h"

enum {
    LINE = 4096, /* bytes of the first line that are looked at */
    LEAST = 4,   /* a line shorter than this is looked at with the next one */
    UNIT = 4,    /* bytes of the widest unit: so many can be part of the line's end */
    SHARE = 8    /* in UTF-16 whose bytes could be ASCII, more than one character in so many is: the blanks, at least */
};

const char *wide_text_name(wide_text wide)
{
    static const char *const name[] = {[WIDE_UTF16LE] = "UTF-16LE",
                                       [WIDE_UTF16BE] = "UTF-16BE",
                                       [WIDE_UTF32LE] = "UTF-32LE",
                                       [WIDE_UTF32BE] = "UTF-32BE"};
    return name[wide];
}

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

/* The bytes before the first line end from `from` on. */
static size_t line_size(heed_bytes bytes, size_t from)
{
    size_t at = from;
    while (at < bytes.size && at < LINE && !is_line_end(bytes.data[at]))
        at++;
    return at;
}

/* Whether bytes, NUL not counted, are such as text in this encoding has. */
static bool is_narrow(const char *data, size_t size, heed_encoding encoding)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        if ((byte < ' ' && byte != '\0' && byte != '\t' && !is_line_end(data[i])) || byte == 0x7F)
            return false;
    }
    return encoding != HEED_UTF8 || utf8_check(data, size) == size;
}

static size_t count_nul(heed_bytes bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += bytes.data[i] == '\0';
    return count;
}

/* ---- UTF-16 of letters of ASCII: every second byte is NUL */

/* Whether a line end at this place is a character: its other byte is NUL, as far as it is there. */
static bool line_end_fits(const char *data, size_t at, size_t size, bool big)
{
    if (big)
        return at % 2 == 1 && data[at - 1] == '\0';
    return at % 2 == 0 && (at + 1 >= size || data[at + 1] == '\0');
}

/* The line, with its end if that is there. */
static wide_text judge_nul(const char *data, size_t size)
{
    size_t nul[2] = {0, 0}, units = (size + 1) / 2;
    for (size_t i = 0; i < size; i++)
        nul[i % 2] += data[i] == '\0';
    size_t found = nul[0] + nul[1];
    if ((nul[0] > 0 && nul[1] > 0) || found < 2 || found < (units + SHARE - 1) / SHARE)
        return WIDE_NOT; /* a lone NUL is an ordinary character */
    for (size_t i = 0; i < size; i++)
        if (is_line_end(data[i]) && !line_end_fits(data, i, size, nul[0] > 0))
            return WIDE_NOT;
    return nul[0] > 0 ? WIDE_UTF16BE : WIDE_UTF16LE;
}

/* ---- all else: the line must be text in the encoding */

static uint32_t unit_at(const unsigned char *b, wide_text wide)
{
    switch (wide) {
    case WIDE_UTF16LE:
        return (uint32_t)b[1] << 8 | b[0];
    case WIDE_UTF16BE:
        return (uint32_t)b[0] << 8 | b[1];
    case WIDE_UTF32LE:
        return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
    default:
        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
}

/* Whether text has this character: an assigned one, and no control. */
static bool is_of_text(uint32_t point)
{
    if (point > 0x10FFFF)
        return false;
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
        return false;
    case UTF8PROC_CATEGORY_CC:
        return point == '\t' || point == '\n' || point == '\r';
    default:
        return true;
    }
}

/* How many characters of the line are ASCII; 0 as well if one is none of text, or the line has no end. only: it needs
 * none. */
static size_t count_ascii(heed_bytes line, wide_text wide, bool only)
{
    size_t step = wide >= WIDE_UTF32LE ? 4 : 2, ascii = 0;
    bool ends = only;
    for (size_t at = 0; at + step <= line.size; at += step) {
        uint32_t point = unit_at((const unsigned char *)line.data + at, wide);
        bool leads = step == 2 && point >= 0xD800 && point <= 0xDBFF && at + 4 <= line.size;
        if (leads) {
            uint32_t trail = unit_at((const unsigned char *)line.data + (at += step), wide);
            bool pairs = trail >= 0xDC00 && trail <= 0xDFFF;
            point = pairs ? 0x10000 + ((point - 0xD800) << 10) + (trail - 0xDC00) : 0xD800;
        }
        if (!is_of_text(point))
            return 0;
        ascii += point < 0x80;
        ends = ends || point == '\n' || point == '\r';
    }
    return ends ? ascii : 0;
}

/* The encoding in which the line has the most characters of ASCII, its end at least. */
static wide_text judge_text(heed_bytes line, bool only, wide_text first, wide_text last)
{
    wide_text best = WIDE_NOT;
    size_t most = 0;
    for (wide_text wide = first; wide <= last; wide++) {
        size_t ascii = count_ascii(line, wide, only);
        best = ascii > most ? wide : best;
        most = ascii > most ? ascii : most;
    }
    return best;
}

wide_text wide_text_look(heed_bytes begin, heed_encoding encoding, bool at_end)
{
    size_t size = line_size(begin, 0);
    bool whole = size < begin.size || size == LINE || at_end, narrow = is_narrow(begin.data, size, encoding);
    if (narrow && count_nul(begin, size) == 0)
        return whole ? WIDE_NOT : WIDE_OPEN;
    size = line_size(begin, LEAST < begin.size ? LEAST : begin.size);
    size_t end = size < LINE && begin.size - size > UNIT ? size + UNIT : begin.size < LINE ? begin.size : LINE;
    whole = size == LINE || at_end || begin.size - size >= UNIT;
    if (!whole)
        return WIDE_OPEN;
    heed_bytes line = {begin.data, end};
    bool only = at_end && size == begin.size && size < LINE; /* a line without an end */
    wide_text found = count_nul(line, end) == 0 ? WIDE_NOT : judge_text(line, only, WIDE_UTF32LE, WIDE_UTF32BE);
    if (found == WIDE_NOT && is_narrow(begin.data, size, encoding))
        return judge_nul(begin.data, size + (size < begin.size && size < LINE));
    return found != WIDE_NOT || count_nul(line, end) == 0 ? found : judge_text(line, only, WIDE_UTF16LE, WIDE_UTF16BE);
}
