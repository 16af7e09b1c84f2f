/* What a TSV or CSV that is being read keeps, and the steps that its parts share. */
#ifndef ROWS_DELIMITED_STATE_H
#define ROWS_DELIMITED_STATE_H

#include "rows/columns.h"
#include "rows/dialect.h"
#include "rows/input_file.h"

typedef struct delimited_state {
    dialect dialect;
    delimited_record parsed, ahead;                                      /* ahead: only looked at */
    heed_bytes field[DELIMITED_COLUMNS], ahead_field[DELIMITED_COLUMNS]; /* of these two */
    bool after_return;   /* a carriage return ended the last record: a line feed here belongs to it */
    size_t column_count; /* 0: an empty file */
    heed_bytes *names;   /* [column_count], in name_bytes; NULL without a header */
    writer name_bytes;
    writer header; /* the line of the names; empty without a header */
    columns columns;
} delimited_state;

/* Consumes bytes of the window with so many line ends. */
static inline void delimited_take(input_file *f, size_t size, uint64_t lines)
{
    if (size > 0)
        ((delimited_state *)f->state)->after_return = source_window(&f->source).data[size - 1] == '\r';
    f->next_line += lines;
    source_take(&f->source, size);
}

/* The beginning of the window, which is that of the file. */
static inline dialect_sample delimited_sample(const input_file *f)
{
    heed_bytes window = source_window(&f->source);
    size_t size = window.size < DELIMITED_SAMPLE ? window.size : DELIMITED_SAMPLE;
    return (dialect_sample){{window.data, size}, f->source.ended && size == window.size, f->options.no_header};
}

#endif
