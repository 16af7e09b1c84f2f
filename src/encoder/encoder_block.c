/* A block of BERT and DistilBERT: self-attention, then an inner layer at every token, each with a residual connection
 * and a layer norm after it (Vaswani et al. 2017, section 3.1; Devlin et al. 2019, appendix A.2).
 *
 *   x, y, z, q, k, v, context [E][P]; Wq, Wk, Wv, Wo [E][E]; W1 [F][E], W2 [E][F]; a bias for each row of a kernel
 *
 *   forward    q = Wq x + bq    k = Wk x + bk    v = Wv x + bv    context: token_attention.c
 *              y = norm(x + f * (Wo context + bo))
 *              h = W1 y + b1    u = act(h)       z = norm(y + f * (W2 u + b2))
 *   backward   d = what the norm gives for dz    do = f * d    du = W2' do    dh = act'(h) du    dy = d + W1' dh
 *              d = what the norm gives for dy    do = f * d    dcontext = Wo' do    dq, dk, dv: token_attention.c
 *              dx = d + Wq' dq + Wk' dk + Wv' dv
 *   weights    dW2 = do u'    dW1 = dh y'     dWo = do context'    dWq = dq x', k and v alike     db = sum over tokens
 *              (weight_gradients.c; x, y: gamma n + beta of the norms before, whose n is kept)
 *
 *   f: what dropout leaves (encoder_dropout.h)
 *   act: GELU, its tanh form or max(0, h); norm: math/kernels.h, normalize_down */
#include "encoder/encoder_block.h"

#include <string.h>

#include "encoder/column_norm.h"
#include "encoder/encoder_dropout.h"
#include "encoder/token_embedding.h"
#include "encoder/weight_gradients.h"

static const encoder_block_weights *weights_of(const encoder_pass *p, int layer)
{
    return &p->weights[layer];
}

/* ---- activations */

/* u = act(h) */
static void activate(const encoder_pass *p, matrix h, matrix u)
{
    const kernels *k = p->kernels;
    for (int i = 0; i < h.rows; i++) {
        size_t count = (size_t)h.columns;
        const real *from = matrix_row(h, i);
        real *to = matrix_row(u, i);
        switch (p->e->config.activation) {
        case ENCODER_GELU:
            k->gelu(count, from, to);
            break;
        case ENCODER_GELU_TANH:
            k->gelu_tanh(count, from, to);
            break;
        case ENCODER_RELU:
            memmove(to, from, count * sizeof *to);
            k->relu(count, to);
        }
    }
}

/* du becomes dh */
static void activate_backward(const encoder_pass *p, matrix h, matrix d)
{
    const kernels *k = p->kernels;
    for (int i = 0; i < h.rows; i++) {
        size_t count = (size_t)h.columns;
        switch (p->e->config.activation) {
        case ENCODER_GELU:
            k->gelu_backward(count, matrix_row(h, i), matrix_row(d, i));
            break;
        case ENCODER_GELU_TANH:
            k->gelu_tanh_backward(count, matrix_row(h, i), matrix_row(d, i));
            break;
        case ENCODER_RELU:
            k->relu_backward(count, matrix_row(h, i), matrix_row(d, i));
        }
    }
}

/* ---- forward */

/* Weights that stay in the caches while all columns of a panel read them. */
enum { KEPT_WEIGHTS = 1 << 16, ROW_STEP = 6 };

static int rows_at_once(int columns)
{
    int step = KEPT_WEIGHTS / columns / ROW_STEP * ROW_STEP;
    return step < ROW_STEP ? ROW_STEP : step;
}

/* What kernels are multiplied by: some columns, and as pairs if kernels are in bfloat16. */
typedef struct layer_input {
    matrix x;
    pair_matrix pairs; /* data NULL: there are none */
} layer_input;

static layer_input input_of(const encoder_pass *p, matrix x, unsigned worker)
{
    layer_input in = {.x = x};
    if (p->weights->query.pairs == NULL)
        return in;
    in.pairs = (pair_matrix){p->of_worker[worker].pairs, (x.rows + 1) / 2, x.columns, PAIR_ROW};
    p->kernels->to_pairs(&x, &in.pairs);
    return in;
}

