#include "train/thresholds.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"
#include "model/classifier.h"
#include "train/training_split.h"

static int by_falling_probability(const void *a, const void *b)
{
    float x = ((const judged *)a)->probability, y = ((const judged *)b)->probability;
    return (x < y) - (x > y);
}

/* At least `below` and less than `above`, so that exactly the probabilities from `above` on are answered. */
static float between(float below, float above)
{
    if (below <= 0.5F && above > 0.5F)
        return 0.5F;
    float middle = (float)(((double)below + (double)above) / 2);
    return middle < above ? middle : below;
}

float threshold_of_best_f1(judged *rows, size_t count)
{
    size_t positives = 0, hits = 0;
    double best = 0;
    float threshold = 0.5F;
    for (size_t i = 0; i < count; i++)
        positives += rows[i].has_label;
    qsort(rows, count, sizeof *rows, by_falling_probability);
    for (size_t i = 0; i < count; i++) { /* rows 0 to i are answered */
        hits += rows[i].has_label;
        float next = i + 1 < count ? rows[i + 1].probability : 0;
        if (next == rows[i].probability) /* no threshold is between equal numbers */
            continue;
        double f1 = 2 * (double)hits / (double)(positives + i + 1);
        float found = between(next, rows[i].probability);
        bool nearer = fabsf(found - 0.5F) <= fabsf(threshold - 0.5F);
        if (f1 > best || (f1 == best && f1 > 0 && nearer)) {
            best = f1;
            threshold = found;
        }
    }
    return threshold;
}

/* ---- of a model */

static heed_status refuse_without_rows(heed_error *error)
{
    return fail(error, HEED_USAGE, "--tune-thresholds: there are no validation rows to tune them on");
}

heed_status thresholds_check(const training_context *context, heed_error *error)
{
    const training_data *data = context->data;
    if (!context->options->tune_thresholds)
        return HEED_OK;
    if (data->task == HEED_TASK_MULTICLASS)
        return fail(error, HEED_USAGE,
                    "--tune-thresholds: found %u labels of which each row has one, so there is no threshold to tune; "
                    "expected two labels, or --label-separator",
                    data->label_count);
    return data->validation.count > 0 || training_crossfits(context->corpus, context->options)
               ? HEED_OK
               : refuse_without_rows(error);
}

/* Rows with their labels, and what was answered for them. */
typedef struct answered {
    const examples *e;
    const uint32_t *row; /* [count]: of e; NULL: all */
    uint32_t count;
    const float *probability; /* [count][width] */
    size_t width;             /* 1: of the positive one of two labels */
    float *owned;
    const char *name;
} answered;

/* Release it in any case. */
static heed_status answered_init(answered *out, const heed_model *m, const training_context *c, const held_out *held,
                                 heed_error *error)
{
    const examples *validation = &c->data->validation;
    pool *workers = NULL;
    heed_status status;
    if (held->count > 0) {
        *out = (answered){.e = &c->data->train,
                          .row = held->row,
                          .count = held->count,
                          .probability = held->probability,
                          .width = m->config.network.outputs,
                          .name = "held-out"};
        return HEED_OK;
    }
    *out =
        (answered){.e = validation, .count = validation->count, .width = m->config.labels.count, .name = "validation"};
    TRY(pool_new(&workers, c->options->threads, error));
    TRY(classify_rows(&out->owned, m, c->corpus, validation->row, validation->count, workers, error));
    out->probability = out->owned;
done:
    pool_free(workers);
    return status;
}

static bool has_label(const examples *e, uint32_t row, uint32_t label)
{
    uint32_t count;
    const uint32_t *labels = examples_labels(e, row, &count);
    for (uint32_t i = 0; i < count; i++)
        if (labels[i] == label)
            return true;
    return false;
}

/* What was chosen for a label. */
typedef struct tuned {
    uint32_t label;
    float threshold;
    size_t with, without; /* rows that have it, and that have not */
} tuned;

/* The threshold of a label with the best F1. rows: scratch. */
static tuned best_threshold(judged *rows, const answered *a, uint32_t label)
{
    tuned found = {.label = label};
    size_t column = a->width == 1 ? 0 : label;
    for (uint32_t i = 0; i < a->count; i++) {
        rows[i] =
            (judged){a->probability[i * a->width + column], has_label(a->e, a->row == NULL ? i : a->row[i], label)};
        *(rows[i].has_label ? &found.with : &found.without) += 1;
    }
    found.threshold = threshold_of_best_f1(rows, a->count);
    return found;
}

