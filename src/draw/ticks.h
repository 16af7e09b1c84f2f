/* The numbers at an axis: where they are and how they are written, in any locale. */
#ifndef DRAW_TICKS_H
#define DRAW_TICKS_H

#include "base/number.h"

enum { MAX_TICKS = 16 };

typedef struct ticks {
    size_t count;
    double at[MAX_TICKS]; /* increasing multiples of step */
    double step;          /* 1, 2 or 5 times a power of ten */
    double largest;       /* |at|, which decides how all of them are written */
} ticks;

/* The most ticks within [low, high], but at most `most` (2 to MAX_TICKS - 2). whole: only on whole numbers. The
 * limits are finite, low < high. */
void ticks_make(ticks *out, double low, double high, size_t most, bool whole);
/* Moves the limits outwards to ticks, of which there are at most `most` (3 to MAX_TICKS - 2), both ends among them. */
void ticks_cover(ticks *out, double *low, double *high, size_t most, bool whole);
/* A tick's number with the digits that its step needs: 0.05, 2,500 as 2500, from ten thousand on 10k, 1.5M, and for
 * very small or large ones 2e-7. */
void ticks_write(char out[NUMBER_TEXT], const ticks *t, double value);
/* A count in at most four characters: 9999, 12k, 1.2M. */
void count_write(char out[NUMBER_TEXT], unsigned long long count);

#endif
