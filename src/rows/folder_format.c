/* A folder with one folder per label, which has one text file per record. */
#include "base/status.h"
#include "rows/formats.h"
#include "rows/input_file.h"
#include "rows/label_folder.h"
#include "rows/record_build.h"

/* Checks that there is at least one text, and starts over. */
static heed_status folder_open(input_file *f)
{
    label_folder *folder = f->state;
    labelled_text text;
    heed_error *error = f->record.error;
    heed_status status;
    TRY(label_rules_init(&f->record.rules, &f->options, error));
    TRY(label_folder_open(folder, f->name, error));
    TRY(label_folder_next(folder, &text, error));
    return label_folder_open(folder, f->name, error);
done:
    return status == HEED_END ? input_file_without_records(f) : status;
}

/* The text of a file, without the end of its last line. */
static heed_status read_text(input_file *f, const char *path, heed_bytes *text)
{
    heed_error *error = f->record.error;
    f->done_before += f->source.done;
    heed_status status = input_file_begin(f, path, "the text");
    while (status == HEED_OK && !f->source.ended && source_window(&f->source).size <= RECORD_BYTES)
        status = source_fill(&f->source, error);
    *text = source_window(&f->source);
    if (text->size > 0 && text->data[text->size - 1] == '\n')
        text->size--;
    if (text->size > 0 && text->data[text->size - 1] == '\r')
        text->size--;
    return status;
}

static record_outcome folder_next(input_file *f, bool wait)
{
    (void)wait;
    record_draft *r = &f->record;
    labelled_text found;
    heed_bytes text;
    heed_status status;
    TRY(label_folder_next(f->state, &found, r->error));
    r->place = found.path;
    r->row++;
    r->line = 1;
    TRY(read_text(f, found.path, &text));
    record_begin(r, text);
    record_text(r, text);
    record_check_text(r);
    record_check_utf8(r, text);
    record_label_by_rules(r, found.label, found.id);
    r->out->id = found.id;
    return record_finish(r);
done:
    return status == HEED_END ? RECORD_END : record_fail(r, status);
}

static bool folder_ready(const input_file *f)
{
    (void)f;
    return true;
}

static void folder_release(void *state)
{
    label_folder_release(state);
}

const format_class folder_format = {
    .is_folder = true,
    .when_empty = "no sub-folder with texts, expected a folder for each label with a .txt file for each text",
    .state_size = sizeof(label_folder),
    .open = folder_open,
    .next = folder_next,
    .ready = folder_ready,
    .release = folder_release,
};
