/* An evaluation as one JSON object; figures that are not defined are null. */
#include <jansson.h>
#include <math.h>

#include "base/status.h"
#include "metrics/evaluation.h"

enum { significant_digits = 15 };

/* jansson's constructors give NULL for want of memory, its setters take NULL as a failure and own what they take: so a
 * value may be built in place, and one flag tells at the end whether all went well. */
typedef struct writer {
    bool failed;
} writer;

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *name(const heed_evaluation *e, size_t label)
{
    heed_bytes text = intern_word(&e->names, (uint32_t)label);
    return json_stringn(text.data, text.size);
}

static void set(writer *w, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        w->failed = true;
}

static void append(writer *w, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        w->failed = true;
}

static json_t *scores_object(writer *w, const scores *s)
{
    json_t *object = json_object();
    set(w, object, "precision", number(s->precision));
    set(w, object, "recall", number(s->recall));
    set(w, object, "f1", number(s->f1));
    return object;
}

static json_t *interval_pair(writer *w, interval range)
{
    json_t *pair = json_array();
    append(w, pair, number(range.low));
    append(w, pair, number(range.high));
    return pair;
}

/* Of precision, recall and F1, which stand one behind the other. */
static json_t *score_intervals(writer *w, const heed_evaluation *e, size_t first)
{
    static const char *const names[] = {"precision", "recall", "f1"};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        set(w, object, names[i], interval_pair(w, evaluation_interval_of(e, first + i)));
    return object;
}

/* A label against the rest, as scikit-learn's multilabel_confusion_matrix: [[tn, fp], [fn, tp]]. */
static json_t *confusion_pair(writer *w, const heed_evaluation *e, size_t label)
{
    const label_scores *l = &e->labels[label];
    json_t *matrix = json_array(), *without = json_array(), *with = json_array();
    append(w, without, count(e->rows - l->support - l->predicted + l->hits));
    append(w, without, count(l->predicted - l->hits));
    append(w, with, count(l->support - l->hits));
    append(w, with, count(l->hits));
    append(w, matrix, without);
    append(w, matrix, with);
    return matrix;
}

static json_t *labels_object(writer *w, const heed_evaluation *e)
{
    json_t *object = json_object();
    for (size_t i = 0; i < e->label_count; i++) {
        heed_bytes text = intern_word(&e->names, (uint32_t)i);
        json_t *label = scores_object(w, &e->labels[i].scores);
        set(w, label, "support", count(e->labels[i].support));
        set(w, label, "auc", number(e->labels[i].auc));
        set(w, label, "average_precision", number(e->labels[i].average_precision));
        if (e->resamples > 0)
            set(w, label, "intervals", score_intervals(w, e, MEASURED + 3 * i));
        if (evaluation_is_several(e)) {
            set(w, label, "threshold", number(e->thresholds[i]));
            set(w, label, "confusion", confusion_pair(w, e, i));
        }
        if (json_object_setn_new(object, text.data, text.size, label) != 0)
            w->failed = true;
    }
    return object;
}

static json_t *confusion_object(writer *w, const heed_evaluation *e)
{
    json_t *object = json_object(), *labels = json_array(), *matrix = json_array();
    for (size_t i = 0; i < e->label_count; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < e->label_count; j++)
            append(w, row, count(evaluation_confused(e, i, j)));
        append(w, labels, name(e, i));
        append(w, matrix, row);
    }
    set(w, object, "labels", labels);
    set(w, object, "matrix", matrix);
    return object;
}

/* null without a bootstrap. */
static json_t *intervals_object(writer *w, const heed_evaluation *e)
{
    if (e->resamples == 0)
        return json_null();
    json_t *object = json_object();
    set(w, object, "resamples", count(e->resamples));
    set(w, object, "seed", count(e->seed));
    set(w, object, "accuracy", interval_pair(w, e->accuracy_interval));
    set(w, object, "macro_f1", interval_pair(w, e->macro_f1_interval));
    set(w, object, "auc", interval_pair(w, e->auc_interval));
    set(w, object, "average_precision", interval_pair(w, evaluation_interval_of(e, MEASURED_AVERAGE_PRECISION)));
    set(w, object, "brier", interval_pair(w, evaluation_interval_of(e, MEASURED_BRIER)));
    set(w, object, "ece", interval_pair(w, evaluation_interval_of(e, MEASURED_ECE)));
    set(w, object, "macro", score_intervals(w, e, MEASURED_MACRO));
    set(w, object, "weighted", score_intervals(w, e, MEASURED_WEIGHTED));
    set(w, object, "micro", score_intervals(w, e, MEASURED_MICRO));
    return object;
}

static json_t *evaluation_object(writer *w, const heed_evaluation *e)
{
    bool two = evaluation_is_binary(e), several = evaluation_is_several(e);
    json_t *object = json_object();
    set(w, object, "rows", count(e->rows));
    set(w, object, "accuracy", number(e->accuracy));
    set(w, object, "baseline", number(e->baseline));
    set(w, object, "loss", number(e->loss));
    set(w, object, "auc", number(e->auc));
    set(w, object, "micro_auc", number(e->micro_auc));
    set(w, object, "average_precision", number(e->average_precision));
    set(w, object, "brier", number(e->brier));
    set(w, object, "ece", number(e->ece));
    set(w, object, "intervals", intervals_object(w, e));
    set(w, object, "macro", scores_object(w, &e->averages[AVERAGE_MACRO]));
    set(w, object, "weighted", scores_object(w, &e->averages[AVERAGE_WEIGHTED]));
    set(w, object, "micro", scores_object(w, &e->averages[AVERAGE_MICRO]));
    if (several) {
        set(w, object, "samples", scores_object(w, &e->averages[AVERAGE_SAMPLES]));
        set(w, object, "hamming_loss", number(e->hamming_loss));
    }
    set(w, object, "labels", labels_object(w, e));
    set(w, object, "confusion", several ? json_null() : confusion_object(w, e));
    set(w, object, "threshold", two ? number(e->threshold) : json_null());
    set(w, object, "positive", two ? name(e, e->positive) : json_null());
    return object;
}

heed_status heed_evaluation_json(const heed_evaluation *evaluation, char **out, heed_error *error)
{
    *out = NULL;
    heed_status status = evaluation_check_finished(evaluation, error);
    if (status != HEED_OK)
        return status;
    writer w = {0};
    json_t *object = evaluation_object(&w, evaluation);
    if (!w.failed)
        *out = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(significant_digits));
    json_decref(object);
    return *out != NULL ? HEED_OK : fail_memory(error, "the evaluation as JSON");
}
