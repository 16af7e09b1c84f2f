#include "rows/input_file.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "rows/formats.h"

void input_file_init(input_file *f)
{
    *f = (input_file){0};
    source_init(&f->source);
    f->record.is_ascii = &f->source.looking;
    f->record.is_utf8 = &f->source.is_utf8;
}

static void release_state(input_file *f)
{
    if (f->state != NULL && f->class->release != NULL)
        f->class->release(f->state);
    free(f->state);
    f->state = NULL;
}

void input_file_release(input_file *f)
{
    release_state(f);
    source_release(&f->source);
    record_draft_release(&f->record);
}

void input_file_close(input_file *f)
{
    source_close(&f->source);
}

heed_status input_file_begin(input_file *f, const char *path, const char *first)
{
    bool exact = f->exact || f->options.tutorial; /* which knows the encodings of its files */
    return source_open(&f->source, path, (source_way){f->options.encoding, exact, first, f->path}, f->record.error);
}

heed_status input_file_open(input_file *f, const char *path, const heed_rows_options *options, bool exact,
                            heed_error *error)
{
    release_state(f);
    label_rules_release(&f->record.rules);
    f->path = path;
    f->name = f->record.file = f->record.place = source_title(path);
    f->options = *options;
    f->format = options->format != HEED_FORMAT_AUTO ? options->format : format_of_path(path);
    f->class = format_class_of(f->format);
    f->discarding = false;
    f->exact = exact;
    f->line_end = f->delimiter = f->head[0] = '\0';
    f->first_end = f->record.line_end = "";
    f->source.done = f->done_before = f->record.row = f->record.line = 0;
    f->next_line = 1;
    f->record.options = &f->options;
    f->record.error = error;
    f->record.out = NULL;
    f->state = memory_array(1, f->class->state_size);
    return f->state == NULL ? fail_memory(error, f->name) : f->class->open(f);
}

record_outcome input_file_next(input_file *f, bool wait, heed_record *out, heed_error *error)
{
    f->record.out = out;
    f->record.error = error;
    record_outcome outcome = f->class->next(f, wait);
    heed_status status = HEED_OK;
    if (outcome == RECORD_END && f->record.row == 0)
        status = input_file_without_records(f);
    return status == HEED_OK ? outcome : record_fail(&f->record, status);
}

void input_file_empty(input_file *f, const char *problem)
{
    heed_record *out = f->record.out;
    *out = (heed_record){.text = {"", 0},
                         .weight = 1,
                         .id = out->id,
                         .line = out->line,
                         .file = f->record.file,
                         .row = f->record.row,
                         .line_number = f->record.line,
                         .line_end = out->line_end,
                         .bad = true,
                         .problem = problem};
}

bool input_file_ready(const input_file *f)
{
    return !f->source.live || f->source.ended || f->class->ready(f);
}

uint64_t input_file_done(const input_file *f)
{
    return f->done_before + f->source.done;
}

const heed_bytes *input_file_columns(const input_file *f, size_t *count)
{
    *count = 0;
    return f->state == NULL || f->class->columns == NULL ? NULL : f->class->columns(f, count);
}

heed_quoting input_file_quoting(const input_file *f)
{
    return f->state == NULL || f->class->quoting == NULL ? HEED_QUOTING_NONE : f->class->quoting(f);
}

heed_bytes input_file_header(const input_file *f)
{
    return f->state == NULL || f->class->header == NULL ? (heed_bytes){NULL, 0} : f->class->header(f);
}

heed_status input_file_without_records(const input_file *f)
{
    size_t count;
    heed_error *error = f->record.error;
    if (f->class->when_empty != NULL)
        return fail(error, HEED_BAD_DATA, "%s: found %s", f->name, f->class->when_empty);
    if (!f->options.need_label)
        return HEED_OK;
    return fail(error, HEED_BAD_DATA, "%s: found %s, expected rows", f->name,
                input_file_columns(f, &count) != NULL ? "a header but no rows" : "an empty file");
}
