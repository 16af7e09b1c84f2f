/* One-byte encodings to UTF-8. */
#ifndef ROWS_ENCODING_H
#define ROWS_ENCODING_H

#include "base/buffer.h"

/* Appends `data` as UTF-8; bytes that are said to be UTF-8 pass unseen. The five bytes that windows-1252 leaves
 * undefined become the C1 controls of the same number, as in browsers. */
heed_status encoding_append(buffer *out, heed_encoding encoding, const char *data, size_t size, heed_error *error);

#endif
