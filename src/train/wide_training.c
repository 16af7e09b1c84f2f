#include "train/wide_training.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/wide_classifier.h"
#include "train/training_words.h"
#include "train/strength_choice.h"
#include "wide/wide_rows.h"

static heed_status rows_of(feature_rows *out, const void *trained, const examples *e, pool *workers, heed_error *error)
{
    const wide *w = trained;
    sparse_rows *rows = &out->sparse;
    heed_status status = wide_rows_make(rows, &w->features, e, workers, error);
    for (uint32_t i = 0; i < e->count && status == HEED_OK; i++)
        rows->size[i] = (uint32_t)wide_weigh(&w->features, w->scale, rows->values + rows->first[i], rows->size[i]);
    return status;
}

static void tell_sizes(char *note, size_t size, const void *trained)
{
    const wide *w = trained;
    snprintf(note, size, "%u n-grams of words, %u of letters", wide_features_words(&w->features),
             w->features.letters.grams.count);
}

/* Fills in what the architecture leaves open, except for C. */
static heed_status choose_spec(wide_spec *out, const logistic_run *t, heed_error *error)
{
    const training_data *d = t->data;
    const wide_facts facts = {d->train.count, d->mean_tokens, d->task == HEED_TASK_BINARY};
    heed_status status;
    TRY(wide_spec_parse(out, t->progress.context->options->architecture, error));
    TRY(wide_spec_choose(out, &facts, error));
done:
    return status;
}

/* Training rows before anything is learned of their features; borrowed. */
typedef struct plain_rows {
    const logistic_run *run;
    const wide_features *features;
    const wide_spec *spec;
    const sparse_rows *rows; /* with value 1 */
} plain_rows;

/* source: plain_rows. */
static heed_status fold_rows(feature_rows *train, feature_rows *held, const void *source, const fold_parts *parts,
                             heed_error *error)
{
    const plain_rows *p = source;
    float *scale = memory_array(wide_features_count(p->features), sizeof *scale);
    heed_status status;
    TRY(scale == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(wide_scale(scale, p->features, p->spec, p->rows, parts->train, p->run->target, error));
    TRY(wide_rows_weigh(&train->sparse, p->features, scale, p->rows, parts->train, error));
    TRY(wide_rows_weigh(&held->sparse, p->features, scale, p->rows, parts->held, error));
done:
    free(scale);
    return status;
}

static const double strengths[] = {1, 3, 10, 30, 100};
static const strength_grid grid = {strengths, sizeof strengths / sizeof *strengths};

/* Says what was chosen, unless everything was given. */
static heed_status record_spec(logistic_run *t, const wide_spec *spec, heed_error *error)
{
    wide_spec asked;
    char note[300];
    heed_status status;
    TRY(wide_spec_parse(&asked, t->progress.context->options->architecture, error));
    TRY(wide_spec_print(&t->result->architecture, spec, error));
    snprintf(note, sizeof note, "architecture: %s", t->result->architecture);
    if (!wide_spec_is_full(&asked))
        progress_note(&t->progress, note);
done:
    return status;
}

/* The part that is all training rows. */
static heed_status all_rows(uint32_t **out, uint32_t count, heed_error *error)
{
    *out = memory_array(count, sizeof **out);
    for (uint32_t i = 0; i < count && *out != NULL; i++)
        (*out)[i] = i;
    return *out == NULL ? fail_memory(error, "training") : HEED_OK;
}

/* The model of these n-grams, which it owns from now on, with the weights of all rows. */
static heed_status make_model(logistic_run *t, const wide_spec *spec, wide_features *features, const sparse_rows *rows,
                              heed_error *error)
{
    const training_data *d = t->data;
    uint32_t *all = NULL;
    wide *w = NULL;
    heed_status status;
    TRY(wide_new(&w, spec, features, t->outputs, d->task == HEED_TASK_MULTICLASS, error));
    t->result->trained = w;
    t->fit = &w->fit;
    TRY(all_rows(&all, d->train.count, error));
    const sparse_part part = {all, d->train.count};
    TRY(wide_scale(w->scale, &w->features, spec, rows, part, t->target, error));
    TRY(wide_rows_weigh(&t->rows.sparse, &w->features, w->scale, rows, part, error));
done:
    free(all);
    return status;
}

static heed_status prepare(logistic_run *t, heed_error *error)
{
    const training_data *d = t->data;
    wide_features features = {0};
    sparse_rows rows = {0};
    wide_spec spec;
    heed_status status;
    TRY(choose_spec(&spec, t, error));
    TRY(wide_features_learn(&features, &d->train, &d->words, &spec, error));
    TRY(logistic_run_check_memory(t, wide_features_count(&features), error));
    TRY(wide_rows_make(&rows, &features, &d->train, t->workers, error));
    const plain_rows plain = {t, &features, &spec, &rows};
    const fold_features folded = {wide_features_count(&features), fold_rows, &plain};
    TRY(strength_settle(&spec.strength, t, &folded, &grid, error));
    TRY(record_spec(t, &spec, error));
    TRY(make_model(t, &spec, &features, &rows, error));
done:
    wide_features_release(&features);
    sparse_rows_release(&rows);
    return status;
}

static const logistic_kind kind = {.name = "wide",
                                   .features = "n-grams",
                                   .fewer = "a higher min-count or shorter n-grams",
                                   .in_span = true,
                                   .end = {1e-3, 1000},
                                   .fold_end = {0.01, 200},
                                   .prepare = prepare,
                                   .rows = rows_of,
                                   .tell_sizes = tell_sizes};

static heed_status check(const heed_train_options *options, heed_error *error)
{
    wide_spec spec;
    heed_status status = wide_spec_parse(&spec, options->architecture, error);
    return status == HEED_OK ? logistic_training_check(options, kind.name, error) : status;
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    return logistic_training_run(out, context, &kind, error);
}

const training_class wide_training = {.classifier = &wide_classifier,
                                      .deterministic = true,
                                      .crossfits = true,
                                      .check = check,
                                      .find_words = find_words_of_grams,
                                      .words_by_architecture = true,
                                      .run = run};
