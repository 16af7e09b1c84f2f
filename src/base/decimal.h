/* Decimal numbers in text, whatever the locale. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "heed.h"

/* The double nearest to a number that takes up the whole text: sign, digits with or without a point, exponent. False
 * for anything else ("nan", "0x1p3", blanks), for over 127 characters and for what is past the largest double. */
bool decimal_parse(double *out, heed_bytes text);

#endif
