#include "network/token_projections.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/batch.h"

/* Features per task: a multiple of the rows of a matmul tile. And the most gradients that are kept for a batch: with
 * more of them, memory matters more than time. */
enum { FEATURES_PER_TASK = 24, MAX_GRADIENTS = 1 << 26 };

bool token_projections_apply(const network *net, size_t positions)
{
    size_t columns = 0;
    for (int i = 0; i < net->projection_count; i++)
        columns += (size_t)net->projections[i].columns;
    return columns > 0 && positions <= MAX_GRADIENTS / columns;
}

heed_status token_projections_init(token_projections *out, const network *net, const batch_tokens *tokens,
                                   size_t positions, real *token_gradient, heed_error *error)
{
    size_t vocabulary = net->spec.vocabulary, distinct = positions < vocabulary ? positions : vocabulary;
    *out = (token_projections){.net = net, .tokens = tokens, .token_gradient = token_gradient};
    if (!token_projections_apply(net, positions))
        return HEED_OK;
    bool complete = true;
    for (int i = 0; i < net->projection_count; i++) {
        size_t columns = (size_t)net->projections[i].columns;
        out->projected[i] = memory_scratch(distinct * columns, sizeof(real));
        out->gradient[i] = token_gradient == NULL ? NULL : memory_scratch(positions * columns, sizeof(real));
        complete = complete && out->projected[i] != NULL && (token_gradient == NULL || out->gradient[i] != NULL);
    }
    if (token_gradient != NULL && !net->spec.mask) {
        out->packed_first = memory_array(distinct + 1, sizeof *out->packed_first);
        out->packed_position = memory_array(positions, sizeof *out->packed_position);
        complete = complete && out->packed_first != NULL && out->packed_position != NULL;
    }
    out->embedded = memory_scratch(distinct * (size_t)net->embedded.width, sizeof(real));
    return complete && out->embedded != NULL ? HEED_OK : fail_memory(error, "the products of a batch's tokens");
}

void token_projections_release(token_projections *t)
{
    for (int i = 0; i < MAX_PROJECTIONS; i++) {
        free(t->projected[i]);
        free(t->gradient[i]);
    }
    free(t->embedded);
    free(t->packed_first);
    free(t->packed_position);
    *t = (token_projections){0};
}

/* Where a task's tokens or features end. */
static size_t task_end(size_t first, size_t size, size_t count)
{
    return count - first < size ? count : first + size;
}

static size_t tasks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

void projection_forward(const network *net, const projection *to, const real *weights, matrix embedded, real *out)
{
    matrix w = matrix_of(weights + to->kernel, embedded.columns, to->columns);
    matrix y = matrix_of(out, embedded.rows, to->columns);
    if (to->bias == NO_BIAS)
        matmul(net->kernels, y, embedded, w);
    else
        affine(net->kernels, y, embedded, w, weights + to->bias);
}

void token_projections_pack(token_projections *t, const size_t *packed_at)
{
    const batch_tokens *tokens = t->tokens;
    size_t end = 0;
    for (size_t i = 0; packed_at != NULL && i < tokens->distinct; i++) {
        t->packed_first[i] = end;
        for (size_t j = tokens->first[i]; j < tokens->first[i + 1]; j++)
            if (packed_at[tokens->position[j]] != NOT_PACKED)
                t->packed_position[end++] = packed_at[tokens->position[j]];
        t->packed_first[i + 1] = end;
    }
}

void token_projections_begin(token_projections *t, const real *weights, const real *transposed)
{
    t->weights = weights;
    t->transposed = transposed;
}

/* Rows first ... end - 1 of a matrix with a row for each distinct token. */
static matrix token_rows(const real *rows, int columns, size_t first, size_t end)
{
    return matrix_of(rows + first * (size_t)columns, (int)(end - first), columns);
}

