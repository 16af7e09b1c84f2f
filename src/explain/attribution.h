/* A score for each token of a row of ids, by one of the methods. Everything a method is measured by (tokens taken out
 * or replaced, many rows at once) goes through attributor_logits. */
#ifndef EXPLAIN_ATTRIBUTION_H
#define EXPLAIN_ATTRIBUTION_H

#include "base/pool.h"
#include "model/model.h"
#include "network/batch.h"

enum { MOST_LEFT_OUT = 10000, MOST_STEPS = 10000 };

/* Scratch for one caller at a time. */
typedef struct attributor attributor;

/* What the scores add up to; NaN where a method has no such thing. */
typedef struct attribution {
    double logit, baseline;
    double padding; /* attention that padding gets */
    unsigned steps; /* of integrated gradients */
} attribution;

/* What a model's HEED_METHOD_AUTO is, and whether it has a method: HEED_USAGE, naming those that it has. */
heed_method attribution_usual(const heed_model *model);
heed_status attribution_check(const heed_model *model, heed_method method, heed_error *error);

/* model and workers are borrowed. */
heed_status attributor_new(attributor **out, const heed_model *model, pool *workers, heed_error *error);
void attributor_free(attributor *a);
/* Logits of a label for count rows of ids, as text_encode gives them; a row does not depend on its neighbours. */
heed_status attributor_logits(attributor *a, const batch_row *rows, size_t count, size_t label, double *logits,
                              heed_error *error);
/* scores [row->length] of a method that the model has. steps: of integrated gradients; 0: as heed_explain_options. */
heed_status attributor_run(attributor *a, heed_method method, unsigned steps, const batch_row *row, size_t label,
                           double *scores, attribution *sum, heed_error *error);

/* Outputs [count][K] of the network, probabilities, of the row whose tokens' attention is dealt out in other orders, as
 * saliency_permuted. The model has attention. */
heed_status attributor_permuted(attributor *a, const batch_row *row, const uint32_t *orders, size_t count,
                                float *outputs, heed_error *error);

#endif
