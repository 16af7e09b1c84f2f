/* A score for each token of a row of ids, by one of the methods. */
#ifndef EXPLAIN_ATTRIBUTION_H
#define EXPLAIN_ATTRIBUTION_H

#include "model/model.h"

enum { MAX_LEFT_OUT = 10000 };

/* Scratch for one caller at a time. */
typedef struct attributor attributor;

/* What to explain, and how. */
typedef struct attribution_query {
    heed_method method;   /* one that the model has */
    unsigned steps;       /* of integrated gradients; 0: as in heed_explain_options */
    const batch_row *row; /* as text_encode gives it */
    size_t label;
} attribution_query;

/* What the scores add up to; NaN if a method does not define it. */
typedef struct attribution {
    double logit, baseline;
    double padding; /* attention on padding */
    unsigned steps; /* of integrated gradients */
} attribution;

/* model and workers are borrowed. */
heed_status attributor_new(attributor **out, const heed_model *model, pool *workers, heed_error *error);
void attributor_free(attributor *a);
/* scores [q->row->length]. HEED_STOPPED if the pool is stopped (pool_watch). */
heed_status attributor_run(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                           heed_error *error);
/* At most so many forward passes of a row of so many tokens, where a backward pass counts as two. */
uint64_t attribution_passes(const heed_model *model, heed_method method, unsigned steps, size_t tokens);

/* Whether it has an attention that pools, which can be permuted: that of a network. */
bool attributor_permutes(const attributor *a);
/* The attributor of the network that has attention, a itself or that of a part, and the row that it reads, whose ids
 * live until the next call. The model has attention. */
heed_status attributor_attending(attributor **out, batch_row *own, attributor *a, const batch_row *row,
                                 heed_error *error);
/* Outputs (probabilities) [count][K] of the network for the row with its tokens' attention permuted, as
 * saliency_permuted. a is one that attributor_attending gave. */
heed_status attributor_permuted(attributor *a, const batch_row *row, const uint32_t *orders, size_t count,
                                float *outputs, heed_error *error);

#endif
