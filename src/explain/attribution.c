#include "explain/attribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/integrated.h"
#include "network/saliency.h"
#include "network/scorer.h"

enum { BLOCK_ROWS = 250 }; /* scored at a time */

struct attributor {
    const heed_model *model;
    pool *workers;
    saliency *saliency; /* of a network, made when it is first needed, as is */
    scorer *scorer;
    float *logits; /* [BLOCK_ROWS][K] of the scorer */
    sparse_value *features;
    size_t feature_capacity;
    double *z;      /* [K] of a linear model */
    uint32_t *left; /* [BLOCK_ROWS][length - 1]: rows with a token left out */
    size_t left_capacity;
    path path;
};

/* ---- methods and models */

heed_method attribution_usual(const heed_model *model)
{
    return model->config.explanation.method != HEED_METHOD_AUTO ? model->config.explanation.method
           : model->linear != NULL                              ? HEED_METHOD_WEIGHTS
           : model->net->attention >= 0                         ? HEED_METHOD_ATTENTION
                                                                : HEED_METHOD_INTEGRATED;
}

heed_status attribution_check(const heed_model *model, heed_method method, heed_error *error)
{
    if (model->linear != NULL && method != HEED_METHOD_WEIGHTS && method != HEED_METHOD_LEAVE_ONE_OUT)
        return fail(error, HEED_USAGE, "method %s: the model is linear, expected weights or leave-one-out",
                    heed_method_name(method));
    if (model->linear == NULL && method == HEED_METHOD_WEIGHTS)
        return fail(error, HEED_USAGE,
                    "method weights: the model is a network, expected %sgradient, integrated or leave-one-out",
                    model->net->attention >= 0 ? "attention, " : "");
    if (method == HEED_METHOD_ATTENTION && model->net->attention < 0)
        return fail(error, HEED_USAGE,
                    "method attention: the model's pooling has none ('%.200s'), expected integrated, gradient or "
                    "leave-one-out",
                    model->net->spec.architecture);
    return HEED_OK;
}

/* The output that a label's logit comes from: of two labels the negative one has the positive one's, with the sign
 * turned. */
static uint32_t output_of(const heed_model *model, size_t label, double *sign)
{
    bool binary = model->config.labels.task == HEED_TASK_BINARY;
    *sign = binary && label != model->config.labels.positive ? -1 : 1;
    return binary ? 0 : (uint32_t)label;
}

/* ---- scratch */

heed_status attributor_new(attributor **out, const heed_model *model, pool *workers, heed_error *error)
{
    attributor *a = *out = memory_array(1, sizeof *a);
    if (a == NULL)
        return fail_memory(error, "an explanation");
    a->model = model;
    a->workers = workers;
    return HEED_OK;
}

void attributor_free(attributor *a)
{
    if (a == NULL)
        return;
    saliency_free(a->saliency);
    scorer_free(a->scorer);
    free(a->logits);
    free(a->features);
    free(a->z);
    free(a->left);
    path_release(&a->path);
    free(a);
}

static heed_status need_saliency(attributor *a, heed_error *error)
{
    return a->saliency != NULL ? HEED_OK
                               : saliency_new(&a->saliency, a->model->net, a->model->weights, a->workers, error);
}

static heed_status need_scorer(attributor *a, heed_error *error)
{
    size_t outputs = a->model->config.network.outputs;
    if (a->logits == NULL && (a->logits = memory_array(BLOCK_ROWS * outputs, sizeof *a->logits)) == NULL)
        return fail_memory(error, "an explanation");
    return a->scorer != NULL ? HEED_OK : scorer_new(&a->scorer, a->model->net, a->workers, BLOCK_ROWS, error);
}

/* The features of a row, in a->features. */
static heed_status need_features(attributor *a, const batch_row *row, size_t *count, heed_error *error)
{
    const linear *l = a->model->linear;
    size_t length = (size_t)row->length;
    heed_status status = memory_grow(&a->features, &a->feature_capacity, 2 * length, sizeof *a->features, error);
    if (status == HEED_OK && a->z == NULL && (a->z = memory_array(l->outputs, sizeof *a->z)) == NULL)
        status = fail_memory(error, "an explanation");
    if (status == HEED_OK)
        *count = ngrams_row(&l->features, row->ids, length, a->features);
    return status;
}

