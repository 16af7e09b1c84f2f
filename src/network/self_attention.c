#include "network/self_attention.h"

#include <math.h>

/* A head's query block: where it stands in queries, keys, values and their gradients. */
typedef struct block {
    int head;
    int first, count; /* queries */
    int key;          /* columns of a head */
    ptrdiff_t column; /* of the head */
} block;

static real scale_of(const block *b)
{
    return (real)(1 / sqrt((double)b->key));
}

enum { TURNED = 16 }; /* tokens at a time, a line of out */

/* out [E][T] = the E columns of x [T][3E] */
static void turn(const self_attention *a, const real *x, real *out)
{
    ptrdiff_t tokens = a->tokens, width = a->width, t = 0;
    for (; t + TURNED <= tokens; t += TURNED)
        for (ptrdiff_t i = 0; i < width; i++)
            for (ptrdiff_t j = 0; j < TURNED; j++)
                out[i * tokens + t + j] = x[(t + j) * 3 * width + i];
    for (; t < tokens; t++)
        for (ptrdiff_t i = 0; i < width; i++)
            out[i * tokens + t] = x[t * 3 * width + i];
}

/* again: in the backward pass */
static void weigh(const self_attention *a, const block *b, bool again)
{
    ptrdiff_t row = 3 * a->width;
    real scale = scale_of(b);
    a->kernels->product(b->count, a->tokens, b->key, a->projected + b->first * row + b->column, row, 1,
                        a->turned_keys + b->column * a->tokens, a->tokens, a->weights, a->tokens, false);
    softmax_sums *of = a->sums + (ptrdiff_t)b->head * a->tokens + b->first;
    for (ptrdiff_t i = 0; i < b->count; i++)
        if (again)
            a->kernels->softmax_again((size_t)a->tokens, scale, of[i], a->weights + i * a->tokens);
        else
            a->kernels->softmax((size_t)a->tokens, scale, a->weights + i * a->tokens, &of[i]);
}

static void forward_block(const self_attention *a, const block *b, real *context)
{
    ptrdiff_t row = 3 * a->width;
    weigh(a, b, false);
    a->kernels->product(b->count, b->key, a->tokens, a->weights, a->tokens, 1, a->projected + 2 * a->width + b->column,
                        row, context + (ptrdiff_t)b->first * a->width + b->column, a->width, false);
}

static void backward_block(const self_attention *a, const block *b, const real *dcontext, real *dprojected)
{
    const kernels *k = a->kernels;
    int tokens = a->tokens, width = a->width, key = b->key;
    ptrdiff_t row = 3 * width, at = b->first * row + b->column; /* of the block's queries */
    const real *keys = a->projected + width + b->column, *dc = dcontext + (ptrdiff_t)b->first * width + b->column;
    real *dkeys = dprojected + width + b->column, *dvalues = dprojected + 2 * width + b->column, *d = a->dweights;
    weigh(a, b, true);
    k->product(tokens, key, b->count, a->weights, 1, tokens, dc, width, dvalues, row, b->first > 0);
    k->product(b->count, tokens, key, dc, width, 1, a->turned_values + b->column * tokens, tokens, d, tokens, false);
    for (ptrdiff_t i = 0; i < b->count; i++) {
        const real *weights = a->weights + i * tokens;
        real mean = k->dot((size_t)tokens, weights, d + i * tokens);
        k->softmax_slope((size_t)tokens, scale_of(b), mean, weights, d + i * tokens);
    }
    k->product(b->count, key, tokens, d, tokens, 1, keys, row, dprojected + at, row, false);
    k->product(tokens, key, b->count, d, 1, tokens, a->projected + at, row, dkeys, row, b->first > 0);
}

static block block_at(const self_attention *a, int head, int first)
{
    int key = a->width / a->heads, rest = a->tokens - first;
    return (block){head, first, rest < QUERY_BLOCK ? rest : QUERY_BLOCK, key, (ptrdiff_t)head * key};
}

void self_attention_forward(const self_attention *a, real *context)
{
    turn(a, a->projected + a->width, a->turned_keys);
    for (int head = 0; head < a->heads; head++)
        for (int first = 0; first < a->tokens; first += QUERY_BLOCK) {
            block b = block_at(a, head, first);
            forward_block(a, &b, context);
        }
}

void self_attention_backward(const self_attention *a, const real *dcontext, real *dprojected)
{
    turn(a, a->projected + 2 * a->width, a->turned_values);
    for (int head = 0; head < a->heads; head++)
        for (int first = 0; first < a->tokens; first += QUERY_BLOCK) {
            block b = block_at(a, head, first);
            backward_block(a, &b, dcontext, dprojected);
        }
}
