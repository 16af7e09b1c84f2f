/* heed compare: which architecture, or which other choice, is better, and whether the difference could be chance. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/status.h"
#include "config_file.h"
#include "output.h"
#include "training_rows.h"

enum { LEARNING_PARTS = 4 };

typedef struct comparing {
    settings *settings;
    progress progress;
    heed_corpus *corpus;
    heed_train_options *contenders;
    const heed_train_options **list; /* of them */
    const char **names;
    size_t count;
    /* with --learning-curve, which makes LEARNING_PARTS contenders of each choice: */
    const char **choices; /* [count / LEARNING_PARTS], their names */
    char **part_names;    /* [count] */
    settings variant;     /* the options of --against, one after the other; owns their texts */
    heed_comparison *comparison;
} comparing;

/* ---------------------------------------------------------------- contenders */

/* The architectures with the options of the command line, then the first of them with the options of each --against. */
static heed_status contenders_list(comparing *c, heed_error *error)
{
    const settings *s = c->settings;
    size_t most = s->architectures.count + 3 + s->variants.count;
    heed_status status = HEED_OK;
    c->contenders = calloc(most, sizeof *c->contenders);
    c->names = calloc(most, sizeof *c->names);
    if (c->contenders == NULL || c->names == NULL)
        return fail_memory(error, "the architectures");
    for (; c->count < s->architectures.count; c->count++) {
        c->contenders[c->count] = s->train;
        c->contenders[c->count].architecture = s->architectures.items[c->count];
    }
    if (c->count == 0)
        c->contenders[c->count++] = s->train;
    if (s->preset == HEED_PRESET_RECIPE && s->architectures.count == 0) { /* its network comes first */
        c->contenders[c->count++] = s->train;
        c->contenders[0].architecture = heed_recipe_network();
    }
    if (s->text.encoder != NULL && s->architectures.count == 0) { /* and an encoder by itself */
        c->contenders[c->count] = s->train;
        c->contenders[c->count++].architecture = heed_recipe_encoder();
    }
    for (size_t i = 0; i < s->variants.count; i++) {
        c->variant.train = c->contenders[0];
        TRY(config_lay(&c->variant, s->variants.items[i], error));
        c->names[c->count] = s->variants.items[i];
        c->contenders[c->count++] = c->variant.train;
    }
    for (size_t i = 0; i < c->count; i++)
        TRY(heed_architecture_check(c->contenders[i].architecture, error));
done:
    return status;
}

/* Each contender as LEARNING_PARTS of them, on all rows, a half, a quarter, an eighth. */
static heed_status parts_list(comparing *c, heed_error *error)
{
    static const char *const says[LEARNING_PARTS] = {"all rows", "1/2 of them", "1/4 of them", "1/8 of them"};
    size_t count = c->count * LEARNING_PARTS;
    heed_train_options *contenders = calloc(count, sizeof *contenders);
    const char **names = calloc(count, sizeof *names);
    c->part_names = calloc(count, sizeof *c->part_names);
    bool complete = contenders != NULL && names != NULL && c->part_names != NULL;
    for (size_t i = 0; i < count && complete; i++) {
        size_t of = i / LEARNING_PARTS, part = i % LEARNING_PARTS;
        if (c->names[of] == NULL)
            c->names[of] = c->contenders[of].architecture;
        size_t size = strlen(c->names[of]) + 32;
        contenders[i] = c->contenders[of];
        contenders[i].train_share /= (double)(1 << part);
        names[i] = c->part_names[i] = malloc(size);
        complete = names[i] != NULL && snprintf(c->part_names[i], size, "%s, %s", c->names[of], says[part]) > 0;
    }
    free(c->contenders);
    c->choices = c->names;
    c->contenders = contenders;
    c->names = names;
    c->count = c->part_names != NULL ? count : 0;
    return complete ? HEED_OK : fail_memory(error, "the contenders");
}

static void variant_release(settings *variant)
{
    for (size_t i = 0; i < variant->config_texts.count; i++)
        free((void *)variant->config_texts.items[i]);
    free(variant->config_texts.items);
}

/* ---------------------------------------------------------------- results */

static heed_status table_write(const comparing *c, heed_error *error)
{
    char *text = NULL;
    heed_status made = heed_comparison_csv(&text, c->comparison, error);
    return output_write_made(made, text, c->settings->table_file, error);
}

static heed_status comparison_draw(const comparing *c, heed_error *error)
{
    char *svg = NULL;
    heed_status made = heed_comparison_picture(&svg, c->comparison, error);
    return output_draw_made(made, svg, c->settings->picture_file, error);
}

/* A contender's points, from few rows to all; those whose trainings have all failed are left out. */
static void line_fill(heed_line *line, double *at, const comparing *c, size_t first)
{
    double *x = at, *y = at + LEARNING_PARTS, *low = y + LEARNING_PARTS, *high = low + LEARNING_PARTS;
    *line =
        (heed_line){.name = c->choices[first / LEARNING_PARTS], .x = x, .y = y, .low = low, .high = high, .area = NAN};
    for (size_t part = LEARNING_PARTS; part-- > 0;) {
        const heed_contender *k = heed_comparison_contender(c->comparison, first + part);
        uint64_t rows = 0;
        for (size_t t = k->first; t < k->first + k->trials; t++) {
            const heed_trial *trial = heed_comparison_trial(c->comparison, t);
            rows = trial->status == HEED_OK ? trial->rows : rows;
        }
        if (rows == 0)
            continue;
        double around = k->trials - k->failed > 1 ? k->accuracy.deviation : 0;
        x[line->count] = (double)rows;
        y[line->count] = k->accuracy.mean;
        low[line->count] = k->accuracy.mean - around;
        high[line->count++] = k->accuracy.mean + around;
    }
}

