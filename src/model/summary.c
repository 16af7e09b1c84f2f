/* What is in a model, for people and for programs. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/status.h"
#include "model/model.h"
#include "model/layer_graph.h"
#include "linear/linear_summary.h"

enum { TABLE_COLUMNS = 4, MAX_CELL = 160 };

typedef struct summary_row {
    char cell[TABLE_COLUMNS][MAX_CELL]; /* layer (type), output shape, parameters, connected to */
} summary_row;

/* ---- the table of Keras's summary() */

static void write_thousands(char cell[MAX_CELL], size_t value)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%zu", value), at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            cell[at++] = ',';
        cell[at++] = digits[i];
    }
    cell[at] = '\0';
}

/* The names of those that node number `to` reads. */
static void write_sources(char cell[MAX_CELL], const layer_graph *g, size_t to)
{
    size_t at = 0;
    for (size_t i = 0; i < g->edge_count && at < MAX_CELL; i++)
        if (g->edges[i].to == to)
            at +=
                (size_t)snprintf(cell + at, MAX_CELL - at, "%s%s", at > 0 ? ", " : "", g->nodes[g->edges[i].from].name);
}

/* Keras's rows. What a layer returns besides has a line of its own, so that the table stays narrow. */
static size_t fill_rows(summary_row *rows, const layer_graph *g)
{
    size_t count = 0;
    for (size_t i = 0; i < g->node_count; i++) {
        const graph_node *node = &g->nodes[i];
        summary_row *row = &rows[count++];
        snprintf(row->cell[0], MAX_CELL, "%s (%s)", node->name, node->type);
        snprintf(row->cell[1], MAX_CELL, "%s", node->output);
        write_thousands(row->cell[2], node->parameters);
        write_sources(row->cell[3], g, i);
        if (node->further[0] != '\0')
            snprintf(rows[count++].cell[1], MAX_CELL, "+ %s", node->further);
    }
    return count;
}

static heed_status print_rule(buffer *out, char mark, size_t width, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < width && status == HEED_OK; i++)
        status = buffer_byte(out, mark, error);
    return status == HEED_OK ? buffer_byte(out, '\n', error) : status;
}

static heed_status print_row(buffer *out, const summary_row *row, const size_t *width, heed_error *error)
{
    if (row->cell[0][0] == '\0') /* returned by the layer above */
        return buffer_print(out, error, "%*s   %s\n", (int)width[0], "", row->cell[1]);
    return buffer_print(out, error, "%-*s   %-*s   %*s   %s\n", (int)width[0], row->cell[0], (int)width[1],
                        row->cell[1], (int)width[2], row->cell[2], row->cell[3]);
}

static heed_status print_rows(buffer *out, const summary_row *rows, size_t count, size_t parameters, heed_error *error)
{
    size_t width[TABLE_COLUMNS] = {0}, total = 0;
    for (int c = 0; c < TABLE_COLUMNS; c++) {
        for (size_t i = 0; i < count; i++)
            width[c] = strlen(rows[i].cell[c]) > width[c] ? strlen(rows[i].cell[c]) : width[c];
        total += width[c] + (c > 0 ? 3 : 0);
    }
    heed_status status = print_rule(out, '_', total, error);
    for (size_t i = 0; i < count && status == HEED_OK; i++) {
        status = print_row(out, &rows[i], width, error);
        if (status == HEED_OK && i == 0)
            status = print_rule(out, '=', total, error);
    }
    char cell[MAX_CELL];
    write_thousands(cell, parameters);
    if (status == HEED_OK)
        status = print_rule(out, '=', total, error);
    return status == HEED_OK ? buffer_print(out, error, "Total params: %s\n", cell) : status;
}

static heed_status print_table(buffer *out, const heed_model *m, heed_error *error)
{
    static const char *const heads[TABLE_COLUMNS] = {"Layer (type)", "Output Shape", "Param #", "Connected to"};
    layer_graph g;
    heed_status status = layer_graph_init(&g, m, error);
    summary_row *rows = memory_array(2 * g.node_count + 1, sizeof *rows);
    if (status == HEED_OK && rows == NULL)
        status = fail_memory(error, "a summary");
    if (status == HEED_OK) {
        for (int c = 0; c < TABLE_COLUMNS; c++)
            strcpy(rows[0].cell[c], heads[c]);
        size_t count = fill_rows(rows + 1, &g) + 1;
        status = print_rows(out, rows, count, m->net->weight_count, error);
    }
    free(rows);
    layer_graph_release(&g);
    return status;
}

/* ---- text pipeline, labels, training */

