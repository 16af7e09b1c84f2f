/* heed evaluate: measures a model on labelled rows. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/status.h"
#include "labels.h"
#include "model_rows.h"
#include "output.h"
#include "paths.h"
#include "pictures.h"
#include "progress.h"
#include "settings.h"

typedef struct evaluating {
    const heed_model *model;
    labels labels;
    heed_evaluation *evaluation;
    heed_report *report; /* NULL: not wanted */
    output table;        /* file NULL: not wanted */
    bool with_ids;
    bool begun; /* a row came */
    uint64_t rows;
    size_t *truth; /* [truth_capacity]: of the current row */
    size_t truth_capacity;
    char unknown_at[400]; /* file, line and row of the first label that the model does not have; "": none */
    heed_status status;   /* of the sink, which can only tell the library to stop */
    heed_error problem;
} evaluating;

/* ---------------------------------------------------------------- rows */

/* On one line and in one field, whatever the label has. */
static void label_write(writer *o, heed_bytes label)
{
    writer escaped = {0};
    escape_label(&escaped, label);
    if (escaped.problem != 0)
        writer_fail(o, escaped.problem);
    escape_field(o, (heed_bytes){escaped.data, escaped.size}, '\t');
    writer_release(&escaped);
}

enum { OWN_COLUMNS = 3 }; /* of the table, before those of the labels */

/* Their names are followed by a number, if without it one of them is the name of a label: "label_2". */
static void own_column(char out[32], const evaluating *e, size_t column, unsigned number)
{
    const char *const names[OWN_COLUMNS] = {e->with_ids ? "id" : "row", "label", "predicted"};
    if (number > 1)
        snprintf(out, 32, "%s_%u", names[column], number);
    else
        snprintf(out, 32, "%s", names[column]);
}

static bool is_label(const evaluating *e, const char *name)
{
    for (size_t i = 0; i < e->labels.count; i++)
        if (strcmp(e->labels.names[i], name) == 0)
            return true;
    return false;
}

static unsigned own_number(const evaluating *e)
{
    char name[32];
    unsigned number = 1;
    for (size_t column = 0; column < OWN_COLUMNS; column++) {
        own_column(name, e, column, number);
        if (is_label(e, name)) { /* try the next number, from the first column on */
            number++;
            column = (size_t)-1;
        }
    }
    return number;
}

static void table_begin(evaluating *e)
{
    char name[32];
    const unsigned number = own_number(e);
    for (size_t i = 0; i < OWN_COLUMNS; i++) {
        own_column(name, e, i, number);
        writer_text(&e->table.w, i > 0 ? "\t" : "");
        writer_text(&e->table.w, name);
    }
    for (size_t i = 0; i < e->labels.count; i++) {
        writer_byte(&e->table.w, '\t');
        label_write(&e->table.w, bytes_of(e->labels.names[i]));
    }
    writer_byte(&e->table.w, '\n');
}

/* Several labels in one field. */
static void answer_join(evaluating *e, const float *probabilities)
{
    writer joined = {0};
    size_t count = labels_decide(&e->labels, probabilities);
    for (size_t i = 0; i < count; i++) {
        writer_text(&joined, i == 0 ? "" : e->labels.separator);
        writer_text(&joined, e->labels.names[e->labels.order[i]]);
    }
    if (joined.problem != 0)
        writer_fail(&e->table.w, joined.problem);
    label_write(&e->table.w, (heed_bytes){joined.data, joined.size});
    writer_release(&joined);
}

static void table_row(evaluating *e, const heed_record *record, const float *probabilities)
{
    writer *o = &e->table.w;
    if (e->with_ids)
        escape_field(o, record->id, '\t');
    else
        writer_print(o, "%" PRIu64, record->row);
    writer_byte(o, '\t');
    label_write(o, record->label);
    writer_byte(o, '\t');
    if (e->labels.task == HEED_TASK_MULTILABEL)
        answer_join(e, probabilities);
    else
        label_write(o, bytes_of(e->labels.names[labels_best(&e->labels, probabilities)]));
    for (size_t i = 0; i < e->labels.count; i++) {
        writer_byte(o, '\t');
        score_write(o, (double)probabilities[i]);
    }
    writer_byte(o, '\n');
}

