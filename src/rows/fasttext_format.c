/* fastText's lines: words that begin with __label__ are labels, usually in front; the rest is the text. */
#include "rows/formats.h"
#include "rows/line_records.h"
#include "rows/line_scan.h"
#include "rows/record_build.h"

static heed_status fasttext_open(input_file *f)
{
    heed_bytes first;
    return line_records_open(f, &first);
}

static record_outcome fasttext_next(input_file *f, bool wait)
{
    record_draft *r = &f->record;
    heed_bytes text, before, label;
    record_outcome outcome = line_records_next(f, wait, &text);
    if (outcome != RECORD_TAKEN)
        return outcome;
    bool wanted = record_wants_label(r), bare = false;
    while (fasttext_take_label(&before, &label, &text)) {
        bare = bare || label.size == 0;
        if (wanted)
            record_label(r, label);
        if (before.size > 0)
            record_text(r, before);
    }
    if (text.size > 0 || r->texts == 0)
        record_text(r, text);
    record_check_text(r);
    if (bare && r->part_count == 0 && r->options->need_label && !r->options->drop_unlabelled)
        record_refuse(r, "found '__label__' with nothing after it, expected a label such as __label__good, without a "
                         "blank in it; --drop-label '' leaves such rows out");
    return record_finish(r);
}

const format_class fasttext_format = {
    .open = fasttext_open,
    .next = fasttext_next,
    .ready = line_records_ready,
};
