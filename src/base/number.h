/* Decimal numbers in text, read and written the same way in every locale. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <float.h>

#include "heed.h"

enum { NUMBER_TEXT = 40 };

/* Reads a text that is a number and nothing else (sign, digits with or without a point, exponent), rounded to nearest.
 * False for anything else ("nan", "0x1p3", blanks), for over 127 characters and beyond the largest double or float. */
bool number_parse(double *out, heed_bytes text);
bool number_parse_float(float *out, heed_bytes text);
/* The same for a weight, which is computed with as a float: false below 0, above MOST_WEIGHT, and between 0 and
 * LEAST_WEIGHT. */
#define LEAST_WEIGHT ((double)FLT_MIN)
#define MOST_WEIGHT ((double)FLT_MAX)
#define WEIGHT_RANGE "0, or at least 1.2e-38 and at most 3.4e+38"
bool number_parse_weight(double *out, heed_bytes text);
static inline bool weight_fits(double weight)
{
    return weight == 0 || (weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT);
}
/* The same for a decimal such as 128 or 0.05, without sign and exponent: at most 15 digits, 6 of them after the point,
 * so that printing gives back what was read. */
bool number_parse_decimal(double *out, heed_bytes text);
/* Whether the whole text is such a number, whatever its size. */
bool number_is(heed_bytes text);
/* A whole number from 0, digits only; false above 2^64 - 1. */
bool number_parse_whole(uint64_t *out, heed_bytes text);

/* The fewest digits, of 15 to 17, that read back as this number: for "%.*g". */
int number_digits(double value);
/* A number rounded to `decimals`, without trailing zeros if trim is set; |value| below 1e15. */
void number_write(char out[NUMBER_TEXT], double value, int decimals, bool trim);
/* "0.1235" with 4 decimals, "-" for NaN: what is not defined is not 0. Returns out. */
const char *number_fixed(char out[NUMBER_TEXT], double value, int decimals);
/* A cell of a CSV file: so many digits, "" for NaN. Returns out. */
const char *number_cell(char out[NUMBER_TEXT], double value, int digits);
/* "41,022"; returns out. */
const char *number_thousands(char out[NUMBER_TEXT], uint64_t value);

#endif
