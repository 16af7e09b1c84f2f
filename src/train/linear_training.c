#include "train/linear_training.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/ngram_rows.h"
#include "model/linear_classifier.h"
#include "network/architecture.h"
#include "train/cross_fit.h"
#include "train/training_words.h"

static heed_status rows_of(feature_rows *out, const void *trained, const examples *e, pool *workers, heed_error *error)
{
    const linear *l = trained;
    return ngram_rows_make(&out->sparse, &l->features, e, workers, error);
}

static void tell_sizes(char *note, size_t size, const void *trained)
{
    const linear *l = trained;
    snprintf(note, size, "%u words, %u bigrams", l->features.words, l->features.bigrams);
}

/* source: the run, whose rows have the values of all rows. */
static heed_status fold_rows(feature_rows *train, feature_rows *held, const void *source, const fold_parts *parts,
                             heed_error *error)
{
    const logistic_run *t = source;
    const linear *l = t->result->trained;
    float *scale = memory_array(ngrams_count(&l->features), sizeof *scale);
    heed_status status;
    TRY(scale == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(ngram_rows_scale(scale, &l->features, &t->rows.sparse, parts->train, t->data->min_count, error));
    TRY(ngram_rows_weigh(&train->sparse, scale, &t->rows.sparse, parts->train, error));
    TRY(ngram_rows_weigh(&held->sparse, scale, &t->rows.sparse, parts->held, error));
done:
    free(scale);
    return status;
}

static heed_status hold_out(logistic_run *t, const linear *l, heed_error *error)
{
    const fold_features features = {ngrams_count(&l->features), fold_rows, t};
    cross_fit c;
    heed_status status;
    TRY(cross_fit_init(&c, t, &features, error));
    t->fits_all += cross_fit_folds(&c);
    TRY(cross_fit_finish(&c, l->fit.strength, 0, error));
done:
    cross_fit_release(&c);
    return status;
}

static heed_status prepare(logistic_run *t, heed_error *error)
{
    const training_data *d = t->data;
    const training_context *c = t->progress.context;
    ngrams features = {0};
    linear *l = NULL;
    double strength;
    heed_status status;
    TRY(architecture_parse_linear(&strength, NULL, c->options->architecture, error));
    TRY(ngrams_learn(&features, &d->train, &d->words, c->corpus->options.min_count, error));
    TRY(logistic_run_check_memory(t, ngrams_count(&features), error));
    TRY(linear_new(&l, &features, t->outputs, d->task == HEED_TASK_MULTICLASS, error));
    l->fit.strength = strength;
    t->result->trained = l;
    t->fit = &l->fit;
    TRY(rows_of(&t->rows, l, &d->train, t->workers, error));
    if (t->crossfits)
        status = hold_out(t, l, error);
done:
    ngrams_release(&features);
    return status;
}

static const logistic_kind kind = {.name = "linear",
                                   .features = "words and pairs of words",
                                   .fewer = "a higher --min-count or lower --max-words",
                                   .end = {1e-5, 200},
                                   .fold_end = {1e-5, 200},
                                   .prepare = prepare,
                                   .rows = rows_of,
                                   .tell_sizes = tell_sizes};

static heed_status check(const heed_train_options *options, heed_error *error)
{
    return logistic_training_check(options, kind.name, error);
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    return logistic_training_run(out, context, &kind, error);
}

const training_class linear_training = {.classifier = &linear_classifier,
                                        .deterministic = true,
                                        .crossfits = true,
                                        .check = check,
                                        .find_words = find_words_by_rows,
                                        .run = run};
