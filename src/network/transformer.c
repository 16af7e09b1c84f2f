/* Transformer encoder blocks (Vaswani et al. 2017): self-attention, then a feed-forward network at every position,
 * either one beside a residual connection.
 *
 *   transformer       y = norm(x + attention(x))        z = norm(y + feed(y))            as published ("post-norm")
 *   transformer-pre   y = x + attention(norm(x))        z = y + feed(norm(y))            Xiong et al. 2020
 *   attention(x) = context of (x Wq + bq, x Wk + bk, x Wv + bv) Wo + bo        all [E][E], heads side by side
 *   feed(x) = relu(x W1 + b1) W2 + b2                                         W1 [E][F], W2 [F][E]
 *
 * All of it happens in row order: the tokens of a row one behind the other, row after row. No row sees another, and no
 * final state is left. */
#include <stdio.h>
#include <string.h>

#include "network/builder.h"
#include "network/layer_norm.h"
#include "network/layers.h"
#include "network/pass.h"
#include "network/self_attention.h"

enum { /* weights; a bias follows its kernel, a norm's beta its gamma */
       QUERY_KERNEL,
       QUERY_BIAS,
       KEY_KERNEL,
       KEY_BIAS,
       VALUE_KERNEL,
       VALUE_BIAS,
       CONTEXT_KERNEL,
       CONTEXT_BIAS,
       NORM_0,
       NORM_0_BETA,
       FEED_0,
       FEED_0_BIAS,
       FEED_1,
       FEED_1_BIAS,
       NORM_1,
       NORM_1_BETA
};

enum {                          /* slots; those of either half (attention, feed-forward) stand side by side */
       STREAM,                  /* x, y, z [P][E] */
       INPUT = STREAM + 3,      /* of attention and feed: the stream itself, or its norm ("pre") [P][E] */
       NORMAL = INPUT + 2,      /* of the norms [P][E] */
       INVERSE = NORMAL + 2,    /* [P] */
       PROJECTED = INVERSE + 2, /* queries, keys, values [P][3E] */
       TURNED_KEYS,
       CONTEXT,           /* [P][E] */
       HIDDEN,            /* [P][F] */
       ATTENTION_WEIGHTS, /* [R][QUERY_BLOCK][T] */
       ATTENTION_SUMS,    /* [P][heads], softmax_sums */
       D_STREAM,
       D_INPUT,
       D_CONTEXT,
       D_PROJECTED,
       D_HIDDEN,
       TURNED_VALUES,
       D_WEIGHTS,
       SLOTS
};

static bool is_pre(const layer *l)
{
    return l->class == &transformer_pre_layer;
}

static int head_count(const layer *l)
{
    return (int)l->spec.numbers[0];
}

static int feed_width(const layer *l)
{
    return (int)l->spec.numbers[1];
}

/* ---- building */

/* Kernel and bias of queries, keys or values: in Keras's files the heads are a dimension of their own. */
static void build_heads(builder *b, const char *kernel, const char *bias)
{
    int width = b->layer->units, heads = head_count(b->layer), key = width / heads;
    builder_parameter(b, (parameter_spec){.part = kernel,
                                          .rows = width,
                                          .columns = width,
                                          .shape = {width, heads, key},
                                          .start = INITIAL_GLOROT,
                                          .transposed = true});
    builder_parameter(b, (parameter_spec){.part = bias, .rows = heads, .columns = key, .start = INITIAL_ZERO});
}

static void build_norm(builder *b, const char *gamma, const char *beta)
{
    int width = b->layer->units;
    builder_parameter(
        b, (parameter_spec){.part = gamma, .rows = 1, .columns = width, .vector = true, .start = INITIAL_ONE});
    builder_bias(b, beta, width);
}

