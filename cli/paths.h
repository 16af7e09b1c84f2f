/* Names of files: an output must be none of the other files of its command. */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include "heed.h"

/* A file of a command line and what it is there: "--model", "FILE". */
typedef struct role_path {
    const char *role;
    const char *path; /* NULL: not named; "-": standard input */
} role_path;

/* HEED_USAGE where an output is the same file as a role_path of `others` (links and all), or would be once both are
 * written. Devices and pipes may be named more than once. */
heed_status path_check_apart(role_path output, const role_path *others, size_t count, heed_error *error);
/* Whether a file of rows ("-" is standard input, a folder is one too) can be opened; HEED_BAD_DATA if not. NULL is not
 * named. */
heed_status path_check_rows(const char *path, heed_error *error);
#endif
