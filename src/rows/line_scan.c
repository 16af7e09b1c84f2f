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

bool fasttext_take_label(heed_bytes *label, heed_bytes *rest)
{
    static const char prefix[] = "__label__";
    const size_t length = sizeof prefix - 1;
    size_t at = skip_blanks(*rest);
    if (rest->size - at < length || memcmp(rest->data + at, prefix, length) != 0)
        return false;
    size_t begin = at + length;
    for (at = begin; at < rest->size && rest->data[at] != ' ' && rest->data[at] != '\t';)
        at++;
    *label = (heed_bytes){rest->data + begin, at - begin};
    *rest = (heed_bytes){rest->data + at, rest->size - at};
    at = skip_blanks(*rest);
    *rest = (heed_bytes){rest->data + at, rest->size - at};
    return true;
}