/* A row may have more labels than the model. */
static heed_status truth_grow(evaluating *e, size_t count)
{
    if (count <= e->truth_capacity)
        return HEED_OK;
    size_t *grown = realloc(e->truth, 2 * count * sizeof *grown);
    if (grown == NULL)
        return fail_memory(&e->problem, "the labels of a row");
    e->truth = grown;
    e->truth_capacity = 2 * count;
    return HEED_OK;
}

/* Where the first label is that the model does not have. */
static void place_note(evaluating *e, const heed_record *record, size_t label)
{
    if (label >= e->labels.count && e->unknown_at[0] == '\0')
        snprintf(e->unknown_at, sizeof e->unknown_at, "%.300s:%" PRIu64 ": row %" PRIu64, record->file,
                 record->line_number, record->row);
}

static heed_status row_add(evaluating *e, const heed_record *record, const float *probabilities)
{
    bool several = e->labels.task == HEED_TASK_MULTILABEL;
    size_t count = several ? record->label_count : 1;
    heed_status status;
    TRY(truth_grow(e, count));
    for (size_t i = 0; i < count; i++) {
        TRY(heed_evaluation_label(&e->truth[i], e->evaluation, several ? record->labels[i] : record->label,
                                  &e->problem));
        place_note(e, record, e->truth[i]);
    }
    status = several ? heed_evaluation_add_labels(e->evaluation, e->truth, count, probabilities, &e->problem)
                     : heed_evaluation_add(e->evaluation, *e->truth, probabilities, &e->problem);
    if (status == HEED_OK && heed_model_digests(e->model) > 0)
        status = heed_evaluation_saw(e->evaluation, heed_model_saw(e->model, record->text), &e->problem);
done:
    return status;
}

static int evaluated(void *user, const heed_record *record, const float *probabilities)
{
    evaluating *e = user;
    if (!e->begun) {
        e->begun = true;
        e->with_ids = record->id.data != NULL;
        if (e->table.w.file != NULL)
            table_begin(e);
    }
    e->status = row_add(e, record, probabilities);
    e->rows++;
    if (e->status == HEED_OK && e->report != NULL)
        e->status = heed_report_add(e->report, record->text, record->id, &e->problem);
    if (e->status != HEED_OK)
        return 1;
    if (e->table.w.file != NULL)
        table_row(e, record, probabilities);
    return e->table.w.problem != 0;
}

static heed_status rows_evaluate(evaluating *e, const heed_model *model, settings *s, heed_error *error)
{
    progress p;
    heed_reader *reader = NULL;
    heed_predictor *predictor = NULL;
    heed_status status;
    progress_init(&p, "evaluating", s->quiet, true);
    if (e->table.w.file != NULL)
        progress_watch_signals(); /* the temporary file is removed */
    TRY(settings_reader_open(&reader, s, s->operands.items + 1, s->operands.count - 1, error));
    TRY(settings_predictor_new(&predictor, s, model, error));
    settings_tell_weights(s, predictor, &p);
    status = heed_predict_rows(predictor, reader, evaluated, e, &p.listener, error);
    if (e->status != HEED_OK) {
        status = e->status;
        *error = e->problem;
    }
done:
    if (status == HEED_STOPPED && e->table.w.problem == 0)
        fail(error, status, "stopped; no metrics");
    progress_clear(&p);
    if (status != HEED_BAD_DATA && reader != NULL)
        progress_skipped(&p, reader);
    heed_predictor_free(predictor);
    heed_reader_free(reader);
    return status;
}

/* ---------------------------------------------------------------- the command */

