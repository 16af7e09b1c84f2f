/* Names of files: what they point to, and the folder that they are in. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "heed.h"

/* What a write to path replaces: path without the symbolic links at its end, the last of which may point to nothing
 * yet. free() releases it; NULL with errno: memory, or links in a circle. */
char *path_target(const char *path);
/* The folder of a path, "." where it names none; free() releases it, NULL: no memory. */
char *path_folder(const char *path);
/* The name after the last slash. */
const char *path_name(const char *path);

#endif
