/* A model's labels: the predicted ones, the most likely ones, and by name. */
#ifndef CLI_LABELS_H
#define CLI_LABELS_H

#include "heed.h"

typedef struct labels {
    const heed_model *model; /* borrowed */
    const char *const *names;
    size_t count;
    heed_task task;
    size_t positive;          /* of a binary task; else count */
    const double *thresholds; /* [count] if multilabel, else [1], of the positive label: the model's, or */
    double *named;            /* those of the command line; NULL: none */
    const char *separator;    /* between several predicted labels */
    size_t *order;            /* [count]: scratch */
} labels;

/* threshold: "P" or "LABEL=P,...", overriding the model's; NULL: none. separator: from the options of the rows, or
 * NULL. HEED_USAGE for an invalid threshold, or a separator for a model with one label per row. Release in any case.
 */
heed_status labels_init(labels *l, const heed_model *model, const char *threshold, const char *separator,
                        heed_error *error);
void labels_release(labels *l);
/* The predicted labels, most likely first, into l->order; returns how many: one, or with several labels per row any
 * number.
 */
size_t labels_decide(labels *l, const float *probabilities);
/* The predicted label (with several labels per row: the most likely). */
size_t labels_best(const labels *l, const float *probabilities);
/* It and then the others, most likely first: `count` of them. */
void labels_rank(size_t *ranks, size_t count, const labels *l, const float *probabilities);

#endif
