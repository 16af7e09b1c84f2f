/* --picture FILE; path_guard_picture has checked it before the long work. */
#ifndef CLI_PICTURE_FILE_H
#define CLI_PICTURE_FILE_H

#include "heed.h"

/* Writes the SVG and releases it. */
heed_status picture_file_write(const char *path, char *svg, heed_error *error);

#endif
