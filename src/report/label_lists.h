/* Labels of rows: those that they have, or that a model answers. */
#ifndef REPORT_LABEL_LISTS_H
#define REPORT_LABEL_LISTS_H

#include "data/examples.h"
#include "model/model.h"

/* Some labels of each row, rising: row i has label[first[i]] ... label[first[i + 1] - 1]. */
typedef struct label_lists {
    uint32_t *first; /* [rows + 1] */
    uint32_t *label;
} label_lists;

/* The one label answered to a row: of two by the positive one's threshold, else the likeliest, the first of equals. */
size_t label_answered(const float *probabilities, size_t labels, size_t positive, double threshold);
/* The labels that a model answers to rows of which it gave these probabilities, [rows][labels]. */
heed_status label_lists_of_answers(label_lists *out, const heed_model *m, const float *probabilities, uint32_t rows,
                                   heed_error *error);
/* The labels that examples have. */
heed_status label_lists_of_examples(label_lists *out, const examples *e, heed_error *error);
void label_lists_release(label_lists *lists);

#endif
