/* Plain lines: each is a text. */
#include "rows/formats.h"
#include "rows/line_records.h"
#include "rows/record_build.h"

static heed_status lines_open(input_file *f)
{
    heed_bytes first;
    return line_records_open(f, &first);
}

static record_outcome lines_next(input_file *f, bool wait)
{
    heed_bytes line;
    record_outcome outcome = line_records_next(f, wait, &line);
    if (outcome != RECORD_TAKEN)
        return outcome;
    record_text(&f->record, line);
    record_check_text(&f->record);
    return record_finish(&f->record);
}

const format_class lines_format = {
    .has_no_labels = true,
    .keeps_blank_lines = true,
    .open = lines_open,
    .next = lines_next,
    .ready = line_records_ready,
};
