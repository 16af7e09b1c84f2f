/* TSV and CSV: a file opened, its header learnt, its records one after the other. */
#ifndef ROWS_DELIMITED_ROWS_H
#define ROWS_DELIMITED_ROWS_H

#include "rows/row_file.h"

/* Guesses the quoting, keeps the names of the header; for the tutorial's files the options are completed. */
heed_status delimited_rows_open(row_file *f, heed_error *error);
/* Finds the columns that the options name; a header without rows is told at once where that needs no waiting. */
heed_status delimited_rows_resolve(row_file *f, heed_error *error);
heed_status delimited_rows_next(row_file *f, bool wait, row_outcome *outcome, heed_record *out, heed_error *error);

#endif
