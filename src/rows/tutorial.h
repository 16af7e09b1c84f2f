/* The tutorial's three files, known by their columns. */
#ifndef ROWS_TUTORIAL_H
#define ROWS_TUTORIAL_H

#include "heed.h"

/* Completes the options by what the tutorial does with a file of these columns; what the options name already stays,
 * "" included. A file that is none of the three changes nothing: it is read as usual. */
void tutorial_complete(heed_rows_options *options, const heed_bytes *names, size_t count);

#endif
