#include "rows/utf16.h"

enum {
    LINE = 4096, /* bytes of the first line that are looked at */
    LEAST = 4,   /* a line shorter than this is looked at with the next one */
    SHARE = 8    /* in UTF-16 more than one character in so many is ASCII: at least the blanks between words */
};

/* The bytes before the first line end from `from` on. */
static size_t line_size(heed_bytes bytes, size_t from)
{
    size_t at = from;
    while (at < bytes.size && at < LINE && bytes.data[at] != '\n' && bytes.data[at] != '\r')
        at++;
    return at;
}

static bool has_nul(heed_bytes bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes.data[i] == '\0')
            return true;
    return false;
}

/* Whether a line end at this place is a character: its other byte is NUL, as far as it is there. */
static bool line_end_fits(const char *data, size_t at, size_t size, bool big)
{
    if (big)
        return at % 2 == 1 && data[at - 1] == '\0';
    return at % 2 == 0 && (at + 1 >= size || data[at + 1] == '\0');
}

/* The line, with its end if that is there. */
static utf16_order judge(const char *data, size_t size)
{
    size_t nul[2] = {0, 0}, units = (size + 1) / 2;
    for (size_t i = 0; i < size; i++)
        nul[i % 2] += data[i] == '\0';
    size_t found = nul[0] + nul[1];
    if ((nul[0] > 0 && nul[1] > 0) || found < 2 || found < (units + SHARE - 1) / SHARE)
        return UTF16_NOT; /* a lone NUL is an ordinary character */
    for (size_t i = 0; i < size; i++)
        if ((data[i] == '\n' || data[i] == '\r') && !line_end_fits(data, i, size, nul[0] > 0))
            return UTF16_NOT;
    return nul[0] > 0 ? UTF16_BIG : UTF16_LITTLE;
}

utf16_order utf16_look(heed_bytes begin, bool at_end)
{
    size_t size = line_size(begin, 0);
    bool whole = size < begin.size || size == LINE || at_end;
    if (!has_nul(begin, size))
        return whole ? UTF16_NOT : UTF16_OPEN;
    size = line_size(begin, LEAST < begin.size ? LEAST : begin.size);
    whole = size < begin.size || size == LINE || at_end;
    bool ends = size < begin.size && size < LINE;
    return whole ? judge(begin.data, size + ends) : UTF16_OPEN;
}
