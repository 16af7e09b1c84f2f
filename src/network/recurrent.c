#include "network/recurrent.h"

#include <stdio.h>
#include <string.h>

#include "network/dropout.h"
#include "network/token_table.h"

/* Slots of recurrent dropout for a direction, the last of a layer's: its factors [R][U], h[t-1] through it [P][U],
 * and the gradient of that [R][U]. */
enum { FACTOR, DROPPED, D_DROPPED, DROPOUT_SLOTS, FIRST_SLOT = LAYER_SLOTS - 2 * DROPOUT_SLOTS };

int recurrent_directions(const layer *l)
{
    return l->out.width / l->units;
}

/* ---- recurrent dropout (Gal & Ghahramani 2016): h[t-1] loses, before the recurrent product and there alone, the same
 * features at every step of a row, in all gates */

/* Whether there is any. */
static bool drops(const layer *l)
{
    return l->named[RECURRENT_DROPOUT] > 0;
}

static real *dropout_slot(const layer *l, const pass *p, int d, int index)
{
    return p->slot[l->slot[FIRST_SLOT + DROPOUT_SLOTS * d + index]];
}

void recurrent_draw(const layer *l, pass *p, int d)
{
    int units = l->units;
    for (int r = 0; pass_drops(p) && drops(l) && r < p->chunk->rows; r++)
        dropout_factors(dropout_slot(l, p, d, FACTOR) + (ptrdiff_t)r * units, l, p, r, (uint32_t)(d * units), units,
                        l->named[RECURRENT_DROPOUT]);
}

/* What the recurrent product reads: before [P][U], or what is left of it. */
static const real *product_input(const layer *l, const pass *p, int d, const real *before)
{
    return pass_drops(p) && drops(l) ? dropout_slot(l, p, d, DROPPED) : before;
}

static heed_status add_dropout_slots(network *net, layer *l, int d, heed_error *error)
{
    int *slot = l->slot + FIRST_SLOT + DROPOUT_SLOTS * d;
    heed_status status = network_add_slot(net, &slot[FACTOR], l->units, true, false, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &slot[DROPPED], l->units, false, false, error);
    return status == HEED_OK ? network_add_slot(net, &slot[D_DROPPED], l->units, true, true, error) : status;
}

/* ---- building */

static heed_status build_direction(network *net, layer *l, const cell *kind, int d, const char *prefix,
                                   heed_error *error)
{
    int units = l->units, width = l->in.width, columns = kind->gates * units;
    heed_status status = HEED_OK;
    const struct {
        const char *part;
        int rank, rows;
        initial start;
    } weights[CELL_WEIGHTS] = {{"kernel", 2, width, INITIAL_GLOROT},
                               {"recurrent_kernel", 2, units, INITIAL_ORTHOGONAL},
                               {"bias", kind->bias_rows == 1 ? 1 : 2, kind->bias_rows, kind->bias_start}};
    for (int i = 0; i < CELL_WEIGHTS && status == HEED_OK; i++) {
        char part[64];
        snprintf(part, sizeof part, "%s%s", prefix, weights[i].part);
        status = network_add_parameter(net, l, CELL_WEIGHTS * d + i, part, weights[i].rank, weights[i].rows, columns,
                                       weights[i].start, error);
    }
    l->prepared[CELL_WEIGHTS * d + CELL_KERNEL] = network_add_prepared(net, (size_t)width * (size_t)columns);
    l->prepared[CELL_WEIGHTS * d + CELL_RECURRENT] = network_add_prepared(net, (size_t)units * (size_t)columns);
    for (int i = 0; i < kind->slot_count && status == HEED_OK; i++)
        status = network_add_slot(net, &l->slot[kind->slot_count * d + i], kind->slots[i].units * units,
                                  kind->slots[i].per_row, kind->slots[i].gradient, error);
    return status == HEED_OK && drops(l) ? add_dropout_slots(net, l, d, error) : status;
}

/* Only the embedding stands before the layer, so that direction d begins with a product of embedded tokens. */
static bool projects(const layer *l)
{
    return l->number == 1;
}

/* Whether a pass brings those products along. */
static bool looks_up(const layer *l, const pass *p)
{
    return p->place != NULL && projects(l);
}

static void add_projection(network *net, const layer *l, const cell *kind, int d)
{
    net->projections[net->projection_count++] = (projection){
        .kernel = l->weight[CELL_WEIGHTS * d + CELL_KERNEL], .bias = l->weight[CELL_WEIGHTS * d + CELL_BIAS],
        .prepared = l->prepared[CELL_WEIGHTS * d + CELL_KERNEL], .columns = kind->gates * l->units,
        .slot = l->slot[kind->slot_count * d]};
}

