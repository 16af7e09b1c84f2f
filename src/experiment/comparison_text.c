/* A comparison as text for people, as JSON, and as CSV. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/status.h"
#include "experiment/comparison.h"

/* ---- for people */

/* "A", ..., "Z", "27", ...: the architectures are too long for the tables' columns. */
static const char *contender_mark(char out[24], size_t i)
{
    snprintf(out, 24, i < 26 ? "%c" : "%u", i < 26 ? 'A' + (int)i : (int)i + 1);
    return out;
}

static heed_status print_names(buffer *b, const heed_comparison *c, heed_error *error)
{
    char mark[24];
    heed_status status = HEED_OK;
    for (size_t i = 0; i < c->contender_count && status == HEED_OK; i++)
        status = buffer_print(b, error, "%-2s %s%s\n", contender_mark(mark, i), c->contenders[i].name,
                              c->contenders[i].yardstick ? " (yardstick)" : "");
    return status;
}

/* "0.8787 ± 0.0012", "0.8787" of one trial, "-" of none; all 15 columns wide. */
static heed_status print_spread(buffer *b, heed_spread s, heed_error *error)
{
    if (isnan(s.mean))
        return buffer_print(b, error, "  %-15s", "-");
    if (isnan(s.deviation))
        return buffer_print(b, error, "  %-15.4f", s.mean);
    return buffer_print(b, error, "  %.4f \u00b1 %.4f", s.mean, s.deviation);
}

static heed_status print_figures(buffer *b, const heed_comparison *c, heed_error *error)
{
    char mark[24];
    heed_status status =
        buffer_print(b, error, "\n    %-15s  %-15s  %-15s  %8s  %10s\n", "accuracy", "macro F1", "AUC", "seconds",
                     "parameters");
    for (size_t i = 0; i < c->contender_count && status == HEED_OK; i++) {
        const heed_contender *k = &c->contenders[i];
        status = buffer_print(b, error, "%-2s", contender_mark(mark, i));
        if (status == HEED_OK)
            status = print_spread(b, k->accuracy, error);
        if (status == HEED_OK)
            status = print_spread(b, k->macro_f1, error);
        if (status == HEED_OK)
            status = print_spread(b, k->auc, error);
        if (status == HEED_OK && k->failed == k->trials)
            status = buffer_print(b, error, "  %8s  %10s\n", "-", "-");
        else if (status == HEED_OK)
            status = buffer_print(b, error, "  %8.1f  %10" PRIu64 "\n", k->seconds.mean, k->parameters);
    }
    return status;
}

/* "+0.0120 [+0.0051, +0.0188] *": 28 columns; the star where chance alone would hardly do it. */
static heed_status print_difference(buffer *b, heed_difference d, heed_error *error)
{
    if (isnan(d.mean))
        return buffer_print(b, error, "  %-28s", "-");
    return buffer_print(b, error, "  %+.4f [%+.4f, %+.4f] %c", d.mean, d.low, d.high,
                        d.low > 0 || d.high < 0 ? '*' : ' ');
}

static heed_status print_differences(buffer *b, const heed_comparison *c, heed_error *error)
{
    char mark[24];
    heed_status status =
        buffer_print(b, error, "\n    %-28s  %s\n", "accuracy less that of A", "macro F1 less that of A");
    for (size_t i = 1; i < c->contender_count && status == HEED_OK; i++) {
        status = buffer_print(b, error, "%-2s", contender_mark(mark, i));
        if (status == HEED_OK)
            status = print_difference(b, c->contenders[i].accuracy_difference, error);
        if (status == HEED_OK)
            status = print_difference(b, c->contenders[i].macro_f1_difference, error);
        while (status == HEED_OK && b->data[b->size - 1] == ' ')
            b->size--;
        if (status == HEED_OK)
            status = buffer_byte(b, '\n', error);
    }
    return status;
}

static heed_status print_failures(buffer *b, const heed_comparison *c, heed_error *error)
{
    char mark[24];
    heed_status status = HEED_OK;
    for (size_t i = 0; i < c->contender_count && status == HEED_OK; i++)
        for (size_t j = 0; j < c->contenders[i].trials && status == HEED_OK; j++) {
            const heed_trial *t = &c->trials[c->contenders[i].first + j];
            if (t->status != HEED_OK)
                status = buffer_print(b, error, "%s, seed %" PRIu64 ", has no figures: %s\n", contender_mark(mark, i),
                                      t->seed, t->problem);
        }
    return status;
}

heed_status heed_comparison_report(const heed_comparison *c, char **out, heed_error *error)
{
    buffer b = {0};
    *out = NULL;
    heed_status status = print_names(&b, c, error);
    if (status == HEED_OK)
        status = print_figures(&b, c, error);
    if (status == HEED_OK)
        status = print_differences(&b, c, error);
    if (status == HEED_OK)
        status = print_failures(&b, c, error);
    if (status == HEED_OK)
        status = buffer_print(&b, error,
                              "\nOf %" PRIu64 " %s rows; mean \u00b1 standard deviation of %" PRIu64
                              " seed%s. In brackets the 95%% interval of a\npaired bootstrap over rows and seeds (%u "
                              "resamples); * where it leaves out 0.\n",
                              c->rows, c->measured_validation ? "validation" : "test", c->seeds,
                              c->seeds == 1 ? "" : "s", c->resamples);
    if (status == HEED_OK && c->measured_validation)
        status = buffer_print(&b, error,
                              "The epochs were chosen on these rows too: a test file would be a fairer judge.\n");
    if (status == HEED_OK)
        status = buffer_take(&b, out, error);
    buffer_release(&b);
    return status;
}

