#include "rows/rows_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "options/choices.h"

#define FORMAT_WORD(name, word, extensions, meaning) , #word
const names format_names = NAMES("auto" HEED_FORMATS(FORMAT_WORD));
#undef FORMAT_WORD
const names encoding_names = NAMES("utf-8", "windows-1252", "latin-1");
const names quoting_names = NAMES("auto", "minimal", "backslash", "none");
const names on_bad_row_names = NAMES("fail", "skip");

void heed_rows_options_init(heed_rows_options *options)
{
    *options = (heed_rows_options){0};
}

static heed_status check(const heed_rows_options *options, heed_error *error)
{
    const struct {
        const char *what;
        unsigned found;
        const names *known;
    } choices[] = {{"format", options->format, &format_names},
                   {"encoding", options->encoding, &encoding_names},
                   {"quoting", options->quoting, &quoting_names}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (choices[i].found >= choices[i].known->count)
            return fail(error, HEED_USAGE, "%s: found %d, expected a heed_%s", choices[i].what, (int)choices[i].found,
                        choices[i].what);
    if (options->label_separator != NULL && *options->label_separator == '\0')
        return fail(error, HEED_USAGE, "label separator: found an empty text, expected one such as ','");
    return HEED_OK;
}

heed_status rows_options_copy(heed_rows_options *out, char **strings, const heed_rows_options *options,
                              heed_error *error)
{
    *out = *options;
    *strings = NULL;
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
    return check(options, error);
}
