/* Training of a sum of parts (model/sum.h).
 *
 *   1. Every part is trained, and gives logits of rows that it was not fitted on: those that validate, or if there are
 *      none, training rows that were held out (sum_fits.h).
 *   2. On these logits the weights of the parts are fitted, shrunk towards the first part alone (sum_weights.h). The
 *      figures of the sum on these rows are from weights that were fitted without the row. */
#ifndef TRAIN_SUM_TRAINING_H
#define TRAIN_SUM_TRAINING_H

#include "train/training_class.h"

/* What to train, with the options of a context. */
typedef struct sum_request {
    const char *architecture; /* of a sum, or of one part */
    const char *baseline;     /* of a part that crossfits, which is trained and measured, but not used; NULL: none */
    const char *rival;        /* the same, to beat; not without a baseline */
    bool may_drop; /* where rows that were held out do not say that the other parts help, the first part is the model */
} sum_request;

/* What the rows say that the parts were not fitted on. */
typedef struct sum_verdict {
    uint32_t rows;
    heed_keras_metrics sum, first, baseline, rival; /* of the first part, the baseline and the rival by themselves */
    uint32_t parts;                                 /* of the model */
} sum_verdict;

/* out->class is that of the first part where the others are dropped, or there are none. HEED_STOPPED also gives a
 * usable result if every part had a model. */
heed_status sum_training_run(training_result *out, const training_context *context, const sum_request *request,
                             sum_verdict *verdict, heed_error *error);
/* training_class.check for the parts of a text. */
heed_status sum_training_check(const char *architecture, const heed_train_options *options, heed_error *error);

extern const training_class sum_training;

#endif
