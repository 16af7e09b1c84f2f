/* Drawing from a discrete distribution in constant time: the alias method (Walker 1977), filled as Vose (1991) does. */
#ifndef TRAIN_ALIAS_TABLE_H
#define TRAIN_ALIAS_TABLE_H

#include "heed.h"

typedef struct alias_cell {
    uint32_t limit; /* a fraction below limit / 2^32 gives the number of the cell, */
    uint32_t other; /* any other fraction gives this number */
} alias_cell;

typedef struct alias_table {
    alias_cell *cells; /* [count] */
    uint32_t count;
} alias_table;

/* weights [count]: not negative, with a positive sum; count > 0. Number i is drawn with probability weights[i] / sum,
 * to within count / 2^32. Release it in any case. */
heed_status alias_table_init(alias_table *out, const double *weights, uint32_t count, heed_error *error);
void alias_table_release(alias_table *table);

/* The high half of one product is the cell, the low half the fraction in it. */
static inline uint32_t alias_draw(const alias_table *table, uint32_t random)
{
    uint64_t point = (uint64_t)random * table->count;
    uint32_t cell = (uint32_t)(point >> 32);
    return (uint32_t)point < table->cells[cell].limit ? cell : table->cells[cell].other;
}

#endif
