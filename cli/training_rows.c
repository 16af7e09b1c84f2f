#include "training_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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
        TRY(check_vectors(s->train.vectors, error));
    if (s->train.class_weights != NULL)
        TRY(check_class_weights(s->train.class_weights, error));
done:
    return status;
}

heed_status training_rows_check(const settings *s, heed_error *error)
{
    if (s->start_model != NULL && vectors_file(s->train.vectors) != NULL)
        return fail(error, HEED_USAGE,
                    "%s: found --init-from and --vectors with a file, expected one of them, or --vectors self for the "
                    "new words",
                    s->command->name);
    heed_status status = inputs_check(s, error);
    if (status == HEED_OK && s->train.vectors == NULL && s->start_model == NULL && s->train.frozen_epochs > 0)
        status = fail(error, HEED_USAGE, "--freeze: --vectors is missing, expected a file of word vectors to freeze");
    if (status == HEED_OK && s->train.resume && s->train.checkpoint == NULL)
        status = fail(error, HEED_USAGE, "--resume: --checkpoint is missing, expected the folder to go on from");
    return status;
}

void training_inputs_guard(path_guard *g, const settings *s)
{
    path_guard_input(g, "--validation-file", s->validation_file);
    path_guard_input(g, "--class-weights", class_weights_file(s->train.class_weights));
    path_guard_input(g, "--test", s->test_file);
    path_guard_input(g, "--stop-words", stop_words_file(s->text.stop_words));
    path_guard_input(g, "--tokens", s->text.tokenizer);
    path_guard_input(g, "--vectors", vectors_file(s->train.vectors));
    path_guard_inputs(g, "--train", s->train_files.items, s->train_files.count);
}

/* ---------------------------------------------------------------- rows */

typedef struct target {
    heed_corpus *corpus;
    settings *settings;
    progress *progress;
    uint64_t misfits; /* files in another encoding than they should be */
} target;

static heed_status files_add(target *t, const heed_corpus_files *files, heed_error *error)
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
    if (reader != NULL)
        t->misfits += heed_reader_describe(reader)->misfits;
    heed_reader_free(reader);
    return status;
}

heed_status training_rows_read(heed_corpus *corpus, settings *s, progress *p, heed_error *error)
{
    target t = {corpus, s, p, 0};
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
    if (status == HEED_OK && kept != NULL && t.misfits == 0) /* which are said every time */
        row_cache_keep(kept, corpus, s, files, count, p);
    heed_free(kept);
    return status;
}

enum { LINE_WIDTH = 80, LABEL_WIDTH = 40, LABELS_TOLD = 40 };

static int by_rows(const void *a, const void *b, void *info)
{
    const uint64_t *rows = ((const heed_corpus_info *)info)->label_rows;
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return rows[x] != rows[y] ? (rows[x] > rows[y] ? -1 : 1) : (x > y) - (x < y);
}

/* How much of a label is shown: whole characters. */
static int label_size(const char *label)
{
    size_t size = strnlen(label, LABEL_WIDTH + 1), end = size > LABEL_WIDTH ? LABEL_WIDTH : size;
    while (end < size && ((unsigned char)label[end] & 0xC0) == 0x80)
        end--;
    return (int)end;
}

/* "rows: 400 (neg 200, pos 200)", in lines of 80 columns. Of many labels the commonest, and how many others there are.
 * order: all labels. */
static void rows_tell(progress *p, const heed_corpus_info *info, const size_t *order)
{
    char line[LINE_WIDTH + 64], item[LABEL_WIDTH + 64];
    size_t told = info->label_count > LABELS_TOLD ? LABELS_TOLD : info->label_count;
    snprintf(line, sizeof line, "rows: %" PRIu64, info->rows);
    for (size_t i = 0; i < told; i++) {
        const char *label = info->labels[order[i]], *quote = strchr(label, ',') != NULL ? "'" : "";
        snprintf(item, sizeof item, " %s%s%.*s%s %" PRIu64 "%s", i == 0 ? "(" : "", quote, label_size(label), label,
                 quote, info->label_rows[order[i]], i + 1 < info->label_count ? "," : ")");
        if (strlen(line) + strlen(item) > LINE_WIDTH && i > 0) {
            progress_line(p, "%s", line);
            snprintf(line, sizeof line, "   ");
        }
        strcat(line, item);
    }
    if (told < info->label_count)
        progress_line(p, "%s and %zu more)", line, info->label_count - told);
    else
        progress_line(p, "%s", line);
}

static void labels_order(size_t *order, const heed_corpus_info *info)
{
    for (size_t i = 0; i < info->label_count; i++)
        order[i] = i;
    if (info->label_count > LABELS_TOLD)
        qsort_r(order, info->label_count, sizeof *order, by_rows, (void *)(uintptr_t)info);
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
    size_t *order = calloc(info->label_count + 1, sizeof *order);
    if (order != NULL) { /* without memory the training will say so */
        labels_order(order, info);
        rows_tell(p, info, order);
    }
    free(order);
    if (info->task == HEED_TASK_MULTILABEL)
        labels_tell(p, info);
    progress_line(p, "mean tokens: %.4f; distinct words: %" PRIu64, info->mean_tokens, info->distinct_words);
}
