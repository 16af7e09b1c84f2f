/* What each token of a row gives to a logit of the linear model. */
#ifndef LINEAR_LINEAR_PARTS_H
#define LINEAR_LINEAR_PARTS_H

#include "linear/linear.h"

/* An output's logit; sign -1: that of the label which is its opposite. */
typedef struct linear_logit {
    uint32_t output;
    double sign;
} linear_logit;

/* Adds to parts [length] of the tokens ids [length]: a feature's value times weight belongs to all its places alike,
 * and at one of them a bigram's to both its words. With the bias they sum to the logit. */
heed_status linear_add_parts(double *parts, const linear *l, const uint32_t *ids, size_t length, linear_logit logit,
                             heed_error *error);

#endif
