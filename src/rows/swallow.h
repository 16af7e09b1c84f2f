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

typedef struct swallow {
    row_shape shape; /* of the rows that are known */
    row_shape own;   /* of the lines, where no rows are known */
    delimited_record line;
    heed_bytes field[DELIMITED_COLUMNS];
} swallow;

void swallow_release(swallow *s);
/* Whether the quoted field of the record at data swallows rows. plain: the dialect without quotes; columns: of a row.
 */
bool swallow_is_one(swallow *s, const delimited_dialect *plain, size_t columns, heed_bytes record, swallow_end end);

#endif
