/* C of a logistic regression, chosen by a cross-fit inside the training rows. */
#ifndef TRAIN_STRENGTH_CHOICE_H
#define TRAIN_STRENGTH_CHOICE_H

#include "train/cross_fit.h"

/* What is tried, increasing; at most CROSS_FIT_TRIES. */
typedef struct strength_grid {
    const double *values; /* [count] */
    size_t count;
} strength_grid;

typedef struct strength_choice {
    double strength; /* C */
    size_t number;   /* under which its fits were kept (fold_fit_keep) */
} strength_choice;

/* The C of the grid with the least log loss on rows that were held out, the smaller of two equal ones; without such
 * rows, the first. Folds are held out in turn, until 2,000 rows were. C grows as long as the loss of the first fold
 * falls. Tells what was found. */
heed_status strength_choose(strength_choice *out, cross_fit *c, const strength_grid *grid, heed_error *error);
/* At most so many fits. */
unsigned strength_fits(const strength_grid *grid);

#endif
