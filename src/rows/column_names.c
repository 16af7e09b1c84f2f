#include "rows/column_names.h"

#include <string.h>

#include "base/status.h"

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
