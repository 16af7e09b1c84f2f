#include "draw/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The power of ten at or below a positive value. */
static int decade(double value)
{
    return (int)floor(log10(value) + 1e-9);
}

/* The smallest of 1, 2, 5, 10, ... times a power of ten that is not below `rough`. */
static double nice_step(double rough)
{
    double power = pow(10, decade(rough)), share = rough / power;
    return power * (share <= 1 + 1e-9 ? 1 : share <= 2 + 1e-9 ? 2 : share <= 5 + 1e-9 ? 5 : 10);
}

/* The multiples first * step ... last * step. */
static void ticks_fill(ticks *out, double first, double last, double step)
{
    *out = (ticks){.step = step};
    for (double i = first; i <= last && out->count < MAX_TICKS; i++)
        out->at[out->count++] = i * step;
    for (size_t i = 0; i < out->count; i++)
        out->largest = fmax(out->largest, fabs(out->at[i]));
}

void ticks_make(ticks *out, double low, double high, size_t most, bool whole)
{
    double step = nice_step((high - low) / (double)most), first, last;
    if (whole && step < 1)
        step = 1;
    for (;; step = nice_step(1.5 * step)) {
        first = ceil(low / step - 1e-9);
        last = floor(high / step + 1e-9);
        if (last - first < (double)most)
            break;
    }
    ticks_fill(out, first, last, step);
}

void ticks_cover(ticks *out, double *low, double *high, size_t most, bool whole)
{
    double step = nice_step((*high - *low) / (double)most), first, last;
    if (whole && step < 1)
        step = 1;
    for (;; step = nice_step(1.5 * step)) {
        first = floor(*low / step + 1e-9);
        last = ceil(*high / step - 1e-9);
        if (last - first < (double)most)
            break;
    }
    ticks_fill(out, first, last, step);
    *low = first * step;
    *high = last * step;
}

/* Mantissa and power of ten, such as 2e-7. */
static void power_write(char out[NUMBER_TEXT], double value, double step)
{
    if (value == 0) {
        strcpy(out, "0");
        return;
    }
    int power = decade(fabs(value)), digits = power - decade(step);
    char mantissa[NUMBER_TEXT];
    number_write(mantissa, value / pow(10, power), digits < 0 ? 0 : digits > 14 ? 14 : digits, true);
    snprintf(out, NUMBER_TEXT, "%.24se%d", mantissa, power);
}

void ticks_write(char out[NUMBER_TEXT], const ticks *t, double value)
{
    static const struct {
        double from, unit;
        const char *mark;
    } units[] = {{1e12, 1e12, "T"}, {1e9, 1e9, "G"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}, {0, 1, ""}};
    size_t u = 0;
    while (t->largest < units[u].from)
        u++;
    int decimals = -decade(t->step / units[u].unit);
    if (t->largest >= 1e15 || (t->largest < 0.01 && t->step < 9e-6) || decimals > 12) {
        power_write(out, value, t->step);
        return;
    }
    char digits[NUMBER_TEXT];
    number_write(digits, value / units[u].unit, decimals > 0 ? decimals : 0, false);
    snprintf(out, NUMBER_TEXT, "%s%s", digits, value == 0 ? "" : units[u].mark);
    if (value == 0)
        strcpy(out, "0");
}

void count_write(char out[NUMBER_TEXT], unsigned long long count)
{
    static const char marks[] = "kMGTPE";
    if (count < 10000) {
        snprintf(out, NUMBER_TEXT, "%llu", count);
        return;
    }
    double value = (double)count / 1e3;
    size_t mark = 0;
    for (; value >= 999.5; mark++)
        value /= 1e3;
    char digits[NUMBER_TEXT];
    number_write(digits, value, value < 9.95 ? 1 : 0, true);
    snprintf(out, NUMBER_TEXT, "%.24s%c", digits, marks[mark]);
}
