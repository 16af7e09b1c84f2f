/* Thresholds as written by a person. */
#include <stdlib.h>
#include <string.h>

#include "base/compose.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "model/model.h"

static bool threshold_parse(double *out, heed_bytes text)
{
    return number_parse(out, text) && *out >= 0 && *out <= 1;
}

static heed_status refuse(heed_bytes found, heed_error *error)
{
    return fail(error, HEED_USAGE, "--threshold: found '%.*s', expected a number from 0 to 1, or LABEL=P,...",
                (int)found.size, found.data);
}

/* labels.count: no label of this name. */
static uint32_t find_label(const heed_model *m, heed_bytes name)
{
    uint32_t label = 0, count = m->config.labels.count;
    while (label < count && !compose_same(bytes_of(m->labels[label]), name))
        label++;
    return label;
}

/* One LABEL=P. */
static heed_status take_item(double *out, const heed_model *m, heed_bytes item, heed_error *error)
{
    const label_config *l = &m->config.labels;
    const char *equals = memrchr(item.data, '=', item.size);
    double threshold = 0;
    if (equals == NULL ||
        !threshold_parse(&threshold, (heed_bytes){equals + 1, (size_t)(item.data + item.size - equals) - 1}))
        return refuse(item, error);
    heed_bytes name = {item.data, (size_t)(equals - item.data)};
    uint32_t label = find_label(m, name);
    if (label == l->count)
        return fail(error, HEED_USAGE,
                    "--threshold: the model has no label '%.*s'; 'heed inspect MODEL --labels' lists them",
                    (int)name.size, name.data);
    if (l->task == HEED_TASK_BINARY && label != l->positive)
        return fail(error, HEED_USAGE, "--threshold: found the label '%.*s', expected the positive one, '%s'",
                    (int)name.size, name.data, m->labels[l->positive]);
    out[l->task == HEED_TASK_BINARY ? 0 : label] = threshold;
    return HEED_OK;
}

static heed_status take_items(double *out, const heed_model *model, const char *text, heed_error *error)
{
    heed_status status = HEED_OK;
    for (const char *item = text; *item != '\0'; item += *item == ',') {
        size_t size = strcspn(item, ",");
        if (size > 0)
            TRY(take_item(out, model, (heed_bytes){item, size}, error));
        item += size;
    }
done:
    return status;
}

/* Over all thresholds of the model, or over those named. */
static heed_status lay(double *out, const heed_model *model, const char *text, heed_error *error)
{
    double all = 0;
    if (!threshold_parse(&all, bytes_of(text)))
        return take_items(out, model, text, error);
    for (uint32_t i = 0; i < model_threshold_count(&model->config); i++)
        out[i] = all;
    return HEED_OK;
}

heed_status heed_model_parse_thresholds(double **out, const heed_model *model, const char *text, heed_error *error)
{
    size_t count = model_threshold_count(&model->config);
    *out = NULL;
    if (model->config.labels.task == HEED_TASK_MULTICLASS)
        return fail(
            error, HEED_USAGE,
            "--threshold: the model has %u labels, expected two; leave it out, as the most likely label is predicted",
            model->config.labels.count);
    if (heed_check_thresholds(text, error) != HEED_OK)
        return HEED_USAGE;
    double *laid = memory_array(count, sizeof *laid);
    if (laid == NULL)
        return fail_memory(error, "thresholds");
    memcpy(laid, model->thresholds, count * sizeof *laid);
    heed_status status = lay(laid, model, text, error);
    if (status == HEED_OK)
        *out = laid;
    else
        free(laid);
    return status;
}

heed_status heed_check_thresholds(const char *text, heed_error *error)
{
    double all;
    return threshold_parse(&all, bytes_of(text)) || strchr(text, '=') != NULL ? HEED_OK : refuse(bytes_of(text), error);
}
