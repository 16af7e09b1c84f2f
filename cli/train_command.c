/* heed train: from files of labelled rows to a model file. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "progress.h"
#include "settings.h"

typedef struct training {
    settings *settings;
    progress progress;
    heed_corpus *corpus;
    heed_model *model;
} training;

/* ---------------------------------------------------------------- before */

static heed_status options_check(const settings *s, heed_error *error)
{
    if (s->train_files.count == 0)
        return complain(error, HEED_USAGE, "train: --train is missing, expected --train FILE with labelled rows");
    if (s->model == NULL && s->folds == 0)
        return complain(error, HEED_USAGE, "train: --model is missing, expected --model OUT.safetensors");
    if (s->validation_file != NULL && settings_named(s, "validation"))
        return complain(error, HEED_USAGE, "train: found --validation-file and --validation, expected one of them");
    if (s->validation_file != NULL && s->folds > 0)
        return complain(error, HEED_USAGE, "train: found --validation-file and --folds, expected one of them: every "
                                           "fold validates with its own part");
    if (s->history_file != NULL && s->model == NULL)
        return complain(error, HEED_USAGE, "train: --history tells of the model's training, expected --model too");
    return HEED_OK;
}

static heed_status outputs_check(const settings *s, heed_error *error)
{
    heed_status status = HEED_OK;
    if (s->model != NULL)
        status = output_check(s->model, error);
    if (status == HEED_OK && s->history_file != NULL)
        status = output_check(s->history_file, error);
    return status;
}

/* ---------------------------------------------------------------- rows */

static heed_status files_add(training *t, const char *const *paths, size_t count, heed_part part, heed_error *error)
{
    heed_reader *reader = NULL;
    settings *s = t->settings;
    heed_status status = heed_reader_open(&reader, paths, count, &s->rows, error);
    if (status == HEED_OK)
        status = heed_corpus_add(t->corpus, reader, part, s->train.threads, &t->progress.listener, error);
    progress_clear(&t->progress);
    if (reader != NULL)
        progress_skipped(&t->progress, reader);
    heed_reader_free(reader);
    return status;
}

static heed_status corpus_read(training *t, heed_error *error)
{
    settings *s = t->settings;
    s->rows.need_label = true;
    heed_status status = heed_corpus_new(&t->corpus, &s->text, error);
    if (status == HEED_OK)
        status = files_add(t, s->train_files.items, s->train_files.count, HEED_PART_ANY, error);
    if (status == HEED_OK && s->validation_file != NULL)
        status = files_add(t, &s->validation_file, 1, HEED_PART_VALIDATION, error);
    return status;
}

/* "rows: 400 (neg 200, pos 200)", in lines of 80 columns. */
static void rows_tell(progress *p, const heed_corpus_info *info)
{
    enum { WIDTH = 80, NAME = 40 };
    char line[WIDTH + 1], item[NAME + 32];
    snprintf(line, sizeof line, "rows: %" PRIu64, info->rows);
    for (size_t i = 0; i < info->label_count; i++) {
        snprintf(item, sizeof item, " %s%.*s %" PRIu64 "%s", i == 0 ? "(" : "", NAME, info->labels[i], info->label_rows[i],
                 i + 1 < info->label_count ? "," : ")");
        if (strlen(line) + strlen(item) > WIDTH && i > 0) {
            progress_line(p, "%s", line);
            snprintf(line, sizeof line, "   ");
        }
        strcat(line, item);
    }
    progress_line(p, "%s", line);
}

static void corpus_tell(training *t)
{
    progress *p = &t->progress;
    heed_corpus_info info = heed_corpus_describe(t->corpus);
    rows_tell(p, &info);
    progress_line(p, "mean tokens: %.4f; distinct words: %" PRIu64, info.mean_tokens, info.distinct_words);
    if (info.rows_test > 0)
        progress_line(p, "rows of the test part, not used here: %" PRIu64, info.rows_test);
}

/* ---------------------------------------------------------------- cross-validation */

/* Mean and standard deviation (of the sample) of one figure of the folds, found `offset` bytes into a fold. */
static double fold_mean(double *deviation, const heed_fold *folds, unsigned count, size_t offset)
{
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < count; i++)
        sum += *(const double *)(const void *)((const char *)&folds[i] + offset);
    double mean = sum / count;
    for (unsigned i = 0; i < count; i++) {
        double away = *(const double *)(const void *)((const char *)&folds[i] + offset) - mean;
        squares += away * away;
    }
    *deviation = sqrt(squares / (count - 1));
    return mean;
}

static double best_epoch_mean(const heed_fold *folds, unsigned count)
{
    double sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += folds[i].best_epoch;
    return sum / count;
}

