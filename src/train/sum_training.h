/* Training of a sum of parts (model/sum.h).
 *
 *   1. The rows that validate are held out; where there are none, a fifth of the training rows, or of few rows each
 *      fifth in turn. Every part is trained on the others, and gives the logits of the rows that were held out.
 *   2. On these logits the weights of the parts are fitted, shrunk towards the first part alone (sum_weights.h). The
 *      figures of the sum are from weights that were fitted without the row.
 *   3. Where training rows were held out, every part is trained again, on all of them: a network for as many epochs as
 *      it was kept before. */
#ifndef TRAIN_SUM_TRAINING_H
#define TRAIN_SUM_TRAINING_H

#include "train/training_class.h"

/* What held-out rows say of a sum, and of its first part by itself. */
typedef struct sum_verdict {
    uint32_t rows;
    double loss, accuracy;             /* of the sum */
    double first_loss, first_accuracy; /* of the first part, with weight 1 */
    bool dropped;                      /* the other parts were left out */
} sum_verdict;

/* Trains the parts of an architecture with the options of the context. may_drop: the first part alone is trained where
 * held-out rows do not say that the others help; then out->class is that of the part. verdict: NULL: is not wanted. */
heed_status sum_training_run(training_result *out, const training_context *context, const char *architecture,
                             bool may_drop, sum_verdict *verdict, heed_error *error);

extern const training_class sum_training;

#endif
