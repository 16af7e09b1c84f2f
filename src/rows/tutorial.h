/* The tutorial's three files, known by their columns. */
#ifndef ROWS_TUTORIAL_H
#define ROWS_TUTORIAL_H

#include "heed.h"

/* Completes the options by what the tutorial does with a file of these columns; what the options name already stays.
 * HEED_USAGE for a file that is none of the three. */
heed_status tutorial_complete(heed_rows_options *options, const char *file, const heed_bytes *names, size_t count,
                              heed_error *error);

#endif
