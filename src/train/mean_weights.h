/* The mean of a network's weights over the last steps of an epoch, which often answers better than the weights after
 * any single step, as it lies in the middle of the region that the steps wander about in: Polyak & Juditsky 1992
 * (Acceleration of stochastic approximation by averaging); for networks Izmailov et al. 2018 (Averaging weights leads
 * to wider optima).
 *
 * It is taken over at most MEAN_POINTS steps at even distances, as neighbouring steps differ little and every point
 * walks through all weights. */
#ifndef TRAIN_MEAN_WEIGHTS_H
#define TRAIN_MEAN_WEIGHTS_H

#include "math/real.h"
#include "heed.h"

enum { MEAN_POINTS = 32 };

typedef struct mean_weights {
    real *mean; /* [count]; NULL: no mean is wanted */
    size_t count;
    unsigned points; /* how many steps it is of; 0: there is none yet */
    double share;    /* the last part of an epoch that counts; 0: none of it */
} mean_weights;

/* share: 0 to 1. */
heed_status mean_weights_init(mean_weights *out, double share, size_t count, heed_error *error);
void mean_weights_release(mean_weights *m);
/* A new epoch begins. */
void mean_weights_begin(mean_weights *m);
/* Whether the weights after step `step`, from 1, of an epoch's `steps` belong into the mean. The last step always does.
 */
bool mean_weights_want(const mean_weights *m, uint64_t step, uint64_t steps);
/* mean += (weights - mean) / points */
void mean_weights_add(mean_weights *m, const real *weights);

#endif
