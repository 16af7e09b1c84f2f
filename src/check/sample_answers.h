/* What a linear model answers for sampled rows that it was not fitted to. */
#ifndef CHECK_SAMPLE_ANSWERS_H
#define CHECK_SAMPLE_ANSWERS_H

#include "base/pool.h"
#include "check/check_sample.h"

/* The probabilities [count][K] of the classes, of two classes [count] of class 1, by logistic regression on the TF-IDF
 * of the features (bits of row_features.h), cross-fitted: rows are answered in turn, by a fit to the others that has no
 * text equal to theirs. free(*out). */
heed_status sample_answers_make(float **out, const check_sample *s, const heed_check *check, unsigned kinds,
                                pool *workers, heed_error *error);

#endif
