#include "metrics/keras_metrics.h"

#include <math.h>
#include <stddef.h>

#include "metrics/answer.h"
#include "metrics/ratio.h"

const keras_column keras_columns[KERAS_COLUMNS] = {{"loss", offsetof(heed_keras_metrics, loss)},
                                                   {"tp", offsetof(heed_keras_metrics, tp)},
                                                   {"fp", offsetof(heed_keras_metrics, fp)},
                                                   {"tn", offsetof(heed_keras_metrics, tn)},
                                                   {"fn", offsetof(heed_keras_metrics, fn)},
                                                   {"accuracy", offsetof(heed_keras_metrics, accuracy)},
                                                   {"precision", offsetof(heed_keras_metrics, precision)},
                                                   {"recall", offsetof(heed_keras_metrics, recall)},
                                                   {"auc", offsetof(heed_keras_metrics, auc)}};

void keras_counts_init(keras_counts *f)
{
    *f = (keras_counts){0};
}

/* The last of the thresholds -1e-7, 1/199, 2/199 ... 198/199, 1 + 1e-7 that a probability exceeds, found as Keras
 * finds it: by one multiplication in single precision, whose rounding decides on the thresholds themselves. */
static size_t passed_threshold(float probability)
{
    float last = ceilf(probability * (KERAS_THRESHOLDS - 1)) - 1.0F;
    if (!(last > 0.0F)) /* NaN too */
        return 0;
    return last < KERAS_THRESHOLDS - 2 ? (size_t)last : KERAS_THRESHOLDS - 2;
}

/* Counts that do not depend on rows, only on outputs. */
static void count_outputs(keras_counts *f, const float *probability, const float *target, size_t outputs)
{
    for (size_t i = 0; i < outputs; i++) {
        bool said_positive = probability[i] > 0.5F;
        size_t passed = passed_threshold(probability[i]);
        if (target[i] > 0.5F) {
            *(said_positive ? &f->tp : &f->fn) += 1;
            f->positives[passed]++;
        } else {
            *(said_positive ? &f->fp : &f->tn) += 1;
            f->negatives[passed]++;
        }
    }
}

void keras_counts_add(keras_counts *f, const float *probability, const float *target, size_t outputs, double loss)
{
    count_outputs(f, probability, target, outputs);
    bool right = outputs == 1 ? (probability[0] > 0.5F) == (target[0] > 0.5F)
                              : answer_likeliest(probability, outputs) == answer_likeliest(target, outputs);
    f->correct += right;
    f->answers++;
    f->rows++;
    f->loss += loss;
}

void keras_counts_add_multilabel(keras_counts *f, const float *probability, const float *target, size_t outputs,
                                 double loss)
{
    count_outputs(f, probability, target, outputs);
    for (size_t i = 0; i < outputs; i++)
        f->correct += (probability[i] > 0.5F) == (target[i] > 0.5F);
    f->answers += outputs;
    f->rows++;
    f->loss += loss;
}

void keras_counts_add_unknown(keras_counts *f, const float *probability, size_t outputs)
{
    for (size_t i = 0; i < outputs; i++)
        f->strays += probability[i] > 0.5F;
    f->missed += outputs > 1; /* one output asks for the positive label alone */
    f->answers++;
}

void keras_counts_add_missed(keras_counts *f, uint64_t labels)
{
    f->missed += labels;
    f->answers += labels;
}

void keras_counts_merge(keras_counts *f, const keras_counts *other)
{
    f->rows += other->rows;
    f->answers += other->answers;
    f->correct += other->correct;
    f->tp += other->tp;
    f->fp += other->fp;
    f->tn += other->tn;
    f->fn += other->fn;
    f->loss += other->loss;
    f->strays += other->strays;
    f->missed += other->missed;
    for (size_t i = 0; i < KERAS_THRESHOLDS; i++) {
        f->positives[i] += other->positives[i];
        f->negatives[i] += other->negatives[i];
    }
}

/* Area under the ROC curve through its points at the thresholds, by trapezoids from the highest threshold down. */
static double area_by_thresholds(const keras_counts *f)
{
    double positives = (double)(f->tp + f->fn), negatives = (double)(f->fp + f->tn);
    double area = 0, hits = 0;
    for (size_t i = KERAS_THRESHOLDS; i-- > 0;) {
        double more_hits = hits + (double)f->positives[i];
        area += (double)f->negatives[i] * (hits + more_hits) / 2;
        hits = more_hits;
    }
    return ratio(area, positives * negatives);
}

heed_keras_metrics keras_counts_result(const keras_counts *f)
{
    double tp = (double)f->tp, fp = (double)f->fp, tn = (double)f->tn, fn = (double)f->fn, rows = (double)f->rows;
    heed_keras_metrics metrics = {
        .loss = f->rows > 0 ? f->loss / rows : NAN,
        .tp = tp,
        .fp = fp,
        .tn = tn,
        .fn = fn,
        .accuracy = ratio((double)f->correct, (double)f->answers),
        .precision = ratio(tp, tp + fp + (double)f->strays),
        .recall = ratio(tp, tp + fn + (double)f->missed),
        .auc = area_by_thresholds(f),
    };
    keras_metrics_undefine(&metrics);
    return metrics;
}

void keras_metrics_undefine(heed_keras_metrics *metrics)
{
    double positives = metrics->tp + metrics->fn, negatives = metrics->fp + metrics->tn;
    if (positives == 0 && negatives == 0)
        metrics->accuracy = metrics->precision = metrics->recall = NAN;
    if (positives == 0 || negatives == 0)
        metrics->auc = NAN;
}

float keras_metric_stored(double value, int column)
{
    bool loss = keras_columns[column % KERAS_COLUMNS].offset == offsetof(heed_keras_metrics, loss);
    return isnan(value) && !loss ? 0 : (float)value;
}
