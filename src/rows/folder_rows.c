#include "rows/folder_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "rows/row_build.h"
#include "rows/row_window.h"

heed_status folder_rows_open(row_file *f, heed_error *error)
{
    const char *path;
    heed_bytes label, id;
    heed_status status = label_folder_open(&f->folder, f->name, error);
    if (status == HEED_OK)
        status = label_folder_next(&f->folder, &path, &label, &id, error);
    if (status == HEED_END)
        return row_without_rows(f, error);
    return status == HEED_OK ? label_folder_open(&f->folder, f->name, error) : status;
}

heed_status folder_rows_next(row_file *f, row_outcome *outcome, heed_record *out, heed_error *error)
{
    const char *path;
    heed_bytes label, id;
    heed_status status = label_folder_next(&f->folder, &path, &label, &id, error);
    if (status == HEED_END) {
        *outcome = ROW_END;
        return HEED_OK;
    }
    if (status != HEED_OK)
        return status;
    free(f->path);
    f->path = memory_copy(path, strlen(path));
    if (f->path == NULL)
        return fail_memory(error, path);
    f->row++;
    f->line = 1;
    f->done_before += f->input.done;
    status = source_open(&f->input, f->path, f->options.encoding, error);
    while (status == HEED_OK && !f->input.ended && source_window(&f->input).size <= ROW_BYTES)
        status = source_fill(&f->input, error);
    if (status != HEED_OK)
        return status;
    heed_bytes text = source_window(&f->input);
    if (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    return row_build_text(f, text, label, id, outcome, out, error);
}
