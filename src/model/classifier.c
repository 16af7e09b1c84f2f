#include "model/classifier.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "data/encoded_states.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"
#include "model/network_classifier.h"
#include "model/sum_classifier.h"
#include "options/choices.h"

struct classifier {
    const heed_model *model;
    void *scratch; /* of the model's class */
    heed_precision weights;
    double *z; /* [CLASSIFIER_BLOCK][K] */
    size_t z_room;
};

heed_status classifier_new(classifier **out, const heed_model *model, pool *workers, heed_error *error)
{
    *out = NULL;
    classifier *c = memory_array(1, sizeof *c);
    if (c == NULL)
        return fail_memory(error, "a classifier");
    c->model = model;
    heed_status status;
    TRY(model->class->scratch_new(&c->scratch, model, workers, error));
    *out = c;
    return HEED_OK;
done:
    classifier_free(c);
    return status;
}

void classifier_free(classifier *c)
{
    if (c == NULL)
        return;
    c->model->class->scratch_free(c->scratch);
    free(c->z);
    free(c);
}

heed_status classifier_set_storage(classifier *c, heed_precision storage, heed_error *error)
{
    const classifier_class *class = c->model->class;
    if (storage > HEED_PRECISION_INT8)
        return fail(error, HEED_USAGE, "storage: found '%s', expected float32, bfloat16 or int8",
                    names_of(&weights_names, storage));
    heed_status status = class->set_storage != NULL          ? class->set_storage(c->scratch, storage, error)
                         : storage == HEED_PRECISION_FLOAT32 ? HEED_OK
                                                             : HEED_USAGE;
    return status != HEED_USAGE ? status
                                : fail(error, HEED_USAGE,
                                       "storage: found '%.200s', expected lstm, bilstm, gru or bigru directly after "
                                       "embed, and at most 256 MB of products; use float32",
                                       c->model->config.network.architecture);
}

heed_status classifier_set_weights(classifier *c, heed_precision weights, heed_error *error)
{
    const classifier_class *class = c->model->class;
    if (!names_have(&weights_names, weights))
        return fail(error, HEED_USAGE, "weights: found '%s', expected float32, bfloat16 or auto",
                    names_of(&storage_names, weights));
    if (weights == HEED_PRECISION_AUTO)
        weights = class->best_weights != NULL ? class->best_weights(c->model) : HEED_PRECISION_FLOAT32;
    heed_status status = class->set_weights != NULL          ? class->set_weights(c->scratch, weights, error)
                         : weights == HEED_PRECISION_FLOAT32 ? HEED_OK
                                                             : HEED_USAGE;
    if (status == HEED_OK)
        c->weights = weights;
    return status != HEED_USAGE ? status
                                : fail(error, HEED_USAGE,
                                       "weights: found '%.200s', expected a layer lstm, bilstm, gru or bigru, or an "
                                       "encoder with attention; use float32",
                                       c->model->config.network.architecture);
}

heed_precision classifier_weights(const classifier *c)
{
    return c->weights;
}

/* The next rows for which the class is called. */
static size_t block_size(size_t count, size_t first)
{
    return count - first < CLASSIFIER_BLOCK ? count - first : CLASSIFIER_BLOCK;
}

/* With two labels only the sigmoid of the positive one is computed. The outputs [count] fill the second half of the
 * memory of the probabilities [count][2], so that each is read before it is overwritten. */
static void spread_binary(float *probabilities, size_t count, size_t positive)
{
    for (size_t i = 0; i < count; i++) {
        float output = probabilities[count + i];
        probabilities[2 * i + positive] = output;
        probabilities[2 * i + (1 - positive)] = 1 - output;
    }
}

size_t classifier_finite_rows(const float *probabilities, size_t count, size_t labels)
{
    for (size_t i = 0; i < count * labels; i++)
        if (!isfinite(probabilities[i]))
            return i / labels;
    return count;
}

heed_status classifier_run(classifier *c, const batch_row *rows, size_t count, float *probabilities, heed_error *error)
{
    const label_config *labels = &c->model->config.labels;
    bool binary = labels->task == HEED_TASK_BINARY;
    heed_status status = HEED_OK;
    for (size_t first = 0; first < count; first += CLASSIFIER_BLOCK) {
        size_t block = block_size(count, first);
        float *to = probabilities + first * labels->count;
        TRY(c->model->class->score(c->scratch, rows + first, block, binary ? to + block : to, error));
        if (binary)
            spread_binary(to, block, labels->positive);
    }
    if (classifier_finite_rows(probabilities, count, labels->count) < count)
        status = fail(error, HEED_BAD_DATA, "a probability of a text is " OVERFLOW_TEXT);
done:
    return status;
}

heed_status classifier_logits(classifier *c, const batch_row *rows, size_t count, size_t label, double *logits,
                              heed_error *error)
{
    double sign;
    uint32_t output = model_output_of(c->model, label, &sign);
    size_t outputs = c->model->config.network.outputs;
    heed_status status = HEED_OK;
    for (size_t first = 0; first < count; first += CLASSIFIER_BLOCK) {
        size_t block = block_size(count, first);
        TRY(memory_grow(&c->z, &c->z_room, block * outputs, sizeof *c->z, error));
        TRY(c->model->class->logits(c->scratch, rows + first, block, c->z, error));
        for (size_t i = 0; i < block; i++)
            logits[first + i] = sign * c->z[i * outputs + output];
    }
done:
    return status;
}

