/* The weights of a sum's parts: one number for each, with which its logits are multiplied before they are added.
 *
 *   minimise  sum over rows of loss(sum_p w_p z_p)  +  strength / 2 sum_p (w_p - center_p)^2,   w_p >= 0
 *
 * The loss is the cross-entropy of softmax or of the sigmoids. By Newton's method. */
#ifndef TRAIN_SUM_WEIGHTS_H
#define TRAIN_SUM_WEIGHTS_H

#include "heed.h"

/* Rows that no part was fitted on; borrowed. */
typedef struct logit_rows {
    const double *const *z; /* [parts]: [count][K] */
    const float *target;    /* [count][K] */
    size_t count, outputs;  /* K */
    uint32_t parts;
    bool softmax;
} logit_rows;

typedef struct weight_prior {
    const double *center; /* [parts] */
    double strength;
} weight_prior;

/* w [parts]. */
heed_status sum_weights_fit(double *w, const logit_rows *rows, const weight_prior *prior, heed_error *error);
/* z [count][K]: logits of the sum of the rows, by weights that were fitted without the row: 5 folds, row i is in fold
 * i mod 5. */
heed_status sum_weights_crossfit(double *z, const logit_rows *rows, const weight_prior *prior, heed_error *error);
/* z [K] = sum over the parts of w_p z_p of a row. */
void sum_row_logits(double *z, const double *w, const logit_rows *rows, size_t row);

#endif
