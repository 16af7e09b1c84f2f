/* Reads a file, compressed by gzip or not, as uncompressed bytes. */
#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include "heed.h"

struct gzFile_s;

/* Reads an open file from its current position; data that is not gzip is read unchanged. NULL: no memory, fd stays
 * open. */
struct gzFile_s *gzip_open(int fd);
/* At most size bytes, which are less than 2^31; *got is 0 at the end. After a failure *why is the reason, or NULL if
 * the file ends inside its data: HEED_FAILED for reading, HEED_BAD_DATA for the data. */
heed_status gzip_read(struct gzFile_s *gz, char *data, size_t size, size_t *got, const char **why);
/* How many (compressed) bytes of the file were read. */
uint64_t gzip_offset(struct gzFile_s *gz);
bool gzip_is_packed(struct gzFile_s *gz);
/* Closes the descriptor as well; NULL is accepted. */
void gzip_close(struct gzFile_s *gz);

#endif
