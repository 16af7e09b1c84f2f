#include "network/recurrent.h"

#include <stdio.h>
#include <string.h>

#include "math/bfloat16.h"
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
    return l->spec.named[RECURRENT_DROPOUT] > 0;
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
                        l->spec.named[RECURRENT_DROPOUT]);
}

/* What the recurrent product reads: before [P][U], or what is left of it. */
static const real *product_input(const layer *l, const pass *p, int d, const real *before)
{
    return pass_drops(p) && drops(l) ? dropout_slot(l, p, d, DROPPED) : before;
}

static void build_dropout(builder *b, layer *l, int d)
{
    int *slot = l->slot + FIRST_SLOT + DROPOUT_SLOTS * d;
    slot[FACTOR] = builder_slot(b, (slot_spec){.width = l->units, .per_row = true});
    slot[DROPPED] = builder_slot(b, (slot_spec){.width = l->units});
    slot[D_DROPPED] = builder_slot(b, (slot_spec){.width = l->units, .per_row = true, .gradient = true});
}

/* ---- building */

/* Only the embedding stands before the layer, so that direction d begins with a product of embedded tokens. */
static bool projects(const layer *l)
{
    return l->number == 1;
}

static void build_direction(builder *b, layer *l, const cell *kind, int d, const char *prefix)
{
    int columns = kind->gates * l->units;
    const parameter_spec weights[CELL_WEIGHTS] = {{.part = "kernel",
                                                   .rows = l->in.width,
                                                   .columns = columns,
                                                   .start = INITIAL_GLOROT,
                                                   .transposed = true,
                                                   .halved = !projects(l)},
                                                  {.part = "recurrent_kernel",
                                                   .rows = l->units,
                                                   .columns = columns,
                                                   .start = INITIAL_ORTHOGONAL,
                                                   .transposed = true,
                                                   .halved = true},
                                                  {.part = "bias",
                                                   .rows = kind->bias_rows,
                                                   .columns = columns,
                                                   .vector = kind->bias_rows == 1,
                                                   .start = kind->bias_start}};
    for (int i = 0; i < CELL_WEIGHTS; i++) {
        char part[64];
        parameter_spec spec = weights[i];
        snprintf(part, sizeof part, "%s%s", prefix, spec.part);
        spec.part = part;
        builder_parameter(b, spec);
    }
    for (int i = 0; i < kind->slot_count; i++)
        l->slot[kind->slot_count * d + i] = builder_slot(b, (slot_spec){.width = kind->slots[i].units * l->units,
                                                                        .per_row = kind->slots[i].per_row,
                                                                        .gradient = kind->slots[i].gradient});
    if (drops(l))
        build_dropout(b, l, d);
}

/* Whether a pass brings those products along. */
static bool looks_up(const layer *l, const pass *p)
{
    return p->place != NULL && projects(l);
}

static bool begins_in_padding(const network *net, int d)
{
    return !net->spec.mask && d == (net->spec.pad_behind ? 1 : 0);
}

void recurrent_build(builder *b, layer *l, const cell *kind, int directions)
{
    static const char *const prefixes[] = {"forward.", "backward."};
    l->units = (int)l->spec.numbers[0];
    l->in = b->sequence;
    snprintf(l->name, sizeof l->name, "%s%s_%d", directions == 2 ? "bi_" : "", kind->name, b->encoders);
    l->out = b->sequence = builder_sequence(b, directions * l->units);
    l->state = b->state = builder_row(b, directions * l->units);
    for (int d = 0; d < directions; d++)
        build_direction(b, l, kind, d, directions == 1 ? "" : prefixes[d]);
    for (int d = 0; d < directions && projects(l); d++)
        builder_projection(b, CELL_WEIGHTS * d + CELL_KERNEL, 0, CELL_WEIGHTS * d + CELL_BIAS,
                           l->slot[kind->slot_count * d], begins_in_padding(b->net, d) && !drops(l));
}

/* ---- the walk */

/* Whether rows share what is computed of their common padding. */
static bool shares(const layer *l, const pass *p, int d)
{
    if (!projects(l) || !begins_in_padding(p->net, d))
        return false;
    return !p->training || (looks_up(l, p) && p->table == NULL && p->net->projections[d].packed);
}

/* The places of c are those where the next step reads it, all R earlier: then there is room for every step's. */
static void share(const chunk *c, int s, step *at)
{
    at->distinct = c->distinct[s];
    at->place = c->packed[s];
    at->cells = c->packed[s + 1] - c->rows;
    if (s > 0) {
        at->known = at->distinct;
        at->cells_before = c->packed[s] - c->rows;
    }
}

