/* Dropout of a matrix with a column for every token (Srivastava et al. 2014, section 4, inverted), by Philox4x32-10
 * (Salmon et al. 2011, section 3): sixteen counters side by side, for the columns of a strip, give the factors of eight
 * rows at once. base/random.h computes the same words one by one; the test compares them. */
#ifndef MATH_KERNELS_DROP_H
#define MATH_KERNELS_DROP_H

#include "math/kernels.h"

enum { DROP_STRIP = 16, DROP_ROWS = 8, PHILOX_ROUNDS = 10 };

/* words[w][j] = word w of the counter {part, step, column + j, 2 + octet}. */
static inline void drop_words(uint32_t words[4][DROP_STRIP], const drop_site *s, uint32_t column, uint32_t octet)
{
    const uint64_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57;
    const uint32_t weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
    uint32_t key0 = (uint32_t)s->seed, key1 = (uint32_t)(s->seed >> 32);
    uint32_t *restrict c0 = words[0], *restrict c1 = words[1], *restrict c2 = words[2], *restrict c3 = words[3];
    for (uint32_t j = 0; j < DROP_STRIP; j++) {
        c0[j] = s->part;
        c1[j] = s->step;
        c2[j] = column + j;
        c3[j] = 2 + octet;
    }
    for (int round = 0; round < PHILOX_ROUNDS; round++, key0 += weyl0, key1 += weyl1)
        for (int j = 0; j < DROP_STRIP; j++) {
            uint64_t product0 = multiplier0 * c0[j], product1 = multiplier1 * c2[j];
            c0[j] = (uint32_t)(product1 >> 32) ^ c1[j] ^ key0;
            c1[j] = (uint32_t)product1;
            c2[j] = (uint32_t)(product0 >> 32) ^ c3[j] ^ key1;
            c3[j] = (uint32_t)product0;
        }
}

/* Up to eight rows of up to sixteen columns; the lower half of a word is for the row before that of its upper half. */
static inline void drop_strip(const drop_site *s, matrix x, uint32_t column, uint32_t octet)
{
    uint32_t words[4][DROP_STRIP];
    drop_words(words, s, column, octet);
    for (int i = 0; i < x.rows; i++) {
        const uint32_t *restrict word = words[i / 2];
        real *restrict row = matrix_row(x, i);
        const int shift = 16 * (i % 2);
        for (int j = 0; j < x.columns; j++)
            row[j] = (word[j] >> shift & 0xFFFF) < s->dropped ? 0 : row[j] * s->kept;
    }
}

static void drop(const drop_site *s, uint32_t column, const matrix *x)
{
    for (int j = 0; j < x->columns; j += DROP_STRIP) {
        int columns = x->columns - j < DROP_STRIP ? x->columns - j : DROP_STRIP;
        for (int i = 0; i < x->rows; i += DROP_ROWS) {
            int rows = x->rows - i < DROP_ROWS ? x->rows - i : DROP_ROWS;
            drop_strip(s, matrix_columns(matrix_rows(*x, i, rows), j, columns), column + (uint32_t)j,
                       (uint32_t)i / DROP_ROWS);
        }
    }
}

#endif