static heed_status learning_write(const comparing *c, heed_error *error)
{
    size_t count = c->count / LEARNING_PARTS;
    heed_line *lines = calloc(count, sizeof *lines);
    double *points = calloc(count * LEARNING_PARTS * 4, sizeof *points);
    char *svg = NULL;
    for (size_t i = 0; i < count && lines != NULL && points != NULL; i++)
        line_fill(&lines[i], points + i * LEARNING_PARTS * 4, c, i * LEARNING_PARTS);
    heed_status made = lines == NULL || points == NULL ? fail_memory(error, "a picture")
                                                       : heed_learning_picture(&svg, lines, count, "accuracy", error);
    free(lines);
    free(points);
    return output_draw_made(made, svg, c->settings->learning_file, error);
}

static heed_status report_print(const comparing *c, heed_error *error)
{
    char *text = NULL;
    bool json = c->settings->json;
    heed_status made =
        json ? heed_comparison_json(&text, c->comparison, error) : heed_comparison_report(&text, c->comparison, error);
    return output_print_made(made, text, !json, error);
}

/* ---------------------------------------------------------------- the command */

static heed_status checks(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    heed_status status;
    TRY(training_files_check(s, error));
    TRY(training_rows_check(s, error));
    path_guard_output(&g, "--table", s->table_file);
    path_guard_picture(&g, "--picture", s->picture_file);
    path_guard_picture(&g, "--learning-curve", s->learning_file);
    training_inputs_guard(&g, s);
    status = path_guard_end(&g);
done:
    return status;
}

static heed_status results_write(const comparing *c, heed_error *error)
{
    const settings *s = c->settings;
    heed_status status;
    if (s->table_file != NULL)
        TRY(table_write(c, error));
    if (s->picture_file != NULL)
        TRY(comparison_draw(c, error));
    TRY(report_print(c, error));
    if (s->learning_file != NULL)
        TRY(learning_write(c, error));
done:
    return status;
}

static heed_status compare(comparing *c, heed_error *error)
{
    settings *s = c->settings;
    heed_status status;
    TRY(heed_corpus_new(&c->corpus, &s->text, error));
    TRY(training_rows_read(c->corpus, s, &c->progress, error));
    training_rows_tell(c->corpus, &c->progress);
    c->list = calloc(c->count, sizeof *c->list);
    TRY(c->list == NULL ? fail_memory(error, "the contenders") : HEED_OK);
    for (size_t i = 0; i < c->count; i++)
        c->list[i] = &c->contenders[i];
    s->compare.contenders = c->list;
    s->compare.names = c->names;
    s->compare.count = c->count;
    heed_status compared = heed_compare(&c->comparison, c->corpus, &s->compare, &c->progress.listener, error);
    progress_clear(&c->progress);
    if (c->comparison == NULL)
        return compared == HEED_STOPPED ? fail(error, compared, "stopped before a training was complete") : compared;
    TRY(results_write(c, error));
    if (compared == HEED_STOPPED)
        fail(error, compared, "stopped; the table has the trainings that were complete");
    status = compared;
done:
    return status;
}

static heed_status run(settings *s, heed_error *error)
{
    comparing c = {.settings = s, .variant = {.command = s->command}};
    heed_status status;
    TRY(checks(s, error));
    TRY(contenders_list(&c, error));
    if (s->learning_file != NULL)
        TRY(parts_list(&c, error));
    progress_init(&c.progress, "reading", s->quiet, true);
    progress_watch_signals();
    status = compare(&c, error);
done:
    heed_comparison_free(c.comparison);
    heed_corpus_free(c.corpus);
    variant_release(&c.variant);
    for (size_t i = 0; c.part_names != NULL && i < c.count; i++)
        free(c.part_names[i]);
    free(c.part_names);
    free(c.choices);
    free(c.contenders);
    free(c.list);
    free(c.names);
    return status;
}

static const char *const without[] = {"architecture", NULL};

const command compare_command = {
    .name = "compare",
    .run = run,
    .touches = TOUCHES_RUN | TOUCHES_COMPARING,
    .without = without,
    .arguments = "--train FILE [--test FILE] [--architecture TEXT]...",
    .summary = "find out which architecture is better, and how sure that is",
    .about =
        "Trains every architecture with several seeds on the same rows, measures them on the same rows, and prints a "
        "table: accuracy, macro F1, area under the curve, time, parameters, and the difference from the first "
        "architecture with a 95% interval (paired bootstrap over rows and seeds).\n\n"
        "Two baselines are added: linear (logistic regression on TF-IDF of words and word pairs), and, if every "
        "architecture has attention, the first one with mean pooling instead. A training that fails is reported, and "
        "the others go on. Ctrl-C ends the comparison and prints the table of the trainings that are complete.",
    .examples = "heed compare --train train.tsv --test test.tsv\n"
                "heed compare --train train.tsv --test test.tsv --seeds 5 \\\n"
                "    --architecture 'embed 64 | bilstm 32 | attention additive 16' \\\n"
                "    --architecture 'embed 64 | conv 100 3 4 5 | max | dropout 0.5'\n"
                "heed compare --train train.tsv --test test.tsv \\\n"
                "    --against '{\"vectors\": \"glove.6B.64d.txt\"}'",
};