/* ---- JSON */

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *spread_object(heed_spread s)
{
    return json_pack("{s:o, s:o}", "mean", number(s.mean), "deviation", number(s.deviation));
}

static json_t *difference_object(heed_difference d)
{
    return json_pack("{s:o, s:o, s:o}", "mean", number(d.mean), "low", number(d.low), "high", number(d.high));
}

static json_t *trial_object(const heed_trial *t)
{
    json_t *object = json_pack("{s:s, s:s, s:I, s:s}", "name", t->name, "architecture", t->architecture, "seed",
                               (json_int_t)t->seed, "status", heed_status_name(t->status));
    if (t->status != HEED_OK) {
        json_object_set_new(object, "problem", json_string(t->problem));
        return object;
    }
    json_t *figures = json_pack(
        "{s:i, s:i, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "epochs", (int)t->epochs, "epoch_kept",
        (int)t->epoch_kept, "seconds", number(t->seconds), "parameters", (json_int_t)t->parameters, "accuracy",
        number(t->accuracy), "macro_f1", number(t->macro_f1), "auc", number(t->auc), "loss", number(t->loss),
        "validation_accuracy", number(t->validation.accuracy), "validation_loss", number(t->validation.loss));
    if (json_object_update_new(object, figures) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *contender_object(const heed_comparison *c, const heed_contender *k)
{
    json_t *trials = json_array();
    for (size_t i = 0; i < k->trials; i++)
        if (json_array_append_new(trials, trial_object(&c->trials[k->first + i])) != 0) {
            json_decref(trials);
            return NULL;
        }
    return json_pack("{s:s, s:s, s:b, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", k->name, "architecture",
                     k->architecture, "yardstick", k->yardstick, "failed", (json_int_t)k->failed, "parameters",
                     (json_int_t)k->parameters, "accuracy", spread_object(k->accuracy), "macro_f1",
                     spread_object(k->macro_f1), "auc", spread_object(k->auc), "seconds", spread_object(k->seconds),
                     "accuracy_difference", difference_object(k->accuracy_difference), "macro_f1_difference",
                     difference_object(k->macro_f1_difference), "trials", trials);
}

heed_status heed_comparison_json(const heed_comparison *c, char **out, heed_error *error)
{
    json_t *contenders = json_array();
    bool fine = contenders != NULL;
    for (size_t i = 0; i < c->contender_count && fine; i++)
        fine = json_array_append_new(contenders, contender_object(c, &c->contenders[i])) == 0;
    json_t *root = json_pack("{s:I, s:s, s:I, s:i, s:o}", "rows", (json_int_t)c->rows, "measured",
                             c->measured_validation ? "validation" : "test", "seeds", (json_int_t)c->seeds,
                             "resamples", (int)c->resamples, "contenders", contenders);
    *out = fine && root != NULL ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(root);
    return *out == NULL ? fail_memory(error, "a comparison") : HEED_OK;
}

/* ---- CSV */

/* A text in quotes, its own doubled. */
static heed_status print_quoted(buffer *b, const char *text, heed_error *error)
{
    heed_status status = buffer_byte(b, '"', error);
    for (; *text != '\0' && status == HEED_OK; text++) {
        status = buffer_byte(b, *text, error);
        if (*text == '"' && status == HEED_OK)
            status = buffer_byte(b, '"', error);
    }
    return status == HEED_OK ? buffer_byte(b, '"', error) : status;
}

static heed_status print_trial(buffer *b, const heed_trial *t, heed_error *error)
{
    heed_status status = print_quoted(b, t->name, error);
    if (status == HEED_OK)
        status = buffer_byte(b, ',', error);
    if (status == HEED_OK)
        status = print_quoted(b, t->architecture, error);
    if (status == HEED_OK)
        status = buffer_print(b, error, ",%" PRIu64 ",%s,", t->seed, heed_status_name(t->status));
    if (status != HEED_OK)
        return status;
    if (t->status == HEED_OK)
        return buffer_print(b, error, "%u,%u,%.3f,%" PRIu64 ",%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,\n", t->epochs,
                            t->epoch_kept, t->seconds, t->parameters, t->accuracy, t->macro_f1, t->auc, t->loss,
                            t->validation.accuracy, t->validation.loss);
    status = buffer_print(b, error, ",,,,,,,,,,");
    if (status == HEED_OK)
        status = print_quoted(b, t->problem, error);
    return status == HEED_OK ? buffer_byte(b, '\n', error) : status;
}

heed_status heed_comparison_csv(const heed_comparison *c, char **out, heed_error *error)
{
    buffer b = {0};
    *out = NULL;
    heed_status status =
        buffer_print(&b, error,
                     "name,architecture,seed,status,epochs,epoch_kept,seconds,parameters,accuracy,macro_f1,"
                     "auc,loss,val_accuracy,val_loss,problem\n");
    for (size_t i = 0; i < c->trial_count && status == HEED_OK; i++)
        status = print_trial(&b, &c->trials[i], error);
    if (status == HEED_OK)
        status = buffer_take(&b, out, error);
    buffer_release(&b);
    return status;
}
