/* heed train: from files of labelled rows to a model file. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/status.h"
#include "model_rows.h"
#include "output.h"
#include "paths.h"
#include "picture_file.h"
#include "progress.h"
#include "settings.h"
#include "training_rows.h"

typedef struct training {
    settings *settings;
    progress progress;
    heed_corpus *corpus;
    heed_model *start; /* --init-from */
    heed_model *model;
} training;

static void corpus_tell(training *t)
{
    heed_corpus_info info = heed_corpus_describe(t->corpus);
    training_rows_tell(t->corpus, &t->progress);
    if (info.rows_test > 0)
        progress_line(&t->progress, "rows of the test part, not used here: %" PRIu64, info.rows_test);
}

/* ---------------------------------------------------------------- before */

static heed_status options_check(const settings *s, heed_error *error)
{
    if (s->model == NULL && s->folds == 0)
        return fail(error, HEED_USAGE, "train: --model is missing, expected --model OUT.safetensors");
    if (s->history_file != NULL && s->model == NULL)
        return fail(error, HEED_USAGE, "train: --history tells of the model's training, expected --model too");
    if (s->picture_file != NULL && s->model == NULL)
        return fail(error, HEED_USAGE, "train: --picture shows the model's training, expected --model too");
    return heed_architecture_check(s->train.architecture, error);
}

/* No output may be written over what is read, nor over another output; all of them can be written. */
static heed_status outputs_check(const settings *s, heed_error *error)
{
    const role_path outputs[] = {{"--model", s->model}, {"--history", s->history_file}, {"--picture", s->picture_file}};
    heed_status status = training_outputs_check(s, outputs, 3, error);
    for (size_t i = 0; i < 2 && status == HEED_OK; i++)
        if (outputs[i].path != NULL)
            status = file_check_writable(outputs[i].path, error);
    return status == HEED_OK ? picture_file_check(s->picture_file, error) : status;
}

/* ---------------------------------------------------------------- cross-validation */

/* Mean, and standard deviation of the sample. */
static double mean_of(double *deviation, const double *values, unsigned count)
{
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < count; i++)
        sum += values[i];
    double mean = sum / count;
    for (unsigned i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    *deviation = sqrt(squares / (count - 1));
    return mean;
}

static void mean_print(writer *o, const char *name, const double *values, unsigned count)
{
    double deviation = 0, mean = mean_of(&deviation, values, count);
    writer_print(o, "%s: %.4f ± %.4f\n", name, mean, deviation);
}

static heed_status folds_print(const heed_fold *folds, unsigned count, heed_error *error)
{
    double accuracy[FOLDS_MOST], loss[FOLDS_MOST], auc[FOLDS_MOST];
    output out = output_standard();
    for (unsigned i = 0; i < count; i++) {
        accuracy[i] = folds[i].validation.accuracy;
        loss[i] = folds[i].validation.loss;
        auc[i] = folds[i].validation.auc;
        writer_print(&out.w,
                     "fold %u/%u: rows %" PRIu64 " + %" PRIu64 ", best epoch %u, accuracy %.4f, loss %.4f, auc %.4f\n",
                     i + 1, count, folds[i].rows_train, folds[i].rows_validation, folds[i].best_epoch, accuracy[i],
                     loss[i], auc[i]);
    }
    mean_print(&out.w, "accuracy", accuracy, count);
    mean_print(&out.w, "loss", loss, count);
    mean_print(&out.w, "auc", auc, count);
    return output_finish(&out, error);
}

/* What the folds said of the number of epochs is what the model of all rows is trained for. */
static void epochs_from_folds(heed_train_options *options, const heed_fold *folds, unsigned count)
{
    double sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += folds[i].best_epoch;
    options->epochs = (unsigned)fmax(1, round(sum / count));
    options->validation = HEED_VALIDATION_NONE;
    options->keep = HEED_KEEP_LAST;
}

/* Folds divide the rows that nothing else has divided. */
static heed_status folds_check(const training *t, heed_error *error)
{
    heed_corpus_info info = heed_corpus_describe(t->corpus);
    if (info.rows_train + info.rows_validation + info.rows_test < info.rows)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "--folds divides the rows itself, but --split-column %s says of all %" PRIu64
                " rows where they belong; leave one of the two out",
                t->settings->rows.split_column != NULL ? t->settings->rows.split_column : "", info.rows);
}

static heed_status folds_run(training *t, heed_error *error)
{
    heed_fold folds[FOLDS_MOST];
    settings *s = t->settings;
    heed_status status = folds_check(t, error);
    if (status == HEED_OK)
        status = heed_cross_validate(folds, s->folds, t->corpus, &s->train, &t->progress.listener, error);
    progress_clear(&t->progress);
    if (status == HEED_OK)
        status = folds_print(folds, s->folds, error);
    if (status == HEED_OK)
        epochs_from_folds(&s->train, folds, s->folds);
    progress_restart(&t->progress);
    return status;
}

/* ---------------------------------------------------------------- the model */

static heed_status history_write(const heed_model *model, const char *path, heed_error *error)
{
    char *text = NULL;
    heed_status status = heed_model_history_csv(model, &text, error);
    return status == HEED_OK ? output_write_file(path, text, error) : status;
}

