#include "base/number.h"

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 127, EXACT_DIGITS = 15, EXACT_TENS = 22, FAR_EXPONENT = 100000 };

/* ---- reading */

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

/* Reads an exponent such as "e-12" if there is one; returns where it ends, or 0 if it is malformed. */
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

/* Digits and power of ten that are exact as doubles give the double nearest to the number (Clinger 1990, "How to read
 * floating point numbers accurately"). */
static bool round_fast(double *out, const decimal *d)
{
    static const double tens[EXACT_TENS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->digit_count > EXACT_DIGITS || d->exponent > EXACT_TENS || d->exponent < -EXACT_TENS)
        return false;
    double number = (double)d->digits;
    number = d->exponent < 0 ? number / tens[-d->exponent] : number * tens[d->exponent];
    *out = d->negative ? -number : number;
    return true;
}

/* Rounding the nearest double to a float is rounding the number itself, unless the double is exactly between two
 * floats.
 */
static bool round_float_fast(float *out, const decimal *d)
{
    double number, size;
    uint64_t bits;
    if (!round_fast(&number, d))
        return false;
    size = fabs(number);
    memcpy(&bits, &number, sizeof bits);
    if (size != 0 && (size < (double)FLT_MIN || size > (double)FLT_MAX || (bits & 0x1FFFFFFF) == 0x10000000))
        return false;
    *out = (float)number;
    return true;
}

/* The C library's parser, for numbers that the fast path cannot do; text is known to be a decimal. False without
 * memory. */
static bool round_slowly(double *as_double, float *as_float, heed_bytes text)
{
    char copy[LONGEST_NUMBER + 1];
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    locale_t point = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* the program's locale may have a decimal comma */
    if (point == (locale_t)0)
        return false;
    if (as_double != NULL)
        *as_double = strtod_l(copy, NULL, point);
    else
        *as_float = strtof_l(copy, NULL, point);
    freelocale(point);
    return true;
}

bool number_parse(double *out, heed_bytes text)
{
    decimal d;
    return decimal_read(&d, text) && (round_fast(out, &d) || (round_slowly(out, NULL, text) && isfinite(*out)));
}

bool number_parse_float(float *out, heed_bytes text)
{
    decimal d;
    return decimal_read(&d, text) && (round_float_fast(out, &d) || (round_slowly(NULL, out, text) && isfinite(*out)));
}

bool number_parse_weight(double *out, heed_bytes text)
{
    decimal d;
    return decimal_read(&d, text) && number_parse(out, text) && weight_fits(*out) && (*out != 0 || d.digits == 0);
}

bool number_parse_decimal(double *out, heed_bytes text)
{
    int digits = 0, after = 0;
    bool point = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (text.data[i] < '0' || text.data[i] > '9' || ++digits > 15 || (after += point) > 6)
            return false;
    }
    return number_parse(out, text);
}

bool number_is(heed_bytes text)
{
    decimal d;
    return decimal_read(&d, text);
}

bool number_parse_whole(uint64_t *out, heed_bytes text)
{
    uint64_t number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]) || number > UINT64_MAX / 10)
            return false;
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (number * 10 > UINT64_MAX - digit)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return text.size > 0;
}

/* ---- writing */

int number_digits(double value)
{
    char text[NUMBER_TEXT];
    int digits = 15;
    /* printed and read in the same locale, whatever its decimal point */
    while (snprintf(text, sizeof text, "%.*g", digits, value) > 0 && digits < 17 && strtod(text, NULL) != value)
        digits++;
    return digits;
}

/* Composed from a whole number, as printf would use the locale's decimal point. */
void number_write(char out[NUMBER_TEXT], double value, int decimals, bool trim)
{
    double scale = pow(10, decimals), scaled = fabs(value) * scale;
    long long all = scaled < 9e17 ? llround(scaled) : 900000000000000000LL, unit = llround(scale);
    char fraction[NUMBER_TEXT] = "";
    snprintf(fraction, sizeof fraction, "%0*lld", decimals, all % unit);
    size_t length = decimals > 0 ? strlen(fraction) : 0;
    while (trim && length > 0 && fraction[length - 1] == '0')
        length--;
    snprintf(out, NUMBER_TEXT, "%s%lld%s%.*s", value < 0 && all > 0 ? "-" : "", all / unit, length > 0 ? "." : "",
             (int)length, fraction);
}

const char *number_fixed(char out[NUMBER_TEXT], double value, int decimals)
{
    if (isnan(value))
        snprintf(out, NUMBER_TEXT, "-");
    else
        snprintf(out, NUMBER_TEXT, "%.*f", decimals, value);
    return out;
}

const char *number_cell(char out[NUMBER_TEXT], double value, int digits)
{
    *out = '\0';
    if (!isnan(value))
        snprintf(out, NUMBER_TEXT, "%.*g", digits, value);
    return out;
}

const char *number_thousands(char out[NUMBER_TEXT], uint64_t value)
{
    char digits[NUMBER_TEXT];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, value), at = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}
