/* Labels of rows: true ones, or those that a model predicts. */
#ifndef METRICS_LABEL_LISTS_H
#define METRICS_LABEL_LISTS_H

#include "data/corpus.h"
#include "metrics/answer.h"

/* Some labels of each row, sorted: row i has label[first[i]] ... label[first[i + 1] - 1]. */
typedef struct label_lists {
    uint32_t *first; /* [rows + 1] */
    uint32_t *label;
} label_lists;

/* Sorts the labels of a row and removes duplicates; returns how many are left. */
uint32_t label_list_sort(uint32_t *labels, uint32_t count);
/* The labels predicted for rows with these probabilities, [rows][labels]. */
heed_status label_lists_of_answers(label_lists *out, const answer_rule *rule, const float *probabilities, uint32_t rows,
                                   heed_error *error);
/* The labels of these rows, as places in the corpus's sorted labels. */
heed_status label_lists_of_rows(label_lists *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                                heed_error *error);
void label_lists_release(label_lists *lists);

#endif
