/* The files of a report and the folder that they are in. */
#ifndef REPORT_REPORT_FILES_H
#define REPORT_REPORT_FILES_H

#include "base/digest.h"
#include "heed.h"

/* folder/name; free() releases it. */
heed_status report_path(char **out, const char *folder, const char *name, heed_error *error);
/* Writes folder/name, replacing an existing file. */
heed_status report_file_write(const char *folder, const char *name, const char *data, size_t size, heed_error *error);
/* XXH3-128 of a file's bytes, as hexadecimal digits. */
heed_status report_file_digest(char out[DIGEST_DIGITS], const char *path, heed_error *error);

#endif
