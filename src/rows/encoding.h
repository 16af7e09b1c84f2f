/* One-byte encodings to UTF-8. */
#ifndef ROWS_ENCODING_H
#define ROWS_ENCODING_H

#include "base/writer.h"

/* Appends `data` as UTF-8; if the encoding is UTF-8, bytes are not checked. The five bytes that windows-1252 leaves
 * undefined become the C1 controls of the same number, as in browsers. */
void encoding_append(writer *out, heed_encoding encoding, const char *data, size_t size);
/* The byte above ASCII that windows-1252, or latin-1, reads as this character; 0: there is none. */
unsigned encoding_high_byte(uint32_t point);
/* Appends what encoding_append made of bytes as these bytes; false for other characters. */
bool encoding_restore(writer *out, heed_encoding encoding, heed_bytes text);

#endif
