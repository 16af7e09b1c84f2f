#include "metrics/metric_table.h"

#include <math.h>
#include <string.h>

/* ---- of the labels' counts */

static double accuracy(const tally *t)
{
    return (double)t->counts->exact / (double)t->e->rows;
}

/* Always predicting the most frequent labels. */
static double baseline(const tally *t)
{
    return (double)t->e->commonest / (double)t->e->rows;
}

/* The share of all labels of all rows that are predicted wrongly. */
static double hamming_loss(const tally *t)
{
    uint64_t wrong = 0;
    for (size_t i = 0; i < t->counts->labels; i++) {
        const label_count *c = &t->counts->of[i];
        wrong += c->support + c->predicted - 2 * c->hits;
    }
    return (double)wrong / ((double)t->e->rows * (double)t->counts->labels);
}

/* ---- of the areas */

/* The mean over the labels whose area is defined; NaN if none is. offset: of the area in curve_areas. */
static double mean_area(const tally *t, size_t offset)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < t->e->label_count; i++) {
        double area = *(const double *)(const void *)((const char *)&t->areas[i] + offset);
        if (evaluation_asks(t->e, i) && !isnan(area)) {
            sum += area;
            count++;
        }
    }
    return count > 0 ? sum / (double)count : (double)NAN;
}

static double auc(const tally *t)
{
    return mean_area(t, offsetof(curve_areas, roc));
}

static double average_precision(const tally *t)
{
    return mean_area(t, offsetof(curve_areas, average_precision));
}

static double micro_auc(const tally *t)
{
    return t->all_areas.roc;
}

/* ---- of the probabilities */

/* Probabilities have single precision: if they are nearer to 0 or 1 than Keras's epsilon, their logarithm is noise. */
static double clip(float probability)
{
    static const double smallest = 1e-7;
    return fmin(fmax((double)probability, smallest), 1 - smallest);
}

static double cross_entropy(const heed_evaluation *e)
{
    double sum = 0;
    for (size_t i = 0; i < e->rows; i++)
        if (evaluation_knows_row(e, i))
            sum -= log(clip(evaluation_row(e, i)[evaluation_truth(e, i)]));
    return sum / (double)e->known_rows;
}

/* The mean over rows and labels. */
static double binary_cross_entropy(const heed_evaluation *e)
{
    double sum = 0;
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->label_count; j++) {
            double p = clip(evaluation_row(e, i)[j]);
            sum -= log(evaluation_has_truth(e, i, j) ? p : 1 - p);
        }
    return sum / (double)(e->rows * e->label_count);
}

static double loss(const tally *t)
{
    return evaluation_is_multilabel(t->e) ? binary_cross_entropy(t->e) : cross_entropy(t->e);
}

static double brier(const tally *t)
{
    return t->distance;
}

/* Expected calibration error. */
static double ece(const tally *t)
{
    return calibration_error(t->bins, CALIBRATION_BINS);
}

/* ---- the table: in the order in which messages list the names */

#define EVERY(text)                                                                                                    \
    {                                                                                                                  \
        [HEED_TASK_BINARY] = (text), [HEED_TASK_MULTICLASS] = (text), [HEED_TASK_MULTILABEL] = (text)                  \
    }
#define ONE_OR_SEVERAL(one, several)                                                                                   \
    {                                                                                                                  \
        [HEED_TASK_BINARY] = (one), [HEED_TASK_MULTICLASS] = (one), [HEED_TASK_MULTILABEL] = (several)                 \
    }
#define TWO_OR_MORE(two, more)                                                                                         \
    {                                                                                                                  \
        [HEED_TASK_BINARY] = (two), [HEED_TASK_MULTICLASS] = (more), [HEED_TASK_MULTILABEL] = (more)                   \
    }
#define ONLY(task) (1U << (task))
#define AVERAGE_OF(kind, part) .average = (kind), .score = (part)

_Static_assert(CALIBRATION_BINS == 15, "the notes of ece say so");

