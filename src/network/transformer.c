/* Transformer encoder blocks: self-attention, then a feed-forward network at every position, each with a residual
 * connection and a layer norm.
 *
 *   x, y, z, q, k, v, context [P][E]; Wq, Wk, Wv, Wo [E][E], a bias [E] each; W1 [E][F], b1 [F], W2 [F][E], b2 [E]
 *
 *   transformer       y = norm(x + attention(x))    z = norm(y + feed(y))    Vaswani et al. 2017, section 3.1
 *   transformer-pre   y = x + attention(norm(x))    z = y + feed(norm(y))    Xiong et al. 2020, table 1 ("Pre-LN")
 *
 *   forward    attention(x) = context Wo + bo, context: self_attention.c with q = x Wq + bq, k = x Wk + bk,
 *              v = x Wv + bv
 *              feed(x) = u W2 + b2 with u = relu(x W1 + b1)
 *   backward   of y = x + f(x)                  dx = dy + what f gives for dy
 *              of attention, from its result's d
 *                dWo += context' d       dbo += sum of d      dcontext = d Wo'      dq, dk, dv: self_attention.c
 *                dWq += x' dq            dbq += sum of dq     k and v alike         dx = dq Wq' + dk Wk' + dv Wv'
 *              of feed, from its result's d
 *                dW2 += u' d             db2 += sum of d      du = d W2' if u > 0, else 0
 *                dW1 += x' du            db1 += sum of du     dx = du W1'
 *              of norm                          layer_norm.c
 *
 * Inside this layer positions are in row order: the tokens of a row one after the other, row after row. No row sees
 * another one, and there is no final state. */
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

enum {                          /* slots; those of the two halves (attention, feed-forward) are side by side */
       STREAM,                  /* x, y, z [P][E] */
       INPUT = STREAM + 3,      /* of attention and feed: the stream itself, or its norm ("pre") [P][E] */
       NORMAL = INPUT + 2,      /* of the norms [P][E] */
       INVERSE = NORMAL + 2,    /* [P] */
       PROJECTED = INVERSE + 2, /* queries, keys, values [P][3E] */
       TRANSPOSED_KEYS,
       CONTEXT,           /* [P][E] */
       HIDDEN,            /* u [P][F] */
       ATTENTION_WEIGHTS, /* [R][QUERY_BLOCK][T] */
       ATTENTION_SUMS,    /* [P][heads], softmax_sums */
       D_STREAM,
       D_INPUT,
       D_CONTEXT,
       D_PROJECTED,
       D_HIDDEN,
       TRANSPOSED_VALUES,
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

/* Kernel and bias of queries, keys or values. In Keras's files the heads are a dimension of their own. */
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
        [TRANSPOSED_KEYS] = {.width = width},
        [CONTEXT] = {.width = width},
        [HIDDEN] = {.width = feed},
        [ATTENTION_WEIGHTS] = {.width = block, .per_row = true},
        [ATTENTION_SUMS] = {.width = 2 * head_count(l)},
        [D_STREAM] = {.width = width, .gradient = true, .written = true},
        [D_INPUT] = {.width = width, .gradient = true, .written = true},
        [D_CONTEXT] = {.width = width, .gradient = true, .written = true},
        [D_PROJECTED] = {.width = 3 * width, .gradient = true, .written = true},
        [D_HIDDEN] = {.width = feed, .gradient = true, .written = true},
        [TRANSPOSED_VALUES] = {.width = width, .gradient = true, .written = true},
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

static layer_norm norm_of(const layer *l, const pass *p, int half)
{
    int gamma = half == 0 ? NORM_0 : NORM_1;
    return (layer_norm){p->net->kernels, pass_weight(p, l, gamma).data, pass_weight(p, l, gamma + 1).data,
                        pass_slot(p, l, NORMAL + half), pass_slot(p, l, INVERSE + half).data};
}

static void norm_backward(const layer *l, pass *p, int half, matrix d)
{
    int gamma = half == 0 ? NORM_0 : NORM_1;
    layer_norm n = norm_of(l, p, half);
    layer_norm_backward(&n, pass_weight_gradient(p, l, gamma).data, pass_weight_gradient(p, l, gamma + 1).data, d);
}

/* The attention of row r, whose tokens begin at position `first` of the row order. */
static self_attention attention_of(const layer *l, const pass *p, int r, int first)
{
    int tokens = p->chunk->length[r], width = l->units;
    self_attention a = {
        .kernels = p->net->kernels,
        .pass = p,
        .heads = head_count(l),
        .projected = matrix_rows(pass_slot(p, l, PROJECTED), first, tokens),
        .transposed_keys = matrix_of(matrix_row(pass_slot(p, l, TRANSPOSED_KEYS), first), width, tokens),
        .weights = matrix_of(matrix_row(pass_slot(p, l, ATTENTION_WEIGHTS), r), QUERY_BLOCK, tokens),
        .sums = (softmax_sums *)matrix_row(pass_slot(p, l, ATTENTION_SUMS), first),
    };
    if (p->training) {
        a.transposed_values = matrix_of(matrix_row(pass_slot(p, l, TRANSPOSED_VALUES), first), width, tokens);
        a.dweights = matrix_of(matrix_row(pass_slot(p, l, D_WEIGHTS), r), QUERY_BLOCK, tokens);
    }
    return a;
}

/* y = x W + b; the bias follows its kernel */
static void project(const layer *l, pass *p, int kernel, matrix x, matrix y)
{
    affine(p->net->kernels, y, x, pass_weight(p, l, kernel), pass_weight(p, l, kernel + 1).data);
}

/* dW += x' dy, db += sum of dy */
static void project_backward(const layer *l, pass *p, int kernel, matrix x, matrix dy)
{
    const kernels *k = p->net->kernels;
    matmul_add(k, pass_weight_gradient(p, l, kernel), transposed(x), dy);
    sum_rows(k, dy, pass_weight_gradient(p, l, kernel + 1).data);
}

/* q, k or v: the three are side by side. */
static matrix third(matrix projected, int i)
{
    int width = projected.columns / 3;
    return matrix_columns(projected, i * width, width);
}

/* ---- forward: each half computes STREAM + half + 1 from STREAM + half */

static void attend(const layer *l, pass *p, matrix x, matrix y)
{
    const chunk *c = p->chunk;
    matrix projected = pass_slot(p, l, PROJECTED), context = pass_slot(p, l, CONTEXT);
    for (int i = 0; i < 3; i++)
        project(l, p, QUERY_KERNEL + 2 * i, x, third(projected, i));
    for (int r = 0, first = 0; r < c->rows; first += c->length[r++]) {
        self_attention a = attention_of(l, p, r, first);
        self_attention_forward(&a, matrix_rows(context, first, c->length[r]));
    }
    project(l, p, CONTEXT_KERNEL, context, y);
}

static void feed(const layer *l, pass *p, matrix x, matrix y)
{
    matrix hidden = pass_slot(p, l, HIDDEN);
    project(l, p, FEED_0, x, hidden);
    p->net->kernels->relu(matrix_count(hidden), hidden.data);
    project(l, p, FEED_1, hidden, y);
}

static void forward_half(const layer *l, pass *p, int half)
{
    matrix x = pass_slot(p, l, STREAM + half), in = pass_slot(p, l, INPUT + half);
    matrix y = pass_slot(p, l, STREAM + half + 1);
    layer_norm n = norm_of(l, p, half);
    if (is_pre(l))
        layer_norm_forward(&n, x, in);
    if (half == 0)
        attend(l, p, in, y);
    else
        feed(l, p, in, y);
    p->net->kernels->add(matrix_count(y), x.data, y.data);
    if (!is_pre(l))
        layer_norm_forward(&n, y, y);
}

/* From a chunk's order by steps to the order by rows. */
static void gather_rows(const chunk *c, matrix x, matrix out)
{
    for (int r = 0, i = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++, i++)
            memcpy(matrix_row(out, i), matrix_row(x, c->offset[t] + r), (size_t)x.columns * sizeof(real));
}

static void forward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    matrix out = pass_value(p, l->out), z = pass_slot(p, l, STREAM + 2);
    gather_rows(c, pass_value(p, l->in), pass_slot(p, l, STREAM));
    forward_half(l, p, 0);
    forward_half(l, p, 1);
    for (int r = 0, i = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++, i++)
            memcpy(matrix_row(out, c->offset[t] + r), matrix_row(z, i), (size_t)z.columns * sizeof(real));
}

