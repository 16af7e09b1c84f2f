/* Common code of formats with one record per line. */
#ifndef ROWS_LINE_RECORDS_H
#define ROWS_LINE_RECORDS_H

#include "rows/input_file.h"

/* Opens the file. For a regular file returns the first line, so that errors are reported early; its data is NULL if
 * there is none, or if the input is a pipe. */
heed_status line_records_open(input_file *f, heed_bytes *first);
/* Finds the next line, skipping blank ones unless the format keeps them, and begins a record with it. */
record_outcome line_records_next(input_file *f, bool wait, heed_bytes *line);
bool line_records_ready(const input_file *f);

#endif
