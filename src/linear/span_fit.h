/* Fitting the wide model: the same as linear_fit, for many more features than rows, from zero weights.
 *
 * Newton's method with conjugate gradients (Nocedal & Wright 2006, section 7.1) on vectors in the span of the rows
 * (span_vectors.h). A pass goes through the rows and the features once; each conjugate gradient is a pass, and so is
 * each new point. The search along a direction needs none, as logits are linear in it. The first run begins with a
 * larger penalty. */
#ifndef LINEAR_SPAN_FIT_H
#define LINEAR_SPAN_FIT_H

#include "linear/linear_fit.h"

typedef struct span_fit span_fit;

/* Of sparse rows. Begins at zero weights, whatever the model has. Model and what the examples point to are borrowed;
 * the model may get another strength later. */
heed_status span_fit_new(span_fit **out, logistic *model, const linear_examples *e, pool *workers, heed_error *error);
void span_fit_free(span_fit *f);
/* Sets weights and bias of the model, beginning where the run before it ended. It ends when the gradient of what is
 * minimised is no longer than the tolerance times the gradient of its penalty, |W| / (C N). HEED_STOPPED leaves the
 * model unchanged; HEED_BAD_DATA for weights that are no finite floats. */
heed_status span_fit_run(span_fit *f, linear_end end, const linear_listener *listener, heed_error *error);

/* Bytes that a model of so many features and outputs needs while it is fitted to so many rows, at most. */
double span_fit_memory(size_t features, size_t outputs, size_t rows);

#endif
