/* --picture FILE: checked before long work, written after it. */
#ifndef CLI_PICTURE_FILE_H
#define CLI_PICTURE_FILE_H

#include "heed.h"

/* Whether a picture can be written there: a known ending, and a file that can be made. NULL is not named. */
heed_status picture_file_check(const char *path, heed_error *error);
/* Writes the SVG and releases it. */
heed_status picture_file_write(const char *path, char *svg, heed_error *error);

#endif
