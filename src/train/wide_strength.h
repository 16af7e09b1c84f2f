/* C of a wide model, chosen by a cross-fit inside the training rows. */
#ifndef TRAIN_WIDE_STRENGTH_H
#define TRAIN_WIDE_STRENGTH_H

#include "train/cross_fit.h"

/* At most so many fits. */
enum { STRENGTH_FITS = 25 };

typedef struct strength_choice {
    double strength; /* C */
    size_t number;   /* under which its fits were kept (fold_fit_keep) */
} strength_choice;

/* The C of 1, 3, 10, 30 and 100 with the least log loss on rows that were held out, the smaller of two equal ones;
 * without such rows, 1. Folds are held out in turn, until 2,000 rows were. C grows as long as the loss of the first
 * fold falls. Tells what was found. */
heed_status wide_strength_choose(strength_choice *out, cross_fit *c, heed_error *error);

#endif
