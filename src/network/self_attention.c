#include "network/self_attention.h"

#include <math.h>

/* A head's query block: where it stands in queries, keys, values and their gradients. */
typedef struct block {
    int first, count; /* queries */
    int key;          /* columns of a head */
    ptrdiff_t column; /* of the head */
} block;

static real scale_of(const block *b)
{
    return (real)(1 / sqrt((double)b->key));
}

/* out [E][T] = the E columns of x [T][3E] */
static void turn(const self_attention *a, const real *x, real *out)
{
    for (ptrdiff_t t = 0; t < a->tokens; t++)
        for (ptrdiff_t i = 0; i < a->width; i++)
            out[i * a->tokens + t] = x[t * 3 * a->width + i];
}

static void weigh(const self_attention *a, const block *b)
{
    ptrdiff_t row = 3 * a->width;
    a->kernels->product(b->count, a->tokens, b->key, a->projected + b->first * row + b->column, row, 1,
                        a->turned_keys + b->column * a->tokens, a->tokens, a->weights, a->tokens, false);
    for (int i = 0; i < b->count; i++)
        a->kernels->softmax((size_t)a->tokens, scale_of(b), a->weights + (ptrdiff_t)i * a->tokens);
}

static void forward_block(const self_attention *a, const block *b, real *context)
{
    ptrdiff_t row = 3 * a->width;
    weigh(a, b);
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
    weigh(a, b);
    k->product(tokens, key, b->count, a->weights, 1, tokens, dc, width, dvalues, row, true);
    k->product(b->count, tokens, key, dc, width, 1, a->turned_values + b->column * tokens, tokens, d, tokens, false);
    for (ptrdiff_t i = 0; i < b->count; i++) {
        const real *weights = a->weights + i * tokens;
        real mean = k->dot((size_t)tokens, weights, d + i * tokens);
        k->softmax_slope((size_t)tokens, scale_of(b), mean, weights, d + i * tokens);
    }
    k->product(b->count, key, tokens, d, tokens, 1, keys, row, dprojected + at, row, false);
    k->product(tokens, key, b->count, d, 1, tokens, a->projected + at, row, dkeys, row, true);
}

static block block_at(const self_attention *a, int head, int first)
{
    int key = a->width / a->heads, rest = a->tokens - first;
    return (block){first, rest < QUERY_BLOCK ? rest : QUERY_BLOCK, key, (ptrdiff_t)head * key};
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