step step_at(const layer *l, const pass *p, int d, int s)
{
    const chunk *c = p->chunk;
    if (s == c->steps)
        return (step){0};
    int t = d == 0 ? s : c->steps - 1 - s, previous = d == 0 ? t - 1 : t + 1;
    int first = c->offset[t], rows = c->active[t];
    step at = {.first = first, .rows = rows, .distinct = rows, .place = first, .cells = first};
    if (s > 0) {
        at.before = at.cells_before = c->offset[previous];
        at.known = c->active[previous] < rows ? c->active[previous] : rows;
    }
    if (shares(l, p, d))
        share(c, s, &at);
    return at;
}

/* Each block reads and writes the sums behind the weights' gradients once, U rows of them for U or a layer below, so
 * that many units ask for many places. */
enum { BLOCK_PLACES = 256, BLOCK_PLACES_A_UNIT = 8 };

static int block_places(const layer *l)
{
    int wide = BLOCK_PLACES_A_UNIT * l->units;
    return wide > BLOCK_PLACES ? wide : BLOCK_PLACES;
}

/* The range that holds two. */
static void span(int one, int ones, int other, int others, int *first, int *count)
{
    int end = one + ones > other + others ? one + ones : other + others;
    *first = one < other ? one : other;
    *count = end - *first;
}

/* Steps begin ... end - 1, whose positions and places stand side by side in either direction. */
static block block_of(const layer *l, const pass *p, int d, int begin, int end)
{
    step one = step_at(l, p, d, begin), other = step_at(l, p, d, end - 1);
    block b = {.begin = begin, .end = end};
    span(one.first, one.rows, other.first, other.rows, &b.first, &b.positions);
    span(one.place, one.distinct, other.place, other.distinct, &b.place, &b.places);
    return b;
}

block block_from(const layer *l, const pass *p, int d, int s)
{
    int end = s;
    for (int places = 0; end < p->chunk->steps && places < block_places(l); end++)
        places += step_at(l, p, d, end).distinct;
    return block_of(l, p, d, s, end);
}

block block_until(const layer *l, const pass *p, int d, int s)
{
    int begin = s;
    for (int places = 0; begin > 0 && places < block_places(l); begin--)
        places += step_at(l, p, d, begin - 1).distinct;
    return block_of(l, p, d, begin, s);
}

/* The position of a row's final state: at its last token forwards, at its first backwards. */
static int final_position(const chunk *c, int d, int row)
{
    return d == 0 ? c->offset[c->length[row] - 1] + row : row;
}

/* x [rows][units], at a distance of `width`: rows from distinct on become copies of the one before them, */
static void repeat(int rows, int distinct, int units, real *x, ptrdiff_t width)
{
    for (int r = distinct; r < rows; r++)
        memcpy(x + r * width, x + (distinct - 1) * width, (size_t)units * sizeof *x);
}

/* or are added to it. */
static void gather(const kernels *k, int rows, int distinct, int units, real *x, ptrdiff_t width)
{
    if (distinct < rows)
        k->sum_rows(rows - distinct, units, x + distinct * width, width, x + (distinct - 1) * width);
}

void step_repeat(const pass *p, const step *at, const step *next, const cell_operands *o)
{
    repeat(at->rows, at->distinct, o->units, o->h, o->h_row);
    if (p->training)
        repeat(next->known, at->distinct, o->units, o->next, o->units);
    if (o->c != NULL)
        repeat(next->known, at->distinct, o->units, o->c, o->units);
}

/* What recurrent dropout leaves of h[t-1], [R][U] of a step. */
static const real *step_dropped(const layer *l, const pass *p, int d, const step *at, const real *before)
{
    ptrdiff_t units = l->units, first = at->first * units;
    const real *factor = dropout_slot(l, p, d, FACTOR);
    real *dropped = dropout_slot(l, p, d, DROPPED) + first;
    for (ptrdiff_t i = 0; i < at->rows * units; i++)
        dropped[i] = before[first + i] * factor[i];
    return dropped;
}

cell_operands step_operands(const layer *l, pass *p, int d, const step *at, const step *next, int columns,
                            cell_input input, real *before)
{
    int units = l->units, width = l->out.width;
    ptrdiff_t first = at->first;
    real *h = pass_value(p, l->out) + d * units;
    cell_operands o = {.rows = at->distinct,
                       .known = at->known,
                       .units = units,
                       .input = input.row == NULL ? input.rows + first * columns : input.rows,
                       .input_row = input.row == NULL ? NULL : input.row + first,
                       .rows_ahead = input.row == NULL ? 0 : next->distinct,
                       .row_ahead = input.row == NULL ? NULL : input.row + next->first,
                       .before = h + (ptrdiff_t)at->before * width,
                       .dropped = h + (ptrdiff_t)at->before * width,
                       .before_row = width,
                       .recurrent = cell_weight(p, l, d, CELL_RECURRENT),
                       .halved = pass_halved(p, l, CELL_WEIGHTS * d + CELL_RECURRENT),
                       .h = h + first * width,
                       .h_row = width};
    if (!p->training)
        return o;
    o.before = before + (ptrdiff_t)at->place * units;
    memset(before + (at->place + at->known) * (ptrdiff_t)units, 0,
           (size_t)(at->distinct - at->known) * (size_t)units * sizeof *before);
    o.next = before + (ptrdiff_t)next->place * units;
    o.rows_next = next->known < at->distinct ? next->known : at->distinct;
    o.dropped = pass_drops(p) && drops(l) ? step_dropped(l, p, d, at, before) : o.before;
    o.before_row = units;
    return o;
}

