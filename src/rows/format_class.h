/* A format of input: how its files are opened and their records are read. formats.h lists the classes. */
#ifndef ROWS_FORMAT_CLASS_H
#define ROWS_FORMAT_CLASS_H

#include "rows/record_draft.h"

struct input_file;

typedef struct format_class {
    bool is_folder;         /* its path is a folder, whose files it opens itself */
    bool has_no_labels;     /* it is refused if labels are required */
    bool keeps_blank_lines; /* of formats with one record a line: a blank line is a record */
    char delimiter; /* between the fields of a record, unless a file has another: it has columns, maybe a header, and
                       quotes; 0: no fields */
    const char *when_empty; /* for messages: an input without records, which is an error; NULL: only an error if labels
                               are required */
    size_t state_size;      /* of input_file.state, which is zeros when open is called */

    /* Opens the input's path and learns its columns, without waiting for more of a pipe than its header. */
    heed_status (*open)(struct input_file *f);
    /* The next record, into f->record.out. wait: whether to wait for input. */
    record_outcome (*next)(struct input_file *f, bool wait);
    /* Whether the next record can be read without waiting; called only for pipes that have not ended. */
    bool (*ready)(const struct input_file *f);
    /* The names of its columns, and how quotes are read in it. NULL: the format has none. */
    const heed_bytes *(*columns)(const struct input_file *f, size_t *count);
    heed_quoting (*quoting)(const struct input_file *f);
    /* The header as it is in the file (in UTF-8), without its end of line; data NULL: it has none. NULL: the format has
     * none. */
    heed_bytes (*header)(const struct input_file *f);
    /* Releases what the state owns; NULL: nothing. */
    void (*release)(void *state);
} format_class;

#endif
