/* Options of a reader: the words of their choices, and copies that outlive the call which gave them. */
#ifndef ROWS_ROWS_OPTIONS_H
#define ROWS_ROWS_OPTIONS_H

#include "heed.h"

/* Copies options, their strings into one block at *strings; free(*strings) releases them. Refuses values that no enum
 * names (HEED_USAGE). */
heed_status rows_options_copy(heed_rows_options *out, char **strings, const heed_rows_options *options,
                              heed_error *error);

#endif
