/* LSTM layers, one-directional and bidirectional (Hochreiter & Schmidhuber 1997; Gers et al. 2000; Schuster & Paliwal
 * 1997), as Keras's LSTM and Bidirectional(LSTM) with return_sequences and return_state.
 *
 *   z[t] = x[t] W + h[t-1] U + b              W [D][4U], U [U][4U], b [4U]; gates in the order i, f, g (Keras's c), o
 *   c[t] = sigmoid(f) c[t-1] + sigmoid(i) tanh(g)
 *   h[t] = sigmoid(o) tanh(c[t])              out [P][U], or [P][2U] with the forward direction first
 *
 * The final state is a row's last h: at its last token forwards, at its first backwards. */
#include <stdio.h>
#include <string.h>

#include "network/layers.h"

enum { KERNEL, RECURRENT, BIAS, WEIGHTS };                              /* of a direction */
enum { GATES, CELLS, SQUASHED, BEFORE, D_HIDDEN, D_CELL, SLOTS };       /* of a direction */

static int directions(const layer *l)
{
    return l->out.width / l->units;
}

static heed_status build_direction(network *net, layer *l, int d, const char *prefix, heed_error *error)
{
    int units = l->units, width = l->in.width;
    char part[64];
    heed_status status = HEED_OK;
    const struct {
        const char *part;
        int rank, rows;
        initial start;
    } weights[WEIGHTS] = {{"kernel", 2, width, INITIAL_GLOROT},
                          {"recurrent_kernel", 2, units, INITIAL_ORTHOGONAL},
                          {"bias", 1, 1, INITIAL_FORGET}};
    for (int i = 0; i < WEIGHTS && status == HEED_OK; i++) {
        snprintf(part, sizeof part, "%s%s", prefix, weights[i].part);
        status = network_add_parameter(net, l, WEIGHTS * d + i, part, weights[i].rank, weights[i].rows, 4 * units,
                                       weights[i].start, error);
    }
    l->prepared[WEIGHTS * d + KERNEL] = network_add_prepared(net, (size_t)width * 4 * (size_t)units);
    l->prepared[WEIGHTS * d + RECURRENT] = network_add_prepared(net, (size_t)units * 4 * (size_t)units);
    const struct {
        int width;
        bool per_row;
    } slots[SLOTS] = {{4 * units, false}, {units, false}, {units, false}, {units, false}, {units, true}, {units, true}};
    for (int i = 0; i < SLOTS && status == HEED_OK; i++)
        status = network_add_slot(net, &l->slot[SLOTS * d + i], slots[i].width, slots[i].per_row,
                                  i == D_HIDDEN || i == D_CELL, error);
    return status;
}

static heed_status build(network *net, layer *l, flow *f, int count, heed_error *error)
{
    l->units = (int)l->numbers[0];
    l->in = f->sequence;
    snprintf(l->name, sizeof l->name, "%slstm_%d", count == 2 ? "bi_" : "", f->encoders);
    heed_status status = network_add_tensor(net, &l->out, count * l->units, false, error);
    if (status == HEED_OK)
        status = network_add_tensor(net, &l->state, count * l->units, true, error);
    for (int d = 0; d < count && status == HEED_OK; d++)
        status = build_direction(net, l, d, count == 1 ? "" : d == 0 ? "forward." : "backward.", error);
    f->sequence = l->out;
    f->state = l->state;
    return status;
}

static heed_status build_lstm(network *net, layer *l, flow *f, heed_error *error)
{
    return build(net, l, f, 1, error);
}

static heed_status build_bilstm(network *net, layer *l, flow *f, heed_error *error)
{
    return build(net, l, f, 2, error);
}

static void prepare(const layer *l, const network *net, const real *weights, real *prepared)
{
    (void)net;
    for (int d = 0; d < directions(l); d++) {
        transpose(l->in.width, 4 * l->units, weights + l->weight[WEIGHTS * d + KERNEL],
                  prepared + l->prepared[WEIGHTS * d + KERNEL]);
        transpose(l->units, 4 * l->units, weights + l->weight[WEIGHTS * d + RECURRENT],
                  prepared + l->prepared[WEIGHTS * d + RECURRENT]);
    }
}

/* Where step number s of direction d stands, and what it continues. */
typedef struct step {
    int first, rows;    /* its positions */
    int before, known;  /* first position of the step before, and how many of the rows have one */
} step;

static step step_at(const chunk *c, int d, int s)
{
    int t = d == 0 ? s : c->steps - 1 - s, previous = d == 0 ? t - 1 : t + 1;
    step at = {c->offset[t], c->active[t], 0, 0};
    if (s > 0) {
        at.before = c->offset[previous];
        at.known = c->active[previous] < at.rows ? c->active[previous] : at.rows;
    }
    return at;
}

/* The position of a row's final state in direction d. */
static int final_position(const chunk *c, int d, int row)
{
    return d == 0 ? c->offset[c->length[row] - 1] + row : row;
}

/* h[t-1] of a step's rows, side by side for the products; 0 where a row begins. */
static void gather_before(step at, int units, const real *h, int width, real *before)
{
    real *to = before + (ptrdiff_t)at.first * units;
    for (int r = 0; r < at.known; r++)
        memcpy(to + (ptrdiff_t)r * units, h + (ptrdiff_t)(at.before + r) * width, (size_t)units * sizeof *to);
    memset(to + (ptrdiff_t)at.known * units, 0, (size_t)(at.rows - at.known) * (size_t)units * sizeof *to);
}

