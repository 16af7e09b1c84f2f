/* The rows that no part of a sum was fitted on: the weights that they give, and the figures of the sum on them. */
#ifndef TRAIN_SUM_HELD_H
#define TRAIN_SUM_HELD_H

#include "train/sum_fits.h"
#include "train/sum_weights.h"

typedef struct sum_held {
    size_t count;
    uint32_t *row;        /* [count]: their numbers in rounds.held, increasing */
    double *z[MOST_FITS]; /* [count][K]: their logits by each part */
    double *sum;          /* [count][K]: by the sum, with weights that were fitted without the row */
    float *target;        /* [count][K] */
    double weights[MOST_PARTS];
    heed_keras_metrics metrics;          /* of the sum, */
    heed_keras_metrics alone[MOST_FITS]; /* and of each part by itself */
} sum_held;

/* The sum is that of the first `summed` parts. Release out in any case. */
heed_status sum_held_judge(sum_held *out, const sum_fits *fits, uint32_t summed, heed_error *error);
void sum_held_release(sum_held *h);
/* The probabilities of the sum go to the result of a training, or those of the first part, if that is all. Call it
 * once.
 */
heed_status sum_held_keep(held_out *out, sum_held *h, const sum_fits *fits, uint32_t parts, heed_error *error);

/* The metrics of rows by the weights w [parts]. */
heed_status logit_metrics(heed_keras_metrics *out, heed_task task, const logit_rows *rows, const double *w,
                          heed_error *error);

#endif
