#include "rows/row_window.h"

#include <string.h>

#include "base/status.h"
#include "rows/row_build.h"

heed_status row_without_rows(const row_file *f, heed_error *error)
{
    if (!f->options.need_label && f->format != HEED_FORMAT_FOLDER)
        return HEED_OK;
    if (f->format == HEED_FORMAT_FOLDER)
        return fail(
            error, HEED_BAD_DATA,
            "%s: found no sub-folder with texts, expected a folder for each label and a .txt file in it for each text",
            f->name);
    return fail(error, HEED_BAD_DATA, "%s: found %s, expected rows", f->name,
                f->names != NULL ? "a header but no rows" : "an empty file");
}

heed_status row_window_read_on(row_file *f, bool wait, bool *came, heed_error *error)
{
    for (;;) {
        *came = wait || !source_waits(&f->input, 0);
        if (!*came)
            return HEED_OK;
        size_t before = source_window(&f->input).size;
        heed_status status = source_fill(&f->input, error);
        heed_bytes window = source_window(&f->input);
        if (status != HEED_OK || f->input.ended || window.size > ROW_BYTES)
            return status;
        if (memchr(window.data + before, '\n', window.size - before) != NULL)
            return HEED_OK;
        if (row_is_delimited(f) && memchr(window.data + before, '\r', window.size - before) != NULL)
            return HEED_OK;
    }
}

bool row_window_discard(row_file *f)
{
    heed_bytes window = source_window(&f->input);
    const char *end = window.size > 0 ? memchr(window.data, '\n', window.size) : NULL;
    source_take(&f->input, end != NULL ? (size_t)(end - window.data) + 1 : window.size);
    f->discarding = end == NULL && !f->input.ended;
    return !f->discarding;
}

void row_window_begin_discarding(row_file *f)
{
    f->discarding = true;
    f->row++;
    f->line = f->next_line++;
}

row_outcome row_too_long(const row_file *f, heed_error *error)
{
    return row_bad(f, error, "found a line of more than %d bytes, expected fewer", ROW_BYTES);
}
