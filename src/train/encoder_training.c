#include "train/encoder_training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/encoder_classifier.h"
#include "train/encoding_progress.h"
#include "train/logistic_training.h"
#include "train/strength_choice.h"
#include "train/training_words.h"

static const double strengths[] = {0.03, 0.1, 0.3, 1, 3, 10, 30};
static const strength_grid grid = {strengths, sizeof strengths / sizeof *strengths};

/* ---- features */

static heed_status rows_with(feature_rows *out, const encoder_head *head, const examples *e, pool *workers,
                             training_progress *progress, heed_error *error)
{
    const heed_corpus *c = e->corpus;
    encoding_progress work = encoding_begin(progress, c->encoder);
    const feature_listener listener = encoding_listener(&work);
    const feature_query query = {c, &head->key, e->row, e->count};
    const real *features;
    heed_status status = encoded_rows_find(&features, &query, workers, progress == NULL ? NULL : &listener, error);
    return status == HEED_OK
               ? feature_rows_take(out, features, head->fit.features, (sparse_part){e->row, e->count}, error)
               : status;
}

static heed_status rows_of(feature_rows *out, const void *trained, const examples *e, pool *workers, heed_error *error)
{
    return rows_with(out, trained, e, workers, NULL, error);
}

static void tell_sizes(char *note, size_t size, const void *trained)
{
    const encoder_head *head = trained;
    snprintf(note, size, "%zu features of the encoder %s", head->fit.features, head->spec.name);
}

/* source: the run. Features do not depend on other rows. */
static heed_status fold_rows(feature_rows *train, feature_rows *held, const void *source, const fold_parts *parts,
                             heed_error *error)
{
    const dense_rows *all = &((const logistic_run *)source)->rows.dense;
    heed_status status = feature_rows_take(train, all->values, all->features, parts->train, error);
    return status == HEED_OK ? feature_rows_take(held, all->values, all->features, parts->held, error) : status;
}

static heed_status prepare(logistic_run *t, heed_error *error)
{
    const training_data *d = t->data;
    const heed_corpus *c = t->progress.context->corpus;
    encoder_spec spec;
    encoder_head *head = NULL;
    heed_status status;
    TRY(encoder_spec_parse(&spec, t->progress.context->options->architecture, error));
    TRY(encoder_head_new(&head, &spec, c->encoder, t->outputs, d->task == HEED_TASK_MULTICLASS, error));
    encoder_head_read_by(head, c->encoder, d->recorded_window, &c->options);
    t->result->trained = head;
    t->fit = &head->fit;
    TRY(logistic_run_check_memory(t, head->fit.features, error));
    TRY(rows_with(&t->rows, head, &d->train, t->workers, &t->progress, error));
    const fold_features features = {head->fit.features, fold_rows, t};
    TRY(strength_settle(&head->spec.strength, t, &features, &grid, error));
    head->fit.strength = head->spec.strength;
    status = encoder_spec_print(&t->result->architecture, &head->spec, error);
done:
    return status;
}

static const logistic_kind kind = {.name = "encoder",
                                   .features = "of the encoder",
                                   .fewer = "a smaller encoder",
                                   .dense = true,
                                   .end = {1e-5, 1000},
                                   .fold_end = {1e-4, 300},
                                   .prepare = prepare,
                                   .rows = rows_of,
                                   .tell_sizes = tell_sizes};

/* ---- its class */

static heed_status check(const heed_train_options *options, heed_error *error)
{
    encoder_spec spec;
    heed_status status = encoder_spec_parse(&spec, options->architecture, error);
    return status == HEED_OK ? logistic_training_check(options, kind.name, error) : status;
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    return logistic_training_run(out, context, &kind, error);
}

const training_class encoder_training = {.classifier = &encoder_classifier,
                                         .deterministic = true,
                                         .crossfits = true,
                                         .check = check,
                                         .find_words = find_no_words,
                                         .words_by_architecture = true,
                                         .run = run};
