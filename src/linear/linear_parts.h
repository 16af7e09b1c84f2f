/* How much each token of a row contributes to a logit of the linear model. */
#ifndef LINEAR_LINEAR_PARTS_H
#define LINEAR_LINEAR_PARTS_H

#include "linear/linear.h"

/* The logit of an output; sign -1: that of the opposite label. */
typedef struct linear_logit {
    uint32_t output;
    double sign;
} linear_logit;

/* Adds to parts [length] of the tokens ids [length]: the value times weight of a feature is divided equally between its
 * occurrences, and for a bigram equally between its two words. With the bias they sum to the logit. */
heed_status linear_add_parts(double *parts, const linear *l, const uint32_t *ids, size_t length, linear_logit logit,
                             heed_error *error);

#endif
