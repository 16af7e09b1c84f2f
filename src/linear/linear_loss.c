#include "linear/linear_loss.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Rows and features of a task; the first features are the most frequent words, so a few of them are much work. */
enum { TASK_ROWS = 64, TASK_FEATURES = 64 };

static size_t tasks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

heed_status linear_loss_init(linear_loss *l, heed_error *error)
{
    size_t row_tasks = tasks(l->rows->count, TASK_ROWS), feature_tasks = tasks(l->columns->count, TASK_FEATURES);
    l->dz = l->outputs <= SIZE_MAX / (l->rows->count + (size_t)1)
                ? memory_array(l->rows->count * l->outputs, sizeof *l->dz)
                : NULL;
    l->chunk_loss = memory_array(row_tasks, sizeof *l->chunk_loss);
    l->chunk_correct = memory_array(row_tasks, sizeof *l->chunk_correct);
    l->chunk_square = memory_array(feature_tasks, sizeof *l->chunk_square);
    if (l->dz && l->chunk_loss && l->chunk_correct && l->chunk_square)
        return HEED_OK;
    linear_loss_release(l);
    return fail_memory(error, "training");
}

void linear_loss_release(linear_loss *l)
{
    free(l->dz);
    free(l->chunk_loss);
    free(l->chunk_correct);
    free(l->chunk_square);
    l->dz = l->chunk_loss = l->chunk_square = NULL;
    l->chunk_correct = NULL;
}

size_t linear_loss_size(const linear_loss *l)
{
    return (l->columns->count + 1) * l->outputs;
}

bool linear_is_correct(const double *probability, const float *target, size_t outputs)
{
    size_t answer = 0, truth = 0;
    if (outputs == 1)
        return (probability[0] > 0.5) == (target[0] > 0.5F);
    for (size_t k = 1; k < outputs; k++) {
        answer = probability[k] > probability[answer] ? k : answer;
        truth = target[k] > target[truth] ? k : truth;
    }
    return answer == truth;
}

/* z, loss and dz of some rows. */
static void value_of_rows(void *context, size_t task, unsigned worker)
{
    linear_loss *l = context;
    size_t outputs = l->outputs, last = smaller((task + 1) * TASK_ROWS, l->rows->count);
    const double *bias = l->x + l->columns->count * outputs;
    (void)worker;
    l->chunk_loss[task] = 0;
    l->chunk_correct[task] = 0;
    for (size_t i = task * TASK_ROWS; i < last; i++) {
        const float *target = l->target + i * outputs;
        const float *weight = l->weight == NULL ? NULL : l->weight + i * outputs;
        double *z = l->dz + i * outputs;
        for (size_t k = 0; k < outputs; k++)
            z[k] = bias[k];
        sparse_add(z, l->rows->values + l->rows->first[i], l->rows->size[i], l->x, outputs);
        l->chunk_loss[task] += logistic_link(z, outputs, l->softmax, target, weight);
        l->chunk_correct[task] += linear_is_correct(z, target, outputs);
        for (size_t k = 0; k < outputs; k++)
            z[k] = (z[k] - (double)target[k]) * (weight == NULL ? 1 : (double)weight[k]) / (double)l->rows->count;
    }
}

/* dW and |W|^2 of some features. */
static void gradient_of_features(void *context, size_t task, unsigned worker)
{
    linear_loss *l = context;
    size_t outputs = l->outputs, last = smaller((task + 1) * TASK_FEATURES, l->columns->count);
    double penalty = 1 / (l->strength * (double)l->rows->count);
    (void)worker;
    l->chunk_square[task] = 0;
    for (size_t f = task * TASK_FEATURES; f < last; f++) {
        size_t first = l->columns->first[f], count = l->columns->first[f + 1] - first;
        const double *w = l->x + f * outputs;
        double *gradient = l->gradient + f * outputs;
        for (size_t k = 0; k < outputs; k++) {
            gradient[k] = penalty * w[k];
            l->chunk_square[task] += w[k] * w[k];
        }
        sparse_add(gradient, l->columns->values + first, count, l->dz, outputs);
    }
}

double linear_loss_value(void *loss, const double *x, double *gradient)
{
    linear_loss *l = loss;
    size_t row_tasks = tasks(l->rows->count, TASK_ROWS), feature_tasks = tasks(l->columns->count, TASK_FEATURES);
    double *bias = gradient + l->columns->count * l->outputs, square = 0;
    l->x = x;
    l->gradient = gradient;
    pool_run(l->workers, row_tasks, value_of_rows, l);
    pool_run(l->workers, feature_tasks, gradient_of_features, l);
    l->mean_loss = 0;
    l->correct = 0;
    for (size_t i = 0; i < row_tasks; i++) {
        l->mean_loss += l->chunk_loss[i];
        l->correct += l->chunk_correct[i];
    }
    l->mean_loss /= (double)l->rows->count;
    for (size_t i = 0; i < feature_tasks; i++)
        square += l->chunk_square[i];
    for (size_t k = 0; k < l->outputs; k++)
        bias[k] = 0;
    for (size_t i = 0; i < l->rows->count; i++)
        for (size_t k = 0; k < l->outputs; k++)
            bias[k] += l->dz[i * l->outputs + k];
    return l->mean_loss + square / (2 * l->strength * (double)l->rows->count);
}
