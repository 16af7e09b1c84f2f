#include "model/model_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "model/model_tensors.h"

enum { MOST_EPOCHS = 65536 };

/* ---- in the file */

void model_history_list(tensor_list *l, const heed_model *m)
{
    uint32_t epochs = m->config.training.epochs_run;
    float *history = epochs > 0 ? tensor_list_memory(l, epochs, HISTORY_COLUMNS * sizeof *history) : NULL;
    if (history == NULL)
        return;
    for (uint32_t e = 0; e < epochs; e++)
        for (int c = 0; c < HISTORY_COLUMNS; c++)
            history[e * HISTORY_COLUMNS + (uint32_t)c] = keras_metric_stored(*model_metric(m, e, c), c);
    tensor_list_add(l, history_tensor(epochs), history);
}

void model_history_read(tensor_reader *r, heed_model *m)
{
    uint32_t epochs = m->config.training.epochs_run;
    m->train = tensor_reader_memory(r, epochs, sizeof *m->train, "a history");
    m->validation = tensor_reader_memory(r, epochs, sizeof *m->validation, "a history");
    const stored_tensor *t = epochs > 0 ? tensor_reader_need(r, history_tensor(epochs)) : NULL;
    for (uint32_t e = 0; t != NULL && e < epochs; e++) {
        for (int c = 0; c < HISTORY_COLUMNS; c++) {
            float value;
            memcpy(&value, t->data + ((size_t)e * HISTORY_COLUMNS + (size_t)c) * sizeof value, sizeof value);
            *model_metric(m, e, c) = (double)value;
        }
        keras_metrics_undefine(&m->train[e]);
        keras_metrics_undefine(&m->validation[e]);
    }
}

/* The epoch with the smallest validation loss, the first of equal ones; the last one without any. */
static uint32_t best_epoch(const heed_model *m)
{
    uint32_t best = 0, epochs = m->config.training.epochs_run;
    for (uint32_t e = 1; e <= epochs; e++)
        if (isfinite(m->validation[e - 1].loss) &&
            (best == 0 || m->validation[e - 1].loss < m->validation[best - 1].loss))
            best = e;
    return best > 0 ? best : epochs;
}

void model_history_read_part(tensor_reader *r, heed_model *part)
{
    const stored_tensor *t = tensor_reader_peek(r, history_tensor(1).name);
    if (t == NULL)
        return;
    if (t->rank != 2 || t->shape[0] > MOST_EPOCHS) {
        tensor_reader_refuse(r, "tensor %s: expected a matrix of at most %d epochs", t->name, MOST_EPOCHS);
        return;
    }
    part->config.training.epochs_run = (uint32_t)t->shape[0];
    model_history_read(r, part);
    if (r->status == HEED_OK)
        part->config.training.epoch_kept = best_epoch(part);
}

void model_history_move(heed_model *to, heed_model *from)
{
    free(to->train);
    free(to->validation);
    to->train = from->train;
    to->validation = from->validation;
    to->config.training.epochs_run = from->config.training.epochs_run;
    to->config.training.epoch_kept = from->config.training.epoch_kept;
    from->train = from->validation = NULL;
    from->config.training.epochs_run = from->config.training.epoch_kept = 0;
}

/* ---- for people */

static void print_epoch(writer *out, const heed_model *m, uint32_t e)
{
    const heed_keras_metrics *t = &m->train[e], *v = &m->validation[e];
    char auc[NUMBER_TEXT];
    writer_print(out, "  epoch %2u%c  loss %.4f  accuracy %.4f  auc %s", e + 1,
                 e + 1 == m->config.training.epoch_kept ? '*' : ' ', t->loss, t->accuracy,
                 number_fixed(auc, t->auc, 4));
    if (!isnan(v->loss))
        writer_print(out, "   %s: loss %.4f  accuracy %.4f  auc %s",
                     record_has_cross_fit(&m->config.training) ? "held out" : "validation", v->loss, v->accuracy,
                     number_fixed(auc, v->auc, 4));
    writer_byte(out, '\n');
}

void model_history_print(writer *out, const heed_model *m)
{
    for (uint32_t e = 0; e < m->config.training.epochs_run; e++)
        print_epoch(out, m, e);
}

/* ---- for programs */

static json_t *metrics_json(heed_keras_metrics metrics)
{
    json_t *object = json_object();
    for (int c = 0; c < KERAS_COLUMNS; c++) {
        double value = *keras_metric_at(&metrics, c);
        json_object_set_new(object, keras_columns[c].name, isfinite(value) ? json_real(value) : json_null());
    }
    return object;
}

json_t *model_history_json(const heed_model *m)
{
    json_t *history = json_array();
    for (uint32_t e = 0; e < m->config.training.epochs_run; e++)
        json_array_append_new(history, json_pack("{s:o, s:o}", "train", metrics_json(m->train[e]), "validation",
                                                 metrics_json(m->validation[e])));
    return history;
}
