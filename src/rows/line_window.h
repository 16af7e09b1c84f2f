/* What the formats share: the window of an input moved on, and lines too long to be kept. */
#ifndef ROWS_LINE_WINDOW_H
#define ROWS_LINE_WINDOW_H

#include "rows/input_file.h"

/* Reads until a line ends, the input does, or a record grows too long: short of that there is nothing new to find.
 * RECORD_TAKEN if there is, RECORD_WAITS if that would mean waiting, RECORD_FAILED. */
record_outcome line_window_read_on(input_file *f, bool wait);
/* From now on everything up to the end of the line goes. */
void line_window_begin_discarding(input_file *f);
/* Passes over the rest of a line that is too long; RECORD_BAD at its end, RECORD_WAITS if that was not seen yet. */
record_outcome line_window_discard(input_file *f);
/* Whether such a line ends in the window. */
bool line_window_ends_discarding(const input_file *f);
/* The record at hand is bad: it is such a line. */
record_outcome line_window_too_long(input_file *f);

#endif
