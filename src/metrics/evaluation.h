/* The contents of an evaluation: the collected rows, and, once it is finished, the counts and metrics computed from
 * them. */
#ifndef METRICS_EVALUATION_H
#define METRICS_EVALUATION_H

#include <math.h>

#include "base/clock.h"
#include "base/intern.h"
#include "metrics/answer.h"
#include "metrics/curves.h"
#include "metrics/label_counts.h"

/* Of a bootstrap over rows: the 2.5% and 97.5% percentiles. NaN if the metric is not defined. */
typedef struct interval {
    double low, high;
} interval;

/* A cell of a confusion matrix. */
typedef struct confused {
    uint32_t actual, predicted;
    uint64_t rows;
} confused;

enum { MAX_MATRIX_LABELS = 500 }; /* a whole matrix of more labels would be megabytes of zeros */

struct heed_evaluation {
    intern names;       /* of the labels, in their order; after them those of rows that the model does not have */
    size_t label_count; /* that have a probability */
    heed_task task;
    size_t positive;    /* of two labels; else not used */
    double *thresholds; /* of two labels [1], of the positive one; with several labels per row [label_count] */

    label_lists truth;    /* with one label per row: one each */
    float *probabilities; /* [rows][label_count] */
    size_t rows, first_capacity, label_capacity, probability_capacity;
    size_t known_rows; /* of which the probabilities can be judged: see evaluation_knows_row */
    uint64_t unknown;  /* labels of rows that the model does not have */
    bool *seen;        /* [judged_rows]: rows that the model saw before */
    size_t judged_rows, seen_rows, seen_capacity; /* judged: 0 if that is not known, else all rows in the end */
    const heed_listener *listener;                /* borrowed; NULL: none */

    bool finished;       /* what follows is computed by heed_evaluation_finish */
    uint64_t *confusion; /* [labels][labels], with unknown ones: rows are actual, columns predicted; NULL with several
                            labels per row, and above MAX_MATRIX_LABELS: then there are */
    confused *pairs;     /* [pair_count]: what is not 0 in such a matrix, by actual and predicted label */
    size_t pair_count;
    label_counts counts;  /* with the unknown labels, as are what follows */
    curve_areas *areas;   /* of each label against the rest */
    double *values;       /* of the metrics, in the order of their table (metric_table.h) */
    size_t commonest_row; /* a row with the most frequent labels, which the baseline predicts, */
    uint64_t commonest;   /* and how many rows have them */

    unsigned resamples;  /* of heed_evaluation_bootstrap; 0: not called, and there are no intervals */
    uint64_t seed;       /* of it */
    interval *intervals; /* of the metrics, then of each label's scores; NULL without a bootstrap */

    heed_evaluation *unseen; /* of the rows that were not seen; NULL unless some were, and others not (unseen.h) */
};

/* Tells the listener, ten times a second at most; false if it wants to stop. */
bool evaluation_tell(const heed_evaluation *e, stopwatch *watch, size_t done, size_t total);
/* One for the same labels, without rows. Release it in any case. */
heed_status evaluation_new_like(heed_evaluation **out, const heed_evaluation *e, heed_error *error);
/* HEED_USAGE if heed_evaluation_finish has not been called. */
heed_status evaluation_check_finished(const heed_evaluation *e, heed_error *error);

static inline const float *evaluation_row(const heed_evaluation *e, size_t row)
{
    return e->probabilities + row * e->label_count;
}
static inline heed_bytes evaluation_name(const heed_evaluation *e, size_t label)
{
    return intern_word(&e->names, (uint32_t)label);
}
/* Any number of labels per row. */
static inline bool evaluation_is_multilabel(const heed_evaluation *e)
{
    return e->task == HEED_TASK_MULTILABEL;
}
/* One of two labels: one question. */
static inline bool evaluation_is_binary(const heed_evaluation *e)
{
    return e->task == HEED_TASK_BINARY;
}
/* Whether a label against the rest is a separate question: of two labels only the positive one is. */
static inline bool evaluation_asks(const heed_evaluation *e, size_t label)
{
    return !evaluation_is_binary(e) || label == e->positive;
}
/* How labels are predicted. */
static inline answer_rule evaluation_rule(const heed_evaluation *e)
{
    return (answer_rule){e->task, e->label_count, e->positive, e->thresholds};
}
/* With one label per row. */
static inline uint32_t evaluation_truth(const heed_evaluation *e, size_t row)
{
    return e->truth.label[e->truth.first[row]];
}
/* All labels: those of the model, then those that only rows have. */
static inline size_t evaluation_labels(const heed_evaluation *e)
{
    return e->names.count;
}
/* Whether the probabilities of a row can be judged: with one label per row, if the model has the label. With several,
 * those of the labels that it has always can. */
static inline bool evaluation_knows_row(const heed_evaluation *e, size_t row)
{
    return evaluation_is_multilabel(e) || evaluation_truth(e, row) < e->label_count;
}
static inline bool evaluation_has_truth(const heed_evaluation *e, size_t row, size_t label)
{
    for (uint32_t i = e->truth.first[row]; i < e->truth.first[row + 1]; i++)
        if (e->truth.label[i] == label)
            return true;
    return false;
}
/* Labels of all rows. */
static inline uint64_t evaluation_label_rows(const heed_evaluation *e)
{
    return e->truth.first[e->rows];
}
/* Whether a label occurs, as true or predicted label; scikit-learn's report and macro average leave out the others,
 * except with several labels per row. */
static inline bool evaluation_has_label(const heed_evaluation *e, size_t label)
{
    return evaluation_is_multilabel(e) || e->counts.of[label].support + e->counts.of[label].predicted > 0;
}
static inline uint64_t evaluation_confused(const heed_evaluation *e, size_t actual, size_t predicted)
{
    return e->confusion[actual * evaluation_labels(e) + predicted];
}

#endif
