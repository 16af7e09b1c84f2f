/* Options of a reader: the words of their choices, and copies that outlive the call which gave them. */
#ifndef ROWS_ROWS_OPTIONS_H
#define ROWS_ROWS_OPTIONS_H

#include "base/names.h"

/* The words of heed_format, heed_encoding, heed_quoting, heed_on_bad_row. */
extern const names format_names, encoding_names, quoting_names, on_bad_row_names;

/* Copies options, their strings into one block at *strings; free(*strings) releases them. Refuses values that no enum
 * names (HEED_USAGE). */
heed_status rows_options_copy(heed_rows_options *out, char **strings, const heed_rows_options *options,
                              heed_error *error);

#endif
