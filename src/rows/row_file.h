/* One file (pipe, folder) being read: its bytes are cut into records, and each is made a heed_record or found bad. */
#ifndef ROWS_ROW_FILE_H
#define ROWS_ROW_FILE_H

#include "rows/columns.h"
#include "rows/delimited.h"
#include "rows/json_line.h"
#include "rows/label_folder.h"
#include "rows/label_rules.h"
#include "rows/source.h"

enum {
    ROW_BYTES = 16 << 20, /* of one record, at most */
    ROW_TEXT = 1 << 20,   /* of one field or text, at most */
    ROW_LABELS = 1000,    /* labels of one record, at most */
    NUMBER_MORE = 4,      /* in row_file.number: further labels */
    NUMBERS
};

typedef enum row_outcome {
    ROW_TAKEN,
    ROW_DROPPED, /* by its label */
    ROW_BAD,     /* the error says why; reading may go on */
    ROW_WAITS,   /* the next record has to be waited for */
    ROW_END
} row_outcome;

typedef struct row_file {
    const char *name; /* as messages call it; borrowed */
    heed_format format;
    heed_rows_options options; /* as given, completed by what the tutorial does with the file; borrowed strings */
    label_rules rules;
    source input;
    bool discarding;    /* a record over ROW_BYTES: everything to the end of its line goes */
    bool after_return;  /* a carriage return ended the record before: a line feed here belongs to it */
    uint64_t row, line; /* of the current record */
    uint64_t next_line; /* of the window's first byte */

    delimited_record parsed; /* TSV, CSV */
    delimited_dialect dialect;
    heed_bytes *names; /* [column_count], in name_bytes; NULL without a header */
    buffer name_bytes;
    size_t column_count;
    columns columns;

    heed_bytes text_keys[COLUMNS_TEXT]; /* JSONL: the text columns that the options name */
    size_t text_key_count;
    json_t *object;                    /* of the current record */
    char number[NUMBERS][JSON_NUMBER]; /* label, id, split, group, further labels */

    label_folder folder;
    char *path;           /* of the current text; for messages */
    uint64_t done_before; /* bytes of the texts before it */

    buffer text, label;          /* joined from several columns or labels */
    heed_bytes part[ROW_LABELS]; /* the labels: as read, or parts of `label` */
    size_t part_count;
} row_file;

heed_status row_file_init(row_file *f, heed_error *error);
void row_file_release(row_file *f);
/* Opens a path in place of the one before and learns its columns; from a pipe it reads no more than a header. */
heed_status row_file_open(row_file *f, const char *path, const heed_rows_options *options, heed_error *error);
/* The path is done with; format and columns can still be asked for. */
void row_file_close(row_file *f);
/* The next record. wait: whether to wait for it. ROW_BAD comes with HEED_OK and fills the error; any other status is
 * the end of this file. A file that ends without a row is HEED_BAD_DATA with need_label. */
heed_status row_file_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error);
/* Whether a whole record stands in the window. */
bool row_file_ready(const row_file *f);
/* Bytes of the path read so far. */
uint64_t row_file_done(const row_file *f);

#endif
