/* heed train: from files of labelled rows to a model file. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "paths.h"
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
    if (s->history_file != NULL && s->model == NULL)
        return complain(error, HEED_USAGE, "train: --history tells of the model's training, expected --model too");
    return heed_architecture_check(s->train.architecture, error);
}

/* A file that is not there is told before the first one is read, in the words of whoever would open it. */
static heed_status inputs_check(const settings *s, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < s->train_files.count && status == HEED_OK; i++)
        status = path_check_rows(s->train_files.items[i], error);
    if (status == HEED_OK)
        status = path_check_rows(s->validation_file, error);
    if (status == HEED_OK)
        status = path_check_file(s->train.vectors, error);
    if (status == HEED_OK && s->train.vectors == NULL && s->train.frozen_epochs > 0)
        status = complain(error, HEED_USAGE,
                          "--freeze: found without --vectors, expected a file of word vectors to keep as they are");
    return status;
}

/* No output may be written over what is read, nor over another output. */
static heed_status outputs_apart(const settings *s, heed_error *error)
{
    const char *words = s->text.stop_words;
    bool built_in = words != NULL && (strcmp(words, "none") == 0 || strcmp(words, "english") == 0);
    const role_path model = {"--model", s->model}, history = {"--history", s->history_file};
    const role_path others[] = {{"--validation-file", s->validation_file},
                                {"--stop-words", built_in ? NULL : words},
                                {"--vectors", s->train.vectors}};
    enum { OTHERS = sizeof others / sizeof *others };
    heed_status status = path_check_apart(history, &model, 1, error);
    if (status == HEED_OK)
        status = path_check_apart(model, others, OTHERS, error);
    if (status == HEED_OK)
        status = path_check_apart(history, others, OTHERS, error);
    for (size_t i = 0; i < s->train_files.count && status == HEED_OK; i++) {
        const role_path rows = {"--train", s->train_files.items[i]};
        status = path_check_apart(model, &rows, 1, error);
        if (status == HEED_OK)
            status = path_check_apart(history, &rows, 1, error);
    }
    return status;
}

static heed_status outputs_check(const settings *s, heed_error *error)
{
    heed_status status = outputs_apart(s, error);
    if (status == HEED_OK && s->model != NULL)
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
    if (status != HEED_BAD_DATA && reader != NULL)
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
        snprintf(item, sizeof item, " %s%.*s %" PRIu64 "%s", i == 0 ? "(" : "", NAME, info->labels[i],
                 info->label_rows[i], i + 1 < info->label_count ? "," : ")");
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

static void mean_print(output *o, const char *name, const double *values, unsigned count)
{
    double deviation = 0, mean = mean_of(&deviation, values, count);
    output_print(o, "%s: %.4f ± %.4f\n", name, mean, deviation);
}

static heed_status folds_print(const heed_fold *folds, unsigned count, heed_error *error)
{
    double accuracy[FOLDS_MOST], loss[FOLDS_MOST], auc[FOLDS_MOST];
    output out = output_standard();
    for (unsigned i = 0; i < count; i++) {
        accuracy[i] = folds[i].validation.accuracy;
        loss[i] = folds[i].validation.loss;
        auc[i] = folds[i].validation.auc;
        output_print(&out,
                     "fold %u/%u: rows %" PRIu64 " + %" PRIu64 ", best epoch %u, accuracy %.4f, loss %.4f, auc %.4f\n",
                     i + 1, count, folds[i].rows_train, folds[i].rows_validation, folds[i].best_epoch, accuracy[i],
                     loss[i], auc[i]);
    }
    mean_print(&out, "accuracy", accuracy, count);
    mean_print(&out, "loss", loss, count);
    mean_print(&out, "auc", auc, count);
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
    return complain(error, HEED_USAGE,
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

/* Whose weights these are, and what ended the training. */
static void written_tell(training *t, bool complete)
{
    const settings *s = t->settings;
    progress *p = &t->progress;
    bool best = s->train.keep == HEED_KEEP_BEST && p->best_epoch > 0;
    bool waited = complete && s->train.patience > 0 && p->best_epoch > 0 && p->last_epoch < s->train.epochs;
    char weights[64], end[96] = "";
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
                   ? complain(error, trained, "stopped before an epoch was complete; no model was written")
                   : trained;
    heed_status status = model_write(t, trained == HEED_OK, error);
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
    if (status == HEED_OK)
        status = inputs_check(s, error);
    if (status != HEED_OK)
        return status;
    progress_init(&t.progress, "reading", s->quiet, true);
    progress_watch_signals();
    status = corpus_read(&t, error);
    if (status == HEED_OK)
        corpus_tell(&t);
    if (status == HEED_OK && s->folds > 0)
        status = folds_run(&t, error);
    if (status == HEED_OK && s->model != NULL)
        status = model_train(&t, error);
    else if (status == HEED_STOPPED)
        complain(error, status, "stopped; no model was written");
    heed_model_free(t.model);
    heed_corpus_free(t.corpus);
    return status;
}
