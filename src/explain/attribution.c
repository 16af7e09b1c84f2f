#include "explain/attribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/integrated.h"
#include "explain/text_gradients.h"
#include "model/classifier.h"
#include "model/encode.h"
#include "model/network_classifier.h"
#include "model/row_encoding.h"
#include "model/sum_classifier.h"
#include "network/saliency.h"

enum { BLOCK_ROWS = 250 }; /* scored at a time */

struct attributor {
    const heed_model *model;
    pool *workers;
    classifier *classes;
    saliency *saliency;    /* of a network, made when it is first needed */
    text_gradients *texts; /* the same of an encoder */
    row_encoding *states;  /* of a network on an encoder */
    path path;
    uint32_t *left; /* [BLOCK_ROWS][length - 1]: rows with a token left out */
    size_t left_capacity;
    /* of a sum: */
    attributor **parts;     /* [parts] */
    uint32_t *ids, *tokens; /* [length]: what a part reads */
    double *own;            /* [length]: its scores */
    size_t id_capacity, token_capacity, own_capacity;
};

static heed_status make_parts(attributor *a, heed_error *error)
{
    const model_sum *s = model_parts(a->model);
    heed_status status = HEED_OK;
    if (s == NULL)
        return HEED_OK;
    a->parts = memory_array(s->count, sizeof *a->parts);
    if (a->parts == NULL)
        return fail_memory(error, "an explanation");
    for (uint32_t i = 0; i < s->count && status == HEED_OK; i++)
        status = attributor_new(&a->parts[i], s->parts[i].model, a->workers, error);
    return status;
}

heed_status attributor_new(attributor **out, const heed_model *model, pool *workers, heed_error *error)
{
    *out = NULL;
    attributor *a = memory_array(1, sizeof *a);
    if (a == NULL)
        return fail_memory(error, "an explanation");
    a->model = model;
    a->workers = workers;
    heed_status status;
    TRY(classifier_new(&a->classes, model, workers, error));
    TRY(make_parts(a, error));
    *out = a;
    return HEED_OK;
done:
    attributor_free(a);
    return status;
}

void attributor_free(attributor *a)
{
    if (a == NULL)
        return;
    const model_sum *s = model_parts(a->model);
    for (uint32_t i = 0; a->parts != NULL && i < s->count; i++)
        attributor_free(a->parts[i]);
    free(a->parts);
    free(a->ids);
    free(a->tokens);
    free(a->own);
    classifier_free(a->classes);
    saliency_free(a->saliency);
    text_gradients_free(a->texts);
    row_encoding_free(a->states);
    path_release(&a->path);
    free(a->left);
    free(a);
}

/* What gradients and attention are found by: the network of a model, its encoder, or both. */
static heed_status need_saliency(attributor *a, heed_error *error)
{
    const trained_network *n = model_network(a->model);
    const shared_encoder *e = model_states_encoder(a->model);
    heed_status status = HEED_OK;
    if (n != NULL && a->saliency == NULL)
        TRY(saliency_new(&a->saliency, n->net, n->weights, a->workers, error));
    if (e != NULL && a->states == NULL)
        TRY(row_encoding_new(&a->states, e, (feature_rule){.room = n->net->spec.window}, ENCODING_STATES, a->workers,
                             error));
    if ((n == NULL || e != NULL) && a->texts == NULL)
        status = text_gradients_new(&a->texts, a->model, a->saliency, a->workers, error);
done:
    return status;
}

/* A row as the network of the model reads it: with its states, if it reads those. */
static heed_status network_row(batch_row *out, attributor *a, const batch_row *row, heed_error *error)
{
    *out = *row;
    return a->states != NULL ? row_encoding_give(a->states, out, 1, error) : HEED_OK;
}

static heed_status find_logit(attributor *a, const attribution_query *q, double *logit, heed_error *error)
{
    return classifier_logits(a->classes, q->row, 1, q->label, logit, error);
}

/* ---- leave one out */

/* Logits of the row without its tokens first ... first + block - 1, one at a time. */
static heed_status logits_without(attributor *a, const attribution_query *q, size_t first, size_t block, double *logits,
                                  heed_error *error)
{
    batch_row rows[BLOCK_ROWS];
    const batch_row *row = q->row;
    size_t rest = (size_t)row->length - 1;
    for (size_t i = 0; i < block; i++) {
        uint32_t *ids = a->left + i * rest;
        size_t out = first + i;
        memcpy(ids, row->ids, out * sizeof *ids);
        memcpy(ids + out, row->ids + out + 1, (rest - out) * sizeof *ids);
        rows[i] = (batch_row){.ids = ids, .length = (int)rest, .spelling = row->spelling};
    }
    return classifier_logits(a->classes, rows, block, q->label, logits, error);
}

