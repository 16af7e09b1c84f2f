/* From the bytes of one record to a heed_record: checks, columns, labels. */
#ifndef ROWS_ROW_BUILD_H
#define ROWS_ROW_BUILD_H

#include "rows/row_file.h"

/* The record that f->parsed holds, which was parsed from `data`. */
heed_status row_build_delimited(row_file *f, const char *data, row_outcome *outcome, heed_record *out,
                                heed_error *error);
/* One line of the formats that have a record a line. */
heed_status row_build_line(row_file *f, heed_bytes line, row_outcome *outcome, heed_record *out, heed_error *error);
/* One text of a folder. */
heed_status row_build_text(row_file *f, heed_bytes text, heed_bytes label, heed_bytes id, row_outcome *outcome,
                           heed_record *out, heed_error *error);
/* Whether the first object has the keys that the options need; HEED_BAD_DATA (a key that was named) or
 * HEED_USAGE with the list of its keys where not. */
heed_status row_build_check_keys(const row_file *f, json_t *object, heed_error *error);
/* How many of some bytes a message shows: whole characters, a line's worth. */
int row_shown(heed_bytes b);
/* ROW_BAD, with a message that says where. */
row_outcome row_bad(const row_file *f, heed_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