heed_status recurrent_build(network *net, layer *l, flow *f, const cell *kind, int directions, heed_error *error)
{
    l->units = (int)l->numbers[0];
    l->in = f->sequence;
    snprintf(l->name, sizeof l->name, "%s%s_%d", directions == 2 ? "bi_" : "", kind->name, f->encoders);
    heed_status status = network_add_tensor(net, &l->out, directions * l->units, false, error);
    if (status == HEED_OK)
        status = network_add_tensor(net, &l->state, directions * l->units, true, error);
    for (int d = 0; d < directions && status == HEED_OK; d++)
        status = build_direction(net, l, kind, d, directions == 1 ? "" : d == 0 ? "forward." : "backward.", error);
    for (int d = 0; d < directions && status == HEED_OK && projects(l); d++)
        add_projection(net, l, kind, d);
    f->sequence = l->out;
    f->state = l->state;
    return status;
}

void recurrent_prepare(const layer *l, const cell *kind, const real *weights, real *prepared)
{
    int columns = kind->gates * l->units;
    for (int i = 0; i < CELL_WEIGHTS * recurrent_directions(l); i += CELL_WEIGHTS) {
        transpose(l->in.width, columns, weights + l->weight[i + CELL_KERNEL], prepared + l->prepared[i + CELL_KERNEL]);
        transpose(l->units, columns, weights + l->weight[i + CELL_RECURRENT],
                  prepared + l->prepared[i + CELL_RECURRENT]);
    }
}

/* ---- the walk */

step step_at(const chunk *c, int d, int s)
{
    int t = d == 0 ? s : c->steps - 1 - s, previous = d == 0 ? t - 1 : t + 1;
    step at = {c->offset[t], c->active[t], 0, 0};
    if (s > 0) {
        at.before = c->offset[previous];
        at.known = c->active[previous] < at.rows ? c->active[previous] : at.rows;
    }
    return at;
}

/* The position of a row's final state: at its last token forwards, at its first backwards. */
static int final_position(const chunk *c, int d, int row)
{
    return d == 0 ? c->offset[c->length[row] - 1] + row : row;
}

/* How many of a step's rows have to be computed; the others repeat the last of these. In passes that predict, of a
 * network that reads its padding, all rows of a first layer begin with the same states as long as they are padding. */
static int distinct_rows(const layer *l, const pass *p, step at, int *words)
{
    if (p->training || p->net->spec.mask || !projects(l))
        return at.rows;
    for (int r = at.rows; r > *words; r--)
        if (p->chunk->ids[at.first + r - 1] != 0)
            *words = r;
    return *words < at.rows ? *words + 1 : at.rows;
}

void step_share(const layer *l, const pass *p, step at, cell_operands *o, int *words)
{
    o->rows = distinct_rows(l, p, at, words);
    o->known = at.known < o->rows ? at.known : o->rows;
}

void step_repeat(int rows, int distinct, int units, real *x, ptrdiff_t width)
{
    for (int r = distinct; r < rows; r++)
        memcpy(x + r * width, x + (distinct - 1) * width, (size_t)units * sizeof *x);
}

/* What recurrent dropout leaves of h[t-1], [R][U] of a step. */
static const real *step_dropped(const layer *l, const pass *p, int d, step at, const real *before)
{
    ptrdiff_t units = l->units, first = at.first * units;
    const real *factor = dropout_slot(l, p, d, FACTOR);
    real *dropped = dropout_slot(l, p, d, DROPPED) + first;
    for (ptrdiff_t i = 0; i < at.rows * units; i++)
        dropped[i] = before[first + i] * factor[i];
    return dropped;
}

cell_operands step_operands(const layer *l, pass *p, int d, int s, int columns, cell_input input, real *before)
{
    step at = step_at(p->chunk, d, s), next = {0};
    if (s + 1 < p->chunk->steps)
        next = step_at(p->chunk, d, s + 1);
    int units = l->units, width = l->out.width;
    ptrdiff_t first = at.first;
    real *h = pass_value(p, l->out) + d * units;
    cell_operands o = {.rows = at.rows, .known = at.known, .units = units,
                       .input = input.row == NULL ? input.rows + first * columns : input.rows,
                       .input_row = input.row == NULL ? NULL : input.row + first,
                       .rows_ahead = input.row == NULL ? 0 : next.rows,
                       .row_ahead = input.row == NULL ? NULL : input.row + next.first,
                       .before = h + (ptrdiff_t)at.before * width,
                       .dropped = h + (ptrdiff_t)at.before * width, .before_row = width,
                       .recurrent = cell_weight(p, l, d, CELL_RECURRENT), .h = h + first * width, .h_row = width};
    if (!p->training)
        return o;
    memset(before + (first + at.known) * units, 0, (size_t)(at.rows - at.known) * (size_t)units * sizeof *before);
    o.next = before + (ptrdiff_t)next.first * units;
    o.rows_next = next.known;
    o.before = before + first * units;
    o.dropped = pass_drops(p) && drops(l) ? step_dropped(l, p, d, at, before) : o.before;
    o.before_row = units;
    return o;
}