void token_projections_forward_task(token_projections *t, size_t task)
{
    size_t first = task * TOKENS_PER_TASK, end = task_end(first, TOKENS_PER_TASK, t->tokens->distinct);
    int width = t->net->embedded.width;
    matrix x = token_rows(t->embedded, width, first, end);
    for (int i = 0; i < x.rows; i++)
        memcpy(matrix_row(x, i), t->weights + t->tokens->id[first + (size_t)i] * (size_t)width,
               (size_t)width * sizeof(real));
    for (int i = 0; i < t->net->projection_count; i++) {
        const projection *to = &t->net->projections[i];
        projection_forward(t->net, to, t->weights, x, t->projected[i] + first * (size_t)to->columns);
    }
}

static void forward_task(void *context, size_t task, unsigned worker)
{
    (void)worker;
    token_projections_forward_task(context, task);
}

void token_projections_forward(token_projections *t, pool *workers, const real *weights)
{
    token_projections_begin(t, weights, NULL);
    pool_run(workers, tasks(t->tokens->distinct, TOKENS_PER_TASK), forward_task, t);
}

void token_projections_lend(const token_projections *t, pass *p, size_t first)
{
    p->place = t->tokens->place_at + first;
    for (int i = 0; i < t->net->projection_count; i++) {
        const projection *to = &t->net->projections[i];
        p->projected[i] = t->projected[i];
        if (t->gradient[i] != NULL)
            p->slot[to->slot] = t->gradient[i] + first * (size_t)to->columns;
    }
}

double token_projections_token_task(token_projections *t, size_t task)
{
    const kernels *k = t->net->kernels;
    const batch_tokens *tokens = t->tokens;
    size_t first = task * TOKENS_PER_TASK, end = task_end(first, TOKENS_PER_TASK, tokens->distinct);
    matrix dx = token_rows(t->token_gradient, t->net->embedded.width, first, end);
    for (int i = 0; i < t->net->projection_count; i++) {
        const projection *to = &t->net->projections[i];
        size_t columns = (size_t)to->columns;
        const size_t *list = to->packed ? t->packed_first : tokens->first;
        const size_t *position = to->packed ? t->packed_position : tokens->position;
        for (size_t j = first; j < end; j++)
            k->sum_listed(columns, t->gradient[i], position + list[j], list[j + 1] - list[j],
                          list[tokens->distinct] - list[j], t->projected[i] + j * columns);
        matrix sums = token_rows(t->projected[i], to->columns, first, end);
        matrix w_transposed = matrix_of(t->transposed + to->transposed, to->columns, dx.columns);
        matmul_or_add(k, i > 0, dx, sums, w_transposed);
    }
    return k->sum_squares(matrix_count(dx), dx.data);
}

/* The tasks of one projection; each computes some rows of dW. */
static size_t feature_tasks(const token_projections *t)
{
    return tasks((size_t)t->net->embedded.width, FEATURES_PER_TASK);
}

size_t token_projections_weight_tasks(const token_projections *t)
{
    return t->embedded == NULL ? 0 : (size_t)t->net->projection_count * feature_tasks(t);
}

/* The first task also computes db. */
double token_projections_weight_task(token_projections *t, size_t task, real *dense_gradient)
{
    const kernels *k = t->net->kernels;
    size_t part = task % feature_tasks(t), i = task / feature_tasks(t), distinct = t->tokens->distinct;
    int width = t->net->embedded.width, first = (int)(part * FEATURES_PER_TASK);
    int features = width - first < FEATURES_PER_TASK ? width - first : FEATURES_PER_TASK;
    const projection *to = &t->net->projections[i];
    matrix x = token_rows(t->embedded, width, 0, distinct),
           sums = token_rows(t->projected[i], to->columns, 0, distinct);
    matrix dw = matrix_of(dense_gradient + (to->kernel - t->net->embedding_count), width, to->columns);
    matrix own = matrix_rows(dw, first, features);
    matmul(k, own, transposed(matrix_columns(x, first, features)), sums);
    double square = k->sum_squares(matrix_count(own), own.data);
    if (part > 0 || to->bias == NO_BIAS)
        return square;
    size_t columns = (size_t)to->columns;
    real *db = dense_gradient + (to->bias - t->net->embedding_count);
    memset(db, 0, columns * sizeof *db);
    sum_rows(k, sums, db);
    return square + k->sum_squares(columns, db);
}
