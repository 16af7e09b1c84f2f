/* Which column of a delimited file is what. */
#ifndef ROWS_COLUMNS_H
#define ROWS_COLUMNS_H

#include "rows/column_names.h"

#define COLUMN_NONE SIZE_MAX

/* The columns that a file has. */
typedef struct column_names {
    const char *file;
    const heed_bytes *name; /* NULL if the file has no header */
    size_t count;
} column_names;

typedef struct columns {
    size_t text[COLUMNS_TEXT], text_count;
    size_t label, id, split, group, weight; /* COLUMN_NONE if there is none */
    size_t rated;                           /* the column that label_from reads */
} columns;

/* Column names that are found without an option, in any capitals; end with NULL. */
extern const char *const columns_default_text[];
extern const char *const columns_default_label[];

/* Finds the columns that the options name. rated: the column of label_from, data NULL if there is none. Without
 * need_label, columns that only training needs (label, split, group, weight) may be missing, and the label column ""
 * means none. A name is looked for as it is written, then whatever its capitals and the blanks around it, then as a
 * number. Any other missing column is HEED_BAD_DATA, with the list of columns. */
heed_status columns_resolve(columns *out, const heed_rows_options *options, heed_bytes rated, column_names has,
                            heed_error *error);

/* Appends ", " and the names, for messages. */
void columns_list(writer *out, const heed_bytes *names, size_t count);

#endif