static void build_weights(builder *b, const layer *l)
{
    int width = l->units, heads = head_count(l), feed = feed_width(l);
    build_heads(b, "_attention.query.kernel", "_attention.query.bias");
    build_heads(b, "_attention.key.kernel", "_attention.key.bias");
    build_heads(b, "_attention.value.kernel", "_attention.value.bias");
    builder_parameter(b, (parameter_spec){.part = "_attention.attention_output.kernel",
                                          .rows = width,
                                          .columns = width,
                                          .shape = {heads, width / heads, width},
                                          .start = INITIAL_GLOROT,
                                          .transposed = true});
    builder_bias(b, "_attention.attention_output.bias", width);
    build_norm(b, "_norm_0.gamma", "_norm_0.beta");
    builder_kernel(b, "_feedforward_0.kernel", width, feed);
    builder_bias(b, "_feedforward_0.bias", feed);
    builder_kernel(b, "_feedforward_1.kernel", feed, width);
    builder_bias(b, "_feedforward_1.bias", width);
    build_norm(b, "_norm_1.gamma", "_norm_1.beta");
}

static void build_slots(builder *b, layer *l)
{
    int width = l->units, feed = feed_width(l), block = QUERY_BLOCK * (int)b->net->spec.window;
    const slot_spec slots[SLOTS] = {
        [STREAM] = {.width = width},
        [STREAM + 1] = {.width = width},
        [STREAM + 2] = {.width = width},
        [INPUT] = {.width = width},
        [INPUT + 1] = {.width = width},
        [NORMAL] = {.width = width},
        [NORMAL + 1] = {.width = width},
        [INVERSE] = {.width = 1},
        [INVERSE + 1] = {.width = 1},
        [PROJECTED] = {.width = 3 * width},
        [TURNED_KEYS] = {.width = width},
        [CONTEXT] = {.width = width},
        [HIDDEN] = {.width = feed},
        [ATTENTION_WEIGHTS] = {.width = block, .per_row = true},
        [ATTENTION_SUMS] = {.width = 2 * head_count(l)},
        [D_STREAM] = {.width = width, .gradient = true, .written = true},
        [D_INPUT] = {.width = width, .gradient = true, .written = true},
        [D_CONTEXT] = {.width = width, .gradient = true, .written = true},
        [D_PROJECTED] = {.width = 3 * width, .gradient = true, .written = true},
        [D_HIDDEN] = {.width = feed, .gradient = true, .written = true},
        [TURNED_VALUES] = {.width = width, .gradient = true, .written = true},
        [D_WEIGHTS] = {.width = block, .per_row = true, .gradient = true, .written = true},
    };
    for (int i = 0; i < SLOTS; i++)
        if ((i == INPUT || i == INPUT + 1) && !is_pre(l))
            l->slot[i] = l->slot[STREAM + i - INPUT];
        else
            l->slot[i] = builder_slot(b, slots[i]);
}

static void build(builder *b, layer *l)
{
    int heads = head_count(l);
    l->in = b->sequence;
    l->units = l->in.width;
    if (l->units % heads != 0)
        builder_refuse(b,
                       "architecture: '%s' has %d heads, which do not divide its %d features; expected a divisor of %d",
                       l->class->keyword, heads, l->units, l->units);
    snprintf(l->name, sizeof l->name, "transformer_%d", b->encoders);
    l->out = b->sequence = builder_sequence(b, l->units);
    build_weights(b, l);
    build_slots(b, l);
    b->state = (tensor){0};
}

/* ---- parts */

static real *at(const layer *l, const pass *p, int slot)
{
    return p->slot[l->slot[slot]];
}

static layer_norm norm_of(const layer *l, const pass *p, int half)
{
    int gamma = half == 0 ? NORM_0 : NORM_1;
    return (layer_norm){p->net->kernels,          p->chunk->positions,          l->units,
                        pass_weight(p, l, gamma), pass_weight(p, l, gamma + 1), at(l, p, NORMAL + half),
                        at(l, p, INVERSE + half)};
}

static void norm_backward(const layer *l, pass *p, int half, real *d)
{
    int gamma = half == 0 ? NORM_0 : NORM_1;
    layer_norm n = norm_of(l, p, half);
    layer_norm_backward(&n, pass_weight_gradient(p, l, gamma), pass_weight_gradient(p, l, gamma + 1), d);
}

