#include "rows/rows_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

void heed_rows_options_init(heed_rows_options *options)
{
    *options = (heed_rows_options){0};
}

static heed_status check(const heed_rows_options *options, heed_error *error)
{
    if ((unsigned)options->format > HEED_FORMAT_LINES)
        return fail(error, HEED_USAGE, "format: found %d, expected a heed_format", (int)options->format);
    if ((unsigned)options->encoding > HEED_LATIN_1)
        return fail(error, HEED_USAGE, "encoding: found %d, expected a heed_encoding", (int)options->encoding);
    if ((unsigned)options->quoting > HEED_QUOTING_NONE)
        return fail(error, HEED_USAGE, "quoting: found %d, expected a heed_quoting", (int)options->quoting);
    if (options->label_separator != NULL && *options->label_separator == '\0')
        return fail(error, HEED_USAGE, "label separator: found an empty text, expected one such as ','");
    return HEED_OK;
}

heed_status rows_options_copy(heed_rows_options *out, char **strings, const heed_rows_options *options,
                              heed_error *error)
{
    *out = *options;
    *strings = NULL;
    heed_status status = check(options, error);
    if (status != HEED_OK)
        return status;
    const char **all[] = {&out->text_columns,  &out->label_column,   &out->label_from,   &out->label_map,
                          &out->drop_labels,   &out->id_column,      &out->split_column, &out->group_column,
                          &out->weight_column, &out->label_separator};
    const size_t count = sizeof all / sizeof *all;
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += *all[i] != NULL ? strlen(*all[i]) + 1 : 0;
    char *at = memory_array(size, 1);
    if (at == NULL)
        return fail_memory(error, "options");
    *strings = at;
    for (size_t i = 0; i < count; i++) {
        if (*all[i] == NULL)
            continue;
        size_t length = strlen(*all[i]) + 1;
        memcpy(at, *all[i], length);
        *all[i] = at;
        at += length;
    }
    return HEED_OK;
}