static heed_status print_text_pipeline(buffer *out, const heed_model *m, heed_error *error)
{
    static const char *const stages[] = {"html", "punctuation", "case", "tokens", "lemmas"};
    const heed_text_options *text = &m->config.text;
    char scratch[32];
    heed_status status = buffer_print(out, error, "\nText\n");
    for (size_t i = 0; i < sizeof stages / sizeof *stages && status == HEED_OK; i++)
        status = buffer_print(out, error, "  %-14s %s\n", stages[i], config_text_choice(text, stages[i], scratch));
    if (status == HEED_OK)
        status = buffer_print(out, error, "  %-14s %s\n", "stop words",
                              text->stop_words == NULL ? "none" : text->stop_words);
    if (status == HEED_OK)
        status = buffer_print(out, error, "  %-14s %s: %u words, %u ids (%s)\n", "vocabulary",
                              config_text_choice(text, "vocabulary", scratch), m->words.words.count, m->words.size,
                              m->words.first == 1 ? "0 pads, other words are dropped" : "0 pads, 1 is <unk>");
    char pad[32];
    if (status == HEED_OK && m->linear != NULL)
        return buffer_print(out, error, "  %-14s none: whole texts\n", "window");
    if (status == HEED_OK)
        status = buffer_print(out, error, "  %-14s %u tokens, cut %s, pad %s, %s\n", "window", m->config.network.window,
                              config_text_choice(text, "cut", scratch), config_text_choice(text, "pad", pad),
                              m->config.network.mask ? "padding masked" : "padding read like a word");
    return status;
}

/* The threshold, where it is another than the usual one. */
static heed_status print_label(buffer *out, const heed_model *m, uint32_t i, heed_error *error)
{
    const label_config *labels = &m->config.labels;
    bool several = labels->task == HEED_TASK_MULTILABEL, positive = i == labels->positive;
    heed_status status = buffer_print(out, error, "  %s%s", m->labels[i], positive ? " (positive" : "");
    double threshold = several ? m->thresholds[i] : *m->thresholds;
    if (status == HEED_OK && several)
        status = buffer_print(out, error, " (answered above %g)", threshold);
    else if (status == HEED_OK && positive && threshold != 0.5)
        status = buffer_print(out, error, ", answered above %g)", threshold);
    else if (status == HEED_OK && positive)
        status = buffer_byte(out, ')', error);
    return status == HEED_OK ? buffer_byte(out, '\n', error) : status;
}

static heed_status print_labels(buffer *out, const heed_model *m, heed_error *error)
{
    static const char *const tasks[] = {"one of two", "one of several", "any number a row"};
    heed_status status = buffer_print(out, error, "\nLabels: %s\n", tasks[m->config.labels.task]);
    for (uint32_t i = 0; i < m->config.labels.count && status == HEED_OK; i++)
        status = print_label(out, m, i, error);
    return status;
}

static heed_status print_loss(buffer *out, const heed_model *m, heed_error *error)
{
    const training_record *t = &m->config.training;
    const char *weights = m->config.rows.weight_column;
    heed_status status = HEED_OK;
    if (t->label_smoothing > 0)
        status = buffer_print(out, error, "  targets        smoothed by %g\n", t->label_smoothing);
    if (status == HEED_OK && t->class_weights != NULL)
        status = buffer_print(out, error, "  class weights  %s\n",
                              strcmp(t->class_weights, "file") == 0 ? "from a file" : t->class_weights);
    if (status == HEED_OK && weights != NULL)
        status = buffer_print(out, error, "  row weights    column %s\n", weights);
    return status;
}

static heed_status print_epoch(buffer *out, const heed_model *m, uint32_t e, heed_error *error)
{
    const heed_figures *t = &m->train[e], *v = &m->validation[e];
    heed_status status = buffer_print(out, error, "  epoch %2u%c  loss %.4f  accuracy %.4f  auc %.4f", e + 1,
                                      e + 1 == m->config.training.epoch_kept ? '*' : ' ', t->loss, t->accuracy, t->auc);
    if (status == HEED_OK && !isnan(v->loss))
        status =
            buffer_print(out, error, "   validation: loss %.4f  accuracy %.4f  auc %.4f", v->loss, v->accuracy, v->auc);
    return status == HEED_OK ? buffer_byte(out, '\n', error) : status;
}

