/* Keras's metrics, accumulated row by row: tp, fp, tn, fn, precision, recall at 0.5, accuracy, AUC by 200 thresholds.
 */
#ifndef METRICS_KERAS_METRICS_H
#define METRICS_KERAS_METRICS_H

#include "heed.h"

#define KERAS_THRESHOLDS 200

/* The columns of a history: Keras's names and their places in heed_keras_metrics. */
typedef struct keras_column {
    const char *name;
    size_t offset;
} keras_column;
enum { KERAS_COLUMNS = 9 };
extern const keras_column keras_columns[KERAS_COLUMNS];
static inline double *keras_metric_at(heed_keras_metrics *metrics, int column)
{
    return (double *)(void *)((char *)metrics + keras_columns[column].offset);
}

/* Counts are whole numbers, so rows may come in any order; the sum of the losses depends on it in its last bits. */
typedef struct keras_counts {
    uint64_t rows;
    uint64_t answers, correct; /* one per row, or with several labels one per output; and the right ones */
    uint64_t tp, fp, tn, fn;   /* over every output */
    uint64_t positives[KERAS_THRESHOLDS], negatives[KERAS_THRESHOLDS]; /* outputs by the last threshold passed */
    double loss;                                                       /* sum over rows */
    uint64_t strays,
        missed; /* of unknown labels: outputs that were answered instead, and labels; not in the counts above */
} keras_counts;

void keras_counts_init(keras_counts *f);
/* Adds one row: one output with the target 0 or 1 (two labels), or one output per label with a one-hot target. */
void keras_counts_add(keras_counts *f, const float *probability, const float *target, size_t outputs, double loss);
/* Adds one row with several labels: one output per label, any number of targets 1. Its accuracy is Keras's binary one.
 */
void keras_counts_add_multilabel(keras_counts *f, const float *probability, const float *target, size_t outputs,
                                 double loss);
/* Adds a row whose one label has no output: its answer is wrong. Its loss is not defined, nor is it in an area. */
void keras_counts_add_unknown(keras_counts *f, const float *probability, size_t outputs);
/* Adds labels without an output, of rows with several labels: each is missed. */
void keras_counts_add_missed(keras_counts *f, uint64_t labels);
/* Adds all rows of another. */
void keras_counts_merge(keras_counts *f, const keras_counts *other);
/* Precision and recall without a denominator are 0, as in Keras. What does not exist is NaN: every ratio without rows,
 * and an area without outputs of both kinds (Keras says 0, which would lower a mean and rank a model last). */
heed_keras_metrics keras_counts_result(const keras_counts *f);
/* Model files have 0 for an area or ratio that does not exist, as version 0.1.0 wrote it; its counts tell which these
 * are. */
void keras_metrics_undefine(heed_keras_metrics *metrics);
float keras_metric_stored(double value, int column);

#endif
