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

#include "base/status.h"
#include "network/layer_norm.h"
#include "network/layers.h"
#include "network/self_attention.h"

enum { /* weights; a bias follows its kernel, a norm's beta its gamma */
    QUERY_KERNEL, QUERY_BIAS, KEY_KERNEL, KEY_BIAS, VALUE_KERNEL, VALUE_BIAS, CONTEXT_KERNEL, CONTEXT_BIAS,
    NORM_0, NORM_0_BETA, FEED_0, FEED_0_BIAS, FEED_1, FEED_1_BIAS, NORM_1, NORM_1_BETA, WEIGHTS
};

enum { /* slots; those of either half (attention, feed-forward) stand side by side */
    STREAM,                     /* x, y, z [P][E] */
    INPUT = STREAM + 3,         /* of attention and feed: the stream itself, or its norm ("pre") [P][E] */
    NORMAL = INPUT + 2,         /* of the norms [P][E] */
    INVERSE = NORMAL + 2,       /* [P] */
    PROJECTED = INVERSE + 2,    /* queries, keys, values [P][3E] */
    TURNED_KEYS, CONTEXT,       /* [P][E] */
    HIDDEN,                     /* [P][F] */
    ATTENTION_WEIGHTS,          /* [R][QUERY_BLOCK][T] */
    ATTENTION_SUMS,             /* [P][heads], softmax_sums */
    D_STREAM, D_INPUT, D_CONTEXT, D_PROJECTED, D_HIDDEN, TURNED_VALUES, D_WEIGHTS, SLOTS
};

static bool is_pre(const layer *l)
{
    return l->class == &transformer_pre_layer;
}

static int feed_width(const layer *l)
{
    return (int)l->numbers[1];
}

/* ---- building */

static heed_status build_weights(network *net, layer *l, heed_error *error)
{
    int width = l->in.width, heads = (int)l->numbers[0], key = width / heads, feed = feed_width(l);
    const struct {
        const char *part;
        int rank, rows, columns;
        initial start;
        int shape[3]; /* as stored, where that has rank 3 */
    } weights[WEIGHTS] = {
        {"_attention.query.kernel", 2, width, width, INITIAL_GLOROT, {width, heads, key}},
        {"_attention.query.bias", 2, heads, key, INITIAL_ZERO, {0}},
        {"_attention.key.kernel", 2, width, width, INITIAL_GLOROT, {width, heads, key}},
        {"_attention.key.bias", 2, heads, key, INITIAL_ZERO, {0}},
        {"_attention.value.kernel", 2, width, width, INITIAL_GLOROT, {width, heads, key}},
        {"_attention.value.bias", 2, heads, key, INITIAL_ZERO, {0}},
        {"_attention.attention_output.kernel", 2, width, width, INITIAL_GLOROT, {heads, key, width}},
        {"_attention.attention_output.bias", 1, 1, width, INITIAL_ZERO, {0}},
        {"_norm_0.gamma", 1, 1, width, INITIAL_ONE, {0}},
        {"_norm_0.beta", 1, 1, width, INITIAL_ZERO, {0}},
        {"_feedforward_0.kernel", 2, width, feed, INITIAL_GLOROT, {0}},
        {"_feedforward_0.bias", 1, 1, feed, INITIAL_ZERO, {0}},
        {"_feedforward_1.kernel", 2, feed, width, INITIAL_GLOROT, {0}},
        {"_feedforward_1.bias", 1, 1, width, INITIAL_ZERO, {0}},
        {"_norm_1.gamma", 1, 1, width, INITIAL_ONE, {0}},
        {"_norm_1.beta", 1, 1, width, INITIAL_ZERO, {0}},
    };
    heed_status status = HEED_OK;
    for (int i = 0; i < WEIGHTS && status == HEED_OK; i++) {
        status = network_add_parameter(net, l, i, weights[i].part, weights[i].rank, weights[i].rows, weights[i].columns,
                                       weights[i].start, error);
        if (status == HEED_OK && weights[i].shape[0] > 0)
            network_shape_parameter(net, weights[i].shape[0], weights[i].shape[1], weights[i].shape[2]);
    }
    size_t square = (size_t)width * (size_t)width;
    l->prepared[QUERY_KERNEL] = network_add_prepared(net, 3 * square); /* of query, key and value, [3E][E] */
    l->prepared[CONTEXT_KERNEL] = network_add_prepared(net, square);
    l->prepared[FEED_0] = network_add_prepared(net, (size_t)width * (size_t)feed);
    l->prepared[FEED_1] = network_add_prepared(net, (size_t)width * (size_t)feed);
    return status;
}

