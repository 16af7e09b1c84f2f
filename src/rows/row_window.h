/* What the readers of the formats share: the window of a row_file moved on, and lines too long to be kept. */
#ifndef ROWS_ROW_WINDOW_H
#define ROWS_ROW_WINDOW_H

#include "rows/row_file.h"

/* Reads until a line ends, the input does, or a record grows too long: short of that there is nothing new to find.
 * *came is false where that would mean waiting. */
heed_status row_window_read_on(row_file *f, bool wait, bool *came, heed_error *error);
/* From now on everything up to the end of the line goes. */
void row_window_begin_discarding(row_file *f);
/* Passes over the rest of a line that is too long; false where its end was not seen yet. */
bool row_window_discard(row_file *f);
/* ROW_BAD for such a line. */
row_outcome row_too_long(const row_file *f, heed_error *error);
/* A file without rows: nothing to learn from is an error, nothing to answer is answered by nothing. */
heed_status row_without_rows(const row_file *f, heed_error *error);

static inline bool row_is_delimited(const row_file *f)
{
    return f->format == HEED_FORMAT_TSV || f->format == HEED_FORMAT_CSV;
}

#endif
