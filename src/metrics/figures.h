/* Keras's metrics, gathered row by row: tp, fp, tn, fn, precision, recall at 0.5, accuracy, AUC by 200 thresholds. */
#ifndef METRICS_FIGURES_H
#define METRICS_FIGURES_H

#include "heed.h"

#define FIGURES_THRESHOLDS 200

/* The columns of a history: Keras's names and their places in heed_figures. */
typedef struct figure_column {
    const char *name;
    size_t offset;
} figure_column;
enum { FIGURE_COLUMNS = 9 };
extern const figure_column figure_columns[FIGURE_COLUMNS];
static inline double *figure_at(heed_figures *figures, int column)
{
    return (double *)(void *)((char *)figures + figure_columns[column].offset);
}

/* Counts are whole numbers, so rows may come in any order; the sum of the losses depends on it in its last bits. */
typedef struct figures {
    uint64_t rows;
    uint64_t answers, correct; /* one a row, or of several labels one an output; those that are right */
    uint64_t tp, fp, tn, fn;   /* over every output */
    uint64_t positives[FIGURES_THRESHOLDS], negatives[FIGURES_THRESHOLDS]; /* outputs by the last threshold passed */
    double loss;                                                           /* sum over rows */
} figures;

void figures_init(figures *f);
/* Adds one row: one output with the target 0 or 1 (two labels), or an output a label with a one-hot target. */
void figures_add(figures *f, const float *probability, const float *target, size_t outputs, double loss);
/* Adds one row of several labels: an output a label, any number of targets 1. Its accuracy is Keras's binary one. */
void figures_add_several(figures *f, const float *probability, const float *target, size_t outputs, double loss);
/* Adds all the rows of another. */
void figures_merge(figures *f, const figures *other);
/* Ratios without a denominator are 0, as in Keras; without any row the loss is NaN. */
heed_figures figures_result(const figures *f);

#endif