/* ---- logits of many rows */

static heed_status linear_rows(attributor *a, const batch_row *rows, size_t count, size_t label, double *logits,
                               heed_error *error)
{
    double sign;
    uint32_t output = output_of(a->model, label, &sign);
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count && status == HEED_OK; i++) {
        size_t features = 0;
        status = need_features(a, &rows[i], &features, error);
        if (status != HEED_OK)
            break;
        linear_logits(a->model->linear, a->features, features, a->z);
        logits[i] = sign * a->z[output];
    }
    return status;
}

heed_status attributor_logits(attributor *a, const batch_row *rows, size_t count, size_t label, double *logits,
                              heed_error *error)
{
    if (a->model->linear != NULL)
        return linear_rows(a, rows, count, label, logits, error);
    double sign;
    uint32_t output = output_of(a->model, label, &sign);
    size_t outputs = a->model->config.network.outputs;
    heed_status status = need_scorer(a, error);
    for (size_t first = 0; first < count && status == HEED_OK; first += BLOCK_ROWS) {
        size_t block = count - first < BLOCK_ROWS ? count - first : BLOCK_ROWS;
        scorer_run_logits(a->scorer, a->model->weights, rows + first, (int)block, a->logits);
        for (size_t i = 0; i < block; i++)
            logits[first + i] = sign * (double)a->logits[i * outputs + output];
    }
    return status;
}

/* ---- leave one out */

/* Logits of the row without its tokens first ... first + block - 1, one at a time. */
static heed_status logits_without(attributor *a, const batch_row *row, size_t first, size_t block, size_t label,
                                  double *logits, heed_error *error)
{
    batch_row rows[BLOCK_ROWS];
    size_t rest = (size_t)row->length - 1;
    for (size_t i = 0; i < block; i++) {
        uint32_t *ids = a->left + i * rest;
        size_t out = first + i;
        memcpy(ids, row->ids, out * sizeof *ids);
        memcpy(ids + out, row->ids + out + 1, (rest - out) * sizeof *ids);
        rows[i] = (batch_row){.ids = ids, .length = (int)rest};
    }
    return attributor_logits(a, rows, block, label, logits, error);
}

static heed_status leave_one_out(attributor *a, const batch_row *row, size_t label, double *scores, attribution *sum,
                                 heed_error *error)
{
    size_t length = (size_t)row->length;
    if (length > MOST_LEFT_OUT)
        return fail(error, HEED_BAD_DATA, "leave-one-out: the text has %zu tokens, expected at most %d; take method %s",
                    length, (int)MOST_LEFT_OUT, a->model->linear != NULL ? "weights" : "gradient");
    heed_status status = memory_grow(&a->left, &a->left_capacity, BLOCK_ROWS * length, sizeof *a->left, error);
    for (size_t first = 0; first < length && status == HEED_OK; first += BLOCK_ROWS) {
        size_t block = length - first < BLOCK_ROWS ? length - first : BLOCK_ROWS;
        status = logits_without(a, row, first, block, label, scores + first, error);
    }
    for (size_t i = 0; i < length && status == HEED_OK; i++)
        scores[i] = sum->logit - scores[i];
    return status;
}

/* ---- gradients */

static heed_status integrated(attributor *a, unsigned steps, const batch_row *row, size_t label, double *scores,
                              attribution *sum, heed_error *error)
{
    double sign;
    uint32_t output = output_of(a->model, label, &sign);
    path_ends ends;
    heed_status status = path_integrate(&a->path, a->saliency, row, output, steps, scores, &ends, error);
    for (int t = 0; t < row->length && status == HEED_OK; t++)
        scores[t] *= sign;
    if (status == HEED_OK)
        *sum = (attribution){sign * ends.logit, sign * ends.baseline, NAN, ends.steps};
    return status;
}