static void forward_direction(const layer *l, pass *p, int d)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->out.width;
    ptrdiff_t four = 4 * units;
    real *const *slot = p->slot;
    const int *s = l->slot + SLOTS * d;
    real *gates = slot[s[GATES]], *cells = slot[s[CELLS]], *squashed = slot[s[SQUASHED]], *before = slot[s[BEFORE]];
    real *h = pass_value(p, l->out) + d * units, *state = pass_value(p, l->state) + d * units;
    const real *bias = pass_weight(p, l, WEIGHTS * d + BIAS), *recurrent = pass_weight(p, l, WEIGHTS * d + RECURRENT);

    for (int i = 0; i < c->positions; i++)
        memcpy(gates + i * four, bias, (size_t)four * sizeof *gates);
    k->product(c->positions, (int)four, l->in.width, pass_value(p, l->in), l->in.width, 1,
               pass_weight(p, l, WEIGHTS * d + KERNEL), four, gates, four, true);
    for (int i = 0; i < c->steps; i++) {
        step at = step_at(c, d, i);
        gather_before(at, units, h, width, before);
        k->product(at.known, (int)four, units, before + (ptrdiff_t)at.first * units, units, 1, recurrent, four,
                   gates + at.first * four, four, true);
        k->lstm_forward(at.rows, at.known, units, gates + at.first * four, cells + (ptrdiff_t)at.before * units,
                        cells + (ptrdiff_t)at.first * units, squashed + (ptrdiff_t)at.first * units,
                        h + (ptrdiff_t)at.first * width, width);
    }
    for (int r = 0; r < c->rows; r++)
        if (c->length[r] > 0)
            memcpy(state + (ptrdiff_t)r * width, h + (ptrdiff_t)final_position(c, d, r) * width, (size_t)units * sizeof *h);
        else
            memset(state + (ptrdiff_t)r * width, 0, (size_t)units * sizeof *h);
}

/* Time backwards: gates [P][4U] turn from activations into the gradients of z. */
static void backward_steps(const layer *l, pass *p, int d)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->out.width;
    ptrdiff_t four = 4 * units;
    const int *s = l->slot + SLOTS * d;
    real *gates = p->slot[s[GATES]], *cells = p->slot[s[CELLS]], *squashed = p->slot[s[SQUASHED]];
    real *dh = p->slot[s[D_HIDDEN]], *dc = p->slot[s[D_CELL]]; /* [R][U], of the step at hand */
    const real *dout = pass_gradient(p, l->out) + d * units, *dstate = pass_gradient(p, l->state) + d * units;
    const real *recurrent_t = p->prepared + l->prepared[WEIGHTS * d + RECURRENT]; /* [4U][U] */

    for (int i = c->steps - 1; i >= 0; i--) {
        step at = step_at(c, d, i);
        for (int r = 0; r < at.rows; r++) {
            k->add((size_t)units, dout + (ptrdiff_t)(at.first + r) * width, dh + (ptrdiff_t)r * units);
            if (final_position(c, d, r) == at.first + r)
                k->add((size_t)units, dstate + (ptrdiff_t)r * width, dh + (ptrdiff_t)r * units);
        }
        k->lstm_backward(at.rows, at.known, units, gates + at.first * four, cells + (ptrdiff_t)at.before * units,
                         squashed + (ptrdiff_t)at.first * units, dh, dc);
        k->product(at.known, units, (int)four, gates + at.first * four, four, 1, recurrent_t, units, dh, units, false);
    }
}

static void backward_direction(const layer *l, pass *p, int d)
{
    const chunk *c = p->chunk;
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->in.width, four = 4 * units, at = WEIGHTS * d;
    const real *dz = p->slot[l->slot[SLOTS * d + GATES]], *before = p->slot[l->slot[SLOTS * d + BEFORE]];
    backward_steps(l, p, d);
    /* dW += x' dz, dU += h[t-1]' dz, db += sum of dz, dx += dz W' */
    k->product(width, four, c->positions, pass_value(p, l->in), 1, width, dz, four,
               pass_weight_gradient(p, l, at + KERNEL), four, true);
    k->product(units, four, c->positions, before, 1, units, dz, four, pass_weight_gradient(p, l, at + RECURRENT), four, true);
    k->sum_rows(c->positions, four, dz, four, pass_weight_gradient(p, l, at + BIAS));
    k->product(c->positions, width, four, dz, four, 1, p->prepared + l->prepared[at + KERNEL], width,
               pass_gradient(p, l->in), width, true);
}

static void forward(const layer *l, pass *p)
{
    for (int d = 0; d < directions(l); d++)
        forward_direction(l, p, d);
}

static void backward(const layer *l, pass *p)
{
    for (int d = 0; d < directions(l); d++)
        backward_direction(l, p, d);
}

const layer_class lstm_layer = {"lstm", "lstm UNITS", STAGE_ENCODER, 1, 1, 0, 1, 4096, "LSTM",
                                build_lstm, prepare, forward, backward};
const layer_class bilstm_layer = {"bilstm", "bilstm UNITS", STAGE_ENCODER, 1, 1, 0, 1, 4096, "Bidirectional",
                                  build_bilstm, prepare, forward, backward};
