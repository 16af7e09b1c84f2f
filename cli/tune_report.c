#include "tune_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/writer.h"
#include "options/choices.h"

enum { SHOWN = 10 };

/* ---------------------------------------------------------------- ranking */

double trial_score(const trial *t, tune_goal goal)
{
    double score = goal == GOAL_LOSS ? t->loss : goal == GOAL_ACCURACY ? -t->accuracy : -t->auc;
    return t->status != HEED_OK || isnan(score) ? INFINITY : score;
}

typedef struct ranked {
    const trial *trial;
    double score;
} ranked;

static int ranked_compare(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    if (a->trial->rung != b->trial->rung)
        return a->trial->rung > b->trial->rung ? -1 : 1;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->trial->number < b->trial->number ? -1 : a->trial->number > b->trial->number;
}

/* Whether the trial went on to a later rung without failing there. */
static bool is_surpassed(const trial_table *table, const trial *t)
{
    for (unsigned rung = t->rung + 1; rung <= table->search.rung_count; rung++) {
        const trial *later = trials_find(table, rung, t->number);
        if (later != NULL && later->status == HEED_OK)
            return true;
    }
    return false;
}

const trial **trials_ranked(const trial_table *table, tune_goal goal, size_t *count)
{
    ranked *list = calloc(table->count + 1, sizeof *list);
    const trial **out = calloc(table->count + 1, sizeof *out);
    *count = 0;
    for (size_t i = 0; i < table->count && list != NULL && out != NULL; i++) {
        const trial *t = &table->rows[i];
        if (t->status == HEED_OK && !is_surpassed(table, t))
            list[(*count)++] = (ranked){t, trial_score(t, goal)};
    }
    if (list == NULL || out == NULL) {
        free(list);
        free(out);
        return NULL;
    }
    qsort(list, *count, sizeof *list, ranked_compare);
    for (size_t i = 0; i < *count; i++)
        out[i] = list[i].trial;
    free(list);
    return out;
}

/* ---------------------------------------------------------------- for people */

static void trial_print(writer *o, size_t place, const trial *t, const range_list *ranges, char **values)
{
    writer_print(o, "%2zu %6u %7u %5u %9.4f %9.4f %9.4f %11" PRIu64 " %9.1f\n", place, t->number, t->epochs,
                 t->epoch_kept, t->loss, t->accuracy, t->auc, t->parameters, t->seconds);
    for (size_t i = 0; i < ranges->count; i++) {
        writer_print(o, "%s%s ", i == 0 ? "          " : ", ", ranges->items[i].option->name);
        escape_terminal(o, bytes_of(values[i]));
    }
    writer_byte(o, '\n');
}

static void end_print(writer *o, const trial_table *table, const settings *s)
{
    size_t failed = 0;
    for (size_t i = 0; i < table->count; i++)
        failed += table->rows[i].status != HEED_OK;
    writer_print(o, "\n%zu training%s, %zu of them failed", table->count, table->count == 1 ? "" : "s", failed);
    writer_text(o, failed > 0 ? "; column problem of the table says why\n" : "\n");
    if (s->best_file == NULL) {
        writer_text(o, "--resume with --best FILE.json writes the best one's options for heed train --config\n");
        return;
    }
    writer_text(o, "heed train --config ");
    escape_terminal(o, bytes_of(s->best_file));
    writer_text(o, " --model best.safetensors\n");
}

heed_status tune_report_print(const trial_table *table, const settings *s, heed_error *error)
{
    const trial_search *search = &table->search;
    output o = output_standard();
    size_t count = 0;
    const trial **ranked_trials = trials_ranked(table, s->goal, &count);
    bool complete = ranked_trials != NULL;
    if (complete)
        writer_print(&o.w, "%2s %6s %7s %5s %9s %9s %9s %11s %9s\n", "", "trial", "epochs", "kept", "loss", "accuracy",
                     "auc", "parameters", "seconds");
    for (size_t i = 0; i < count && i < SHOWN && complete; i++) {
        char **values = ranges_draw(search->ranges, search->seed, ranked_trials[i]->number);
        complete = values != NULL;
        if (complete)
            trial_print(&o.w, i + 1, ranked_trials[i], search->ranges, values);
        ranges_values_free(values);
    }
    free(ranked_trials);
    if (!complete)
        return fail(error, HEED_FAILED, "out of memory for the trials");
    end_print(&o.w, table, s);
    return output_finish(&o, error);
}

/* ---------------------------------------------------------------- for programs */

static json_t *number_json(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

static json_t *values_json(const range_list *ranges, char **values)
{
    json_t *object = json_object();
    for (size_t i = 0; i < ranges->count; i++)
        if (json_object_set_new(object, ranges->items[i].option->name, json_string(values[i])) != 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

/* NULL: no memory, or a value that is not UTF-8. */
static json_t *trial_json(const trial_search *search, const trial *t)
{
    char **values = ranges_draw(search->ranges, search->seed, t->number);
    json_t *laid = values == NULL ? NULL : values_json(search->ranges, values);
    ranges_values_free(values);
    if (laid == NULL)
        return NULL;
    if (t->status != HEED_OK)
        return json_pack("{s:I, s:I, s:I, s:o, s:s, s:f, s:s%}", "rung", (json_int_t)t->rung, "trial",
                         (json_int_t)t->number, "epochs", (json_int_t)t->epochs, "values", laid, "status",
                         heed_status_name(t->status), "seconds", t->seconds, "problem",
                         t->problem == NULL ? "" : t->problem, t->problem == NULL ? (size_t)0 : strlen(t->problem));
    return json_pack("{s:I, s:I, s:I, s:o, s:s, s:I, s:o, s:o, s:o, s:I, s:f}", "rung", (json_int_t)t->rung, "trial",
                     (json_int_t)t->number, "epochs", (json_int_t)t->epochs, "values", laid, "status",
                     heed_status_name(t->status), "epoch_kept", (json_int_t)t->epoch_kept, "val_loss",
                     number_json(t->loss), "val_accuracy", number_json(t->accuracy), "val_auc", number_json(t->auc),
                     "parameters", (json_int_t)t->parameters, "seconds", t->seconds);
}

static json_t *trials_json(const trial_table *table)
{
    json_t *array = json_array();
    for (size_t i = 0; i < table->count; i++)
        if (json_array_append_new(array, trial_json(&table->search, &table->rows[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

heed_status tune_json_print(const trial_table *table, const settings *s, heed_error *error)
{
    size_t count = 0;
    const trial **best = trials_ranked(table, s->goal, &count);
    json_t *root = NULL, *trials = best == NULL ? NULL : trials_json(table);
    if (trials != NULL)
        root = json_pack("{s:s, s:I, s:o, s:o}", "goal", names_of(&goal_names, s->goal), "seed", (json_int_t)table->search.seed,
                         "best", count > 0 ? json_integer(best[0]->number) : json_null(), "trials", trials);
    char *text = root == NULL ? NULL : json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(root);
    free(best);
    if (text == NULL)
        return fail(error, HEED_FAILED, "out of memory for the trials, or a value that is not UTF-8");
    output o = output_standard();
    output_take(&o, text);
    return output_finish(&o, error);
}
