/* Decimal numbers of vector files, whatever the locale. */
#ifndef VECTORS_VECTOR_NUMBER_H
#define VECTORS_VECTOR_NUMBER_H

#include <locale.h>

#include "heed.h"

/* Whether the whole text is a decimal number: sign, digits with or without a point, exponent. No "nan", no "0x1p3". */
bool vector_number_is(heed_bytes text);
/* The float nearest to it (ties to even). decimal: the C locale. False for what is no number, has over 127 characters
 * or is past the largest float. */
bool vector_number_parse(float *out, heed_bytes text, locale_t decimal);

#endif
