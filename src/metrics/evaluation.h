/* What an evaluation holds once it is finished: its counts and figures, for the text and the JSON made of them. */
#ifndef METRICS_EVALUATION_H
#define METRICS_EVALUATION_H

#include <math.h>

#include "base/intern.h"
#include "metrics/answer.h"
#include "metrics/curves.h"

typedef struct scores {
    double precision, recall, f1; /* 0 where the denominator is 0 */
} scores;

typedef struct label_scores {
    scores scores;
    uint64_t support, predicted; /* rows that have the label, rows that were given it */
    uint64_t hits;               /* both */
    double auc;                  /* of this label against the rest; NaN where one side has no rows */
    double average_precision;    /* likewise; NaN where no row has it */
} label_scores;

/* Of a bootstrap over rows: the 2.5% and 97.5% percentiles. NaN where the figure is not defined. */
typedef struct interval {
    double low, high;
} interval;

/* The figures that have one, in this order; behind them precision, recall and F1 of each label. */
typedef enum measured {
    MEASURED_ACCURACY,
    MEASURED_AUC,
    MEASURED_AVERAGE_PRECISION,
    MEASURED_BRIER,
    MEASURED_ECE,
    MEASURED_MACRO, /* precision, recall, F1, here and in the next two */
    MEASURED_MACRO_F1 = MEASURED_MACRO + 2,
    MEASURED_WEIGHTED,
    MEASURED_MICRO = MEASURED_WEIGHTED + 3,
    MEASURED = MEASURED_MICRO + 3
} measured;

enum { CALIBRATION_BINS = 15 };

typedef enum average { AVERAGE_MACRO, AVERAGE_WEIGHTED, AVERAGE_MICRO, AVERAGE_SAMPLES, AVERAGE_COUNT } average;

struct heed_evaluation {
    intern names;         /* of the labels, in their order */
    size_t label_count, positive;
    double threshold;
    double *thresholds;   /* [label_count]: rows have several labels; else NULL */

    uint32_t *truth;      /* [rows], of one label each; */
    bool *truths;         /* [rows][label_count], of several */
    float *probabilities; /* [rows][label_count] */
    size_t rows, truth_capacity, truths_capacity, probability_capacity;

    bool finished;        /* what follows is computed by heed_evaluation_finish */
    uint64_t *confusion;  /* [label_count][label_count]: rows are actual, columns predicted; NULL with several labels */
    label_scores *labels; /* [label_count] */
    scores averages[AVERAGE_COUNT];
    double accuracy, loss, auc, micro_auc, baseline; /* accuracy: of whole rows */
    double average_precision, brier, ece;
    double hamming_loss;  /* share of the labels of rows that are answered wrongly; of several labels alone */
    uint64_t label_rows;  /* labels of all rows */
    size_t commonest;     /* the label with the most rows, the first of equals: what the baseline answers; of several
                             labels, a row that has the commonest set of them */
    unsigned resamples;   /* of heed_evaluation_bootstrap; 0: not called, and there are no intervals */
    uint64_t seed;        /* of it */
    interval accuracy_interval, macro_f1_interval, auc_interval;
    interval *intervals;  /* [MEASURED + 3 * label_count], those three among them; NULL without a bootstrap */
};

/* HEED_USAGE where heed_evaluation_finish has not been called. */
heed_status evaluation_check_finished(const heed_evaluation *e, heed_error *error);
/* 0 where a denominator is 0. */
scores evaluation_scores(uint64_t hits, uint64_t predicted, uint64_t support);
void scores_add(scores *sum, const scores *part, double weight);
void scores_divide(scores *sum, double weights);
/* Probabilities are single precision: nearer to 0 or 1 than Keras's epsilon, their logarithm is noise. */
double evaluation_clip(double probability);

/* What comes from the probabilities as such (evaluation_scores.c): areas, Brier score, calibration. */
heed_status evaluation_finish_scores(heed_evaluation *e, heed_error *error);
/* Whether a row has a label. */
bool evaluation_has_truth(const heed_evaluation *e, size_t row, size_t label);
/* Fills items[rows] with a label against the rest, sorted. */
void evaluation_fill_items(scored *items, const heed_evaluation *e, size_t label);

/* Fills items[rows] (of several labels a row [rows][label_count]) with how sure the likeliest answer is, and whether it is
 * right; returns how many they are. */
size_t evaluation_fill_answers(scored *items, const heed_evaluation *e);
/* Fills bins[CALIBRATION_BINS], which ece is of: how sure the likeliest answer is, and how often it is right. */
heed_status evaluation_calibration(calibration_bin *bins, const heed_evaluation *e, heed_error *error);

/* Rows of several labels (evaluation_several.c): all but the areas. */
heed_status evaluation_finish_several(heed_evaluation *e, heed_error *error);
/* Of a figure, measured or MEASURED + 3 * label and 0 to 2 for precision, recall, F1; NaN without a bootstrap. */
static inline interval evaluation_interval_of(const heed_evaluation *e, size_t figure)
{
    return e->intervals != NULL ? e->intervals[figure] : (interval){(double)NAN, (double)NAN};
}
static inline const float *evaluation_row(const heed_evaluation *e, size_t row)
{
    return e->probabilities + row * e->label_count;
}
static inline bool evaluation_is_several(const heed_evaluation *e)
{
    return e->thresholds != NULL;
}
/* One of two labels: one question. */
static inline bool evaluation_is_binary(const heed_evaluation *e)
{
    return e->label_count == 2 && e->thresholds == NULL;
}
/* How rows are answered. */
static inline answer_rule evaluation_rule(const heed_evaluation *e)
{
    heed_task one = e->label_count == 2 ? HEED_TASK_BINARY : HEED_TASK_MULTICLASS;
    return evaluation_is_several(e) ? (answer_rule){HEED_TASK_MULTILABEL, e->label_count, 0, e->thresholds}
                                    : (answer_rule){one, e->label_count, e->positive, &e->threshold};
}
/* Whether a label occurs, as truth or as answer; scikit-learn's report and macro average leave the others
 * out, but none where rows have several labels. */
static inline bool evaluation_has_label(const heed_evaluation *e, size_t label)
{
    return evaluation_is_several(e) || e->labels[label].support + e->labels[label].predicted > 0;
}
static inline uint64_t evaluation_confused(const heed_evaluation *e, size_t actual, size_t predicted)
{
    return e->confusion[actual * e->label_count + predicted];
}

#endif
