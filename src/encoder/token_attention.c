/* Multi-head self-attention within a text (Vaswani et al. 2017, sections 3.2.1 and 3.2.2), as network/self_attention.c,
 * but with a column for each token, so that no operand has to be transposed on the way forward.
 *
 *   q, k, v, context [D][T]; z, A [T][T], with a column for each query; scale = 1 / sqrt(D)
 *
 *   forward    z = k' q        A = softmax of scale z, each column by itself        context = v (A * f)
 *   backward   dv = dcontext (A * f)'        dA = v' dcontext * f
 *              dz = scale A * (dA - sum of A * dA over the column)        dq = k dz        dk = q dz'
 *
 * f: what dropout leaves (encoder_dropout.h). Queries are taken a block at a time, and the backward pass computes A
 * again, so that memory grows with the number of tokens and not with its square. dk and dv are summed over the blocks
 * as [T][D]. */
#include "encoder/token_attention.h"

#include <math.h>

#include "encoder/encoder_dropout.h"
#include "math/transpose.h"

typedef struct head_views {
    const kernels *kernels;
    matrix queries, keys, values; /* [D][T] */
    real *max, *inverse;          /* [T] */
    real scale;
    drop_site site;
    int first; /* column of the text */
} head_views;

/* This head's rows of queries (0), keys (1) or values (2), of all heads. */
static matrix rows_of_head(const encoder_pass *p, const real *projected, int which, text_span text, int head)
{
    int width = p->e->config.width, key = width / p->e->config.heads;
    return matrix_rows(over_span(p, projected, 3 * width, text), which * width + head * key, key);
}

static matrix context_of_head(const encoder_pass *p, const real *context, text_span text, int head)
{
    int key = p->e->config.width / p->e->config.heads;
    return matrix_rows(over_span(p, context, p->e->config.width, text), head * key, key);
}

static head_views views_of(const encoder_pass *p, int layer, text_span text, int head)
{
    const block_memory *b = &p->blocks[layer];
    ptrdiff_t at = head * p->row + text.first;
    return (head_views){.kernels = p->kernels,
                        .queries = rows_of_head(p, b->projected, 0, text, head),
                        .keys = rows_of_head(p, b->projected, 1, text, head),
                        .values = rows_of_head(p, b->projected, 2, text, head),
                        .max = b->max + at,
                        .inverse = b->inverse + at,
                        .scale = (real)(1 / sqrt((double)(p->e->config.width / p->e->config.heads))),
                        .site = drop_site_of(p, DROP_ATTENTION, layer, head),
                        .first = text.first};
}

static int block_length(int length, int first)
{
    return length - first < QUERIES ? length - first : QUERIES;
}

/* A of a block of queries, as it was computed on the way forward. */
static void attend_again(const head_views *v, int first, matrix weights)
{
    matmul(v->kernels, weights, transposed(v->keys), matrix_columns(v->queries, first, weights.columns));
    v->kernels->softmax_down_again(&weights, v->scale, v->max + first, v->inverse + first);
}

void token_attention_forward(const encoder_pass *p, int layer, text_span text, int head, unsigned worker)
{
    head_views v = views_of(p, layer, text, head);
    matrix context = context_of_head(p, p->blocks[layer].context, text, head);
    for (int first = 0; first < text.length; first += QUERIES) {
        int count = block_length(text.length, first);
        matrix weights = matrix_spaced(p->of_worker[worker].weights, text.length, count, QUERIES);
        matmul(v.kernels, weights, transposed(v.keys), matrix_columns(v.queries, first, count));
        v.kernels->softmax_down(&weights, v.scale, v.max + first, v.inverse + first);
        drop_columns(p, &v.site, v.first + first, weights);
        matmul(v.kernels, matrix_columns(context, first, count), v.values, weights);
    }
}

void token_attention_received(const encoder_pass *p, int layer, text_span text, int head, unsigned worker,
                              real *received)
{
    head_views v = views_of(p, layer, text, head);
    for (int first = 0; first < text.length; first += QUERIES) {
        int count = block_length(text.length, first);
        matrix weights = matrix_spaced(p->of_worker[worker].weights, text.length, count, QUERIES);
        attend_again(&v, first, weights);
        for (int t = 0; t < text.length; t++)
            for (int i = 0; i < count; i++)
                received[t] += matrix_row(weights, t)[i];
    }
}

/* A block of queries: adds to dkeys and dvalues [T][D], unless it is the first one. */
static void backward_block(const encoder_pass *p, const head_views *v, const worker_memory *w, int first,
                           matrix dcontext, matrix dqueries)
{
    const kernels *k = v->kernels;
    int tokens = v->keys.columns, key = v->keys.rows, count = dcontext.columns;
    matrix queries = matrix_columns(v->queries, first, count);
    matrix weights = matrix_spaced(w->weights, tokens, count, QUERIES),
           dz = matrix_spaced(w->dweights, tokens, count, QUERIES);
    matrix query_rows = matrix_of(w->queries, count, key), dcontext_rows = matrix_of(w->dcontext, count, key);
    attend_again(v, first, weights);
    matmul(k, dz, transposed(v->values), dcontext); /* dA, which dz replaces */
    drop_columns(p, &v->site, v->first + first, dz);
    k->softmax_down_backward(v->scale, &weights, &dz);
    drop_columns(p, &v->site, v->first + first, weights);
    matrix_transpose(dcontext, dcontext_rows);
    matmul_or_add(k, first > 0, matrix_of(w->dvalues, tokens, key), weights, dcontext_rows);
    matmul(k, dqueries, v->keys, dz);
    matrix_transpose(queries, query_rows);
    matmul_or_add(k, first > 0, matrix_of(w->dkeys, tokens, key), dz, query_rows);
}

void token_attention_backward(const encoder_pass *p, int layer, text_span text, int head, unsigned worker)
{
    const worker_memory *w = &p->of_worker[worker];
    head_views v = views_of(p, layer, text, head);
    matrix dcontext = context_of_head(p, p->dcontext, text, head);
    matrix dqueries = rows_of_head(p, p->dprojected, 0, text, head);
    for (int first = 0; first < text.length; first += QUERIES) {
        int count = block_length(text.length, first);
        backward_block(p, &v, w, first, matrix_columns(dcontext, first, count), matrix_columns(dqueries, first, count));
    }
    matrix_transpose(matrix_of(w->dkeys, text.length, v.keys.rows), rows_of_head(p, p->dprojected, 1, text, head));
    matrix_transpose(matrix_of(w->dvalues, text.length, v.keys.rows), rows_of_head(p, p->dprojected, 2, text, head));
}
