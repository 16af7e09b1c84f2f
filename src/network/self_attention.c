/* Multi-head self-attention within one row (Vaswani et al. 2017, sections 3.2.1 and 3.2.2), for each head on its own
 * columns of q, k and v.
 *
 *   q, k, v, context [T][E / heads]; z, A [T][T]; scale = 1 / sqrt(E / heads)
 *
 *   forward    z = q k'        A = softmax of scale z, each row by itself        context = A v
 *   backward   dv = A' dcontext        dA = dcontext v'
 *              dz = scale A * (dA - sum of A * dA over the row)        dq = dz k        dk = dz' q
 *
 * Queries are taken a block at a time, and the backward pass computes A again, so that memory grows with the number of
 * tokens and not with its square. */
#include "network/self_attention.h"

#include <math.h>

#include "math/transpose.h"

/* A block of queries of one head: its first query and their number, and the columns of the head. */
typedef struct query_block {
    int head, first, count;
    int column, columns;
} query_block;

static query_block query_block_at(const self_attention *a, int head, int first)
{
    int columns = a->transposed_keys.rows / a->heads, rest = a->projected.rows - first;
    return (query_block){head, first, rest < QUERY_BLOCK ? rest : QUERY_BLOCK, head * columns, columns};
}

/* The head's q, k or v, or the gradient of it; q, k and v of all heads are side by side. */
enum { QUERIES, KEYS, VALUES };

static matrix head_of(const query_block *b, matrix projected, int which)
{
    return matrix_columns(projected, which * (projected.columns / 3) + b->column, b->columns);
}

/* The rows of the block. */
static matrix rows_of(const query_block *b, matrix m)
{
    return matrix_rows(m, b->first, b->count);
}

static real scale_of(const query_block *b)
{
    return (real)(1 / sqrt((double)b->columns));
}

/* The block's rows of A; again: in the backward pass */
static matrix weigh(const self_attention *a, const query_block *b, bool again)
{
    matrix weights = matrix_rows(a->weights, 0, b->count);
    size_t tokens = (size_t)weights.columns;
    real scale = scale_of(b);
    softmax_sums *of = a->sums + (ptrdiff_t)b->head * weights.columns + b->first;
    matmul(a->kernels, weights, rows_of(b, head_of(b, a->projected, QUERIES)),
           matrix_rows(a->transposed_keys, b->column, b->columns));
    for (int i = 0; i < b->count; i++)
        if (again)
            a->kernels->softmax_again(tokens, scale, of[i], matrix_row(weights, i));
        else
            a->kernels->softmax(tokens, scale, matrix_row(weights, i), &of[i]);
    return weights;
}

static void forward_block(const self_attention *a, const query_block *b, matrix context)
{
    matrix weights = weigh(a, b, false);
    matmul(a->kernels, rows_of(b, matrix_columns(context, b->column, b->columns)), weights,
           head_of(b, a->projected, VALUES));
}

static void backward_block(const self_attention *a, const query_block *b, matrix dcontext, matrix dprojected)
{
    const kernels *k = a->kernels;
    matrix weights = weigh(a, b, true), dz = matrix_rows(a->dweights, 0, b->count);
    matrix dc = rows_of(b, matrix_columns(dcontext, b->column, b->columns));
    bool add = b->first > 0; /* to the gradients of keys and values from the blocks before */
    matmul_or_add(k, add, head_of(b, dprojected, VALUES), transposed(weights), dc);
    matmul(k, dz, dc, matrix_rows(a->transposed_values, b->column, b->columns)); /* dA, which dz replaces */
    real scale = scale_of(b);
    for (int i = 0; i < b->count; i++) {
        real mean = k->dot((size_t)dz.columns, matrix_row(weights, i), matrix_row(dz, i));
        k->softmax_backward((size_t)dz.columns, scale, mean, matrix_row(weights, i), matrix_row(dz, i));
    }
    matmul(k, rows_of(b, head_of(b, dprojected, QUERIES)), dz, head_of(b, a->projected, KEYS));
    matmul_or_add(k, add, head_of(b, dprojected, KEYS), transposed(dz), rows_of(b, head_of(b, a->projected, QUERIES)));
}

void self_attention_forward(const self_attention *a, matrix context)
{
    matrix_transpose(matrix_columns(a->projected, context.columns, context.columns), a->transposed_keys);
    for (int head = 0; head < a->heads; head++)
        for (int first = 0; first < a->projected.rows && !pass_stopped(a->pass); first += QUERY_BLOCK) {
            query_block b = query_block_at(a, head, first);
            forward_block(a, &b, context);
        }
}

void self_attention_backward(const self_attention *a, matrix dcontext, matrix dprojected)
{
    matrix_transpose(matrix_columns(a->projected, 2 * dcontext.columns, dcontext.columns), a->transposed_values);
    for (int head = 0; head < a->heads; head++)
        for (int first = 0; first < a->projected.rows && !pass_stopped(a->pass); first += QUERY_BLOCK) {
            query_block b = query_block_at(a, head, first);
            backward_block(a, &b, dcontext, dprojected);
        }
}
