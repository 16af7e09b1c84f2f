/* Which elements dropout drops. */
#ifndef NETWORK_DROPOUT_H
#define NETWORK_DROPOUT_H

#include "network/pass.h"

/* factor [count]: 0 with the rate's probability, else 1 / (1 - rate), for elements first ... first + count - 1 of row r
 * of the chunk: a pure function of seed, layer, epoch, the row's number and the element. */
void dropout_factors(real *factor, const layer *l, const pass *p, int r, uint32_t first, int count, double rate);

#endif
