/* What separates the fields of a TSV or CSV. */
#ifndef ROWS_DELIMITER_H
#define ROWS_DELIMITER_H

#include "rows/input_file.h"

/* The delimiter of this file: the one that was given, or that its first line says, or the best. Of a pipe its header is
 * looked at, and, only if that leaves a choice, its first row. Without a header and without the number of a column one
 * column is the text. */
heed_status delimiter_find(input_file *f, char *out);

#endif
