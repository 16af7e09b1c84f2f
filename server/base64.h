/* Base64 (RFC 4648, section 4). */
#ifndef SERVER_BASE64_H
#define SERVER_BASE64_H

#include "heed.h"

/* out: room for code.size / 4 * 3 bytes; *size of them are written. False, with *size 0, if it is not base64: another
 * character, a length that is no multiple of 4, padding in another place. */
bool base64_decode(char *out, size_t *size, heed_bytes code);

#endif
