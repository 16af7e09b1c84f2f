#include "check/statistics.h"

#include <math.h>

#define LEAST_EXPECTED 5.0

double normal_tail(double z)
{
    return 0.5 * erfc(z / sqrt(2));
}

/* The incomplete gamma function by its series, for x < a + 1: P (Abramowitz & Stegun 1964, 6.5.29). */
static double gamma_lower(double a, double x)
{
    double term = 1 / a, sum = term;
    for (unsigned n = 1; n < 10000 && fabs(term) > fabs(sum) * 1e-15; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * exp(a * log(x) - x - lgamma(a));
}

/* And by its continued fraction, for larger x: Q (6.5.31), from its begin on as Lentz has it. */
static double gamma_upper(double a, double x)
{
    double b = x + 1 - a, c = 1e300, d = 1 / b, product = d;
    for (unsigned n = 1; n < 10000; n++) {
        double factor = -(double)n * ((double)n - a);
        b += 2;
        d = 1 / (factor * d + b);
        c = b + factor / c;
        product *= c * d;
        if (fabs(c * d - 1) < 1e-15)
            break;
    }
    return product * exp(a * log(x) - x - lgamma(a));
}

double chi_squared_tail(double x, unsigned degrees)
{
    double a = degrees / 2.0;
    if (x <= 0 || degrees == 0)
        return 1;
    return x / 2 < a + 1 ? 1 - gamma_lower(a, x / 2) : gamma_upper(a, x / 2);
}

/* What one category adds to the statistic: counts, and the sizes of their samples. */
static double cell(double one, double other, double size_one, double size_other)
{
    double share = (one + other) / (size_one + size_other);
    double expected_one = share * size_one, expected_other = share * size_other;
    return share > 0 ? (one - expected_one) * (one - expected_one) / expected_one +
                           (other - expected_other) * (other - expected_other) / expected_other
                     : 0;
}

shares_test shares_compare(const uint64_t *one, const uint64_t *other, size_t count)
{
    shares_test t = {.p = 1};
    double size_one = 0, size_other = 0, rest_one = 0, rest_other = 0, largest = -1, strongest = 0;
    unsigned cells = 0;
    for (size_t i = 0; i < count; i++) {
        size_one += (double)one[i];
        size_other += (double)other[i];
    }
    for (size_t i = 0; i < count; i++) {
        double a = (double)one[i], b = (double)other[i], difference = fabs(a / size_one - b / size_other);
        t.distance += difference / 2;
        if (difference > largest) {
            largest = difference;
            t.most = i;
        }
        if ((a + b) / (size_one + size_other) * fmin(size_one, size_other) < LEAST_EXPECTED) {
            rest_one += a;
            rest_other += b;
            continue;
        }
        double alone = cell(a, b, size_one, size_other);
        t.statistic += alone;
        strongest = fmax(strongest, alone + cell(size_one - a, size_other - b, size_one, size_other));
        cells++;
    }
    t.statistic += cell(rest_one, rest_other, size_one, size_other);
    cells += rest_one + rest_other > 0;
    t.degrees = cells > 0 ? cells - 1 : 0;
    t.p = fmin(chi_squared_tail(t.statistic, t.degrees), cells * chi_squared_tail(strongest, 1));
    t.p = fmin(1, (t.degrees > 1 ? 2 : 1) * t.p);
    return t;
}
