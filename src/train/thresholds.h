/* The probability above which a label is the answer, chosen on rows whose labels are known. */
#ifndef TRAIN_THRESHOLDS_H
#define TRAIN_THRESHOLDS_H

#include "train/training_class.h"

/* One row's probability of a label, and whether it has it. */
typedef struct judged {
    float probability;
    bool has_label;
} judged;

/* The threshold whose answers (probability > threshold) have the best F1. Of several the nearest to 0.5, and of two
 * equally near ones the lower. Candidates are 0.5 and the middles between neighbouring probabilities, as floats. 0.5 if
 * no row has the label. Sorts rows. */
float threshold_of_best_f1(judged *rows, size_t count);

/* Before the training: HEED_USAGE if the task has no thresholds to be tuned, or there are no rows for it. */
heed_status thresholds_check(const training_context *context, heed_error *error);
/* The thresholds of a model: 0.5, or tuned on the rows that its training held out, or else on the validation rows; then
 * the listener is told which, on how many rows, and warned if these are few. HEED_USAGE if no row was held out. */
heed_status thresholds_choose(heed_model *model, const training_context *context, const training_result *result,
                              heed_error *error);

#endif