/* Outputs must not overwrite inputs or each other. */
static heed_status outputs_check(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    path_guard_output(&g, "--curves", s->curves_file);
    path_guard_output(&g, "--probabilities", s->probabilities_file);
    path_guard_input(&g, "MODEL", s->operands.items[0]);
    path_guard_inputs(&g, "FILE", s->operands.items + 1, s->operands.count - 1);
    return path_guard_end(&g);
}

static heed_status curves_write(const settings *s, const heed_evaluation *evaluation, heed_error *error)
{
    char *text = NULL;
    heed_status made = heed_evaluation_curves_csv(&text, evaluation, error);
    return output_write_made(made, text, s->curves_file, error);
}

static heed_status report_print(const settings *s, const heed_evaluation *evaluation, heed_error *error)
{
    char *text = NULL;
    heed_status made =
        s->json ? heed_evaluation_json(&text, evaluation, error) : heed_evaluation_report(&text, evaluation, 2, error);
    char *end = s->brief && text != NULL ? strstr(text, "\n\n") : NULL; /* the metrics are its first paragraph */
    if (end != NULL)
        end[1] = '\0';
    return output_print_made(made, text, !s->json, error);
}

static heed_status report_begin(evaluating *e, const heed_model *model, const settings *s, heed_error *error)
{
    heed_report_options options;
    char *graph = NULL;
    heed_status status = graph_svg(&graph, model, error);
    if (status != HEED_OK && status != HEED_USAGE) /* without Graphviz the page has only the table of layers */
        return status;
    heed_report_options_init(&options);
    options.folder = s->report_folder;
    options.model_file = s->operands.items[0];
    options.files = s->operands.items + 1;
    options.file_count = s->operands.count - 1;
    options.seed = s->train.seed;
    options.threads = s->train.threads;
    options.graph = graph;
    status = heed_report_new(&e->report, model, e->evaluation, &options, error);
    heed_free(graph);
    return status;
}

static heed_status report_write(const evaluating *e, const settings *s, heed_error *error)
{
    progress p;
    progress_init(&p, "reporting", s->quiet, true);
    heed_status status = heed_report_write(e->report, &p.listener, error);
    progress_clear(&p);
    return status;
}

/* What is required of rows that were not seen can be judged only if that is known. */
static heed_status unseen_check(const heed_model *model, const settings *s, heed_error *error)
{
    for (size_t i = 0; i < s->requirements.count && heed_model_digests(model) == 0; i++)
        if (strncmp(s->requirements.items[i], "unseen.", strlen("unseen.")) == 0)
            return fail(error, HEED_USAGE,
                        "--require %s: %s has no digests of its rows, so it cannot be known which rows it saw; 'heed "
                        "check' finds rows that files share",
                        s->requirements.items[i], s->operands.items[0]);
    return HEED_OK;
}

static heed_status evaluation_begin(evaluating *e, const heed_model *model, settings *s, heed_error *error)
{
    const labels *l = &e->labels;
    heed_status status;
    e->model = model;
    TRY(settings_rows_of_model(s, model, error));
    TRY(labels_init(&e->labels, model, s->threshold, s->rows.label_separator, error));
    TRY(l->task == HEED_TASK_MULTILABEL
            ? heed_evaluation_new_multilabel(&e->evaluation, l->names, l->count, l->thresholds, error)
            : heed_evaluation_new(&e->evaluation, l->names, l->count, l->positive, *l->thresholds, error));
    TRY(heed_evaluation_check_requirements(e->evaluation, s->requirements.items, s->requirements.count, error));
    TRY(unseen_check(model, s, error));
    if (s->report_folder != NULL)
        TRY(report_begin(e, model, s, error));
    if (s->probabilities_file != NULL)
        status = output_create(&e->table, s->probabilities_file, error);
done:
    return status;
}

