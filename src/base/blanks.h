/* White space as Unicode and Python's str.strip have it. */
#ifndef BASE_BLANKS_H
#define BASE_BLANKS_H

#include "heed.h"

bool point_is_blank(uint32_t point);
/* Without the blanks around it; if it has nothing else, of size 0. */
heed_bytes blanks_trim(heed_bytes text);
/* Without the spaces and tabs around it: the white space of HTTP headers and of column names. */
heed_bytes spaces_trim(heed_bytes text);

#endif
