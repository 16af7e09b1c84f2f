/* File names: what they point to, and the folder that they are in. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "heed.h"

/* What a write to path replaces: path without the symbolic links at its end, the last of which may point to nothing
 * yet. free() releases it; NULL with errno: no memory, or circular links. */
char *path_target(const char *path);
/* The folder of a path, "." if it has none; free() releases it, NULL: no memory. */
char *path_folder(const char *path);
/* The name after the last slash. */
const char *path_name(const char *path);
/* Whether both are there and are one file or folder. */
bool path_same_file(const char *one, const char *other);
/* FOLDER/NAME; free() releases it, NULL: no memory. */
char *path_join(const char *folder, const char *name);
/* Makes the folder, unless it is there; false with errno if that fails, or something else has its name. */
bool path_make_folder(const char *path);
/* The same, with a line that says why it cannot be made. */
heed_status path_need_folder(const char *path, heed_error *error);

#endif
