#include "vectors/vector_number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 127, EXACT_DIGITS = 15, EXACT_TENS = 22, FAR_EXPONENT = 100000 };

/* A decimal number is digits * 10^exponent. */
typedef struct decimal {
    bool negative;
    uint64_t digits; /* the first ones, without leading zeros */
    int digit_count; /* of all, without leading zeros */
    int exponent;
} decimal;

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Reads digits; each moves the exponent by `step`. Returns where they end. */
static size_t read_digits(decimal *d, heed_bytes text, size_t at, int step)
{
    for (; at < text.size && is_digit(text.data[at]); at++) {
        d->exponent += step;
        if (d->digit_count > 0 || text.data[at] != '0') {
            if (++d->digit_count <= EXACT_DIGITS)
                d->digits = d->digits * 10 + (uint64_t)(text.data[at] - '0');
        }
    }
    return at;
}

/* Reads "e-12" if it stands there; returns where it ends, or 0 where it is broken. */
static size_t read_exponent(decimal *d, heed_bytes text, size_t at)
{
    if (at == text.size || (text.data[at] | 0x20) != 'e')
        return at;
    at++;
    bool negative = at < text.size && text.data[at] == '-';
    at += at < text.size && (negative || text.data[at] == '+');
    if (at == text.size)
        return 0;
    int exponent = 0;
    for (; at < text.size && is_digit(text.data[at]); at++)
        if (exponent < FAR_EXPONENT)
            exponent = exponent * 10 + (text.data[at] - '0');
    d->exponent += negative ? -exponent : exponent;
    return at;
}

static bool decimal_read(decimal *d, heed_bytes text)
{
    *d = (decimal){0};
    if (text.size == 0 || text.size > LONGEST_NUMBER)
        return false;
    d->negative = text.data[0] == '-';
    size_t begin = d->negative || text.data[0] == '+';
    size_t point = read_digits(d, text, begin, 0), at = point;
    bool pointed = point < text.size && text.data[point] == '.';
    if (pointed)
        at = read_digits(d, text, point + 1, -1);
    if (at - begin == (size_t)pointed) /* not one digit */
        return false;
    return read_exponent(d, text, at) == text.size;
}

bool vector_number_is(heed_bytes text)
{
    decimal d;
    return decimal_read(&d, text);
}

/* Digits and power of ten that are exact as doubles give the double nearest to the number (Clinger 1990). Rounding that
 * to a float is rounding the number itself, unless the double stands just between two floats. */
static bool round_fast(float *out, const decimal *d)
{
    static const double tens[EXACT_TENS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->digit_count > EXACT_DIGITS || d->exponent > EXACT_TENS || d->exponent < -EXACT_TENS)
        return false;
    double number = (double)d->digits;
    number = d->exponent < 0 ? number / tens[-d->exponent] : number * tens[d->exponent];
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (number != 0 && (number < (double)FLT_MIN || number > (double)FLT_MAX || (bits & 0x1FFFFFFF) == 0x10000000))
        return false;
    *out = (float)(d->negative ? -number : number);
    return true;
}

bool vector_number_parse(float *out, heed_bytes text, locale_t decimal_locale)
{
    decimal d;
    if (!decimal_read(&d, text))
        return false;
    if (round_fast(out, &d))
        return true;
    char copy[LONGEST_NUMBER + 1];
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *out = strtof_l(copy, NULL, decimal_locale);
    return isfinite(*out);
}