/* y = W x, some rows of W at a time */
static void multiply(const encoder_pass *p, matrix y, const linear_weights *w, const layer_input *in)
{
    const int depth = in->x.rows, pairs = in->pairs.rows, step = rows_at_once(depth);
    for (int i = 0; i < y.rows; i += step) {
        int count = y.rows - i < step ? y.rows - i : step;
        matrix some = matrix_rows(y, i, count);
        if (in->pairs.data == NULL)
            matmul(p->kernels, some, matrix_rows(matrix_of(w->kernel, y.rows, depth), i, count), in->x);
        else
            p->kernels->matmul_bf16(
                &some, &(pair_matrix){(uint32_t *)w->pairs + (size_t)i * (size_t)pairs, count, pairs, pairs},
                &in->pairs);
    }
}

/* y = W x + bias, + base unless it is NULL. The product is summed from 0: beside a base, which is larger than its
 * terms, each of them would be rounded. */
static void apply(const encoder_pass *p, matrix y, const matrix *base, const linear_weights *w, const layer_input *in)
{
    multiply(p, y, w, in);
    p->kernels->add_to_rows(&y, w->bias, base);
}

/* y = base + what dropout leaves of W x + bias */
static void apply_dropped(const encoder_pass *p, matrix y, matrix base, const linear_weights *w, const layer_input *in,
                          const drop_site *site, text_span panel)
{
    if (site->dropped == 0) {
        apply(p, y, &base, w, in);
        return;
    }
    apply(p, y, NULL, w, in);
    drop_columns(p, site, panel.first, y);
    for (int i = 0; i < y.rows; i++)
        p->kernels->add((size_t)y.columns, matrix_row(base, i), matrix_row(y, i));
}

static norm_down attention_norm(const encoder_pass *p, int layer)
{
    const encoder_block_weights *w = weights_of(p, layer);
    return (norm_down){w->attention_gamma, w->attention_beta, (real)p->e->config.epsilon};
}

static norm_down feed_norm(const encoder_pass *p, int layer)
{
    const encoder_block_weights *w = weights_of(p, layer);
    return (norm_down){w->feed_gamma, w->feed_beta, (real)p->e->config.epsilon};
}

void encoder_block_project(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    const encoder_block_weights *w = weights_of(p, layer);
    int width = p->e->config.width;
    matrix all = over_span(p, p->blocks[layer].projected, 3 * width, panel);
    layer_input x = input_of(p, over_span(p, p->stream, width, panel), worker);
    apply(p, matrix_rows(all, 0, width), NULL, &w->query, &x);
    apply(p, matrix_rows(all, width, width), NULL, &w->key, &x);
    apply(p, matrix_rows(all, 2 * width, width), NULL, &w->value, &x);
}

/* u of a panel, the worker's. */
static matrix activated(const encoder_pass *p, text_span panel, unsigned worker)
{
    return matrix_spaced(p->of_worker[worker].inner, p->e->config.feed, panel.length, PANEL);
}

/* h of a panel: kept, or in the place of u. */
static matrix before_activation(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    return p->keeps == KEEP_NOTHING ? activated(p, panel, worker)
                                    : over_span(p, p->blocks[layer].inner, p->e->config.feed, panel);
}

matrix encoder_block_attend(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    const encoder_block_weights *w = weights_of(p, layer);
    const block_memory *b = &p->blocks[layer];
    const int width = p->e->config.width;
    matrix y = matrix_spaced(p->of_worker[worker].middle, width, panel.length, PANEL);
    const drop_site site = drop_site_of(p, DROP_CONTEXT, layer, 0);
    layer_input in = input_of(p, over_span(p, b->context, width, panel), worker);
    apply_dropped(p, y, over_span(p, p->stream, width, panel), &w->output, &in, &site, panel);
    column_norm_forward(p, attention_norm(p, layer), y, panel, b->attention_normal, b->attention_inverse);
    in = input_of(p, y, worker);
    apply(p, before_activation(p, layer, panel, worker), NULL, &w->feed_in, &in);
    return y;
}

void encoder_block_finish(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    const block_memory *b = &p->blocks[layer];
    matrix x = over_span(p, p->stream, p->e->config.width, panel), u = activated(p, panel, worker);
    matrix y = encoder_block_attend(p, layer, panel, worker);
    const drop_site site = drop_site_of(p, DROP_FEED, layer, 0);
    activate(p, before_activation(p, layer, panel, worker), u);
    layer_input in = input_of(p, u, worker);
    apply_dropped(p, x, y, &weights_of(p, layer)->feed_out, &in, &site, panel);
    column_norm_forward(p, feed_norm(p, layer), x, panel, b->feed_normal, b->feed_inverse);
}

/* ---- backward */

/* y = W' x, W [rows of x][rows of y]; add: y += */
static void apply_transposed(const encoder_pass *p, bool add, matrix y, const real *w, matrix x)
{
    matmul_or_add(p->kernels, add, y, transposed(matrix_of(w, x.rows, y.rows)), x);
}

