/* A record on its way from the bytes of the input to a heed_record. It keeps what ends it first: a reason why it is
 * bad, a label that drops it, a want of memory. What comes after that changes nothing, so its builder asks once, at the
 * end. */
#ifndef ROWS_RECORD_DRAFT_H
#define ROWS_RECORD_DRAFT_H

#include "base/writer.h"
#include "rows/label_rules.h"

enum {
    RECORD_BYTES = 16 << 20, /* of one record, at most */
    RECORD_TEXT = 1 << 20,   /* of one field or text, at most */
    RECORD_LABELS = 1000     /* labels of one record, at most */
};

typedef enum record_outcome {
    RECORD_TAKEN,
    RECORD_DROPPED, /* by its label */
    RECORD_BAD,     /* the error says why; reading may go on */
    RECORD_WAITS,   /* the next record has to be waited for */
    RECORD_END,
    RECORD_FAILED /* the draft's status and the error say why; reading is over */
} record_outcome;

typedef struct record_draft {
    const heed_rows_options *options; /* of its file; borrowed, as their strings are */
    label_rules rules;                /* of its file */
    const char *file;                 /* heed_record.file */
    const char *place;                /* the file as messages call it: of a folder's text its own */
    uint64_t row, line;               /* heed_record's row and line_number */
    heed_record *out;
    heed_error *error;
    record_outcome outcome;
    heed_status status;             /* of RECORD_FAILED */
    size_t texts;                   /* columns that make up its text */
    writer text;                    /* the columns joined, if there are several */
    writer label;                   /* several labels, the separator between them */
    heed_bytes part[RECORD_LABELS]; /* labels as read, or parts of `label`, whose data is set at the end */
    size_t part_count;
} record_draft;

void record_draft_release(record_draft *r);
/* Another record begins in r->out, with nothing but its line. */
void record_begin(record_draft *r, heed_bytes line);
/* The record is bad, for this reason, if nothing ended it before. Returns the outcome. */
record_outcome record_refuse(record_draft *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Reading is over, with this status, whose message is written. */
record_outcome record_fail(record_draft *r, heed_status status);
/* How many of some bytes a message shows: whole characters, a line's worth. */
int record_shown(heed_bytes b);

#endif
