/* A record under construction, between the bytes of the input and a heed_record. It keeps the first thing that ends it:
 * a reason why it is bad, a label that drops it, or lack of memory. Later calls change nothing, so the outcome is asked
 * for once, at the end. */
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
    RECORD_WAITS,   /* the next record is not there yet */
    RECORD_END,
    RECORD_FAILED /* the draft's status and the error say why; reading is over */
} record_outcome;

typedef struct record_draft {
    const heed_rows_options *options; /* of its file; borrowed, as their strings are */
    label_rules rules;                /* of its file */
    const char *file;                 /* heed_record.file */
    const bool *is_ascii;             /* whether all bytes of its file so far are, which saves checking them again */
    const bool *is_utf8;              /* whether its file is UTF-8 elsewhere, so that other bytes are damage */
    const char *place;                /* the name of the file for messages; of a folder's text its own file */
    uint64_t row, line;               /* heed_record's row and line_number */
    const char *line_end;             /* heed_record's */
    uint64_t unlabelled;              /* records dropped because they have no label */
    heed_record *out;
    heed_error *error;
    record_outcome outcome;
    heed_status status;             /* of RECORD_FAILED */
    size_t texts;                   /* number of columns that form its text */
    writer text;                    /* the columns joined, if there are several */
    writer label;                   /* several labels, the separator between them */
    writer composed;                /* a label in NFC that was read in another form */
    heed_bytes part[RECORD_LABELS]; /* labels as read, or parts of `label`, whose data is set at the end */
    size_t part_count;
} record_draft;

void record_draft_release(record_draft *r);
/* Begins another record in r->out, which has only its line. */
void record_begin(record_draft *r, heed_bytes line);
/* Makes the record bad, for this reason, if nothing ended it before. Returns the outcome. */
record_outcome record_refuse(record_draft *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends reading with this status, whose message is already written. */
record_outcome record_fail(record_draft *r, heed_status status);
/* How many of these bytes a message shows: whole characters, at most a line. */
int record_shown(heed_bytes b);

#endif
