#include "models.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"

static void version_free(model_version *v)
{
    for (size_t i = 0; v->predictors != NULL && i < v->workers; i++)
        heed_predictor_free(v->predictors[i]);
    for (size_t i = 0; v->explainers != NULL && i < v->explainer_count; i++)
        heed_explainer_free(v->explainers[i]);
    heed_model_free(v->model);
    free(v->predictors);
    free(v->explainers);
    free(v->predicted);
    free(v);
}

/* Each predictor gets a text, so that no client waits for what is built when it is first needed. */
static heed_status predictors_new(model_version *v, const model_options *options, heed_error *error)
{
    const heed_bytes text = {"a", 1};
    float *probabilities = memory_array(v->label_count, sizeof *probabilities);
    heed_status status;
    if (probabilities == NULL)
        return fail_memory(error, "a model");
    for (size_t i = 0; i < v->workers; i++) {
        TRY(heed_predictor_new(&v->predictors[i], v->model, 1, error));
        TRY(heed_predictor_set_projections(v->predictors[i], options->storage, error));
        TRY(heed_predictor_set_weights(v->predictors[i], options->weights, error));
        TRY(heed_predictor_run(probabilities, v->predictors[i], &text, 1, error));
    }
    status = HEED_OK;
done:
    free(probabilities);
    return status;
}

static heed_status version_fill(model_version *v, const char *path, const model_options *options, heed_error *error)
{
    heed_status status = heed_model_load(&v->model, path, error);
    if (status != HEED_OK)
        return status;
    v->references = 1;
    v->workers = options->workers;
    v->explainer_count = options->explainers;
    const heed_model_info *info = heed_model_describe(v->model);
    v->labels = info->labels;
    v->label_count = info->label_count;
    v->task = info->task;
    v->predictors = memory_array(v->workers, sizeof *v->predictors);
    v->explainers = memory_array(v->explainer_count, sizeof *v->explainers);
    v->predicted = memory_array(v->label_count, sizeof *v->predicted);
    v->window = info->text->max_length;
    if (v->predictors == NULL || v->explainers == NULL || v->predicted == NULL)
        return fail_memory(error, "a model");
    heed_error found = {""};
    status = predictors_new(v, options, &found);
    if (status != HEED_OK)
        return fail(error, status, "%s: %.800s", path, found.message);
    v->weights = heed_predictor_weights(v->predictors[0]);
    return HEED_OK;
}

static heed_status version_load(model_version **out, const char *path, const model_options *options, heed_error *error)
{
    *out = NULL;
    model_version *v = memory_array(1, sizeof *v);
    if (v == NULL)
        return fail_memory(error, "a model");
    heed_status status = version_fill(v, path, options, error);
    if (status != HEED_OK)
        version_free(v);
    else
        *out = v;
    return status;
}

/* Counters must not fall: those of labels that the new version has too go on. */
static void predicted_carry(model_version *v, const model_version *old)
{
    for (size_t i = 0; i < v->label_count; i++) {
        if (i < old->label_count && strcmp(v->labels[i], old->labels[i]) == 0) { /* usually */
            v->predicted[i] += old->predicted[i];
            continue;
        }
        for (size_t j = 0; j < old->label_count; j++)
            if (strcmp(v->labels[i], old->labels[j]) == 0)
                v->predicted[i] += old->predicted[j];
    }
}

heed_status model_reload(served_model *m, const model_options *options, heed_error *error)
{
    model_version *v = NULL;
    heed_status status = version_load(&v, m->path, options, error);
    if (status != HEED_OK) {
        m->failures += m->current != NULL;
        return status;
    }
    pthread_mutex_lock(&m->lock);
    model_version *old = m->current;
    v->number = old == NULL ? 1 : old->number + 1;
    if (old != NULL)
        predicted_carry(v, old);
    m->current = v;
    pthread_mutex_unlock(&m->lock);
    m->reloads += old != NULL;
    model_put(old);
    return HEED_OK;
}

model_version *model_get(served_model *m)
{
    pthread_mutex_lock(&m->lock);
    model_version *v = m->current;
    v->references++;
    pthread_mutex_unlock(&m->lock);
    return v;
}

void model_put(model_version *v)
{
    if (v != NULL && atomic_fetch_sub(&v->references, 1) == 1)
        version_free(v);
}

served_model *models_find(const model_set *set, heed_bytes name)
{
    for (size_t i = 0; i < set->count; i++)
        if (name.data == NULL ||
            (strlen(set->items[i].name) == name.size && memcmp(set->items[i].name, name.data, name.size) == 0))
            return &set->items[i];
    return NULL;
}

static const char name_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

/* "NAME=FILE". A path before the = is not a name: then the argument is a file. */
static heed_status name_parse(served_model *m, const char *argument, heed_error *error)
{
    static const char ending[] = ".safetensors";
    const char *equals = strchr(argument, '='), *slash = strrchr(argument, '/');
    const char *name = argument;
    size_t size = strspn(argument, name_characters);
    bool named = equals != NULL && argument + size == equals;
    m->path = named ? equals + 1 : argument;
    if (!named) {
        name = slash != NULL ? slash + 1 : argument;
        size = strlen(name);
        size_t ending_size = sizeof ending - 1;
        if (size > ending_size && strcmp(name + size - ending_size, ending) == 0)
            size -= ending_size;
    }
    if (size == 0 || strspn(name, name_characters) < size)
        return fail(error, HEED_USAGE,
                    "serve: found the model '%s', expected a name of letters, digits, _ . and -; write NAME=%s",
                    argument, argument);
    m->name = strndup(name, size);
    return m->name != NULL ? HEED_OK : fail_memory(error, "a model");
}

static heed_status model_name(model_set *set, const char *argument, heed_error *error)
{
    served_model *m = &set->items[set->count];
    heed_status status = name_parse(m, argument, error);
    if (status != HEED_OK)
        return status;
    served_model *same = set->count > 0 ? models_find(set, bytes_of(m->name)) : NULL;
    pthread_mutex_init(&m->lock, NULL);
    set->count++;
    if (same != NULL)
        return fail(error, HEED_USAGE, "serve: found two models with the name '%s'; write NAME=FILE", m->name);
    return HEED_OK;
}

heed_status models_init(model_set *set, const char *const *arguments, size_t count, const model_options *options,
                        heed_error *error)
{
    heed_status status;
    *set = (model_set){.items = memory_array(count, sizeof *set->items), .options = *options};
    if (set->items == NULL)
        return fail_memory(error, "the models");
    for (size_t i = 0; i < count; i++)
        TRY(model_name(set, arguments[i], error));
    for (size_t i = 0; i < count; i++)
        TRY(model_reload(&set->items[i], options, error));
    status = HEED_OK;
done:
    return status;
}

void models_release(model_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        model_put(set->items[i].current);
        pthread_mutex_destroy(&set->items[i].lock);
        free(set->items[i].name);
    }
    free(set->items);
    *set = (model_set){0};
}
