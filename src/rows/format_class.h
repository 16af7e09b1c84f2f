/* What a format of input is: how its files are opened and their records read. formats.h lists the classes. */
#ifndef ROWS_FORMAT_CLASS_H
#define ROWS_FORMAT_CLASS_H

#include "rows/record_draft.h"

struct input_file;

typedef struct format_class {
    bool is_folder;         /* its path is a folder: it opens the files in it itself */
    bool has_no_labels;     /* it is refused if labels are needed */
    bool keeps_blank_lines; /* of formats with one record a line: a blank line is a record */
    char delimiter; /* between the fields of a record, which has columns, maybe a header, and quotes; 0: no fields */
    const char *when_empty; /* what messages say of an input without a record, which is an error then; NULL: it is one
                               only where labels are needed */
    size_t state_size;      /* of input_file.state, which is zeros when open is called */

    /* Opens the input's path and learns its columns, without waiting for more of a pipe than its header. */
    heed_status (*open)(struct input_file *f);
    /* The next record, into f->record.out. wait: whether to wait for it. */
    record_outcome (*next)(struct input_file *f, bool wait);
    /* Whether the next record can be had without waiting; asked only of pipes that have not ended. */
    bool (*ready)(const struct input_file *f);
    /* The names of its columns, and how quotes are read in it. NULL: there are no such things. */
    const heed_bytes *(*columns)(const struct input_file *f, size_t *count);
    heed_quoting (*quoting)(const struct input_file *f);
    /* What the state owns; NULL: nothing. */
    void (*release)(void *state);
} format_class;

#endif
