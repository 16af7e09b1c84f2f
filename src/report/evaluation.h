/* What an evaluation holds once it is finished: its counts and figures, for the text and the JSON made of them. */
#ifndef REPORT_EVALUATION_H
#define REPORT_EVALUATION_H

#include "base/intern.h"

typedef struct scores {
    double precision, recall, f1; /* 0 where the denominator is 0 */
} scores;

typedef struct label_scores {
    scores scores;
    uint64_t support, predicted; /* rows that have the label, rows that were given it */
    double auc;                  /* of this label against the rest; NaN where one side has no rows */
} label_scores;

typedef enum average { AVERAGE_MACRO, AVERAGE_WEIGHTED, AVERAGE_MICRO, AVERAGE_COUNT } average;

struct heed_evaluation {
    intern names;         /* of the labels, in their order */
    size_t label_count, positive;
    double threshold;

    uint32_t *truth;      /* [rows] */
    float *probabilities; /* [rows][label_count] */
    size_t rows, truth_capacity, probability_capacity;

    bool finished;        /* what follows is computed by heed_evaluation_finish */
    uint64_t *confusion;  /* [label_count][label_count]: rows are actual, columns predicted */
    label_scores *labels; /* [label_count] */
    scores averages[AVERAGE_COUNT];
    double accuracy, loss, auc, micro_auc, baseline;
    size_t commonest;     /* the label with the most rows, the first of equals: what the baseline answers */
};

/* HEED_USAGE where heed_evaluation_finish has not been called. */
heed_status evaluation_check_finished(const heed_evaluation *e, heed_error *error);
/* Whether a label occurs, as truth or as answer; scikit-learn's report and macro average leave the others out. */
static inline bool evaluation_has_label(const heed_evaluation *e, size_t label)
{
    return e->labels[label].support + e->labels[label].predicted > 0;
}
static inline uint64_t evaluation_confused(const heed_evaluation *e, size_t actual, size_t predicted)
{
    return e->confusion[actual * e->label_count + predicted];
}

#endif
