/* A model's labels: those answered, the likeliest ones, the one of a name. */
#ifndef CLI_LABELS_H
#define CLI_LABELS_H

#include "heed.h"

typedef struct labels {
    const heed_model *model; /* borrowed */
    const char *const *names;
    size_t count;
    heed_task task;
    size_t positive;       /* of a binary task; else count */
    double *thresholds;    /* [count] of several labels a row, else [1], of the positive label */
    const char *separator; /* between several answered labels */
    size_t *order;         /* [count]: scratch */
} labels;

/* threshold: "P" or "LABEL=P,...", over the model's own; NULL: none. separator: as the rows' options say, or NULL.
 * HEED_USAGE for a threshold that makes no sense, or a separator for a model of one label a row. Release in any case.
 */
heed_status labels_init(labels *l, const heed_model *model, const char *threshold, const char *separator,
                        heed_error *error);
void labels_release(labels *l);
/* The labels answered, likeliest first, into l->order; returns how many: one, but of several labels a row any number.
 */
size_t labels_decide(labels *l, const float *probabilities);
/* The label answered (of several a row: the likeliest). */
size_t labels_best(const labels *l, const float *probabilities);
/* It and then the others, likeliest first: `count` of them. */
void labels_rank(size_t *ranks, size_t count, const labels *l, const float *probabilities);
/* count where there is none of this name. */
size_t labels_find(const labels *l, heed_bytes name);

#endif
