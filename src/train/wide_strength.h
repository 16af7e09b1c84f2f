/* C of a wide model, chosen by a cross-fit inside the training rows. */
#ifndef TRAIN_WIDE_STRENGTH_H
#define TRAIN_WIDE_STRENGTH_H

#include "train/logistic_training.h"
#include "wide/wide_rows.h"

/* What is fitted; borrowed. */
typedef struct strength_search {
    logistic_run *run;
    const wide_features *features;
    const wide_spec *spec;   /* everything but C */
    const sparse_rows *rows; /* the training rows' features, with value 1 */
} strength_search;

/* At most so many fits. */
enum { STRENGTH_FITS = 25 };

/* The C of 1, 3, 10, 30 and 100 with the least log loss on rows that were held out, the smaller of two equal ones;
 * without such rows, 1. The training rows are divided into 5 folds by seed, groups of equal texts together; each fold
 * is held out in turn, until 2,000 rows were. C grows as long as the loss of the first fold falls. Weights of features
 * come from the other folds alone. Tells what was found. */
heed_status wide_strength_choose(double *out, const strength_search *s, heed_error *error);

#endif
