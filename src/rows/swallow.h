/* A quote that swallows rows: one that is an ordinary character, but is taken for the beginning of a quoted field,
 * which then reaches over the next rows to another such quote. It is recognised by what it swallows: lines that read as
 * rows of the file. */
#ifndef ROWS_SWALLOW_H
#define ROWS_SWALLOW_H

#include "rows/delimited.h"
#include "rows/row_shape.h"

enum { SWALLOW_LINES = 8 }; /* further ones are not looked at, so that a pipe is never waited for longer than that */

/* How a quoted field ends. */
typedef enum swallow_end {
    SWALLOW_CLOSED,   /* with its record, which ends with the bytes */
    SWALLOW_TRAILING, /* the same, but text follows the closing quote */
    SWALLOW_OPEN,     /* it may go on after the bytes */
    SWALLOW_UNCLOSED  /* never: the input ends, or the field would be too long */
} swallow_end;

typedef struct swallow_quote {
    size_t columns; /* of a row; 0: as many as the first line has */
    heed_bytes record;
    swallow_end end;
    heed_bytes after; /* what is known of the bytes after the record */
    bool at_end;      /* nothing follows those */
} swallow_quote;

typedef enum swallow_answer {
    SWALLOW_NO,
    SWALLOW_YES,
    SWALLOW_UNSURE /* so few rows are known that those after the record have to be seen */
} swallow_answer;

typedef struct swallow {
    row_shape shape; /* of the rows that are known */
    row_shape known; /* with those after the record, where few are known */
    row_shape own;   /* of the lines of the record */
    delimited_record line;
    heed_bytes field[DELIMITED_COLUMNS];
} swallow;

void swallow_release(swallow *s);
/* Whether the quoted field of a record swallows rows. plain: the dialect without quotes. */
swallow_answer swallow_judge(swallow *s, const delimited_dialect *plain, swallow_quote quote);

#endif