/* u, whose h is kept. */
static void keep_inner(const encoder_pass *p, matrix h, text_span panel, unsigned worker)
{
    if (p->learning.gradient == NULL)
        return;
    matrix u = matrix_spaced(p->of_worker[worker].inner, h.rows, panel.length, PANEL);
    activate(p, h, u);
    learning_keep_rows(p, u, panel, p->learning.inner_rows);
}

/* y, of whose norm n is kept. */
static void keep_middle(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    const int width = p->e->config.width;
    const norm_down norm = attention_norm(p, layer);
    const matrix n = over_span(p, p->blocks[layer].attention_normal, width, panel),
                 y = matrix_spaced(p->of_worker[worker].middle, width, panel.length, PANEL);
    if (p->learning.gradient == NULL)
        return;
    p->kernels->normalize_down_again(&norm, &n, &y);
    learning_keep_rows(p, y, panel, p->learning.middle_rows);
}

void encoder_block_input(const encoder_pass *p, int layer, text_span panel, matrix x)
{
    const norm_down norm = layer == 0 ? embedding_norm(p->e) : feed_norm(p, layer - 1);
    const matrix n = over_span(p, layer == 0 ? p->embedding_normal : p->blocks[layer - 1].feed_normal, x.rows, panel);
    const drop_site embeddings = drop_site_of(p, DROP_EMBEDDINGS, 0, 0);
    p->kernels->normalize_down_again(&norm, &n, &x);
    if (layer == 0)
        drop_columns(p, &embeddings, panel.first, x);
}

/* do of a d that is kept; it takes d's place there. */
static matrix drop_kept(const encoder_pass *p, const drop_site *site, matrix d, text_span panel, real *kept)
{
    learning_keep(p, d, panel, kept);
    if (site->dropped == 0)
        return d;
    matrix left = over_span(p, kept, d.rows, panel);
    drop_columns(p, site, panel.first, left);
    return left;
}

void encoder_block_finish_backward(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    const encoder_block_weights *w = weights_of(p, layer);
    const block_memory *b = &p->blocks[layer];
    const learning_memory *l = &p->learning;
    int width = p->e->config.width, feed = p->e->config.feed;
    matrix d = over_span(p, p->dstream, width, panel), h = over_span(p, b->inner, feed, panel);
    matrix dinner = matrix_spaced(p->of_worker[worker].inner, feed, panel.length, PANEL), left;
    const drop_site context = drop_site_of(p, DROP_CONTEXT, layer, 0), feed_site = drop_site_of(p, DROP_FEED, layer, 0);
    keep_inner(p, h, panel, worker);
    learning_keep(p, d, panel, l->feed_norm);
    column_norm_backward(p, feed_norm(p, layer), d, panel, b->feed_normal, b->feed_inverse);
    left = drop_kept(p, &feed_site, d, panel, l->feed);
    apply_transposed(p, false, dinner, w->feed_out.kernel, left);
    activate_backward(p, h, dinner);
    learning_keep(p, dinner, panel, l->inner);
    apply_transposed(p, true, d, w->feed_in.kernel, dinner);
    keep_middle(p, layer, panel, worker);
    learning_keep(p, d, panel, l->attention_norm);
    column_norm_backward(p, attention_norm(p, layer), d, panel, b->attention_normal, b->attention_inverse);
    left = drop_kept(p, &context, d, panel, l->attention);
    learning_keep_rows(p, over_span(p, b->context, width, panel), panel, l->context_rows);
    apply_transposed(p, false, over_span(p, p->dcontext, width, panel), w->output.kernel, left);
}

void encoder_block_project_backward(const encoder_pass *p, int layer, text_span panel, unsigned worker)
{
    const encoder_block_weights *w = weights_of(p, layer);
    int width = p->e->config.width;
    matrix dx = over_span(p, p->dstream, width, panel), all = over_span(p, p->dprojected, 3 * width, panel);
    if (p->learning.gradient != NULL) {
        matrix x = matrix_spaced(p->of_worker[worker].middle, width, panel.length, PANEL);
        encoder_block_input(p, layer, panel, x);
        learning_keep_rows(p, x, panel, p->learning.stream_rows);
    }
    apply_transposed(p, true, dx, w->query.kernel, matrix_rows(all, 0, width));
    apply_transposed(p, true, dx, w->key.kernel, matrix_rows(all, width, width));
    apply_transposed(p, true, dx, w->value.kernel, matrix_rows(all, 2 * width, width));
}