static heed_status unknown_warn(const evaluating *e, progress *p, heed_error *error)
{
    char *text = NULL;
    heed_status status = heed_evaluation_unknown_labels(&text, e->evaluation, error);
    if (text != NULL)
        progress_warn(p, HEED_WARNING_UNKNOWN_LABELS, "%s: %s", e->unknown_at, text);
    heed_free(text);
    return status;
}

static heed_status metrics_find(evaluating *e, const settings *s, heed_error *error)
{
    progress p;
    heed_status status;
    progress_init(&p, "measuring", s->quiet, true);
    heed_evaluation_listen(e->evaluation, &p.listener);
    status = heed_evaluation_finish(e->evaluation, &e->problem);
    if (status != HEED_OK)
        TRY(fail(error, status, "%s%s%s", e->unknown_at, e->unknown_at[0] != '\0' ? ": " : "", e->problem.message));
    TRY(unknown_warn(e, &p, error));
    model_warn_seen(heed_evaluation_seen_rows(e->evaluation), e->rows, &p);
    model_tell_forgotten(e->model, &p);
    if (s->resamples > 0)
        status = heed_evaluation_bootstrap(e->evaluation, s->resamples, s->train.seed, s->train.threads, error);
done:
    heed_evaluation_listen(e->evaluation, NULL);
    progress_clear(&p);
    return status;
}

static heed_status evaluation_end(evaluating *e, const settings *s, heed_error *error)
{
    heed_status status;
    TRY(metrics_find(e, s, error));
    TRY(output_finish(&e->table, error));
    if (s->curves_file != NULL)
        TRY(curves_write(s, e->evaluation, error));
    if (e->report != NULL)
        TRY(report_write(e, s, error));
    TRY(report_print(s, e->evaluation, error));
    status = heed_evaluation_require(e->evaluation, s->requirements.items, s->requirements.count, error);
done:
    return status;
}

static heed_status model_evaluate(evaluating *e, const heed_model *model, settings *s, heed_error *error)
{
    heed_status status;
    TRY(evaluation_begin(e, model, s, error));
    TRY(rows_evaluate(e, model, s, error));
    return evaluation_end(e, s, error);
done:
    return e->table.w.problem != 0 ? output_finish(&e->table, error) : status;
}

static heed_status run(settings *s, heed_error *error)
{
    evaluating e = {.status = HEED_OK};
    heed_model *model = NULL;
    if (s->json && s->brief)
        return fail(error, HEED_USAGE, "evaluate: found --json and --brief, expected one of them");
    heed_status status;
    TRY(heed_evaluation_check_requirements(NULL, s->requirements.items, s->requirements.count, error));
    if (s->threshold != NULL)
        TRY(heed_check_thresholds(s->threshold, error));
    TRY(outputs_check(s, error));
    TRY(settings_model_load(&model, s, error));
    status = model_evaluate(&e, model, s, error);
done:
    output_abandon(&e.table);
    heed_report_free(e.report);
    heed_evaluation_free(e.evaluation);
    labels_release(&e.labels);
    free(e.truth);
    heed_model_free(model);
    return status;
}

const command evaluate_command = {
    .name = "evaluate",
    .alias = "test",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_LABELS | TOUCHES_ANSWERS | TOUCHES_THREADS,
    .min_arguments = 2,
    .max_arguments = ANY_NUMBER,
    .arguments = "MODEL FILE... [OPTION]...",
    .summary = "measure a model on labelled rows",
    .about = "Prints the classification report, the confusion matrix and the areas under the curves, with 95% "
             "intervals of the main metrics. Rows are read as in training, unless options say otherwise.",
    .examples = "heed evaluate m.safetensors test.tsv\n"
                "heed evaluate m.safetensors test.tsv --report report\n"
                "heed evaluate m.safetensors testData.tsv --text-column review \\\n"
                "    --label-from 'id:rating>=5' --json\n"
                "heed evaluate m.safetensors test.tsv --require macro_f1=0.85 --require auc=0.9",
};
