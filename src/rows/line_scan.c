#include "rows/line_scan.h"

#include <string.h>

char text_line_end(const char *data, size_t size)
{
    bool returns = size > 0 && memchr(data, '\n', size) == NULL && memchr(data, '\r', size) != NULL;
    return returns ? '\r' : '\n';
}

bool text_line_find(heed_bytes *line, size_t *next, const char *data, size_t size, bool at_end, char end)
{
    const char *found = size > 0 ? memchr(data, end, size) : NULL;
    if (found == NULL && (!at_end || size == 0))
        return false;
    size_t length = found != NULL ? (size_t)(found - data) : size;
    *next = found != NULL ? length + 1 : size;
    if (length > 0 && data[length - 1] == '\r')
        length--;
    *line = (heed_bytes){data, length};
    return true;
}

const char *text_line_end_name(const char *end, const char *next)
{
    return next == end ? "" : *end == '\n' ? "\n" : next - end == 2 ? "\r\n" : "\r";
}

static size_t skip_blanks(heed_bytes b)
{
    size_t at = 0;
    while (at < b.size && (b.data[at] == ' ' || b.data[at] == '\t'))
        at++;
    return at;
}

bool text_line_is_blank(heed_bytes line)
{
    return skip_blanks(line) == line.size;
}

/* What ends a word for fastText (Dictionary::readWord); a line end does too. */
static bool fasttext_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f' || byte == '\r' || byte == '\0';
}

/* Where the first label begins; NULL if there is none. */
static const char *fasttext_find_label(heed_bytes line, heed_bytes prefix)
{
    const char *at = line.data, *end = line.data + line.size;
    while ((at = memmem(at, (size_t)(end - at), prefix.data, prefix.size)) != NULL) {
        if (at == line.data || fasttext_is_blank(at[-1]))
            return at;
        at += prefix.size;
    }
    return NULL;
}

bool fasttext_take_label(heed_bytes *before, heed_bytes *label, heed_bytes *rest)
{
    const heed_bytes prefix = {"__label__", 9};
    const char *found = rest->size == 0 ? NULL : fasttext_find_label(*rest, prefix);
    if (found == NULL)
        return false;
    size_t first = 0, last = (size_t)(found - rest->data), begin = last + prefix.size, at = begin;
    while (first < last && fasttext_is_blank(rest->data[first]))
        first++;
    while (last > first && fasttext_is_blank(rest->data[last - 1]))
        last--;
    while (at < rest->size && !fasttext_is_blank(rest->data[at]))
        at++;
    *before = (heed_bytes){rest->data + first, last - first};
    *label = (heed_bytes){rest->data + begin, at - begin};
    while (at < rest->size && fasttext_is_blank(rest->data[at]))
        at++;
    *rest = (heed_bytes){rest->data + at, rest->size - at};
    return true;
}
