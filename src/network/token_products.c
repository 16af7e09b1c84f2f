#include "network/token_products.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/batch.h"

/* Features that one task handles, a multiple of the product's tiles; and the most numbers of gradients that are kept
 * for a batch, beyond which memory counts for more than time. */
enum { FEATURES_PER_TASK = 24, MOST_GRADIENTS = 1 << 26 };

bool token_products_apply(const network *net, size_t positions)
{
    size_t columns = 0;
    for (int i = 0; i < net->projection_count; i++)
        columns += (size_t)net->projections[i].columns;
    return columns > 0 && positions <= MOST_GRADIENTS / columns;
}

heed_status token_products_init(token_products *out, const network *net, const batch_tokens *tokens, size_t positions,
                                real *token_gradient, heed_error *error)
{
    size_t vocabulary = net->spec.vocabulary, distinct = positions < vocabulary ? positions : vocabulary;
    *out = (token_products){.net = net, .tokens = tokens, .token_gradient = token_gradient};
    if (!token_products_apply(net, positions))
        return HEED_OK;
    bool complete = true;
    for (int i = 0; i < net->projection_count; i++) {
        size_t columns = (size_t)net->projections[i].columns;
        out->product[i] = memory_scratch(distinct * columns, sizeof(real));
        out->gradient[i] = token_gradient == NULL ? NULL : memory_scratch(positions * columns, sizeof(real));
        complete = complete && out->product[i] != NULL && (token_gradient == NULL || out->gradient[i] != NULL);
    }
    if (token_gradient != NULL && !net->spec.mask) {
        out->packed_first = memory_array(distinct + 1, sizeof *out->packed_first);
        out->packed_position = memory_array(positions, sizeof *out->packed_position);
        complete = complete && out->packed_first != NULL && out->packed_position != NULL;
    }
    out->embedded = memory_scratch(distinct * (size_t)net->embedded.width, sizeof(real));
    return complete && out->embedded != NULL ? HEED_OK : fail_memory(error, "the products of a batch's tokens");
}

void token_products_release(token_products *t)
{
    for (int i = 0; i < MOST_PROJECTIONS; i++) {
        free(t->product[i]);
        free(t->gradient[i]);
    }
    free(t->embedded);
    free(t->packed_first);
    free(t->packed_position);
    *t = (token_products){0};
}

/* The end of a task's tokens or features. */
static size_t task_end(size_t first, size_t size, size_t count)
{
    return count - first < size ? count : first + size;
}

static size_t tasks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

void projection_product(const network *net, int number, const real *weights, size_t tokens, const real *embedded,
                        real *out)
{
    const projection *to = &net->projections[number];
    int width = net->embedded.width;
    if (to->bias == NO_BIAS)
        net->kernels->product((int)tokens, to->columns, width, embedded, width, 1, weights + to->kernel, to->columns,
                              out, to->columns, false);
    else
        net->kernels->affine((int)tokens, to->columns, width, embedded, width, weights + to->kernel, weights + to->bias,
                             out, to->columns);
}

void token_products_pack(token_products *t, const size_t *packed_at)
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

void token_products_begin(token_products *t, const real *weights, const real *prepared)
{
    t->weights = weights;
    t->prepared = prepared;
}

void token_products_forward_task(token_products *t, size_t task)
{
    size_t first = task * TOKENS_PER_TASK, end = task_end(first, TOKENS_PER_TASK, t->tokens->distinct);
    int width = t->net->embedded.width;
    real *x = t->embedded + first * (size_t)width;
    for (size_t i = first; i < end; i++)
        memcpy(t->embedded + i * (size_t)width, t->weights + t->tokens->id[i] * (size_t)width,
               (size_t)width * sizeof *x);
    for (int i = 0; i < t->net->projection_count; i++) {
        size_t columns = (size_t)t->net->projections[i].columns;
        projection_product(t->net, i, t->weights, end - first, x, t->product[i] + first * columns);
    }
}

static void forward_task(void *context, size_t task, unsigned worker)
{
    (void)worker;
    token_products_forward_task(context, task);
}

void token_products_forward(token_products *t, pool *workers, const real *weights)
{
    token_products_begin(t, weights, NULL);
    pool_run(workers, tasks(t->tokens->distinct, TOKENS_PER_TASK), forward_task, t);
}

void token_products_lend(const token_products *t, pass *p, size_t first)
{
    p->place = t->tokens->place_at + first;
    for (int i = 0; i < t->net->projection_count; i++) {
        const projection *to = &t->net->projections[i];
        p->projected[i] = t->product[i];
        if (t->gradient[i] != NULL)
            p->slot[to->slot] = t->gradient[i] + first * (size_t)to->columns;
    }
}

double token_products_token_task(token_products *t, size_t task)
{
    const kernels *k = t->net->kernels;
    const batch_tokens *tokens = t->tokens;
    size_t first = task * TOKENS_PER_TASK, end = task_end(first, TOKENS_PER_TASK, tokens->distinct);
    int width = t->net->embedded.width;
    real *dx = t->token_gradient + first * (size_t)width;
    for (int i = 0; i < t->net->projection_count; i++) {
        const projection *to = &t->net->projections[i];
        size_t columns = (size_t)to->columns;
        const size_t *list = to->packed ? t->packed_first : tokens->first;
        const size_t *position = to->packed ? t->packed_position : tokens->position;
        for (size_t j = first; j < end; j++)
            k->sum_listed(columns, t->gradient[i], position + list[j], list[j + 1] - list[j],
                          list[tokens->distinct] - list[j], t->product[i] + j * columns);
        k->product((int)(end - first), width, to->columns, t->product[i] + first * columns, to->columns, 1,
                   t->prepared + to->prepared, width, dx, width, i > 0);
    }
    return k->squares((end - first) * (size_t)width, dx);
}

/* Tasks of one projection, each with some rows of its dW. */
static size_t feature_tasks(const token_products *t)
{
    return tasks((size_t)t->net->embedded.width, FEATURES_PER_TASK);
}

size_t token_products_weight_tasks(const token_products *t)
{
    return t->embedded == NULL ? 0 : (size_t)t->net->projection_count * feature_tasks(t);
}

/* db is the first task's. */
double token_products_weight_task(token_products *t, size_t task, real *dense_gradient)
{
    const kernels *k = t->net->kernels;
    size_t width = (size_t)t->net->embedded.width, part = task % feature_tasks(t), i = task / feature_tasks(t);
    size_t first = part * FEATURES_PER_TASK, end = task_end(first, FEATURES_PER_TASK, width);
    const projection *to = &t->net->projections[i];
    size_t columns = (size_t)to->columns;
    real *dw = dense_gradient + (to->kernel - t->net->embedding_count) + first * columns;
    int distinct = (int)t->tokens->distinct;
    k->product((int)(end - first), to->columns, distinct, t->embedded + first, 1, (ptrdiff_t)width, t->product[i],
               to->columns, dw, to->columns, false);
    if (part > 0 || to->bias == NO_BIAS)
        return k->squares((end - first) * columns, dw);
    real *db = dense_gradient + (to->bias - t->net->embedding_count);
    memset(db, 0, columns * sizeof *db);
    k->sum_rows(distinct, to->columns, t->product[i], to->columns, db);
    return k->squares((end - first) * columns, dw) + k->squares(columns, db);
}