cell_gradients step_gradients(const layer *l, pass *p, int d, int s, real *dh)
{
    step at = step_at(p->chunk, d, s);
    int units = l->units, width = l->out.width;
    return (cell_gradients){
        .rows = at.rows, .known = at.known, .units = units,
        .after = s + 1 < p->chunk->steps ? step_at(p->chunk, d, s + 1).known : 0,
        .dout = pass_gradient(p, l->out) + (ptrdiff_t)at.first * width + d * units,
        .dstate = pass_gradient(p, l->state) + d * units, .row = width, .dh = dh};
}

void step_product_backward(const layer *l, pass *p, int d, int s, const cell_part *parts, int count, real *dh,
                           bool add)
{
    step at = step_at(p->chunk, d, s);
    ptrdiff_t units = l->units;
    bool dropped = pass_drops(p) && drops(l);
    real *to = dropped ? dropout_slot(l, p, d, D_DROPPED) : dh;
    for (int i = 0; i < count; i++)
        p->net->kernels->product(at.known, l->units, parts[i].columns, parts[i].gradient + at.first * parts[i].row,
                                 parts[i].row, 1, cell_prepared(p, l, d, CELL_RECURRENT) + parts[i].first * units,
                                 units, to, units, i > 0 || (add && !dropped));
    for (ptrdiff_t i = 0; dropped && i < at.known * units; i++)
        dh[i] = (add ? dh[i] : 0) + to[i] * dropout_slot(l, p, d, FACTOR)[i];
}

/* ---- before and behind the walk */

cell_input recurrent_input(const layer *l, pass *p, int d, int columns, real *gates)
{
    int positions = p->chunk->positions;
    const real *bias = cell_weight(p, l, d, CELL_BIAS);
    if (looks_up(l, p) && p->table == NULL)
        return (cell_input){p->projected[d], p->place};
    if (looks_up(l, p)) {
        token_table_gather(p->table, d, p->place, positions, gates);
        return (cell_input){gates, NULL};
    }
    p->net->kernels->affine(positions, columns, l->in.width, pass_value(p, l->in), l->in.width,
                            cell_weight(p, l, d, CELL_KERNEL), bias, gates, columns);
    return (cell_input){gates, NULL};
}

void recurrent_states(const layer *l, pass *p, int d)
{
    const chunk *c = p->chunk;
    int units = l->units, width = l->out.width;
    const real *h = pass_value(p, l->out) + d * units;
    real *state = pass_value(p, l->state) + d * units;
    for (int r = 0; r < c->rows; r++)
        if (c->length[r] > 0)
            memcpy(state + (ptrdiff_t)r * width, h + (ptrdiff_t)final_position(c, d, r) * width,
                   (size_t)units * sizeof *h);
        else
            memset(state + (ptrdiff_t)r * width, 0, (size_t)units * sizeof *h);
}

void recurrent_input_backward(const layer *l, pass *p, int d, int columns, const real *before, const real *dgates,
                              const cell_part *parts, int count)
{
    const kernels *k = p->net->kernels;
    int positions = p->chunk->positions, units = l->units, width = l->in.width;
    for (int i = 0; i < count; i++)
        k->product(units, parts[i].columns, positions, product_input(l, p, d, before), 1, units, parts[i].gradient,
                   parts[i].row, cell_weight_gradient(p, l, d, CELL_RECURRENT) + parts[i].first, columns, true);
    if (looks_up(l, p))
        return;
    k->product(width, columns, positions, pass_value(p, l->in), 1, width, dgates, columns,
               cell_weight_gradient(p, l, d, CELL_KERNEL), columns, true);
    k->sum_rows(positions, columns, dgates, columns, cell_weight_gradient(p, l, d, CELL_BIAS));
    k->product(positions, width, columns, dgates, columns, 1, cell_prepared(p, l, d, CELL_KERNEL), width,
               pass_gradient(p, l->in), width, true);
}
