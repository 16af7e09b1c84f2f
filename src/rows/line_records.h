/* What the formats with one record a line share. */
#ifndef ROWS_LINE_RECORDS_H
#define ROWS_LINE_RECORDS_H

#include "rows/input_file.h"

/* Opens the file. A regular one shows its first line at once, so that what is wrong is reported early; its data
 * is NULL if there is none, or the input is a pipe. */
heed_status line_records_open(input_file *f, heed_bytes *first);
/* Finds the next line, blank ones passed over unless the format keeps them, and begins a record with it. */
record_outcome line_records_next(input_file *f, bool wait, heed_bytes *line);
bool line_records_ready(const input_file *f);

#endif
