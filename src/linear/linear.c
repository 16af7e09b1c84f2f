#include "linear/linear.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { MAX_WEIGHTS = INT32_MAX / 8 }; /* 2 GiB of the doubles used in training */

heed_status linear_new(linear **out, ngrams *features, uint32_t outputs, bool softmax, heed_error *error)
{
    size_t count = ngrams_count(features);
    linear *l = *out = memory_array(1, sizeof *l);
    if (l == NULL) {
        ngrams_release(features);
        return fail_memory(error, "a linear model");
    }
    *l = (linear){.features = *features, .outputs = outputs, .softmax = softmax};
    *features = (ngrams){0};
    heed_status status = HEED_OK;
    if (outputs > MAX_WEIGHTS / (count + 1))
        status = fail(error, HEED_USAGE, "%zu features of %u outputs make more than %d weights; raise --min-count",
                      count, outputs, MAX_WEIGHTS);
    else if ((l->weights = memory_array(count * outputs, sizeof *l->weights)) == NULL ||
             (l->bias = memory_array(outputs, sizeof *l->bias)) == NULL)
        status = fail_memory(error, "a linear model");
    if (status != HEED_OK) {
        linear_free(l);
        *out = NULL;
    }
    return status;
}

void linear_free(linear *l)
{
    if (l == NULL)
        return;
    ngrams_release(&l->features);
    free(l->weights);
    free(l->bias);
    free(l);
}

static double sigmoids(double *z, size_t outputs, const float *target, const float *weight)
{
    double loss = 0;
    for (size_t k = 0; k < outputs; k++) {
        double part = exp(-fabs(z[k]));
        if (target != NULL)
            loss += (weight == NULL ? 1 : (double)weight[k]) * (fmax(z[k], 0) - z[k] * (double)target[k] + log1p(part));
        z[k] = z[k] >= 0 ? 1 / (1 + part) : part / (1 + part);
    }
    return loss;
}

double linear_link(double *z, size_t outputs, bool softmax, const float *target, const float *weight)
{
    if (!softmax)
        return sigmoids(z, outputs, target, weight);
    double max = z[0], sum = 0, chosen = 0;
    for (size_t k = 1; k < outputs; k++)
        max = fmax(max, z[k]);
    for (size_t k = 0; k < outputs; k++) {
        chosen += target == NULL ? 0 : (double)target[k] * (z[k] - max);
        z[k] = exp(z[k] - max);
        sum += z[k];
    }
    for (size_t k = 0; k < outputs; k++)
        z[k] /= sum;
    return target == NULL ? 0 : (weight == NULL ? 1 : (double)*weight) * (log(sum) - chosen);
}

void linear_logits(const linear *l, const sparse_value *values, size_t count, double *z)
{
    size_t outputs = l->outputs;
    for (size_t k = 0; k < outputs; k++)
        z[k] = (double)l->bias[k];
    for (size_t i = 0; i < count; i++) {
        const float *w = l->weights + values[i].index * outputs;
        for (size_t k = 0; k < outputs; k++)
            z[k] += (double)values[i].value * (double)w[k];
    }
}

double linear_score(const linear *l, const sparse_value *values, size_t count, const float *target, double *scratch,
                    float *probability)
{
    size_t outputs = l->outputs;
    linear_logits(l, values, count, scratch);
    double loss = linear_link(scratch, outputs, l->softmax, target, NULL);
    for (size_t k = 0; k < outputs; k++)
        probability[k] = (float)scratch[k];
    return loss;
}
