/* The contents of a model as one JSON object, and its history as CSV. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_memory.h"
#include "base/status.h"
#include "model/model_history.h"
#include "model/sum_classifier.h"

static json_t *labels_json(const heed_model *m)
{
    json_t *labels = json_array();
    for (uint32_t i = 0; i < m->config.labels.count; i++)
        json_array_append_new(labels, json_string(m->labels[i]));
    return labels;
}

static json_t *thresholds_json(const heed_model *m)
{
    json_t *thresholds = json_array();
    for (uint32_t i = 0; i < model_threshold_count(&m->config); i++)
        json_array_append_new(thresholds, json_real(m->thresholds[i]));
    return thresholds;
}

/* Adds what is not in the configuration to its object. */
static bool add_facts(json_t *root, const heed_model *m)
{
    const struct {
        const char *key;
        json_t *value;
    } facts[] = {{"label_names", labels_json(m)},
                 {"thresholds", thresholds_json(m)},
                 {m->class->json_key, m->class->json(m)},
                 {"parameters", json_integer((json_int_t)m->class->parameters(m))},
                 {"vocabulary_words", json_integer(m->words.words.count)},
                 {"history", model_history_json(m)}};
    bool fine = true;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        fine = json_object_set_new(root, facts[i].key, facts[i].value) == 0 && fine;
    return fine;
}

heed_status heed_model_json(char **out, const heed_model *model, heed_error *error)
{
    const size_t failures = json_memory_failures();
    json_t *root = config_json(&model->config);
    heed_status status = json_print(out, add_facts(root, model) ? root : NULL, JSON_INDENT(2) | JSON_REAL_PRECISION(15),
                                    failures, "a model's description", error);
    json_decref(root);
    return status;
}

/* Metrics in the precision of the file, so that they are the same before and after saving. */
static void write_rows(writer *out, const heed_model *m, const char *part)
{
    for (uint32_t e = 0; e < m->config.training.epochs_run; e++) {
        writer_print(out, "%s%u", part, e + 1);
        for (int c = 0; c < HISTORY_COLUMNS; c++) {
            float value = (float)*model_metric(m, e, c);
            writer_byte(out, ',');
            if (!isnan(value))
                writer_print(out, "%.7g", (double)value);
        }
        writer_byte(out, '\n');
    }
}

heed_status heed_model_history_csv(char **out, const heed_model *model, heed_error *error)
{
    const model_sum *s = model_parts(model);
    writer text = {0};
    writer_text(&text, s == NULL ? "epoch" : "part,epoch");
    for (int c = 0; c < HISTORY_COLUMNS; c++)
        writer_print(&text, ",%s%s", c < KERAS_COLUMNS ? "" : "val_", keras_columns[c % KERAS_COLUMNS].name);
    writer_byte(&text, '\n');
    for (uint32_t i = 0; s != NULL && i < s->count; i++) {
        char part[16];
        snprintf(part, sizeof part, "%u,", i + 1);
        if (model_has_epochs(s->parts[i].model))
            write_rows(&text, s->parts[i].model, part);
    }
    write_rows(&text, model, s == NULL ? "" : "sum,");
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}