static heed_status picture_write(const heed_model *model, const char *path, heed_error *error)
{
    char *svg = NULL;
    heed_status status = heed_model_picture(model, &svg, error);
    return status == HEED_OK ? picture_file_write(path, svg, error) : status;
}

/* Whose weights these are, and what ended the training. */
static void written_tell(training *t, bool complete)
{
    const settings *s = t->settings;
    progress *p = &t->progress;
    bool best = s->train.keep == HEED_KEEP_BEST && p->best_epoch > 0;
    bool waited = complete && s->train.patience > 0 && p->best_epoch > 0 && p->last_epoch < p->epochs;
    char weights[64], end[96] = "";
    if (p->epochs == 1) {
        progress_line(p, "%s written", s->model);
        return;
    }
    if (best)
        snprintf(weights, sizeof weights, "epoch %u, the best of %u", p->best_epoch, p->last_epoch);
    else
        snprintf(weights, sizeof weights, "epoch %u, the last", p->last_epoch);
    if (waited)
        snprintf(end, sizeof end, "; %u epoch%s without a better one ended the training", s->train.patience,
                 s->train.patience == 1 ? "" : "s");
    progress_line(p, "%s written: the weights of %s%s", s->model, weights, end);
}

/* complete: the training was not stopped from outside. */
static heed_status model_write(training *t, bool complete, heed_error *error)
{
    settings *s = t->settings;
    heed_status status = heed_model_set_rows_options(t->model, &s->rows, error);
    if (status == HEED_OK)
        status = heed_model_save(t->model, s->model, error);
    if (status == HEED_OK && s->history_file != NULL)
        status = history_write(t->model, s->history_file, error);
    if (status == HEED_OK && s->picture_file != NULL)
        status = picture_write(t->model, s->picture_file, error);
    if (status == HEED_OK)
        written_tell(t, complete);
    return status;
}

static heed_status model_train(training *t, heed_error *error)
{
    settings *s = t->settings;
    heed_status trained = heed_train(&t->model, t->corpus, &s->train, &t->progress.listener, error);
    progress_clear(&t->progress);
    if (t->model == NULL)
        return trained == HEED_STOPPED
                   ? fail(error, trained, "stopped before an epoch was complete; no model was written")
                   : trained;
    heed_status status = model_write(t, trained == HEED_OK, error);
    if (status == HEED_OK && trained == HEED_STOPPED)
        return fail(error, trained, "stopped; %s holds the best epoch so far", s->model);
    return status == HEED_OK ? trained : status;
}

/* An empty corpus, which reads texts as the model does that the training starts from, where there is one. */
static heed_status corpus_begin(training *t, heed_error *error)
{
    settings *s = t->settings;
    if (s->start_model == NULL)
        return heed_corpus_new(&t->corpus, &s->text, error);
    heed_status status = heed_model_load(&t->start, s->start_model, error);
    if (status == HEED_OK)
        status = settings_start_from(s, t->start, error);
    if (status == HEED_OK)
        status = heed_corpus_new_like(&t->corpus, t->start, s->text.max_words, s->text.min_count, error);
    return status;
}

static heed_status run(settings *s, heed_error *error)
{
    training t = {.settings = s};
    heed_status status = training_files_check(s, error);
    if (status == HEED_OK)
        status = options_check(s, error);
    if (status == HEED_OK)
        status = outputs_check(s, error);
    if (status == HEED_OK)
        status = training_rows_check(s, error);
    if (status != HEED_OK)
        return status;
    progress_init(&t.progress, "reading", s->quiet, true);
    progress_watch_signals();
    status = corpus_begin(&t, error);
    if (status == HEED_OK)
        status = training_rows_read(t.corpus, s, &t.progress, error);
    if (status == HEED_OK)
        corpus_tell(&t);
    if (status == HEED_OK && s->folds > 0)
        status = folds_run(&t, error);
    if (status == HEED_OK && s->model != NULL)
        status = model_train(&t, error);
    else if (status == HEED_STOPPED)
        fail(error, status, "stopped; no model was written");
    heed_model_free(t.model);
    heed_corpus_free(t.corpus);
    heed_model_free(t.start);
    return status;
}

const command train_command = {
    .name = "train",
    .run = run,
    .touches = TOUCHES_RUN,
    .arguments = "--train FILE --model OUT [OPTION]...",
    .summary = "train a classifier and write it to a file",
    .about = "Reads labelled rows, cleans their texts, trains a network on them and writes one model file, which "
             "holds all that prediction needs.\n\n"
             "Without options texts are cleaned and split in the way of the default preset, a tenth of the rows is "
             "kept back for validation, and the weights of the best epoch are kept. Ctrl-C stops the training and "
             "keeps the best epoch so far (exit status 130); a second Ctrl-C ends the program at once.",
    .examples = "heed train --train reviews.csv --model reviews.safetensors\n"
                "heed train --train train.tsv --validation-file dev.tsv --model m.safetensors\n"
                "heed train --preset tutorial --train labeledTrainData.tsv \\\n"
                "    --train imdb_master.csv --model t.safetensors\n"
                "heed train --train reviews.csv --folds 5\n"
                "heed train --config run.json --epochs 5",
};
