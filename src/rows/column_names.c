#include "rows/column_names.h"

#include <string.h>
#include <utf8proc.h>

#include "base/blanks.h"
#include "base/compose.h"
#include "base/status.h"
#include "base/utf8.h"

/* Takes a character, or a byte that is not part of one, off the front; small letters for capitals. */
static uint32_t take_point(heed_bytes *b)
{
    uint32_t point;
    size_t length = utf8_decode(b->data, b->size, &point);
    bool character = length > 0;
    if (!character) {
        point = UINT32_MAX - (unsigned char)b->data[0];
        length = 1;
    }
    *b = (heed_bytes){b->data + length, b->size - length};
    return character ? (uint32_t)utf8proc_tolower((utf8proc_int32_t)point) : point;
}

static bool same_letters(heed_bytes a, heed_bytes b)
{
    while (a.size > 0 && b.size > 0)
        if (take_point(&a) != take_point(&b))
            return false;
    return a.size == b.size;
}

bool column_names_alike(heed_bytes a, heed_bytes b)
{
    writer of_a = {0}, of_b = {0};
    bool alike = same_letters(compose(&of_a, spaces_trim(a)), compose(&of_b, spaces_trim(b)));
    writer_release(&of_a);
    writer_release(&of_b);
    return alike;
}

/* The longest beginning of the list that ends at a comma or at its end and is a column; else up to the first comma. */
static heed_bytes first_name(heed_bytes list, column_there *there, const void *user)
{
    size_t first = strcspn(list.data, ",");
    for (size_t size = list.size; size > first; size--)
        if ((size == list.size || list.data[size] == ',') && there(user, (heed_bytes){list.data, size}))
            return (heed_bytes){list.data, size};
    return (heed_bytes){list.data, first};
}

heed_status column_names_split(heed_bytes *names, size_t *count, const char *list, column_there *there,
                               const void *user, heed_error *error)
{
    heed_bytes rest = bytes_of(list);
    for (*count = 0;;) {
        heed_bytes name = first_name(rest, there, user);
        if (name.size == 0 || *count == COLUMNS_TEXT)
            return fail(error, HEED_USAGE, "text columns: found '%s', expected NAME,... of at most %d columns", list,
                        COLUMNS_TEXT);
        names[(*count)++] = name;
        if (name.size == rest.size)
            return HEED_OK;
        rest = (heed_bytes){rest.data + name.size + 1, rest.size - name.size - 1};
    }
}