static heed_status leave_one_out(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                                 heed_error *error)
{
    size_t length = (size_t)q->row->length;
    heed_status status;
    TRY(find_logit(a, q, &sum->logit, error));
    if (length > MAX_LEFT_OUT)
        return fail(error, HEED_BAD_DATA, "leave-one-out: the text has %zu tokens, expected at most %d; use method %s",
                    length, (int)MAX_LEFT_OUT, heed_method_name(model_method_of_many(a->model)));
    TRY(memory_grow(&a->left, &a->left_capacity, BLOCK_ROWS * length, sizeof *a->left, error));
    for (size_t first = 0; first < length; first += BLOCK_ROWS) {
        size_t block = length - first < BLOCK_ROWS ? length - first : BLOCK_ROWS;
        TRY(logits_without(a, q, first, block, scores + first, error));
    }
    for (size_t i = 0; i < length; i++)
        scores[i] = sum->logit - scores[i];
done:
    return status;
}

/* ---- by passes of the network */

static heed_status attention(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                             heed_error *error)
{
    batch_row row;
    heed_status status;
    TRY(need_saliency(a, error));
    TRY(find_logit(a, q, &sum->logit, error));
    if (a->saliency == NULL)
        return text_gradients_attention(a->texts, q->row, scores, &sum->padding, error);
    TRY(network_row(&row, a, q->row, error));
    sum->padding = saliency_attention(a->saliency, &row, scores);
    status = pool_check(a->workers, error);
done:
    return status;
}

/* line_gradients.run of an attributor. */
static heed_status run_gradients(void *self, const batch_row *row, uint32_t output, const line_points *p,
                                 heed_error *error)
{
    attributor *a = self;
    if (a->texts != NULL)
        return text_gradients_run(a->texts, row, output, p, error);
    saliency_gradients(a->saliency, row, output, p->shrink, p->count, p->products, p->logits);
    return pool_check(a->workers, error);
}

static void scale(double *scores, int length, double factor)
{
    for (int t = 0; t < length; t++)
        scores[t] *= factor;
}

static heed_status gradient(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                            heed_error *error)
{
    static const double whole = 1;
    double sign, logit;
    uint32_t output = model_output_of(a->model, q->label, &sign);
    heed_status status;
    TRY(need_saliency(a, error));
    TRY(find_logit(a, q, &sum->logit, error));
    TRY(run_gradients(a, q->row, output, &(line_points){&whole, 1, scores, &logit}, error));
    scale(scores, q->row->length, sign);
done:
    return status;
}

static heed_status integrated(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                              heed_error *error)
{
    double sign;
    uint32_t output = model_output_of(a->model, q->label, &sign);
    path_ends ends;
    heed_status status;
    TRY(need_saliency(a, error));
    const path_query line = {{run_gradients, a}, q->row, output, q->steps};
    TRY(path_integrate(&a->path, &line, scores, &ends, error));
    scale(scores, q->row->length, sign);
    *sum = (attribution){sign * ends.logit, sign * ends.baseline, NAN, ends.steps};
done:
    return status;
}

/* ---- by weights */

static heed_status weigh(attributor *a, const attribution_query *q, double *scores, attribution *sum, heed_error *error)
{
    heed_status status = find_logit(a, q, &sum->logit, error);
    return status == HEED_OK ? a->model->class->weigh(a->model, q->row, q->label, scores, &sum->baseline, error)
                             : status;
}

/* ---- by parts of a sum */

static heed_status need_part_room(attributor *a, size_t length, heed_error *error)
{
    heed_status status;
    TRY(memory_grow(&a->ids, &a->id_capacity, length, sizeof *a->ids, error));
    TRY(memory_grow(&a->tokens, &a->token_capacity, length, sizeof *a->tokens, error));
    TRY(memory_grow(&a->own, &a->own_capacity, length, sizeof *a->own, error));
done:
    return status;
}

/* Adds a part's scores, times its weight, to those of the tokens that it reads. */
static heed_status add_part(attributor *a, const attribution_query *q, uint32_t number, double *scores,
                            attribution *sum, heed_error *error)
{
    const sum_part *part = &model_parts(a->model)->parts[number];
    const batch_row row = sum_part_row(part, q->row, a->ids, a->tokens);
    attribution_query own = *q;
    attribution found;
    own.row = &row;
    own.method = model_has_method(part->model, q->method) ? q->method : HEED_METHOD_WEIGHTS;
    heed_status status = attributor_run(a->parts[number], &own, a->own, &found, error);
    for (int t = 0; t < row.length && status == HEED_OK; t++)
        scores[a->tokens[t]] += (double)part->weight * a->own[t];
    sum->baseline += (double)part->weight * found.baseline;
    sum->steps = found.steps > sum->steps ? found.steps : sum->steps;
    return status;
}

/* The weighted sum of the parts' scores: by the method where a part has it, else by its weights. */
static heed_status add_parts(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                             heed_error *error)
{
    heed_status status;
    TRY(need_part_room(a, (size_t)q->row->length, error));
    TRY(find_logit(a, q, &sum->logit, error));
    sum->baseline = 0;
    for (uint32_t i = 0; i < model_parts(a->model)->count; i++)
        if (sum_part_counts(model_parts(a->model), i))
            TRY(add_part(a, q, i, scores, sum, error));
done:
    return status;
}

