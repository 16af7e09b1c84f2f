/* The tutorial's three files, recognised by their columns. */
#ifndef ROWS_TUTORIAL_H
#define ROWS_TUTORIAL_H

#include "heed.h"

/* Completes the options as the tutorial reads a file with these columns; options that are set already stay, ""
 * included. For any other file nothing changes: it is read as usual. */
void tutorial_complete(heed_rows_options *options, const heed_bytes *names, size_t count);

#endif
