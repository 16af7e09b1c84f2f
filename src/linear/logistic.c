#include "linear/logistic.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { MAX_WEIGHTS = INT32_MAX / 8 }; /* 2 GiB of the doubles used in training */

heed_status logistic_init(logistic *out, size_t features, uint32_t outputs, bool softmax, heed_error *error)
{
    *out = (logistic){.features = features, .outputs = outputs, .softmax = softmax};
    if (features >= MAX_WEIGHTS || outputs > MAX_WEIGHTS / (features + 1))
        return fail(error, HEED_USAGE,
                    "%zu features of %u outputs make more than %d weights; a higher min-count "
                    "keeps fewer features",
                    features, outputs, MAX_WEIGHTS);
    out->weights = memory_array(features * outputs, sizeof *out->weights);
    out->bias = memory_array(outputs, sizeof *out->bias);
    if (out->weights != NULL && out->bias != NULL)
        return HEED_OK;
    logistic_release(out);
    return fail_memory(error, "a linear model");
}

void logistic_release(logistic *l)
{
    free(l->weights);
    free(l->bias);
    *l = (logistic){0};
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

double logistic_link(double *z, size_t outputs, bool softmax, const float *target, const float *weight)
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

void logistic_logits(const logistic *l, const sparse_value *values, size_t count, double *z)
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

void logistic_dense_logits(const logistic *l, const real *features, double *z)
{
    for (size_t k = 0; k < l->outputs; k++)
        z[k] = (double)l->bias[k];
    for (size_t j = 0; j < l->features; j++)
        for (size_t k = 0; k < l->outputs; k++)
            z[k] += (double)features[j] * (double)l->weights[j * l->outputs + k];
}

double logistic_score(const logistic *l, const sparse_value *values, size_t count, const float *target, double *scratch,
                      float *probability)
{
    size_t outputs = l->outputs;
    logistic_logits(l, values, count, scratch);
    double loss = logistic_link(scratch, outputs, l->softmax, target, NULL);
    for (size_t k = 0; k < outputs; k++)
        probability[k] = (float)scratch[k];
    return loss;
}
