/* A folder of labels: opened, its texts one after the other. */
#ifndef ROWS_FOLDER_ROWS_H
#define ROWS_FOLDER_ROWS_H

#include "rows/row_file.h"

/* Looks whether there is a text at all. */
heed_status folder_rows_open(row_file *f, heed_error *error);
heed_status folder_rows_next(row_file *f, row_outcome *outcome, heed_record *out, heed_error *error);

#endif
