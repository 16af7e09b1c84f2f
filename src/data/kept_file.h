/* Names of files that are kept in a cache's folder: heed-DIGITS and an ending, where the digits are a digest of all
 * that the file depends on. */
#ifndef DATA_KEPT_FILE_H
#define DATA_KEPT_FILE_H

#include <xxhash.h>

#include "heed.h"

#define KEPT_CORPUS ".corpus"
#define KEPT_FEATURES ".features"

/* The path in a folder, which free() releases. */
heed_status kept_file_path(char **out, const char *folder, XXH128_hash_t digest, const char *ending, heed_error *error);
/* The 32 digits in a path with this ending, before it; NULL for any other name. */
const char *kept_file_digits(const char *path, const char *ending);
/* Whether the last part of a path is such a name. */
bool kept_file_is(const char *name);

#endif
