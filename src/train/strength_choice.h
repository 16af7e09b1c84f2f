/* C of a logistic regression, chosen by a cross-fit inside the training rows. */
#ifndef TRAIN_STRENGTH_CHOICE_H
#define TRAIN_STRENGTH_CHOICE_H

#include "train/cross_fit.h"

/* What is tried, increasing; at most CROSS_FIT_TRIES. */
typedef struct strength_grid {
    const double *values; /* [count] */
    size_t count;
} strength_grid;

/* *strength becomes the C of the grid with the least log loss on rows that were held out, unless it is given (not 0):
 * of two equal ones the smaller, without such rows the first. Folds are held out in turn, until 2,000 rows were; C
 * grows as long as the loss of the first fold falls. Tells what was found. Where the run crossfits, the rows are
 * answered with this C, for which the fits of the choice serve, too. */
heed_status strength_settle(double *strength, logistic_run *t, const fold_features *features, const strength_grid *grid,
                            heed_error *error);

#endif
