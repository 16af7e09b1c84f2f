/* The path of a file of rows may end with the encoding of that file: "old.csv:windows-1252". */
#ifndef OPTIONS_ROW_PATH_H
#define OPTIONS_ROW_PATH_H

#include "heed.h"

typedef struct row_path {
    size_t size;  /* bytes of the path without its encoding */
    bool encoded; /* it ends with one: */
    heed_encoding encoding;
} row_path;

/* An encoding is what follows the last colon if it is one of heed's names and no file has the whole name. */
row_path row_path_of(const char *path);
/* The path without its encoding; free() releases it, NULL: no memory. */
char *row_path_file(const char *path);
/* Whether it is standard input, with or without an encoding. */
bool row_path_is_standard_input(const char *path);
/* What to add to the message about a path that cannot be opened: that what follows its last colon is not an encoding,
 * if there is a file of the name before it; else "". */
const char *row_path_hint(const char *path);

#endif
