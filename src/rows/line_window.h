/* Common code of the formats: moving the window of an input, and skipping lines that are too long. */
#ifndef ROWS_LINE_WINDOW_H
#define ROWS_LINE_WINDOW_H

#include "rows/input_file.h"

/* Reads until a line or the input ends, or a record gets too long. Returns RECORD_TAKEN then, RECORD_WAITS if reading
 * would have to wait, or RECORD_FAILED. */
record_outcome line_window_read_on(input_file *f, bool wait);
/* From now on everything up to the end of the line is skipped. */
void line_window_begin_discarding(input_file *f);
/* Skips the rest of a line that is too long; RECORD_BAD at its end, RECORD_WAITS before that. */
record_outcome line_window_discard(input_file *f);
/* Whether such a line ends in the window. */
bool line_window_ends_discarding(const input_file *f);
/* Marks the current record as bad: it is such a line. */
record_outcome line_window_too_long(input_file *f);

#endif