static heed_status build_slots(network *net, layer *l, heed_error *error)
{
    int width = l->in.width, feed = feed_width(l), block = QUERY_BLOCK * (int)net->spec.window;
    const struct {
        int width;
        bool per_row, gradient;
    } slots[SLOTS] = {
        [STREAM] = {width, false, false},        [STREAM + 1] = {width, false, false},
        [STREAM + 2] = {width, false, false},    [INPUT] = {width, false, false},
        [INPUT + 1] = {width, false, false},     [NORMAL] = {width, false, false},
        [NORMAL + 1] = {width, false, false},    [INVERSE] = {1, false, false},
        [INVERSE + 1] = {1, false, false},       [PROJECTED] = {3 * width, false, false},
        [TURNED_KEYS] = {width, false, false},   [CONTEXT] = {width, false, false},
        [HIDDEN] = {feed, false, false},         [ATTENTION_WEIGHTS] = {block, true, false},
        [ATTENTION_SUMS] = {2 * (int)l->numbers[0], false, false},
        [D_STREAM] = {width, false, true},       [D_INPUT] = {width, false, true},
        [D_CONTEXT] = {width, false, true},      [D_PROJECTED] = {3 * width, false, true},
        [D_HIDDEN] = {feed, false, true},        [TURNED_VALUES] = {width, false, true},
        [D_WEIGHTS] = {block, true, true},
    };
    heed_status status = HEED_OK;
    for (int i = 0; i < SLOTS && status == HEED_OK; i++)
        if ((i == INPUT || i == INPUT + 1) && !is_pre(l))
            l->slot[i] = l->slot[STREAM + i - INPUT];
        else
            status = network_add_slot(net, &l->slot[i], slots[i].width, slots[i].per_row, slots[i].gradient, error);
    for (int i = 0; i < SLOTS && status == HEED_OK; i++)
        net->slots[l->slot[i]].written = true;
    return status;
}

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    int heads = (int)l->numbers[0];
    l->in = f->sequence;
    l->units = l->in.width;
    if (l->units % heads != 0)
        return fail(error, HEED_USAGE,
                    "architecture: '%s' has %d heads, which do not divide its %d features; expected a divisor of %d",
                    l->class->keyword, heads, l->units, l->units);
    snprintf(l->name, sizeof l->name, "transformer_%d", f->encoders);
    heed_status status = network_add_tensor(net, &l->out, l->units, false, error);
    if (status == HEED_OK)
        status = build_weights(net, l, error);
    if (status == HEED_OK)
        status = build_slots(net, l, error);
    f->sequence = l->out;
    f->state = (tensor){0};
    return status;
}

static void prepare(const layer *l, const network *net, const real *weights, real *prepared)
{
    (void)net;
    int width = l->units, feed = feed_width(l);
    for (int i = 0; i < 3; i++)
        transpose(width, width, weights + l->weight[QUERY_KERNEL + 2 * i],
                  prepared + l->prepared[QUERY_KERNEL] + (ptrdiff_t)i * width * width);
    transpose(width, width, weights + l->weight[CONTEXT_KERNEL], prepared + l->prepared[CONTEXT_KERNEL]);
    transpose(width, feed, weights + l->weight[FEED_0], prepared + l->prepared[FEED_0]);
    transpose(feed, width, weights + l->weight[FEED_1], prepared + l->prepared[FEED_1]);
}

/* ---- parts */

static real *at(const layer *l, const pass *p, int slot)
{
    return p->slot[l->slot[slot]];
}

static layer_norm norm_of(const layer *l, const pass *p, int half)
{
    int gamma = half == 0 ? NORM_0 : NORM_1;
    return (layer_norm){p->net->kernels, p->chunk->positions, l->units, pass_weight(p, l, gamma),
                        pass_weight(p, l, gamma + 1), at(l, p, NORMAL + half), at(l, p, INVERSE + half)};
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
    self_attention a = {.kernels = p->net->kernels, .tokens = p->chunk->length[r], .width = l->units,
                        .heads = (int)l->numbers[0],
                        .projected = at(l, p, PROJECTED) + first * 3 * width,
                        .turned_keys = at(l, p, TURNED_KEYS) + first * width,
                        .weights = at(l, p, ATTENTION_WEIGHTS) + r * block,
                        .sums = (softmax_sums *)at(l, p, ATTENTION_SUMS) + first * (ptrdiff_t)l->numbers[0]};
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
    k->product(positions, width, width, d, width, 1, p->prepared + l->prepared[CONTEXT_KERNEL], width, dcontext,
               width, false);
    ptrdiff_t first = 0;
    for (int r = 0; r < p->chunk->rows; first += p->chunk->length[r++]) {
        self_attention a = attention_of(l, p, r, first);
        self_attention_backward(&a, dcontext + first * width, dprojected + first * 3 * width);
    }
    for (int i = 0; i < 3; i++)
        affine_backward(l, p, QUERY_KERNEL + 2 * i, width, width, at(l, p, INPUT), dprojected + i * width, 3 * width);
    k->product(positions, width, 3 * width, dprojected, 3 * width, 1, p->prepared + l->prepared[QUERY_KERNEL], width,
               dx, width, false);
}

static void feed_backward(const layer *l, pass *p, const real *d, real *dx)
{
    const kernels *k = p->net->kernels;
    int width = l->units, hidden_width = feed_width(l), positions = p->chunk->positions;
    const real *hidden = at(l, p, HIDDEN);
    real *dhidden = at(l, p, D_HIDDEN);
    affine_backward(l, p, FEED_1, hidden_width, width, hidden, d, width);
    k->product(positions, hidden_width, width, d, width, 1, p->prepared + l->prepared[FEED_1], hidden_width, dhidden,
               hidden_width, false);
    k->relu_backward((size_t)positions * (size_t)hidden_width, hidden, dhidden);
    affine_backward(l, p, FEED_0, width, hidden_width, at(l, p, INPUT + 1), dhidden, hidden_width);
    k->product(positions, width, hidden_width, dhidden, hidden_width, 1, p->prepared + l->prepared[FEED_0], width, dx,
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
    .keyword = "transformer", .usage = "transformer HEADS FEEDFORWARD",
    .stage = STAGE_ENCODER, .type = "Transformer",
    .least_numbers = 2, .most_numbers = 2, .lowest = 1, .highest = 4096,
    .build = build, .prepare = prepare, .forward = forward, .backward = backward,
};
const layer_class transformer_pre_layer = {
    .keyword = "transformer-pre", .usage = "transformer-pre HEADS FEEDFORWARD",
    .stage = STAGE_ENCODER, .type = "Transformer",
    .least_numbers = 2, .most_numbers = 2, .lowest = 1, .highest = 4096,
    .build = build, .prepare = prepare, .forward = forward, .backward = backward,
};