static heed_status folds_print(const heed_fold *folds, unsigned count, heed_error *error)
{
    static const struct {
        const char *name;
        size_t offset;
    } figures[] = {{"accuracy", offsetof(heed_fold, validation.accuracy)},
                   {"loss", offsetof(heed_fold, validation.loss)},
                   {"auc", offsetof(heed_fold, validation.auc)}};
    output out = output_standard();
    for (unsigned i = 0; i < count; i++)
        output_print(&out, "fold %u/%u: rows %" PRIu64 " + %" PRIu64 ", best epoch %u, accuracy %.4f, loss %.4f, auc %.4f\n",
                     i + 1, count, folds[i].rows_train, folds[i].rows_validation, folds[i].best_epoch,
                     folds[i].validation.accuracy, folds[i].validation.loss, folds[i].validation.auc);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        double deviation = 0, mean = fold_mean(&deviation, folds, count, figures[i].offset);
        output_print(&out, "%s: %.4f ± %.4f\n", figures[i].name, mean, deviation);
    }
    return output_finish(&out, error);
}

/* What the folds said of the number of epochs is what the model of all rows is trained for. */
static heed_status folds_train(training *t, heed_error *error)
{
    settings *s = t->settings;
    heed_fold *folds = calloc(s->folds, sizeof *folds);
    if (folds == NULL)
        return complain(error, HEED_FAILED, "out of memory for the folds");
    heed_status status = heed_cross_validate(folds, s->folds, t->corpus, &s->train, &t->progress.listener, error);
    progress_clear(&t->progress);
    if (status == HEED_OK)
        status = folds_print(folds, s->folds, error);
    s->train.epochs = (unsigned)fmax(1, round(best_epoch_mean(folds, s->folds)));
    s->train.validation = HEED_VALIDATION_NONE;
    s->train.keep = HEED_KEEP_LAST;
    free(folds);
    return status;
}

/* ---------------------------------------------------------------- the model */

static heed_status history_write(const heed_model *model, const char *path, heed_error *error)
{
    output out = {.file = NULL};
    char *text = NULL;
    heed_status status = heed_model_history_csv(model, &text, error);
    if (status == HEED_OK)
        status = output_create(&out, path, error);
    if (status != HEED_OK) {
        heed_free(text);
        return status;
    }
    output_take(&out, text);
    return output_finish(&out, error);
}

static heed_status model_write(training *t, heed_error *error)
{
    settings *s = t->settings;
    heed_status status = heed_model_set_rows_options(t->model, &s->rows, error);
    if (status == HEED_OK)
        status = heed_model_save(t->model, s->model, error);
    if (status == HEED_OK && s->history_file != NULL)
        status = history_write(t->model, s->history_file, error);
    if (status == HEED_OK && s->train.keep == HEED_KEEP_BEST && t->progress.best_epoch > 0)
        progress_line(&t->progress, "%s written: the weights of epoch %u, the best of %u", s->model,
                      t->progress.best_epoch, t->progress.last_epoch);
    else if (status == HEED_OK)
        progress_line(&t->progress, "%s written: the weights of epoch %u, the last", s->model, t->progress.last_epoch);
    return status;
}

static heed_status model_train(training *t, heed_error *error)
{
    settings *s = t->settings;
    heed_status trained = heed_train(&t->model, t->corpus, &s->train, &t->progress.listener, error);
    progress_clear(&t->progress);
    if (t->model == NULL)
        return trained == HEED_STOPPED ? complain(error, trained, "stopped before an epoch was complete; no model was written")
                                       : trained;
    heed_status status = model_write(t, error);
    if (status == HEED_OK && trained == HEED_STOPPED)
        return complain(error, trained, "stopped; %s holds the best epoch so far", s->model);
    return status == HEED_OK ? trained : status;
}

heed_status train_command(settings *s, heed_error *error)
{
    training t = {.settings = s};
    heed_status status = options_check(s, error);
    if (status == HEED_OK)
        status = outputs_check(s, error);
    if (status != HEED_OK)
        return status;
    progress_init(&t.progress, "reading", s->quiet, true);
    progress_watch_signals();
    status = corpus_read(&t, error);
    if (status == HEED_OK)
        corpus_tell(&t);
    if (status == HEED_OK && s->folds > 0) {
        status = folds_train(&t, error);
        progress_restart(&t.progress);
    }
    if (status == HEED_OK && s->model != NULL)
        status = model_train(&t, error);
    else if (status == HEED_STOPPED)
        complain(error, status, "stopped; no model was written");
    heed_model_free(t.model);
    heed_corpus_free(t.corpus);
    return status;
}