/* The number of the part that attention is that of: one that counts before others, then a network, then the first. */
static uint32_t attending_part(const heed_model *model)
{
    const model_sum *s = model_parts(model);
    uint32_t found = s->count;
    int best = -1;
    for (uint32_t i = 0; i < s->count; i++) {
        const heed_model *part = s->parts[i].model;
        int rank = 2 * sum_part_counts(s, i) + (model_network(part) != NULL);
        if (!model_has_method(part, HEED_METHOD_ATTENTION) || rank <= best)
            continue;
        best = rank;
        found = i;
    }
    return found;
}

/* Attention is that of one part. */
static heed_status part_attention(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                                  heed_error *error)
{
    uint32_t number = attending_part(a->model);
    attribution found;
    heed_status status;
    TRY(need_part_room(a, (size_t)q->row->length, error));
    TRY(find_logit(a, q, &sum->logit, error));
    const batch_row row = sum_part_row(&model_parts(a->model)->parts[number], q->row, a->ids, a->tokens);
    attribution_query own = *q;
    own.row = &row;
    TRY(attributor_run(a->parts[number], &own, a->own, &found, error));
    for (int t = 0; t < row.length; t++)
        scores[a->tokens[t]] = a->own[t];
    sum->padding = found.padding;
done:
    return status;
}

heed_status attributor_run(attributor *a, const attribution_query *q, double *scores, attribution *sum,
                           heed_error *error)
{
    static heed_status (*const methods[])(attributor *, const attribution_query *, double *, attribution *,
                                          heed_error *) = {[HEED_METHOD_ATTENTION] = attention,
                                                           [HEED_METHOD_GRADIENT] = gradient,
                                                           [HEED_METHOD_INTEGRATED] = integrated,
                                                           [HEED_METHOD_LEAVE_ONE_OUT] = leave_one_out,
                                                           [HEED_METHOD_WEIGHTS] = weigh};
    *sum = (attribution){.baseline = NAN, .padding = NAN};
    for (int t = 0; t < q->row->length; t++)
        scores[t] = 0;
    if (a->parts == NULL || q->method == HEED_METHOD_LEAVE_ONE_OUT)
        return methods[q->method](a, q, scores, sum, error);
    return q->method == HEED_METHOD_ATTENTION ? part_attention(a, q, scores, sum, error)
                                              : add_parts(a, q, scores, sum, error);
}

/* Of the method by itself. */
static uint64_t method_passes(const heed_model *model, heed_method method, unsigned steps, size_t tokens)
{
    enum { BACK_AND_FORTH = 3 };
    const text_window window = model_window(model);
    switch (method) {
    case HEED_METHOD_GRADIENT:
        return BACK_AND_FORTH;
    case HEED_METHOD_INTEGRATED:
        return BACK_AND_FORTH * path_points(steps);
    case HEED_METHOD_LEAVE_ONE_OUT:
        tokens = tokens > MAX_LEFT_OUT ? 0 : tokens > 0 ? tokens : 1;
        return window.length > 0 && tokens > window.length ? window.length : tokens;
    default:
        return 1;
    }
}

/* A sum finds its logit, and each part its own, which together are one more pass. */
uint64_t attribution_passes(const heed_model *model, heed_method method, unsigned steps, size_t tokens)
{
    const bool by_parts = model_parts(model) != NULL && method != HEED_METHOD_LEAVE_ONE_OUT;
    return 1 + by_parts + method_passes(model, method, steps, tokens);
}

bool attributor_permutes(const attributor *a)
{
    const heed_model *m = a->model;
    if (!model_has_method(m, HEED_METHOD_ATTENTION))
        return false;
    return model_network(a->parts == NULL ? m : model_parts(m)->parts[attending_part(m)].model) != NULL;
}

heed_status attributor_attending(attributor **out, batch_row *own, attributor *a, const batch_row *row,
                                 heed_error *error)
{
    heed_status status;
    *out = a;
    *own = *row;
    if (a->parts == NULL)
        return HEED_OK;
    TRY(need_part_room(a, (size_t)row->length, error));
    uint32_t number = attending_part(a->model);
    *own = sum_part_row(&model_parts(a->model)->parts[number], row, a->ids, NULL);
    *out = a->parts[number];
done:
    return status;
}

heed_status attributor_permuted(attributor *a, const batch_row *row, const uint32_t *orders, size_t count,
                                float *outputs, heed_error *error)
{
    batch_row own;
    heed_status status;
    TRY(need_saliency(a, error));
    TRY(network_row(&own, a, row, error));
    saliency_permuted(a->saliency, &own, orders, count, outputs);
    status = pool_check(a->workers, error);
done:
    return status;
}
