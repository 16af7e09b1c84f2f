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
#include "progress.h"
#include "settings.h"
#include "training_rows.h"

typedef struct training {
    settings *settings;
    progress progress;
    heed_corpus *corpus;
    heed_model *start; /* --init-from */
    heed_model *model;
    bool begun; /* everything before the model is done */
} training;

static void corpus_tell(training *t)
{
    const heed_corpus_info *info = heed_corpus_describe(t->corpus);
    training_rows_tell(t->corpus, &t->progress);
    if (info->rows_test > 0)
        progress_line(&t->progress, "rows of the test part, not used here: %" PRIu64, info->rows_test);
}

/* ---------------------------------------------------------------- before */

static heed_status options_check(const settings *s, heed_error *error)
{
    if (s->model == NULL && s->folds == 0)
        return fail(error, HEED_USAGE, "train: --model is missing, expected --model OUT.safetensors");
    if (s->history_file != NULL && s->model == NULL)
        return fail(error, HEED_USAGE, "train: --history is for the training of a model, expected --model too");
    if (s->picture_file != NULL && s->model == NULL)
        return fail(error, HEED_USAGE, "train: --picture is for the training of a model, expected --model too");
    return heed_architecture_check(s->train.architecture, error);
}

static heed_status outputs_check(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    path_guard_output(&g, "--model", s->model);
    path_guard_output(&g, "--history", s->history_file);
    path_guard_picture(&g, "--picture", s->picture_file);
    training_inputs_guard(&g, s);
    return path_guard_end(&g);
}

/* ---------------------------------------------------------------- cross-validation */

/* Mean, and standard deviation of the sample. */
/* Folds divide the rows unless something else does. */
static heed_status folds_check(const training *t, heed_error *error)
{
    const heed_corpus_info *info = heed_corpus_describe(t->corpus);
    if (info->rows_train + info->rows_validation + info->rows_test < info->rows)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "--folds divides the rows itself, but --split-column %s assigns all %" PRIu64
                " rows already; leave out one of the two",
                t->settings->rows.split_column != NULL ? t->settings->rows.split_column : "", info->rows);
}

static heed_status folds_run(training *t, heed_error *error)
{
    heed_folds *folds = NULL;
    settings *s = t->settings;
    char *text = NULL;
    heed_status status;
    TRY(folds_check(t, error));
    TRY(heed_cross_validate(&folds, s->folds, t->corpus, &s->train, &t->progress.listener, error));
    progress_clear(&t->progress);
    heed_folds_apply(&s->train, folds);
    progress_restart(&t->progress);
    status = heed_folds_report(&text, folds, error);
    status = output_print_made(status, text, false, error);
done:
    heed_folds_free(folds);
    progress_clear(&t->progress);
    return status;
}

/* ---------------------------------------------------------------- the model */

static heed_status history_write(const heed_model *model, const char *path, heed_error *error)
{
    char *text = NULL;
    heed_status made = heed_model_history_csv(&text, model, error);
    return output_write_made(made, text, path, error);
}

/* Which epoch the weights are from; empty if there could be only one. */
static void weights_name(char out[64], const training *t)
{
    const progress *p = &t->progress;
    bool best = t->settings->train.keep == HEED_KEEP_BEST && p->best_epoch > 0;
    if (p->epochs <= 1)
        *out = '\0';
    else if (best)
        snprintf(out, 64, ": the weights of epoch %u, the best of %u", p->best_epoch, p->last_epoch);
    else
        snprintf(out, 64, ": the weights of epoch %u, the last", p->last_epoch);
}

/* Which epoch the weights are from, and what ended the training. */
static void written_tell(training *t)
{
    const char *ending = heed_model_ending(t->model);
    char weights[64];
    weights_name(weights, t);
    progress_line(&t->progress, "%s written%s%s%s", t->settings->model, weights, ending != NULL ? "; " : "",
                  ending != NULL ? ending : "");
}

static heed_status model_write(training *t, heed_error *error)
{
    settings *s = t->settings;
    heed_status status;
    TRY(heed_model_set_rows_options(t->model, &s->rows, error));
    TRY(heed_model_save(t->model, s->model, error));
    if (s->history_file != NULL)
        TRY(history_write(t->model, s->history_file, error));
    if (s->picture_file != NULL)
        TRY(output_draw_model(t->model, s->picture_file, error));
    written_tell(t);
done:
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
    heed_status status = model_write(t, error);
    if (status == HEED_OK && trained == HEED_STOPPED)
        return fail(error, trained, "stopped; %s has the %s epoch so far", s->model,
                    s->train.keep == HEED_KEEP_BEST && t->progress.best_epoch > 0 ? "best" : "last");
    return status == HEED_OK ? trained : status;
}

/* An empty corpus; if the training starts from a model, it reads texts as the model does. */
static heed_status corpus_begin(training *t, heed_error *error)
{
    settings *s = t->settings;
    heed_status status;
    if (s->start_model == NULL)
        return heed_corpus_new(&t->corpus, &s->text, error);
    TRY(heed_model_load(&t->start, s->start_model, error));
    TRY(settings_start_from(s, t->start, error));
    status = heed_corpus_new_like(&t->corpus, t->start, s->text.max_words, s->text.min_count, error);
done:
    return status;
}

static heed_status checks(const settings *s, heed_error *error)
{
    heed_status status;
    TRY(training_files_check(s, error));
    TRY(options_check(s, error));
    TRY(outputs_check(s, error));
    status = training_rows_check(s, error);
done:
    return status;
}

static heed_status run(settings *s, heed_error *error)
{
    training t = {.settings = s};
    heed_status status = checks(s, error);
    if (status != HEED_OK)
        return status;
    progress_init(&t.progress, "reading", s->quiet, true);
    progress_watch_signals();
    TRY(corpus_begin(&t, error));
    TRY(training_rows_read(t.corpus, s, &t.progress, error));
    corpus_tell(&t);
    if (s->folds > 0)
        TRY(folds_run(&t, error));
    t.begun = true;
    if (s->model != NULL)
        status = model_train(&t, error);
done:
    if (status == HEED_STOPPED && !t.begun)
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
    .about =
        "Reads labelled rows, cleans their texts, trains a classifier and writes one model file with everything that "
        "prediction needs.\n\n"
        "By default a recipe chooses for the rows: n-grams (wide), or of many rows the sum of wide and a network where "
        "rows that were held out say that it is better. It trains on all rows. So do the architectures linear and "
        "wide; "
        "their figures are of rows that a cross-fit held out in turn. Of one network (--architecture) a tenth of the "
        "rows is used for validation instead of training, and the model gets the weights of the best epoch. Ctrl-C "
        "stops the training and "
        "writes the best epoch so far (exit status 130); a second Ctrl-C ends the program at once.",
    .examples = "heed train --train reviews.csv --model reviews.safetensors\n"
                "heed train --train train.tsv --validation-file dev.tsv --model m.safetensors\n"
                "heed train --preset tutorial --train labeledTrainData.tsv \\\n"
                "    --train imdb_master.csv --model t.safetensors\n"
                "heed train --train reviews.csv --folds 5\n"
                "heed train --config run.json --epochs 5",
};