static heed_status print_vectors(buffer *out, const training_record *t, heed_error *error)
{
    heed_status status = buffer_print(out, error, "  vectors        %" PRIu64 " words, %.1f%% of the training tokens; ",
                                      t->vector_words, 100 * t->vector_tokens);
    if (status != HEED_OK)
        return status;
    if (t->frozen_epochs == 0 || t->frozen_epochs >= t->epochs)
        return buffer_print(out, error, "%s\n", t->frozen_epochs == 0 ? "trained" : "frozen");
    return buffer_print(out, error, "frozen for %u epoch%s\n", t->frozen_epochs, t->frozen_epochs == 1 ? "" : "s");
}

/* The optimiser and the learning rate's way, as far as they were used. */
static heed_status print_optimizer(buffer *out, const training_record *t, heed_error *error)
{
    static const char *const names[] = {"Adam", "AdamW", "SGD"};
    heed_status status = buffer_print(out, error, "  %-14s learning rate %g", names[t->optimizer], t->learning_rate);
    if (status == HEED_OK && t->schedule == HEED_SCHEDULE_COSINE)
        status = buffer_print(out, error, " falling along a cosine");
    if (status == HEED_OK && t->schedule == HEED_SCHEDULE_PLATEAU)
        status = buffer_print(out, error, " halved on plateaus");
    if (status == HEED_OK && t->warmup > 0)
        status = buffer_print(out, error, ", warm-up %g epoch%s", t->warmup, t->warmup == 1 ? "" : "s");
    if (status == HEED_OK && t->weight_decay > 0)
        status = buffer_print(out, error, ", weight decay %g", t->weight_decay);
    if (status == HEED_OK && t->momentum > 0)
        status = buffer_print(out, error, ", momentum %g", t->momentum);
    if (status == HEED_OK && t->clip_norm > 0)
        status = buffer_print(out, error, ", gradients clipped to %g", t->clip_norm);
    return status == HEED_OK ? buffer_print(out, error, ", batches of %u, seed %" PRIu64 "\n", t->batch_size, t->seed)
                             : status;
}

static heed_status print_epochs(buffer *out, const training_record *t, heed_error *error)
{
    return buffer_print(out, error, "  epochs         %u of %u%s, number %u kept (*%s)\n", t->epochs_run, t->epochs,
                        t->stopped ? ", stopped by hand" : "", t->epoch_kept,
                        t->keep_best ? ", the best" : ", the last");
}

static heed_status print_training(buffer *out, const heed_model *m, heed_error *error)
{
    const training_record *t = &m->config.training;
    heed_status status =
        buffer_print(out, error,
                     "\nTraining\n"
                     "  rows           %" PRIu64 ": %" PRIu64 " train, %" PRIu64 " validate (%s)\n"
                     "  text           mean %.4f tokens a training row; %" PRIu64 " distinct words in all\n"
                     "  data digest    %s\n",
                     t->rows, t->rows_train, t->rows_validation, t->validation == NULL ? "" : t->validation,
                     t->mean_tokens, t->distinct_words, t->data_digest == NULL ? "" : t->data_digest);
    if (status == HEED_OK)
        status = m->linear != NULL ? buffer_print(out, error, "  L-BFGS         seed %" PRIu64 "\n", t->seed)
                                   : print_optimizer(out, t, error);
    if (status == HEED_OK && m->linear == NULL)
        status = print_epochs(out, t, error);
    if (status == HEED_OK)
        status = print_loss(out, m, error);
    if (status == HEED_OK && t->vectors_digest != NULL)
        status = print_vectors(out, t, error);
    for (uint32_t e = 0; e < t->epochs_run && status == HEED_OK; e++)
        status = print_epoch(out, m, e, error);
    return status;
}

static heed_status print_explanation(buffer *out, const heed_model *m, heed_error *error)
{
    const explanation_record *r = &m->config.explanation;
    if (r->method == HEED_METHOD_AUTO)
        return HEED_OK;
    return buffer_print(out, error,
                        "\nExplanation\n"
                        "  method         %s, the most faithful on %u texts (erased words %s)\n"
                        "  gain           %+.4f over random order, %+.4f to %+.4f\n"
                        "  without words  %+.4f of the probability lost (comprehensiveness), with them alone %+.4f "
                        "(sufficiency)\n",
                        heed_method_name(r->method), r->rows, r->erase == HEED_ERASE_UNK ? "read as <unk>" : "removed",
                        r->gain, r->gain_low, r->gain_high, r->comprehensiveness, r->sufficiency);
}

