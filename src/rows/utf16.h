/* UTF-16 without a byte order mark, recognised by its NUL bytes. */
#ifndef ROWS_UTF16_H
#define ROWS_UTF16_H

#include "heed.h"

typedef enum utf16_order {
    UTF16_NOT,
    UTF16_LITTLE,
    UTF16_BIG,
    UTF16_OPEN /* more bytes are needed */
} utf16_order;

/* What the first line of an input says: in UTF-16 its NUL bytes are all at even or all at odd places, and there are
 * many of them. It does not depend on how many bytes after that line have arrived. at_end: nothing comes after these
 * bytes. */
utf16_order utf16_look(heed_bytes begin, bool at_end);

#endif
