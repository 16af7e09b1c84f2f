/* Plain lines, fastText lines and JSON lines: a file opened, its records one after the other. */
#ifndef ROWS_LINE_ROWS_H
#define ROWS_LINE_ROWS_H

#include "rows/row_file.h"

/* A regular file shows its first line at once: keys that are not there, or nothing at all, are told early. */
heed_status line_rows_open(row_file *f, heed_error *error);
heed_status line_rows_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error);

#endif
