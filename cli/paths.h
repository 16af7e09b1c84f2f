/* File names: an output must not be one of the other files of its command. */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include "heed.h"

enum { MAX_OUTPUTS = 4 };

/* A file of a command line and its role there: "--model", "FILE". */
typedef struct role_path {
    const char *role;
    const char *path; /* NULL: not named; "-": standard input */
} role_path;

/* The files of a command line: no output may overwrite an input or another output. Outputs come first, then inputs; the
 * first error is kept. A path that is NULL was not given. */
typedef struct path_guard {
    role_path outputs[MAX_OUTPUTS];
    bool pictures[MAX_OUTPUTS];
    size_t count;
    heed_status status;
    heed_error *error;
} path_guard;

path_guard path_guard_begin(heed_error *error);
/* Each output must be another file than those before it, links and all. Devices and pipes may be named more than once.
 */
void path_guard_output(path_guard *g, const char *role, const char *path);
/* The same for a picture, whose format is its file extension. */
void path_guard_picture(path_guard *g, const char *role, const char *path);
/* Files of rows may end with an encoding. */
void path_guard_input(path_guard *g, const char *role, const char *path);
void path_guard_inputs(path_guard *g, const char *role, const char *const *paths, size_t count);
/* HEED_USAGE if an output is the same file as another, or would be once both are written, and for a picture of an
 * unknown format; HEED_FAILED for an output that cannot be written. */
heed_status path_guard_end(path_guard *g);

/* Whether a file of rows ("-" is standard input, a folder is one too, the path may end with an encoding) can be opened;
 * HEED_BAD_DATA if not. NULL was not given. */
heed_status path_check_rows(const char *path, heed_error *error);
/* The same, and whether it can be read twice: HEED_USAGE for standard input and a pipe. */
heed_status path_check_twice(const char *path, heed_error *error);

#endif