/* ---- the linear model */

static int compare_index(const void *a, const void *b)
{
    uint32_t x = ((const sparse_value *)a)->index, y = ((const sparse_value *)b)->index;
    return x < y ? -1 : x > y;
}

static sparse_value *find_feature(attributor *a, size_t count, uint32_t index)
{
    return bsearch(&(sparse_value){.index = index}, a->features, count, sizeof *a->features, compare_index);
}

/* A feature's value times weight belongs to all its places alike; at one of them a pair's belongs to both its words. */
static heed_status weigh(attributor *a, const batch_row *row, size_t label, double *scores, heed_error *error)
{
    const linear *l = a->model->linear;
    double sign;
    uint32_t output = output_of(a->model, label, &sign), ending[2];
    size_t count = 0, length = (size_t)row->length;
    heed_status status = need_features(a, row, &count, error);
    uint32_t *places = status == HEED_OK ? memory_array(count, sizeof *places) : NULL;
    if (status == HEED_OK && places == NULL)
        status = fail_memory(error, "an explanation");
    for (int turn = 0; turn < 2 && status == HEED_OK; turn++) /* counts places, then deals out to them */
        for (size_t i = 0; i < length; i++) {
            size_t found = ngrams_ending(&l->features, row->ids, i, ending);
            for (size_t j = 0; j < found; j++) {
                const sparse_value *f = find_feature(a, count, ending[j]);
                uint32_t *here = &places[f - a->features];
                if (turn == 0) {
                    ++*here;
                    continue;
                }
                double part = sign * (double)f->value * (double)l->weights[(size_t)f->index * l->outputs + output] /
                              *here / (double)(j + 1);
                scores[i] += part;
                if (j == 1)
                    scores[i - 1] += part;
            }
        }
    free(places);
    return status;
}

/* ---- all of them */

static void run_gradient(attributor *a, const batch_row *row, size_t label, double *scores)
{
    static const double here = 1;
    double sign, logit;
    uint32_t output = output_of(a->model, label, &sign);
    saliency_gradients(a->saliency, row, output, &here, 1, scores, &logit);
    for (int t = 0; t < row->length; t++)
        scores[t] *= sign;
}

heed_status attributor_run(attributor *a, heed_method method, unsigned steps, const batch_row *row, size_t label,
                           double *scores, attribution *sum, heed_error *error)
{
    double sign;
    *sum = (attribution){.baseline = NAN, .padding = NAN};
    for (int t = 0; t < row->length; t++)
        scores[t] = 0;
    bool by_pass =
        method == HEED_METHOD_ATTENTION || method == HEED_METHOD_GRADIENT || method == HEED_METHOD_INTEGRATED;
    heed_status status = by_pass ? need_saliency(a, error) : HEED_OK;
    if (status == HEED_OK && method != HEED_METHOD_INTEGRATED)
        status = attributor_logits(a, row, 1, label, &sum->logit, error);
    if (status != HEED_OK)
        return status;
    switch (method) {
    case HEED_METHOD_ATTENTION:
        sum->padding = saliency_attention(a->saliency, row, scores);
        return HEED_OK;
    case HEED_METHOD_GRADIENT:
        run_gradient(a, row, label, scores);
        return HEED_OK;
    case HEED_METHOD_INTEGRATED:
        return integrated(a, steps, row, label, scores, sum, error);
    case HEED_METHOD_LEAVE_ONE_OUT:
        return leave_one_out(a, row, label, scores, sum, error);
    case HEED_METHOD_AUTO:
    case HEED_METHOD_WEIGHTS:
        break;
    }
    sum->baseline = (double)a->model->linear->bias[output_of(a->model, label, &sign)];
    sum->baseline *= sign;
    return weigh(a, row, label, scores, error);
}

heed_status attributor_permuted(attributor *a, const batch_row *row, const uint32_t *orders, size_t count,
                                float *outputs, heed_error *error)
{
    heed_status status = need_saliency(a, error);
    if (status == HEED_OK)
        saliency_permuted(a->saliency, row, orders, count, outputs);
    return status;
}