heed_status heed_model_summary(const heed_model *model, char **out, heed_error *error)
{
    buffer text = {0};
    *out = NULL;
    heed_status status = buffer_print(
        &text, error, "%s\n", model->linear != NULL ? model->config.network.architecture : model->net->architecture);
    if (status == HEED_OK)
        status = model->linear != NULL
                     ? (linear_summary_print(&text, &(linear_description){model->linear, &model->words.words,
                                                                          (const char *const *)model->labels,
                                                                          model->config.labels.count,
                                                                          model->config.labels.positive}),
                        writer_check(&text, error))
                     : print_table(&text, model, error);
    if (status == HEED_OK)
        status = print_text_pipeline(&text, model, error);
    if (status == HEED_OK)
        status = print_labels(&text, model, error);
    if (status == HEED_OK)
        status = print_training(&text, model, error);
    if (status == HEED_OK)
        status = print_explanation(&text, model, error);
    if (status == HEED_OK)
        status = buffer_take(&text, out, error);
    buffer_release(&text);
    return status;
}

/* ---- for programs */

static json_t *figures_json(heed_figures figures)
{
    json_t *object = json_object();
    for (int c = 0; c < FIGURE_COLUMNS; c++) {
        double value = *figure_at(&figures, c);
        json_object_set_new(object, figure_columns[c].name, isfinite(value) ? json_real(value) : json_null());
    }
    return object;
}

static json_t *layers_json(const network *net)
{
    json_t *layers = json_array();
    for (int i = 0; i < net->layer_count; i++) {
        const layer *l = &net->layers[i];
        json_array_append_new(layers,
                              json_pack("{s:s, s:s, s:i, s:I}", "name", l->name, "type", l->class->type, "width",
                                        l->out.width, "parameters", (json_int_t)layer_parameters(net, l)));
    }
    return layers;
}

heed_status heed_model_json(const heed_model *model, char **out, heed_error *error)
{
    char *config = NULL;
    *out = NULL;
    heed_status status = config_print(&config, &model->config, false, error);
    if (status != HEED_OK)
        return status;
    json_t *root = json_loads(config, 0, NULL), *labels = json_array(), *history = json_array(),
           *thresholds = json_array();
    for (uint32_t i = 0; i < model->config.labels.count; i++)
        json_array_append_new(labels, json_string(model->labels[i]));
    json_t *weights = model->linear != NULL
                          ? linear_summary_json(&(linear_description){
                                model->linear, &model->words.words, (const char *const *)model->labels,
                                model->config.labels.count, model->config.labels.positive})
                          : layers_json(model->net);
    for (uint32_t e = 0; e < model->config.training.epochs_run; e++)
        json_array_append_new(history, json_pack("{s:o, s:o}", "train", figures_json(model->train[e]), "validation",
                                                 figures_json(model->validation[e])));
    for (uint32_t i = 0; i < model_threshold_count(&model->config); i++)
        json_array_append_new(thresholds, json_real(model->thresholds[i]));
    bool fine = root != NULL && json_object_set_new(root, "label_names", labels) == 0 &&
                json_object_set_new(root, "thresholds", thresholds) == 0 &&
                json_object_set_new(root, model->linear != NULL ? "linear" : "layers", weights) == 0 &&
                json_object_set_new(root, "parameters", json_integer((json_int_t)heed_model_parameters(model))) == 0 &&
                json_object_set_new(root, "vocabulary_words", json_integer(model->words.words.count)) == 0 &&
                json_object_set_new(root, "history", history) == 0;
    *out = fine ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(root);
    free(config);
    return *out == NULL ? fail_memory(error, "a model's description") : HEED_OK;
}

heed_status heed_model_history_csv(const heed_model *model, char **out, heed_error *error)
{
    buffer text = {0};
    *out = NULL;
    heed_status status = buffer_print(&text, error, "epoch");
    for (int part = 0; part < 2; part++)
        for (int c = 0; c < FIGURE_COLUMNS && status == HEED_OK; c++)
            status = buffer_print(&text, error, ",%s%s", part == 0 ? "" : "val_", figure_columns[c].name);
    for (uint32_t e = 0; e < model->config.training.epochs_run && status == HEED_OK; e++) {
        status = buffer_print(&text, error, "\n%u", e + 1);
        for (int part = 0; part < 2; part++)
            for (int c = 0; c < FIGURE_COLUMNS && status == HEED_OK; c++) {
                /* as the file keeps it, so that a model says the same before and after it was saved */
                float value = (float)*figure_at(part == 0 ? &model->train[e] : &model->validation[e], c);
                status =
                    isnan(value) ? buffer_print(&text, error, ",") : buffer_print(&text, error, ",%.7g", (double)value);
            }
    }
    if (status == HEED_OK)
        status = buffer_byte(&text, '\n', error);
    if (status == HEED_OK)
        status = buffer_take(&text, out, error);
    buffer_release(&text);
    return status;
}
