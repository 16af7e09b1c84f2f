#include "linear/linear_loss.h"

#include <stdlib.h>
#include <string.h>

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

size_t linear_loss_rows(const linear_loss *l)
{
    return l->frame != NULL ? l->frame->rows->count : l->rows->count;
}

static size_t features_of(const linear_loss *l)
{
    return l->frame != NULL ? l->frame->rows->features : l->columns->count;
}

/* How many tasks sum losses. */
static size_t row_chunks(const linear_loss *l)
{
    return l->frame != NULL ? l->dense.chunks : tasks(l->rows->count, TASK_ROWS);
}

/* What only one kind of rows needs. */
static heed_status init_products(linear_loss *l, heed_error *error)
{
    l->dense = (dense_pass){.frame = l->frame, .outputs = l->outputs, .workers = l->workers};
    if (l->frame != NULL)
        return dense_pass_init(&l->dense, error);
    l->dz = l->outputs <= SIZE_MAX / (l->rows->count + (size_t)1)
                ? memory_array(l->rows->count * l->outputs, sizeof *l->dz)
                : NULL;
    return l->dz == NULL ? fail_memory(error, "training") : HEED_OK;
}

heed_status linear_loss_init(linear_loss *l, heed_error *error)
{
    heed_status status;
    TRY(init_products(l, error));
    l->chunk_loss = memory_array(row_chunks(l), sizeof *l->chunk_loss);
    l->chunk_correct = memory_array(row_chunks(l), sizeof *l->chunk_correct);
    l->chunk_square = memory_array(tasks(features_of(l), TASK_FEATURES), sizeof *l->chunk_square);
    TRY(l->chunk_loss && l->chunk_correct && l->chunk_square ? HEED_OK : fail_memory(error, "training"));
    return HEED_OK;
done:
    linear_loss_release(l);
    return status;
}

void linear_loss_release(linear_loss *l)
{
    dense_pass_release(&l->dense);
    free(l->dz);
    free(l->chunk_loss);
    free(l->chunk_correct);
    free(l->chunk_square);
    l->dz = l->chunk_loss = l->chunk_square = NULL;
    l->chunk_correct = NULL;
}

size_t linear_loss_size(const linear_loss *l)
{
    return (features_of(l) + 1) * l->outputs;
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

/* Turns logits of a row into dz, and adds its loss to that of the chunk. */
static void turn_row(void *context, size_t chunk, size_t row, double *z)
{
    linear_loss *l = context;
    size_t outputs = l->outputs;
    const float *target = l->target + row * outputs;
    const float *weight = l->weight == NULL ? NULL : l->weight + row * outputs;
    double rows = (double)linear_loss_rows(l);
    l->chunk_loss[chunk] += logistic_link(z, outputs, l->softmax, target, weight);
    l->chunk_correct[chunk] += linear_is_correct(z, target, outputs);
    for (size_t k = 0; k < outputs; k++)
        z[k] = (z[k] - (double)target[k]) * (weight == NULL ? 1 : (double)weight[k]) / rows;
}

/* z, loss and dz of some sparse rows. */
static void value_of_rows(void *context, size_t task, unsigned worker)
{
    linear_loss *l = context;
    size_t outputs = l->outputs, last = smaller((task + 1) * TASK_ROWS, l->rows->count);
    const double *bias = l->x + l->columns->count * outputs;
    (void)worker;
    for (size_t i = task * TASK_ROWS; i < last; i++) {
        double *z = l->dz + i * outputs;
        for (size_t k = 0; k < outputs; k++)
            z[k] = bias[k];
        sparse_add(z, l->rows->values + l->rows->first[i], l->rows->size[i], l->x, outputs);
        turn_row(l, task, i, z);
    }
}

/* dW and |W|^2 of some features. */
static void gradient_of_features(void *context, size_t task, unsigned worker)
{
    linear_loss *l = context;
    size_t outputs = l->outputs, begin = task * TASK_FEATURES, last = smaller(begin + TASK_FEATURES, features_of(l));
    double penalty = 1 / (l->strength * (double)linear_loss_rows(l));
    (void)worker;
    l->chunk_square[task] = 0;
    for (size_t i = begin * outputs; i < last * outputs; i++) {
        l->gradient[i] = penalty * l->x[i];
        l->chunk_square[task] += l->x[i] * l->x[i];
    }
    if (l->frame != NULL)
        dense_pass_add(&l->dense, begin, last - begin, l->gradient);
    for (size_t f = begin; f < last && l->frame == NULL; f++) {
        size_t first = l->columns->first[f], count = l->columns->first[f + 1] - first;
        sparse_add(l->gradient + f * outputs, l->columns->values + first, count, l->dz, outputs);
    }
}

/* Losses, db, and what dW is made of. */
static void pass_rows(linear_loss *l, double *bias)
{
    memset(l->chunk_loss, 0, row_chunks(l) * sizeof *l->chunk_loss);
    memset(l->chunk_correct, 0, row_chunks(l) * sizeof *l->chunk_correct);
    if (l->frame != NULL) {
        dense_pass_run(&l->dense, l->x, turn_row, l);
        memcpy(bias, l->dense.bias + l->dense.chunks * l->outputs, l->outputs * sizeof *bias);
        return;
    }
    pool_run(l->workers, row_chunks(l), value_of_rows, l);
    memset(bias, 0, l->outputs * sizeof *bias);
    for (size_t i = 0; i < l->rows->count; i++)
        for (size_t k = 0; k < l->outputs; k++)
            bias[k] += l->dz[i * l->outputs + k];
}

double linear_loss_value(void *loss, const double *x, double *gradient)
{
    linear_loss *l = loss;
    size_t feature_tasks = tasks(features_of(l), TASK_FEATURES);
    double rows = (double)linear_loss_rows(l), square = 0;
    l->x = x;
    l->gradient = gradient;
    pass_rows(l, gradient + features_of(l) * l->outputs);
    pool_run(l->workers, feature_tasks, gradient_of_features, l);
    l->mean_loss = 0;
    l->correct = 0;
    for (size_t i = 0; i < row_chunks(l); i++) {
        l->mean_loss += l->chunk_loss[i];
        l->correct += l->chunk_correct[i];
    }
    l->mean_loss /= rows;
    for (size_t i = 0; i < feature_tasks; i++)
        square += l->chunk_square[i];
    return l->mean_loss + square / (2 * l->strength * rows);
}
