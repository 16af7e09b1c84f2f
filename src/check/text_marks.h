/* Signs that a text is not what its author wrote. */
#ifndef CHECK_TEXT_MARKS_H
#define CHECK_TEXT_MARKS_H

#include "heed.h"

enum {
    TEXT_EMPTY = 1 << 0,    /* nothing but white space and what is not seen */
    TEXT_LOST = 1 << 1,     /* U+FFFD, which stands for bytes that some program could not read */
    TEXT_MOJIBAKE = 1 << 2, /* UTF-8 that was read as windows-1252 or latin-1, as in "cafÃ©" */
    TEXT_CONTROL = 1 << 3   /* control characters other than tabs and line ends */
};

/* These, as bits. */
unsigned text_marks(heed_bytes text);

#endif
