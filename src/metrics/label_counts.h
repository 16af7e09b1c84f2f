/* How often labels are predicted, rightly or wrongly, and precision, recall and F1, as scikit-learn defines them. */
#ifndef METRICS_LABEL_COUNTS_H
#define METRICS_LABEL_COUNTS_H

#include "base/names.h"
#include "metrics/label_lists.h"

typedef enum score { SCORE_PRECISION, SCORE_RECALL, SCORE_F1, SCORE_COUNT } score;
extern const names score_names;

typedef struct scores {
    double of[SCORE_COUNT];
} scores;

/* Over the labels; of samples: over the rows. */
typedef enum average { AVERAGE_MACRO, AVERAGE_WEIGHTED, AVERAGE_MICRO, AVERAGE_SAMPLES, AVERAGE_COUNT } average;
extern const names average_names;

typedef struct label_count {
    uint64_t support, predicted, hits; /* rows that have the label, rows for which it is predicted, rows with both */
} label_count;

typedef struct label_counts {
    size_t labels;
    label_count *of; /* [labels] */
    uint64_t exact;  /* rows for which exactly their labels are predicted */
    scores samples;  /* the mean over the rows' own scores; 0 if rows were weighted */
} label_counts;

/* False without memory; release it in any case. */
bool label_counts_init(label_counts *c, size_t labels);
void label_counts_release(label_counts *c);
/* Counts row i weight[i] times; weight NULL: once. */
void label_counts_fill(label_counts *c, const label_lists *truth, const label_lists *answer, size_t rows,
                       const uint32_t *weight);

/* NaN if the denominator is 0: the precision of a label that is never predicted, the recall of one that no row has. */
scores scores_of(label_count count);
/* Such scores count as 0 in averages, as with scikit-learn's zero_division=0. The macro average is over the labels that
 * occur as true or predicted labels, or over all. */
scores label_counts_average(const label_counts *c, average kind, bool all);

#endif