/* The attention of row r, whose tokens begin at position `first` of the row order. */
static self_attention attention_of(const layer *l, const pass *p, int r, ptrdiff_t first)
{
    ptrdiff_t block = (ptrdiff_t)QUERY_BLOCK * (ptrdiff_t)p->net->spec.window, width = l->units;
    self_attention a = {.kernels = p->net->kernels,
                        .tokens = p->chunk->length[r],
                        .width = l->units,
                        .heads = head_count(l),
                        .projected = at(l, p, PROJECTED) + first * 3 * width,
                        .turned_keys = at(l, p, TURNED_KEYS) + first * width,
                        .weights = at(l, p, ATTENTION_WEIGHTS) + r * block,
                        .sums = (softmax_sums *)at(l, p, ATTENTION_SUMS) + (ptrdiff_t)first * head_count(l)};
    if (p->training) {
        a.turned_values = at(l, p, TURNED_VALUES) + first * width;
        a.dweights = at(l, p, D_WEIGHTS) + r * block;
    }
    return a;
}

/* y [P][out] = x [P][in] W + b, the rows of y at a distance of y_row */
static void affine(const layer *l, pass *p, int kernel, int in, int out, const real *x, real *y, ptrdiff_t y_row)
{
    p->net->kernels->affine(p->chunk->positions, out, in, x, in, pass_weight(p, l, kernel),
                            pass_weight(p, l, kernel + 1), y, y_row);
}

/* dW += x' dy, db += sum of dy */
static void affine_backward(const layer *l, pass *p, int kernel, int in, int out, const real *x, const real *dy,
                            ptrdiff_t dy_row)
{
    const kernels *k = p->net->kernels;
    int positions = p->chunk->positions;
    k->product(in, out, positions, x, 1, in, dy, dy_row, pass_weight_gradient(p, l, kernel), out, true);
    k->sum_rows(positions, out, dy, dy_row, pass_weight_gradient(p, l, kernel + 1));
}

/* ---- forward: a half turns STREAM + half into STREAM + half + 1 */

static void attend(const layer *l, pass *p, const real *x, real *y)
{
    int width = l->units;
    real *projected = at(l, p, PROJECTED), *context = at(l, p, CONTEXT);
    for (int i = 0; i < 3; i++)
        affine(l, p, QUERY_KERNEL + 2 * i, width, width, x, projected + i * width, 3 * width);
    ptrdiff_t first = 0;
    for (int r = 0; r < p->chunk->rows; first += p->chunk->length[r++]) {
        self_attention a = attention_of(l, p, r, first);
        self_attention_forward(&a, context + first * width);
    }
    affine(l, p, CONTEXT_KERNEL, width, width, context, y, width);
}

static void feed(const layer *l, pass *p, const real *x, real *y)
{
    int hidden_width = feed_width(l);
    real *hidden = at(l, p, HIDDEN);
    affine(l, p, FEED_0, l->units, hidden_width, x, hidden, hidden_width);
    p->net->kernels->relu((size_t)p->chunk->positions * (size_t)hidden_width, hidden);
    affine(l, p, FEED_1, hidden_width, l->units, hidden, y, l->units);
}

static void forward_half(const layer *l, pass *p, int half)
{
    const real *x = at(l, p, STREAM + half);
    real *in = at(l, p, INPUT + half), *y = at(l, p, STREAM + half + 1);
    layer_norm n = norm_of(l, p, half);
    if (is_pre(l))
        layer_norm_forward(&n, x, in);
    if (half == 0)
        attend(l, p, in, y);
    else
        feed(l, p, in, y);
    p->net->kernels->add((size_t)p->chunk->positions * (size_t)l->units, x, y);
    if (!is_pre(l))
        layer_norm_forward(&n, y, y);
}

/* From a chunk's order by steps to the order by rows. */
static void gather_rows(const chunk *c, size_t width, const real *x, real *out)
{
    for (int r = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++, out += width)
            memcpy(out, x + (size_t)(c->offset[t] + r) * width, width * sizeof *out);
}

