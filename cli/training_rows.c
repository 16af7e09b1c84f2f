#include "training_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "operands.h"
#include "options/option_checks.h"
#include "row_cache.h"

/* ---------------------------------------------------------------- before */

heed_status training_files_check(const settings *s, heed_error *error)
{
    if (s->train_files.count > 0)
        return HEED_OK;
    return fail(error, HEED_USAGE, "%s: --train is missing, expected --train FILE with labelled rows",
                s->command->name);
}

/* The values that name files that a training opens. */
static heed_status inputs_check(const settings *s, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < s->train_files.count; i++)
        TRY(path_check_rows(s->train_files.items[i], error));
    TRY(path_check_rows(s->validation_file, error));
    TRY(path_check_rows(s->test_file, error));
    if (s->train.vectors != NULL)
        TRY(check_file(s->train.vectors, error));
    if (s->train.class_weights != NULL)
        TRY(check_class_weights(s->train.class_weights, error));
done:
    return status;
}

heed_status training_rows_check(const settings *s, heed_error *error)
{
    heed_status status = inputs_check(s, error);
    if (status == HEED_OK && s->train.vectors == NULL && s->start_model == NULL && s->train.frozen_epochs > 0)
        status =
            fail(error, HEED_USAGE, "--freeze: found without --vectors, expected a file of word vectors to freeze");
    return status;
}

void training_inputs_guard(path_guard *g, const settings *s)
{
    path_guard_input(g, "--validation-file", s->validation_file);
    path_guard_input(g, "--class-weights", class_weights_file(s->train.class_weights));
    path_guard_input(g, "--test", s->test_file);
    path_guard_input(g, "--stop-words", stop_words_file(s->text.stop_words));
    path_guard_input(g, "--vectors", s->train.vectors);
    path_guard_inputs(g, "--train", s->train_files.items, s->train_files.count);
}

/* ---------------------------------------------------------------- rows */

typedef struct target {
    heed_corpus *corpus;
    settings *settings;
    progress *progress;
} target;

static heed_status files_add(const target *t, const heed_corpus_files *files, heed_error *error)
{
    heed_reader *reader = NULL;
    settings *s = t->settings;
    for (size_t i = 0; i < files->count; i++)
        terminal_tell(s, files->paths[i]);
    heed_status status = heed_reader_open(&reader, files->paths, files->count, &s->rows, error);
    if (status == HEED_OK)
        status = heed_corpus_add(t->corpus, reader, files->part, s->train.threads, &t->progress->listener, error);
    progress_clear(t->progress);
    if (status != HEED_BAD_DATA && reader != NULL)
        progress_skipped(t->progress, reader);
    heed_reader_free(reader);
    return status;
}

heed_status training_rows_read(heed_corpus *corpus, settings *s, progress *p, heed_error *error)
{
    const target t = {corpus, s, p};
    heed_corpus_files files[3] = {{s->train_files.items, s->train_files.count, HEED_PART_ANY}};
    size_t count = 1;
    char *kept = NULL;
    s->rows.need_label = true;
    if (s->validation_file != NULL)
        files[count++] = (heed_corpus_files){&s->validation_file, 1, HEED_PART_VALIDATION};
    if (s->test_file != NULL)
        files[count++] = (heed_corpus_files){&s->test_file, 1, HEED_PART_TEST};
    if (s->cache != NULL && row_cache_restore(&kept, corpus, s, files, count, p)) {
        heed_free(kept);
        return HEED_OK;
    }
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count && status == HEED_OK; i++)
        status = files_add(&t, &files[i], error);
    if (status == HEED_OK && kept != NULL)
        row_cache_keep(kept, corpus, s, files, count, p);
    heed_free(kept);
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

static void labels_tell(progress *p, const heed_corpus_info *info)
{
    double labels = 0;
    for (size_t i = 0; i < info->label_count; i++)
        labels += (double)info->label_rows[i];
    progress_line(p, "labels: %zu, any number per row; on average %.4f", info->label_count,
                  info->rows > 0 ? labels / (double)info->rows : 0);
}

void training_rows_tell(heed_corpus *corpus, progress *p)
{
    const heed_corpus_info *info = heed_corpus_describe(corpus);
    rows_tell(p, info);
    if (info->task == HEED_TASK_MULTILABEL)
        labels_tell(p, info);
    progress_line(p, "mean tokens: %.4f; distinct words: %" PRIu64, info->mean_tokens, info->distinct_words);
}