const metric metrics[] = {
    {.name = "accuracy",
     .of = accuracy,
     .resampled = true,
     .shown_place = 1,
     .json_place = 1,
     .heading = "accuracy",
     .tells_interval = true,
     .note = EVERY("always predicting {commonest}: {baseline}"),
     .page_heading = "accuracy",
     .page_note = ONE_OR_SEVERAL("share of rows predicted right", "rows with all labels right")},
    {.name = "macro_f1",
     AVERAGE_OF(AVERAGE_MACRO, SCORE_F1),
     .resampled = true,
     .shown_place = 4,
     .basis = evaluation_macro_basis,
     .heading = "macro F1",
     .tells_interval = true,
     .page_heading = "macro F1",
     .page_note = EVERY("every label counts the same")},
    {.name = "macro_precision", AVERAGE_OF(AVERAGE_MACRO, SCORE_PRECISION), .resampled = true},
    {.name = "macro_recall", AVERAGE_OF(AVERAGE_MACRO, SCORE_RECALL), .resampled = true},
    {.name = "weighted_f1", AVERAGE_OF(AVERAGE_WEIGHTED, SCORE_F1), .resampled = true},
    {.name = "weighted_precision", AVERAGE_OF(AVERAGE_WEIGHTED, SCORE_PRECISION), .resampled = true},
    {.name = "weighted_recall", AVERAGE_OF(AVERAGE_WEIGHTED, SCORE_RECALL), .resampled = true},
    {.name = "micro_f1", AVERAGE_OF(AVERAGE_MICRO, SCORE_F1), .resampled = true},
    {.name = "micro_precision", AVERAGE_OF(AVERAGE_MICRO, SCORE_PRECISION), .resampled = true},
    {.name = "micro_recall", AVERAGE_OF(AVERAGE_MICRO, SCORE_RECALL), .resampled = true},
    {.name = "samples_f1", AVERAGE_OF(AVERAGE_SAMPLES, SCORE_F1), .tasks = ONLY(HEED_TASK_MULTILABEL)},
    {.name = "samples_precision", AVERAGE_OF(AVERAGE_SAMPLES, SCORE_PRECISION), .tasks = ONLY(HEED_TASK_MULTILABEL)},
    {.name = "samples_recall", AVERAGE_OF(AVERAGE_SAMPLES, SCORE_RECALL), .tasks = ONLY(HEED_TASK_MULTILABEL)},
    {.name = "hamming_loss",
     .of = hamming_loss,
     .falling = true,
     .tasks = ONLY(HEED_TASK_MULTILABEL),
     .shown_place = 3,
     .json_place = 9,
     .heading = "Hamming",
     .note = EVERY("of all labels of all rows are predicted wrongly"),
     .page_heading = "Hamming loss",
     .page_note = EVERY("share of single labels predicted wrongly")},
    {.name = "auc",
     .of = auc,
     .resampled = true,
     .shown_place = 5,
     .json_place = 4,
     .basis = evaluation_roc_basis,
     .heading = "ROC area",
     .tells_interval = true,
     .note = TWO_OR_MORE(NULL, "mean of each label against the rest; micro average {micro_auc}"),
     .undefined = ONE_OR_SEVERAL("all rows have one label", "no label that some rows have and others do not"),
     .page_heading = "ROC area",
     .page_note = TWO_OR_MORE("0.5 is chance", "mean of each label against the rest")},
    {.name = "micro_auc", .of = micro_auc, .json_place = 5},
    {.name = "average_precision",
     .of = average_precision,
     .resampled = true,
     .shown_place = 6,
     .json_place = 6,
     .basis = evaluation_precision_basis,
     .of_rare = true,
     .heading = "avg prec",
     .tells_interval = true,
     .note = TWO_OR_MORE("area under the precision-recall curve", "mean of each label against the rest"),
     .undefined = EVERY("no row has a label that is asked for"),
     .page_heading = "average precision",
     .page_note = EVERY("area under the precision-recall curve")},
    {.name = "loss",
     .of = loss,
     .falling = true,
     .shown_place = 7,
     .json_place = 3,
     .heading = "log loss",
     .page_heading = "log loss",
     .page_note = EVERY("lower is better")},
    {.name = "brier",
     .of = brier,
     .falling = true,
     .resampled = true,
     .shown_place = 8,
     .json_place = 7,
     .heading = "Brier",
     .page_heading = "Brier score",
     .page_note = EVERY("mean squared error of the probabilities; lower is better")},
    {.name = "ece",
     .of = ece,
     .falling = true,
     .resampled = true,
     .shown_place = 9,
     .json_place = 8,
     .heading = "ECE",
     .note = EVERY("expected calibration error, 15 bins"),
     .page_heading = "ECE",
     .page_note = EVERY("expected calibration error, 15 bins; lower is better")},
    {.name = "baseline",
     .of = baseline,
     .shown_place = 2,
     .json_place = 2,
     .page_heading = "majority class",
     .page_note = ONE_OR_SEVERAL("accuracy of always predicting the most frequent label",
                                 "accuracy of always predicting the most frequent set")},
};
const size_t metric_count = sizeof metrics / sizeof *metrics;

double metric_compute(const metric *m, const tally *t)
{
    return metric_is_average(m) ? t->averages[m->average].of[m->score] : m->of(t);
}

/* ---- finding one */

const metric *metric_find(const char *name)
{
    for (size_t i = 0; i < metric_count; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}

bool metric_is_average(const metric *m)
{
    return m->of == NULL;
}

const metric *metric_of_average(average kind, score part)
{
    size_t i = 0;
    while (!metric_is_average(&metrics[i]) || metrics[i].average != kind || metrics[i].score != part)
        i++;
    return &metrics[i];
}

/* The metric with the next higher place; equal places in the order of the table. */
static const metric *next_by(const metric *after, int (*place)(const metric *m))
{
    const metric *next = NULL;
    for (const metric *m = metrics; m < metrics + metric_count; m++) {
        bool comes_later = after == NULL || place(m) > place(after) || (place(m) == place(after) && m > after);
        if (place(m) > 0 && comes_later && (next == NULL || place(m) < place(next)))
            next = m;
    }
    return next;
}

static int shown_place(const metric *m)
{
    return m->shown_place;
}

static int json_place(const metric *m)
{
    return m->json_place;
}

const metric *metric_next_shown(const metric *after)
{
    return next_by(after, shown_place);
}

const metric *metric_next_json(const metric *after)
{
    return next_by(after, json_place);
}