cell_gradients step_gradients(const layer *l, pass *p, int d, const step *at, const step *next, real *dh, real *dc)
{
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->out.width;
    real *dout = pass_gradient(p, l->out) + (ptrdiff_t)at->first * width + d * units;
    real *dstate = pass_gradient(p, l->state) + d * units;
    gather(k, at->rows, at->distinct, units, dout, width);
    gather(k, next->known, at->distinct, units, dh, units);
    if (dc != NULL)
        gather(k, next->known, at->distinct, units, dc, units);
    if (next->known == 0) /* the last */
        gather(k, at->rows, at->distinct, units, dstate, width);
    return (cell_gradients){.rows = at->distinct,
                            .known = at->known,
                            .units = units,
                            .after = next->known < at->distinct ? next->known : at->distinct,
                            .dout = dout,
                            .dstate = dstate,
                            .row = width,
                            .dh = dh,
                            .dc = dc};
}

void step_product_backward(const layer *l, pass *p, int d, const step *at, const cell_part *parts, int count, real *dh,
                           bool add)
{
    ptrdiff_t units = l->units;
    bool dropped = pass_drops(p) && drops(l);
    real *to = dropped ? dropout_slot(l, p, d, D_DROPPED) : dh;
    for (int i = 0; i < count; i++)
        p->net->kernels->product(at->known, l->units, parts[i].columns, parts[i].gradient + at->place * parts[i].row,
                                 parts[i].row, 1, cell_prepared(p, l, d, CELL_RECURRENT) + parts[i].first * units,
                                 units, to, units, i > 0 || (add && !dropped));
    for (ptrdiff_t i = 0; dropped && i < at->known * units; i++)
        dh[i] = (add ? dh[i] : 0) + to[i] * dropout_slot(l, p, d, FACTOR)[i];
}

/* ---- before and behind the walk */

cell_input recurrent_input(const layer *l, pass *p, int d, const block *b, int columns, real *gates)
{
    ptrdiff_t first = b->first;
    const real *bias = cell_weight(p, l, d, CELL_BIAS);
    if (looks_up(l, p) && p->table == NULL)
        return (cell_input){p->projected[d], p->place};
    if (looks_up(l, p)) {
        token_table_gather(p->table, d, p->place + first, b->positions, gates + first * columns);
        return (cell_input){gates, NULL};
    }
    const real *x = pass_value(p, l->in) + first * l->in.width;
    real *to = gates + first * columns;
    if (p->halved != NULL && !projects(l))
        p->net->kernels->affine_halved(b->positions, columns, l->in.width, x, l->in.width,
                                       pass_halved(p, l, CELL_WEIGHTS * d + CELL_KERNEL), bias, to, columns);
    else
        p->net->kernels->affine(b->positions, columns, l->in.width, x, l->in.width, cell_weight(p, l, d, CELL_KERNEL),
                                bias, to, columns);
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

void recurrent_input_backward(const layer *l, pass *p, int d, const block *b, int columns, const real *before,
                              const real *dgates, const cell_part *parts, int count)
{
    const kernels *k = p->net->kernels;
    int units = l->units, width = l->in.width, positions = b->places;
    ptrdiff_t first = b->place;
    for (int i = 0; i < count; i++)
        k->product(units, parts[i].columns, positions, product_input(l, p, d, before) + first * units, 1, units,
                   parts[i].gradient + first * parts[i].row, parts[i].row,
                   cell_weight_gradient(p, l, d, CELL_RECURRENT) + parts[i].first, columns, true);
    if (looks_up(l, p))
        return;
    dgates += first * columns;
    k->product(width, columns, positions, pass_value(p, l->in) + first * width, 1, width, dgates, columns,
               cell_weight_gradient(p, l, d, CELL_KERNEL), columns, true);
    k->sum_rows(positions, columns, dgates, columns, cell_weight_gradient(p, l, d, CELL_BIAS));
    k->product(positions, width, columns, dgates, columns, 1, cell_prepared(p, l, d, CELL_KERNEL), width,
               pass_gradient(p, l->in) + first * width, width, true);
}
