#include "base/decimal.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 127 };

/* What strtod would also take (blanks in front, hexadecimal, inf, nan) is refused by its characters. */
bool decimal_parse(double *out, heed_bytes text)
{
    char copy[LONGEST_NUMBER + 1], *end = copy;
    if (text.size == 0 || text.size > LONGEST_NUMBER)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    if (strspn(copy, "0123456789+-.eE") != text.size)
        return false;
    locale_t point = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* the program's own may have a decimal comma */
    if (point == (locale_t)0)
        return false;
    *out = strtod_l(copy, &end, point);
    freelocale(point);
    return end == copy + text.size && isfinite(*out);
}
