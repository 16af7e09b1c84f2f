/* Each part as a file of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/status.h"
#include "check/check_rows.h"
#include "check/row_split.h"
#include "rows/reader.h"
#include "rows/row_writer.h"

typedef struct writing {
    const heed_split *split;
    heed_reader *reader;
    const heed_listener *listener;
    stopwatch watch;
    row_writer *writers; /* [parts] */
} writing;

static heed_status fail_changed(const heed_record *record, heed_error *error)
{
    return fail(error, HEED_BAD_DATA,
                "%s: has other rows than when it was read before, expected files that do not change", record->file);
}

static heed_status rows_write(writing *w, heed_error *error)
{
    const heed_check *c = w->split->check;
    const heed_record *record = NULL;
    heed_status status;
    size_t row = 0;
    while ((status = heed_reader_next(&record, w->reader, error)) == HEED_OK) {
        if (record->bad)
            continue;
        if (!check_rows_has(c, row, record))
            return fail_changed(record, error);
        TRY(row_writer_add(&w->writers[w->split->part[row++]], w->reader, record, error));
        TRY(reader_tell(w->reader, HEED_STAGE_READ, w->listener, &w->watch, "stopped while writing", error));
    }
    if (status == HEED_END)
        status = row == c->row_count ? HEED_OK
                                     : fail(error, HEED_BAD_DATA,
                                            "split: found %zu rows, and %zu when the files were read before, expected "
                                            "files that do not change",
                                            row, c->row_count);
done:
    return status;
}

/* All parts are complete before the first gets its name. */
static heed_status parts_write(writing *w, const char *folder, heed_error *error)
{
    const heed_split *s = w->split;
    size_t count = s->shares.count;
    heed_status status = HEED_OK;
    for (size_t p = 0; p < count; p++)
        TRY(row_writer_begin(&w->writers[p], folder, s->shares.name[p], w->reader, error));
    TRY(rows_write(w, error));
    for (size_t p = 0; p < count; p++)
        TRY(row_writer_check(&w->writers[p], w->reader, error));
    for (size_t p = 0; p < count; p++)
        TRY(row_writer_commit(&w->writers[p], error));
done:
    return status;
}

static heed_status paths_keep(heed_split *s, const row_writer *writers, heed_error *error)
{
    for (size_t p = 0; p < s->shares.count; p++) {
        free(s->paths[p]);
        s->paths[p] = memory_copy(writers[p].path, strlen(writers[p].path));
        if (s->paths[p] == NULL)
            return fail_memory(error, "paths");
        s->parts[p].path = s->paths[p];
    }
    return HEED_OK;
}

heed_status heed_split_write(heed_split *split, heed_reader *reader, const char *folder, const heed_listener *listener,
                             heed_error *error)
{
    writing w = {.split = split, .reader = reader, .listener = listener, .watch = stopwatch_start()};
    heed_status status;
    w.writers = memory_array(split->shares.count, sizeof *w.writers);
    TRY(w.writers == NULL ? fail_memory(error, "parts") : HEED_OK);
    TRY(path_need_folder(folder, error));
    TRY(parts_write(&w, folder, error));
    status = paths_keep(split, w.writers, error);
done:
    for (size_t p = 0; p < split->shares.count && w.writers != NULL; p++)
        row_writer_release(&w.writers[p]);
    free(w.writers);
    return status;
}