static void forward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->units;
    real *out = pass_value(p, l->out);
    gather_rows(c, width, pass_value(p, l->in), at(l, p, STREAM));
    forward_half(l, p, 0);
    forward_half(l, p, 1);
    const real *z = at(l, p, STREAM + 2);
    for (int r = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++, z += width)
            memcpy(out + (size_t)(c->offset[t] + r) * width, z, width * sizeof *out);
}

/* ---- backward: D_STREAM holds the gradient of STREAM + half + 1, then that of STREAM + half */

/* d [P][E]: the gradient of attention's output; dx [P][E]: that of its input */
static void attend_backward(const layer *l, pass *p, const real *d, real *dx)
{
    const kernels *k = p->net->kernels;
    int width = l->units, positions = p->chunk->positions;
    real *dcontext = at(l, p, D_CONTEXT), *dprojected = at(l, p, D_PROJECTED);
    affine_backward(l, p, CONTEXT_KERNEL, width, width, at(l, p, CONTEXT), d, width);
    k->product(positions, width, width, d, width, 1, pass_transposed(p, l, CONTEXT_KERNEL), width, dcontext, width,
               false);
    ptrdiff_t first = 0;
    for (int r = 0; r < p->chunk->rows; first += p->chunk->length[r++]) {
        self_attention a = attention_of(l, p, r, first);
        self_attention_backward(&a, dcontext + first * width, dprojected + first * 3 * width);
    }
    for (int i = 0; i < 3; i++)
        affine_backward(l, p, QUERY_KERNEL + 2 * i, width, width, at(l, p, INPUT), dprojected + i * width, 3 * width);
    k->product(positions, width, 3 * width, dprojected, 3 * width, 1, pass_transposed(p, l, QUERY_KERNEL), width, dx,
               width, false);
}

static void feed_backward(const layer *l, pass *p, const real *d, real *dx)
{
    const kernels *k = p->net->kernels;
    int width = l->units, hidden_width = feed_width(l), positions = p->chunk->positions;
    const real *hidden = at(l, p, HIDDEN);
    real *dhidden = at(l, p, D_HIDDEN);
    affine_backward(l, p, FEED_1, hidden_width, width, hidden, d, width);
    k->product(positions, hidden_width, width, d, width, 1, pass_transposed(p, l, FEED_1), hidden_width, dhidden,
               hidden_width, false);
    k->relu_backward((size_t)positions * (size_t)hidden_width, hidden, dhidden);
    affine_backward(l, p, FEED_0, width, hidden_width, at(l, p, INPUT + 1), dhidden, hidden_width);
    k->product(positions, width, hidden_width, dhidden, hidden_width, 1, pass_transposed(p, l, FEED_0), width, dx,
               width, false);
}

static void backward_half(const layer *l, pass *p, int half)
{
    real *d = at(l, p, D_STREAM), *dx = at(l, p, D_INPUT);
    if (!is_pre(l))
        norm_backward(l, p, half, d);
    if (half == 0)
        attend_backward(l, p, d, dx);
    else
        feed_backward(l, p, d, dx);
    if (is_pre(l))
        norm_backward(l, p, half, dx);
    p->net->kernels->add((size_t)p->chunk->positions * (size_t)l->units, dx, d);
}

static void backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->units;
    real *dx = pass_gradient(p, l->in);
    gather_rows(c, width, pass_gradient(p, l->out), at(l, p, D_STREAM));
    backward_half(l, p, 1);
    backward_half(l, p, 0);
    const real *d = at(l, p, D_STREAM);
    for (int r = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++, d += width)
            p->net->kernels->add(width, d, dx + (size_t)(c->offset[t] + r) * width);
}

const layer_class transformer_layer = {
    .keyword = "transformer",
    .usage = "HEADS FEEDFORWARD",
    .stage = STAGE_ENCODER,
    .needs_positions = true,
    .type = "Transformer",
    SIZES(2, 2),
    .build = build,
    .forward = forward,
    .backward = backward,
};
const layer_class transformer_pre_layer = {
    .keyword = "transformer-pre",
    .usage = "HEADS FEEDFORWARD",
    .stage = STAGE_ENCODER,
    .needs_positions = true,
    .type = "Transformer",
    SIZES(2, 2),
    .build = build,
    .forward = forward,
    .backward = backward,
};
