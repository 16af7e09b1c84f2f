/* One input (file, pipe, folder) being read: the class of its format divides it into records. */
#ifndef ROWS_INPUT_FILE_H
#define ROWS_INPUT_FILE_H

#include "rows/format_class.h"
#include "rows/source.h"

typedef struct input_file {
    const char *path, *name; /* name: for messages; both borrowed */
    heed_format format;
    const format_class *class; /* the format's class */
    void *state;               /* what the class keeps of this input */
    heed_rows_options options; /* as given, completed for the tutorial's files; borrowed strings */
    bool exact;                /* its path says the encoding: the bytes are not asked */
    source source;
    uint64_t done_before;  /* bytes of the sources before this one (of a folder's texts) */
    uint64_t next_line;    /* of the window's first byte */
    char line_end;         /* of formats with a record a line: what ends one, LF or CR; 0 until it is known */
    char delimiter;        /* of the file; 0: it has no fields */
    char head[16];         /* its first line, such as sep=;, with its end; or "" */
    const char *first_end; /* of its first line; "" until that is read */
    bool discarding;       /* a record over RECORD_BYTES: everything to the end of its line is skipped */
    record_draft record;   /* the current one */
} input_file;

void input_file_init(input_file *f);
void input_file_release(input_file *f);
/* Opens a path instead of the previous one and reads its columns; of a pipe it reads only the header. exact: the file
 * is in the encoding of the options, whatever its bytes say. */
heed_status input_file_open(input_file *f, const char *path, const heed_rows_options *options, bool exact,
                            heed_error *error);
/* Opens the source of the file at this path, which is its own or one of its folder. first: as source_way has it. */
heed_status input_file_begin(input_file *f, const char *path, const char *first);
/* Closes the path; format and columns stay available. */
void input_file_close(input_file *f);
/* The next record. wait: whether to wait for input. RECORD_BAD and RECORD_FAILED fill the error, RECORD_FAILED also
 * f->record.status. An input that ends without a record is HEED_BAD_DATA if its format says so, or with need_label. */
record_outcome input_file_next(input_file *f, bool wait, heed_record *out, heed_error *error);
/* Makes the record that was found bad one without text and label; its line and its place stay. problem: why, borrowed. */
void input_file_empty(input_file *f, const char *problem);
/* Whether the window contains a whole record. */
bool input_file_ready(const input_file *f);
/* Bytes of the path read so far. */
uint64_t input_file_done(const input_file *f);
/* The columns' names, NULL if there are none. */
const heed_bytes *input_file_columns(const input_file *f, size_t *count);
/* HEED_QUOTING_NONE if its format has no quotes. */
heed_quoting input_file_quoting(const input_file *f);
/* The header as it is in the file (in UTF-8), without its end of line; data NULL if there is none. */
heed_bytes input_file_header(const input_file *f);
/* An input without records: for training it is an error, for prediction the output is empty. */
heed_status input_file_without_records(const input_file *f);

#endif