/* ---- backward: D_STREAM holds the gradient of STREAM + half + 1, then that of STREAM + half */

/* d [P][E]: the gradient of attention's result; dx [P][E]: the gradient of its input */
static void attend_backward(const layer *l, pass *p, matrix d, matrix dx)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    matrix dcontext = pass_slot(p, l, D_CONTEXT), dprojected = pass_slot(p, l, D_PROJECTED);
    project_backward(l, p, CONTEXT_KERNEL, pass_slot(p, l, CONTEXT), d);
    matmul(k, dcontext, d, pass_transposed(p, l, CONTEXT_KERNEL));
    for (int r = 0, first = 0; r < c->rows; first += c->length[r++]) {
        self_attention a = attention_of(l, p, r, first);
        self_attention_backward(&a, matrix_rows(dcontext, first, c->length[r]),
                                matrix_rows(dprojected, first, c->length[r]));
    }
    for (int i = 0; i < 3; i++)
        project_backward(l, p, QUERY_KERNEL + 2 * i, pass_slot(p, l, INPUT), third(dprojected, i));
    /* the transposes of Wq, Wk and Wv, one below the other (builder.h) */
    matrix all = matrix_of(pass_transposed(p, l, QUERY_KERNEL).data, dprojected.columns, dx.columns);
    matmul(k, dx, dprojected, all);
}

static void feed_backward(const layer *l, pass *p, matrix d, matrix dx)
{
    const kernels *k = p->net->kernels;
    matrix hidden = pass_slot(p, l, HIDDEN), dhidden = pass_slot(p, l, D_HIDDEN);
    project_backward(l, p, FEED_1, hidden, d);
    matmul(k, dhidden, d, pass_transposed(p, l, FEED_1));
    k->relu_backward(matrix_count(hidden), hidden.data, dhidden.data);
    project_backward(l, p, FEED_0, pass_slot(p, l, INPUT + 1), dhidden);
    matmul(k, dx, dhidden, pass_transposed(p, l, FEED_0));
}

static void backward_half(const layer *l, pass *p, int half)
{
    matrix d = pass_slot(p, l, D_STREAM), dx = pass_slot(p, l, D_INPUT);
    if (!is_pre(l))
        norm_backward(l, p, half, d);
    if (half == 0)
        attend_backward(l, p, d, dx);
    else
        feed_backward(l, p, d, dx);
    if (is_pre(l))
        norm_backward(l, p, half, dx);
    p->net->kernels->add(matrix_count(d), dx.data, d.data);
}

static void backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    matrix dx = pass_gradient(p, l->in), d = pass_slot(p, l, D_STREAM);
    gather_rows(c, pass_gradient(p, l->out), d);
    backward_half(l, p, 1);
    backward_half(l, p, 0);
    for (int r = 0, i = 0; r < c->rows; r++)
        for (int t = 0; t < c->length[r]; t++, i++)
            p->net->kernels->add((size_t)d.columns, matrix_row(d, i), matrix_row(dx, c->offset[t] + r));
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
