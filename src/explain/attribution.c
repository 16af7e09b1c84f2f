#include "explain/attribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/integrated.h"
#include "model/classifier.h"
#include "model/network_classifier.h"

enum { BLOCK_ROWS = 250 }; /* scored at a time */

struct attributor {
    const heed_model *model;
    pool *workers;
    classifier *classes;
    saliency *saliency; /* of a network, made when it is first needed */
    path path;
    uint32_t *left; /* [BLOCK_ROWS][length - 1]: rows with a token left out */
    size_t left_capacity;
};

heed_status attributor_new(attributor **out, const heed_model *model, pool *workers, heed_error *error)
{
    *out = NULL;
    attributor *a = memory_array(1, sizeof *a);
    if (a == NULL)
        return fail_memory(error, "an explanation");
    a->model = model;
    a->workers = workers;
    heed_status status = classifier_new(&a->classes, model, workers, error);
    if (status == HEED_OK)
        *out = a;
    else
        attributor_free(a);
    return status;
}

void attributor_free(attributor *a)
{
    if (a == NULL)
        return;
    classifier_free(a->classes);
    saliency_free(a->saliency);
    path_release(&a->path);
    free(a->left);
    free(a);
}

static heed_status need_saliency(attributor *a, heed_error *error)
{
    const trained_network *n = model_network(a->model);
    return a->saliency != NULL ? HEED_OK : saliency_new(&a->saliency, n->net, n->weights, a->workers, error);
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
                    length, (int)MAX_LEFT_OUT, heed_method_name(a->model->class->method_of_many));
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
    heed_status status;
    TRY(need_saliency(a, error));
    TRY(find_logit(a, q, &sum->logit, error));
    sum->padding = saliency_attention(a->saliency, q->row, scores);
done:
    return status;
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
    saliency_gradients(a->saliency, q->row, output, &whole, 1, scores, &logit);
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
    const path_query line = {a->saliency, q->row, output, q->steps};
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
    return methods[q->method](a, q, scores, sum, error);
}

heed_status attributor_permuted(attributor *a, const batch_row *row, const uint32_t *orders, size_t count,
                                float *outputs, heed_error *error)
{
    heed_status status = need_saliency(a, error);
    if (status == HEED_OK)
        saliency_permuted(a->saliency, row, orders, count, outputs);
    return status;
}
