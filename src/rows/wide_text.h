/* UTF-16 and UTF-32 without a byte order mark, recognised by what the first line would be in them. */
#ifndef ROWS_WIDE_TEXT_H
#define ROWS_WIDE_TEXT_H

#include "heed.h"

typedef enum wide_text {
    WIDE_NOT,
    WIDE_UTF16LE,
    WIDE_UTF16BE,
    WIDE_UTF32LE,
    WIDE_UTF32BE,
    WIDE_OPEN /* more bytes are needed */
} wide_text;

/* What the first line of an input is, which should be in this encoding. It does not depend on how many bytes after the
 * end of that line have arrived. at_end: nothing comes after these bytes. */
wide_text wide_text_look(heed_bytes begin, heed_encoding encoding, bool at_end);
/* As iconv calls it. */
const char *wide_text_name(wide_text wide);

#endif
