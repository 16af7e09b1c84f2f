/* Options of a reader: the words of their choices, and copies that the reader keeps. */
#ifndef ROWS_ROWS_OPTIONS_H
#define ROWS_ROWS_OPTIONS_H

#include "heed.h"

/* Copies options and their strings; options_release releases them. Refuses values that no enum names
 * (HEED_USAGE). */
heed_status rows_options_copy(heed_rows_options *out, const heed_rows_options *options, heed_error *error);

#endif