static heed_status tune(tuned *out, heed_model *m, const answered *a, heed_error *error)
{
    const label_config *labels = &m->config.labels;
    judged *rows = memory_array(a->count, sizeof *rows);
    if (rows == NULL)
        return fail_memory(error, "thresholds");
    for (uint32_t i = 0; i < model_threshold_count(&m->config); i++) {
        out[i] = best_threshold(rows, a, labels->task == HEED_TASK_BINARY ? labels->positive : i);
        m->thresholds[i] = (double)out[i].threshold;
    }
    free(rows);
    return HEED_OK;
}

/* ---- what is said of it */

enum {
    MAX_TOLD = 10, /* labels by name */
    MIN_ROWS = 10, /* with a label, and without, for a threshold that is more than chance */
    MAX_LABEL = 40 /* bytes of a name */
};

static bool has_few(const tuned *t)
{
    return t->with < MIN_ROWS || t->without < MIN_ROWS;
}

static void tell(const training_context *c, heed_event event, writer *w)
{
    char *note = NULL;
    if (c->listener != NULL && writer_take(w, &note, NULL, NULL) == HEED_OK) {
        event.note = note;
        c->listener->on_event(c->listener->user, &event); /* the training is over: there is nothing to stop */
    }
    heed_free(note);
    writer_release(w);
}

/* "thresholds of the best F1 on 80 validation rows: 'sea' 0.31 (12 rows have it), 'sport' 0.5 (20 rows)" */
static void tell_chosen(const training_context *c, const answered *a, const tuned *all, size_t count,
                        char *const *names)
{
    writer w = {0};
    writer_print(&w, "threshold%s of the best F1 on %u %s rows:", count == 1 ? "" : "s", a->count, a->name);
    for (size_t i = 0; i < count && i < MAX_TOLD; i++)
        writer_print(&w, "%s '%.*s' %.4g (%zu row%s%s)", i > 0 ? "," : "", MAX_LABEL, names[all[i].label],
                     (double)all[i].threshold, all[i].with, all[i].with == 1 ? "" : "s", i == 0 ? " with it" : "");
    if (count > MAX_TOLD)
        writer_print(&w, " and %zu more, which heed inspect shows", count - MAX_TOLD);
    tell(c, (heed_event){.stage = HEED_STAGE_NOTE}, &w);
}

static void warn_of_few(const training_context *c, const answered *a, const tuned *all, size_t count,
                        char *const *names)
{
    writer w = {0};
    size_t few = 0;
    writer_print(&w, "thresholds were tuned on few of %u %s rows:", a->count, a->name);
    for (size_t i = 0; i < count; i++) {
        const tuned *t = &all[i];
        if (!has_few(t))
            continue;
        few++;
        if (few <= MAX_TOLD)
            writer_print(&w, "%s '%.*s' on %zu with it and %zu without", few == 1 ? "" : ",", MAX_LABEL,
                         names[t->label], t->with, t->without);
    }
    if (few > MAX_TOLD)
        writer_print(&w, " and %zu more", few - MAX_TOLD);
    writer_print(&w, "; below %d rows a threshold is mostly chance: use more %s, or leave out --tune-thresholds",
                 MIN_ROWS, a->row == NULL ? "validation rows, such as --validation 0.3" : "rows");
    if (few > 0)
        tell(c, (heed_event){.stage = HEED_STAGE_WARNING, .warning = HEED_WARNING_THRESHOLDS}, &w);
    writer_release(&w);
}

static heed_status choose(heed_model *model, const training_context *context, const held_out *held, heed_error *error)
{
    uint32_t count = model_threshold_count(&model->config);
    tuned *found = memory_array(count, sizeof *found);
    answered a = {.count = 0};
    heed_status status;
    TRY(found == NULL ? fail_memory(error, "thresholds") : HEED_OK);
    TRY(answered_init(&a, model, context, held, error));
    TRY(a.count == 0 ? refuse_without_rows(error) : tune(found, model, &a, error));
    tell_chosen(context, &a, found, count, model->labels);
    warn_of_few(context, &a, found, count, model->labels);
done:
    free(a.owned);
    free(found);
    return status;
}

heed_status thresholds_choose(heed_model *model, const training_context *context, const training_result *result,
                              heed_error *error)
{
    uint32_t count = model_threshold_count(&model->config);
    model->thresholds = memory_array(count, sizeof *model->thresholds);
    if (model->thresholds == NULL)
        return fail_memory(error, "thresholds");
    for (uint32_t i = 0; i < count; i++)
        model->thresholds[i] = 0.5;
    return context->options->tune_thresholds ? choose(model, context, &result->held, error) : HEED_OK;
}