heed_status classifier_outputs(classifier *c, const batch_row *rows, size_t count, double *logits, heed_error *error)
{
    size_t outputs = c->model->config.network.outputs;
    heed_status status = HEED_OK;
    for (size_t first = 0; first < count && status == HEED_OK; first += CLASSIFIER_BLOCK)
        status = c->model->class->logits(c->scratch, rows + first, block_size(count, first), logits + first * outputs,
                                         error);
    return status;
}

/* The rows [count] of examples. */
static batch_row *rows_of(const examples *e)
{
    batch_row *rows = memory_array(e->count, sizeof *rows);
    for (uint32_t i = 0; i < e->count && rows != NULL; i++)
        rows[i] = (batch_row){
            .ids = e->ids + e->first[i], .length = (int)(e->first[i + 1] - e->first[i]), .spelling = e->spelling};
    return rows;
}

/* The model that reads features of an encoder: itself, or its only part that does; NULL: there is no such. */
static const heed_model *model_on_features(const heed_model *model)
{
    const model_sum *sum = model_parts(model);
    if (sum == NULL)
        return model_encoder_head(model) != NULL ? model : NULL;
    const sum_part *part = sum_part_on_features(sum);
    return part != NULL ? part->model : NULL;
}

/* The model that reads states of an encoder: itself, or its first part that does; NULL: there is no such. */
static const heed_model *model_on_states(const heed_model *model)
{
    const model_sum *sum = model_parts(model);
    if (sum == NULL)
        return model_states_encoder(model) != NULL ? model : NULL;
    const sum_part *part = sum_part_on_states(sum);
    return part != NULL ? part->model : NULL;
}

/* Gives the rows their features, which are computed once for all trainings of the corpus. */
static heed_status add_features(batch_row *rows, const heed_model *model, const examples *e, pool *workers,
                                heed_error *error)
{
    const heed_model *part = model_on_features(model);
    const real *features;
    if (part == NULL || e->corpus->encoder != part->encoder)
        return HEED_OK;
    const feature_query query = {e->corpus, &model_encoder_head(part)->key, e->row, e->count};
    heed_status status = encoded_rows_find(&features, &query, workers, NULL, error);
    for (uint32_t i = 0; i < e->count && status == HEED_OK; i++)
        rows[i].features = features + e->row[i] * shared_encoder_width(part->encoder);
    return status;
}

/* The same with states, if the corpus keeps them. */
static heed_status add_states(batch_row *rows, const heed_model *model, const examples *e, pool *workers,
                              heed_error *error)
{
    const heed_model *part = model_on_states(model);
    real *const *states;
    if (part == NULL || e->corpus->encoder != part->encoder)
        return HEED_OK;
    const text_window window = model_window(part);
    const state_query query = {e->corpus, {window.length, window.cut}, e->row, e->count};
    heed_status status = encoded_states_find(&states, &query, workers, NULL, error);
    for (uint32_t i = 0; i < e->count && status == HEED_OK && states != NULL; i++)
        rows[i].states = row_states_of(states[e->row[i]], shared_encoder_width(part->encoder));
    return status;
}

static heed_status classify_examples(float **out, const heed_model *model, const examples *e, pool *workers,
                                     heed_error *error)
{
    classifier *classes = NULL;
    batch_row *rows = rows_of(e);
    float *probabilities = memory_array((size_t)e->count * model->config.labels.count, sizeof *probabilities);
    heed_status status;
    *out = NULL;
    TRY(rows == NULL || probabilities == NULL ? fail_memory(error, "the rows' probabilities") : HEED_OK);
    TRY(add_features(rows, model, e, workers, error));
    TRY(add_states(rows, model, e, workers, error));
    TRY(classifier_new(&classes, model, workers, error));
    TRY(classifier_run(classes, rows, e->count, probabilities, error));
    *out = probabilities;
    probabilities = NULL;
done:
    classifier_free(classes);
    free(rows);
    free(probabilities);
    return status;
}

heed_status classify_rows(float **out, const heed_model *model, const heed_corpus *corpus, const uint32_t *rows,
                          uint32_t count, pool *workers, heed_error *error)
{
    examples e = {0};
    *out = NULL;
    heed_status status = examples_make(&e, corpus, rows, count, &model->words, model_window(model), error);
    if (status == HEED_OK)
        status = classify_examples(out, model, &e, workers, error);
    examples_release(&e);
    return status;
}

heed_status example_logits(double *out, const heed_model *model, const examples *e, pool *workers, heed_error *error)
{
    classifier *classes = NULL;
    batch_row *rows = rows_of(e);
    heed_status status;
    TRY(rows == NULL ? fail_memory(error, "the rows' logits") : HEED_OK);
    TRY(add_features(rows, model, e, workers, error));
    TRY(add_states(rows, model, e, workers, error));
    TRY(classifier_new(&classes, model, workers, error));
    TRY(classifier_outputs(classes, rows, e->count, out, error));
done:
    classifier_free(classes);
    free(rows);
    return status;
}
