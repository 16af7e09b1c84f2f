/* A search as text for people, and as JSON. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json_memory.h"
#include "base/number.h"
#include "base/status.h"
#include "experiment/tuning.h"
#include "options/choices.h"

enum { SHOWN = 10 };

/* ---- for people */

static void values_print(writer *w, const range_list *ranges, char **values)
{
    for (size_t i = 0; i < ranges->count; i++) {
        writer_print(w, "%s%s ", i == 0 ? "          " : ", ", ranges->items[i].option->name);
        writer_text(w, values[i]);
    }
    writer_byte(w, '\n');
}

static void trial_print(writer *w, size_t place, const heed_tune_trial *t)
{
    char auc[NUMBER_TEXT];
    writer_print(w, "%2zu %6u %7u %5u %9.4f %9.4f %9s %11" PRIu64 " %9.1f\n", place, t->number, t->epochs,
                 t->epoch_kept, t->loss, t->accuracy, number_fixed(auc, t->auc, 4), t->parameters, t->seconds);
}

static void failures_print(writer *w, const trial_table *table)
{
    size_t failed = 0;
    for (size_t i = 0; i < table->count; i++)
        failed += table->rows[i].status != HEED_OK;
    writer_print(w, "\n%zu training%s, %zu of them failed", table->count, table->count == 1 ? "" : "s", failed);
    writer_text(w, failed > 0 ? "; see column problem of the table\n" : "\n");
}

heed_status heed_tuning_report(char **out, const heed_tuning *tuning, heed_error *error)
{
    const trial_search *search = &tuning->table.search;
    size_t count = 0;
    const heed_tune_trial **ranked = tuning_ranked(tuning, &count);
    writer w = {0};
    *out = NULL;
    if (ranked == NULL)
        return fail_memory(error, "the trials");
    writer_print(&w, "%2s %6s %7s %5s %9s %9s %9s %11s %9s\n", "", "trial", "epochs", "kept", "loss", "accuracy", "auc",
                 "parameters", "seconds");
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        char **values = ranges_draw(search->ranges, search->seed, ranked[i]->number);
        trial_print(&w, i + 1, ranked[i]);
        if (values != NULL)
            values_print(&w, search->ranges, values);
        else
            writer_fail(&w, ENOMEM);
        ranges_values_free(values);
    }
    failures_print(&w, &tuning->table);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    free(ranked);
    return status;
}

/* ---- for programs */

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
static json_t *trial_json(const trial_search *search, const heed_tune_trial *t)
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

heed_status heed_tuning_json(char **out, const heed_tuning *tuning, heed_error *error)
{
    const trial_table *table = &tuning->table;
    const size_t failures = json_memory_failures();
    size_t count = 0;
    const heed_tune_trial **best = tuning_ranked(tuning, &count);
    json_t *root = NULL, *trials = best == NULL ? NULL : trials_json(table);
    if (trials != NULL)
        root = json_pack("{s:s, s:I, s:o, s:o}", "goal", names_of(&goal_names, tuning->options.goal), "seed",
                         (json_int_t)table->search.seed, "best",
                         count > 0 ? json_integer(best[0]->number) : json_null(), "trials", trials);
    heed_status status = json_print(out, root, JSON_INDENT(2) | JSON_REAL_PRECISION(6), failures,
                                    "the trials, or a value that is not UTF-8", error);
    json_decref(root);
    free(best);
    return status;
}
