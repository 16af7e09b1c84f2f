/* What the sub-words of a text do to a logit of a model on an encoder, whose head is logistic regression on features
 * (model/encoder_classifier.h) or a network on the states (model/network_classifier.h): the
 * gradient of the logit by their word embeddings, anywhere on the line from zero embeddings to their own; the tokens
 * around the text keep their embeddings on the whole line, so that all differences come from the text. And the
 * attention that they get in the encoder's last block.
 *
 *   features   h = mean over the stretches of the pooled states
 *   logit      z = h . W[:, k] + b[k]
 *   backward   a stretch's pooled states get W[:, k] / stretches; of them mean: each state 1 / length of it; first: the
 *              first state; max: of each feature the state that has the largest value
 *
 * L: sub-words of the row. */
#ifndef EXPLAIN_TEXT_GRADIENTS_H
#define EXPLAIN_TEXT_GRADIENTS_H

#include "base/pool.h"
#include "model/model.h"
#include "network/saliency.h"

/* For one caller at a time. */
typedef struct text_gradients text_gradients;

/* network: that of a model that is one; else NULL. All are borrowed. HEED_FAILED: out of memory. */
heed_status text_gradients_new(text_gradients **out, const heed_model *model, saliency *network, pool *workers,
                               heed_error *error);
void text_gradients_free(text_gradients *g);
/* Points on the line and what is there: products are g[t] . x[t], with x [L][E] the embeddings and g the gradient of a
 * logit at shrink[i] x, and logits its values. */
typedef struct line_points {
    const double *shrink; /* [count] */
    size_t count;
    double *products; /* [count][L] */
    double *logits;   /* [count] */
} line_points;

/* Fills the points with those of the logit `output`. */
heed_status text_gradients_run(text_gradients *g, const batch_row *row, uint32_t output, const line_points *points,
                               heed_error *error);
/* scores [L]: the attention of the last block, the mean over heads, queries and stretches. *rest: that of the tokens
 * around the text; all of it adds up to 1. */
heed_status text_gradients_attention(text_gradients *g, const batch_row *row, double *scores, double *rest,
                                     heed_error *error);

#endif
