/* How much each token of a row contributes to a logit of the wide model. */
#ifndef WIDE_WIDE_PARTS_H
#define WIDE_WIDE_PARTS_H

#include "linear/linear_parts.h"
#include "wide/wide.h"

/* Adds to parts [length] of the tokens of a text: the value times weight of a feature is divided equally between its
 * occurrences, and that of an occurrence equally between the tokens that it covers. With the bias they sum to the
 * logit. */
heed_status wide_add_parts(double *parts, const wide *w, wide_text text, linear_logit logit, heed_error *error);

#endif
