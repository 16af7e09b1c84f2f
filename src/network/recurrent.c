/* Recurrent layers: what LSTM and GRU share, forwards and backwards. lstm.c and gru.c have the formulas.
 *
 *   forward    for each block of steps: z = x W + b of all its positions
 *                for each step of the block: the cell computes h from z, h[t-1] U and, in an LSTM, c[t-1]
 *   backward   for each block, from the last one: for each step, from its last one
 *                the cell computes dz from dh (and dc)        dh[t-1] = dz U'
 *              then of all its positions: dU += h[t-1]' dz        dW += x' dz        db += sum of dz        dx += dz W'
 *
 * The second direction does the same from the last step to the first. docs/READING.md shows the walk as a picture. */
#include "network/recurrent.h"

#include <stdio.h>
#include <string.h>

#include "network/dropout.h"
#include "network/projection_table.h"

/* Slots of a direction. */
enum {
    GATES,           /* [P][G]: x W + b, then the gates' values, then dz */
    INNER,           /* [P][U]: tanh(c) of an LSTM, inner_g of a GRU and then its gradient (cells.h) */
    PREVIOUS_HIDDEN, /* [P][U]: h[t-1] at the place of h[t], so that dU is one product */
    D_HIDDEN,        /* [R][U]: dh of the step at work */
    CELL_STATE,      /* of an LSTM: c [P][U], */
    D_CELL_STATE,    /* and dc [R][U] */
    FACTOR,          /* of recurrent dropout: factors [R][U], */
    DROPPED,         /* h[t-1] times its factors [P][U], */
    D_DROPPED,       /* and the gradient of that product [R][U] */
    DIRECTION_SLOTS
};

/* ---- building */

static bool drops(const layer *l)
{
    return l->spec.named[RECURRENT_DROPOUT] > 0;
}

static int *slot_of(layer *l, int d, int index)
{
    return &l->slot[DIRECTION_SLOTS * d + index];
}

static void build_slots(builder *b, layer *l, int d)
{
    int units = l->units;
    const cell *kind = l->class->cell;
    *slot_of(l, d, GATES) = builder_slot(b, (slot_spec){.width = kind->gates * units});
    *slot_of(l, d, INNER) = builder_slot(b, (slot_spec){.width = units});
    *slot_of(l, d, PREVIOUS_HIDDEN) = builder_slot(b, (slot_spec){.width = units});
    *slot_of(l, d, D_HIDDEN) = builder_slot(b, (slot_spec){.width = units, .per_row = true, .gradient = true});
    if (kind->keeps_c) {
        *slot_of(l, d, CELL_STATE) = builder_slot(b, (slot_spec){.width = units});
        *slot_of(l, d, D_CELL_STATE) = builder_slot(b, (slot_spec){.width = units, .per_row = true, .gradient = true});
    }
    if (drops(l)) {
        *slot_of(l, d, FACTOR) = builder_slot(b, (slot_spec){.width = units, .per_row = true});
        *slot_of(l, d, DROPPED) = builder_slot(b, (slot_spec){.width = units});
        *slot_of(l, d, D_DROPPED) = builder_slot(b, (slot_spec){.width = units, .per_row = true, .gradient = true});
    }
}

/* The kernel of a first layer needs no copy in bfloat16: its projections come from a table (projection_table.h). */
static void build_weights(builder *b, const layer *l, const char *prefix)
{
    const cell *kind = l->class->cell;
    int columns = kind->gates * l->units, biases = kind->reset_after ? 2 : 1;
    const parameter_spec weights[CELL_WEIGHTS] = {
        {.part = "kernel",
         .rows = l->in.width,
         .columns = columns,
         .start = INITIAL_GLOROT,
         .transposed = true,
         .bf16 = !layer_follows_embedding(l)},
        {.part = "recurrent_kernel",
         .rows = l->units,
         .columns = columns,
         .start = INITIAL_ORTHOGONAL,
         .transposed = true,
         .bf16 = true},
        {.part = "bias", .rows = biases, .columns = columns, .vector = biases == 1, .start = kind->bias_start}};
    for (int i = 0; i < CELL_WEIGHTS; i++) {
        char part[64];
        parameter_spec spec = weights[i];
        snprintf(part, sizeof part, "%s%s", prefix, spec.part);
        spec.part = part;
        builder_parameter(b, spec);
    }
}

void recurrent_build(builder *b, layer *l)
{
    static const char *const prefixes[] = {"forward.", "backward."};
    int directions = l->class->directions;
    l->units = (int)l->spec.numbers[0];
    l->in = b->sequence;
    snprintf(l->name, sizeof l->name, "%s%s_%d", directions == 2 ? "bi_" : "", l->class->cell->name, b->encoders);
    l->out = b->sequence = builder_sequence(b, directions * l->units);
    l->state = b->state = builder_row(b, directions * l->units);
    for (int d = 0; d < directions; d++) {
        build_weights(b, l, directions == 1 ? "" : prefixes[d]);
        build_slots(b, l, d);
    }
    for (int d = 0; d < directions && layer_follows_embedding(l); d++)
        builder_projection(b, CELL_WEIGHTS * d + CELL_KERNEL, 0, CELL_WEIGHTS * d + CELL_BIAS, *slot_of(l, d, GATES),
                           walk_may_share(b->net, l, d));
}

/* ---- a direction of a layer, on its walk through a chunk */

typedef struct direction {
    recurrent_walk walk;
    const layer *layer;
    const pass *pass;
    const kernels *kernels;
    const cell *cell;
    int units, columns; /* U, G */
    bool drops;         /* recurrent dropout is at work */
    matrix h, dh_out;   /* its columns of the layer's output [P][U], and their gradient */
    matrix state, dstate;
    matrix slot[DIRECTION_SLOTS];
    matrix recurrent, recurrent_transposed; /* U, and U' on the way back */
    const uint32_t *recurrent_bf16;
    const real *bias; /* [G], or [2][G] */
} direction;

/* Parameter `index` of the direction in the layer's numbering. */
static int weight_index(const direction *d, int index)
{
    return CELL_WEIGHTS * d->walk.direction + index;
}

/* The direction's own columns: the features of both directions are side by side. */
static matrix own_columns(const direction *d, matrix both)
{
    return matrix_columns(both, d->walk.direction * d->units, d->units);
}

static direction direction_of(const layer *l, const pass *p, int number)
{
    const cell *kind = l->class->cell;
    direction d = {.walk = walk_of(l, p, number),
                   .layer = l,
                   .pass = p,
                   .kernels = p->net->kernels,
                   .cell = kind,
                   .units = l->units,
                   .columns = kind->gates * l->units,
                   .drops = pass_drops(p) && drops(l)};
    d.h = own_columns(&d, pass_value(p, l->out));
    d.dh_out = own_columns(&d, pass_gradient(p, l->out));
    d.state = own_columns(&d, pass_value(p, l->state));
    d.dstate = own_columns(&d, pass_gradient(p, l->state));
    for (int i = 0; i < DIRECTION_SLOTS; i++)
        d.slot[i] = pass_slot(p, l, DIRECTION_SLOTS * number + i);
    d.recurrent = pass_weight(p, l, weight_index(&d, CELL_RECURRENT));
    d.recurrent_bf16 = pass_bf16(p, l, weight_index(&d, CELL_RECURRENT));
    d.bias = pass_weight(p, l, weight_index(&d, CELL_BIAS)).data;
    return d;
}

/* ---- recurrent dropout (Gal & Ghahramani 2016): z = x[t] W + (h[t-1] * factor) U + b, with the same factor at every
 * step of a row; dh[t-1] = dz U' * factor */

static void draw_dropout(const direction *d)
{
    matrix factor = d->slot[FACTOR];
    for (int r = 0; r < factor.rows && d->drops; r++)
        dropout_factors(matrix_row(factor, r), d->layer, d->pass, r, (uint32_t)(d->walk.direction * d->units), d->units,
                        d->layer->spec.named[RECURRENT_DROPOUT]);
}

/* h[t-1] * factor of a step's rows */
static const real *drop(const direction *d, const step *at)
{
    matrix dropped = matrix_rows(d->slot[DROPPED], at->first, at->rows);
    d->kernels->multiply(matrix_count(dropped), matrix_row(d->slot[PREVIOUS_HIDDEN], at->first), d->slot[FACTOR].data,
                         dropped.data);
    return dropped.data;
}

/* ---- a step forwards: `at` is the step, `next` the one after it */

/* x W + the first row of the bias. Position p is at row row[p], or at row p if row is NULL. */
typedef struct cell_input {
    const real *rows;
    const int *row;
} cell_input;

/* The input of a block's steps: computed into GATES, unless the pass has the projections of its tokens. */
static cell_input block_input(const direction *d, const block *b)
{
    const pass *p = d->pass;
    int number = d->walk.direction;
    if (d->walk.looks_up && p->table == NULL)
        return (cell_input){p->projected[number], p->place};
    matrix to = matrix_rows(d->slot[GATES], b->first, b->positions);
    matrix x = matrix_rows(pass_value(p, d->layer->in), b->first, b->positions);
    const uint32_t *bf16 = pass_bf16(p, d->layer, weight_index(d, CELL_KERNEL));
    if (d->walk.looks_up)
        projection_table_gather(p->table, number, p->place + b->first, b->positions, to.data);
    else if (bf16 != NULL)
        affine_bf16(d->kernels, to, x, bf16, d->bias);
    else
        affine(d->kernels, to, x, pass_weight(p, d->layer, weight_index(d, CELL_KERNEL)), d->bias);
    return (cell_input){d->slot[GATES].data, NULL};
}

/* The operands that are the same at all steps. */
static cell_operands walk_operands(const direction *d)
{
    bool training = d->pass->training;
    return (cell_operands){.units = d->units,
                           .previous_hidden_row = training ? d->slot[PREVIOUS_HIDDEN].row : d->h.row,
                           .recurrent = d->recurrent.data,
                           .recurrent_bf16 = d->recurrent_bf16,
                           .bias = d->cell->reset_after ? d->bias + d->columns : NULL,
                           .previous_cell = d->cell->keeps_c ? d->slot[CELL_STATE].data : NULL,
                           .c = d->cell->keeps_c ? d->slot[CELL_STATE].data : NULL,
                           .h_row = d->h.row};
}

/* Training keeps everything for the way back. h is also written to the place of the next step in PREVIOUS_HIDDEN, which
 * is where the next step reads it. */
static void keep(const direction *d, const step *at, const step *next, cell_operands *o)
{
    matrix before = d->slot[PREVIOUS_HIDDEN];
    o->gates = matrix_row(d->slot[GATES], at->place);
    o->inner = matrix_row(d->slot[INNER], at->place);
    o->previous_hidden = matrix_row(before, at->place);
    memset(matrix_row(before, at->place + at->known), 0,
           (size_t)(at->distinct - at->known) * (size_t)before.columns * sizeof(real));
    o->dropped = d->drops ? drop(d, at) : o->previous_hidden;
    o->next = matrix_row(before, next->place);
    o->rows_next = next->known < at->distinct ? next->known : at->distinct;
    if (!d->cell->keeps_c)
        return;
    o->previous_cell = matrix_row(d->slot[CELL_STATE], at->previous_cell_place);
    o->c = matrix_row(d->slot[CELL_STATE], at->cell_place);
}

/* The operands of one step. */
static void step_operands(const direction *d, const step *at, const step *next, const cell_input *input,
                          cell_operands *o)
{
    o->rows = at->distinct;
    o->known = at->known;
    if (input->row == NULL) {
        o->input = input->rows + (ptrdiff_t)at->first * d->columns;
    } else {
        o->input = input->rows;
        o->input_row = input->row + at->first;
        o->row_ahead = input->row + next->first;
        o->rows_ahead = next->distinct;
    }
    o->h = matrix_row(d->h, at->first);
    if (d->pass->training)
        keep(d, at, next, o);
    else
        o->previous_hidden = o->dropped = matrix_row(d->h, at->before);
}

/* The rows of x from `distinct` on become copies of row distinct - 1 (recurrent_walk.h), */
static void repeat(matrix x, int distinct)
{
    for (int r = distinct; r < x.rows; r++)
        memcpy(matrix_row(x, r), matrix_row(x, distinct - 1), (size_t)x.columns * sizeof(real));
}

/* or, backwards, are added to it. */
static void gather(const kernels *k, matrix x, int distinct)
{
    if (distinct < x.rows)
        sum_rows(k, matrix_rows(x, distinct, x.rows - distinct), matrix_row(x, distinct - 1));
}

/* After the cell: copies of h for the rows of the step that were not computed, and of h and c for those of them that
 * the next step computes. */
static void repeat_rows(const direction *d, const step *at, const step *next, const cell_operands *o)
{
    repeat(matrix_rows(d->h, at->first, at->rows), at->distinct);
    if (d->pass->training)
        repeat(matrix_rows(d->slot[PREVIOUS_HIDDEN], next->place, next->known), at->distinct);
    if (d->cell->keeps_c)
        repeat(matrix_of(o->c, next->known, d->units), at->distinct);
}

/* ---- forwards */

/* The final states, from the output: forwards at a row's last token, backwards at its first one; 0 for a row without
 * tokens. */
static void write_states(const direction *d)
{
    const chunk *c = d->pass->chunk;
    size_t size = (size_t)d->units * sizeof(real);
    for (int r = 0; r < c->rows; r++)
        if (c->length[r] == 0)
            memset(matrix_row(d->state, r), 0, size);
        else if (d->walk.direction == 0)
            memcpy(matrix_row(d->state, r), matrix_row(d->h, c->offset[c->length[r] - 1] + r), size);
        else
            memcpy(matrix_row(d->state, r), matrix_row(d->h, r), size);
}

static void direction_forward(const direction *d)
{
    cell_input input = {0};
    block walked = {0};
    step steps[2] = {walk_step(&d->walk, 0)}; /* in turns */
    cell_operands o = walk_operands(d);
    draw_dropout(d);
    for (int s = 0; s < d->pass->chunk->steps; s++) {
        if (s == walked.end) {
            if (pass_stopped(d->pass))
                return;
            walked = walk_block_from(&d->walk, s);
            input = block_input(d, &walked);
        }
        step *at = &steps[s % 2], *next = &steps[(s + 1) % 2];
        *next = walk_step(&d->walk, s + 1);
        step_operands(d, at, next, &input, &o);
        d->cell->forward(d->kernels, &o);
        repeat_rows(d, at, next, &o);
    }
    write_states(d);
}

void recurrent_forward(const layer *l, pass *p)
{
    for (int i = 0; i < l->class->directions; i++) {
        direction d = direction_of(l, p, i);
        direction_forward(&d);
    }
}

/* ---- backwards */

/* The gradients that are in the same place at all steps. */
static cell_gradients walk_gradients(const direction *d)
{
    return (cell_gradients){.units = d->units,
                            .dstate = d->dstate.data,
                            .row = d->dh_out.row,
                            .dh = d->slot[D_HIDDEN].data,
                            .dc = d->cell->keeps_c ? d->slot[D_CELL_STATE].data : NULL};
}

/* The gradients of one step. Those of copied rows are added to the row that they are copies of. */
static void step_gradients(const direction *d, const step *at, const step *next, cell_gradients *g)
{
    const kernels *k = d->kernels;
    matrix dout = matrix_rows(d->dh_out, at->first, at->rows);
    g->rows = at->distinct;
    g->known = at->known;
    g->after = next->known < at->distinct ? next->known : at->distinct;
    g->gates = matrix_row(d->slot[GATES], at->place);
    g->inner = matrix_row(d->slot[INNER], at->place);
    g->previous_hidden = matrix_row(d->slot[PREVIOUS_HIDDEN], at->place);
    g->dout = dout.data;
    gather(k, dout, at->distinct);
    gather(k, matrix_rows(d->slot[D_HIDDEN], 0, next->known), at->distinct);
    if (d->cell->keeps_c) {
        g->previous_cell = matrix_row(d->slot[CELL_STATE], at->previous_cell_place);
        gather(k, matrix_rows(d->slot[D_CELL_STATE], 0, next->known), at->distinct);
    }
    if (next->known == 0) /* the last */
        gather(k, matrix_rows(d->dstate, 0, at->rows), at->distinct);
}

/* The gradient of h[t-1] U, or of its columns from `first` on. */
typedef struct recurrent_part {
    matrix gradient;
    int first;
} recurrent_part;

/* Those of a step or a block; returns how many there are. A GRU has two: dinput_z and dinput_r in GATES, dinner_g in
 * INNER.
 */
static int recurrent_parts(const direction *d, int place, int places, recurrent_part parts[2])
{
    matrix gates = matrix_rows(d->slot[GATES], place, places);
    int split = d->columns - d->units;
    if (!d->cell->reset_after) {
        parts[0] = (recurrent_part){gates, 0};
        return 1;
    }
    parts[0] = (recurrent_part){matrix_columns(gates, 0, split), 0};
    parts[1] = (recurrent_part){matrix_rows(d->slot[INNER], place, places), split};
    return 2;
}

/* dh[t-1] = dz U', times the dropout's factors. A GRU adds that to the dh * z that its cell has left in dh. */
static void hidden_backward(const direction *d, const step *at)
{
    recurrent_part parts[2];
    int count = recurrent_parts(d, at->place, at->known, parts);
    bool add = d->cell->reset_after;
    matrix dh = matrix_rows(d->slot[D_HIDDEN], 0, at->known);
    matrix to = d->drops ? matrix_rows(d->slot[D_DROPPED], 0, at->known) : dh;
    for (int i = 0; i < count; i++) {
        matrix part = parts[i].gradient, u = matrix_rows(d->recurrent_transposed, parts[i].first, part.columns);
        matmul_or_add(d->kernels, i > 0 || (add && !d->drops), to, part, u);
    }
    const real *factor = d->slot[FACTOR].data;
    for (size_t i = 0; d->drops && i < matrix_count(dh); i++)
        dh.data[i] = (add ? dh.data[i] : 0) + to.data[i] * factor[i];
}

/* After the steps of a block: dU += h[t-1]' dz (and a GRU's db[1]), dW += x' dz, db += sum of dz, dx += dz W'. A pass
 * with the projections of its tokens leaves the last three to their owner. */
static void block_backward(const direction *d, const block *b)
{
    const kernels *k = d->kernels;
    const pass *p = d->pass;
    const layer *l = d->layer;
    recurrent_part parts[2];
    int count = recurrent_parts(d, b->place, b->places, parts);
    matrix before = matrix_rows(d->slot[d->drops ? DROPPED : PREVIOUS_HIDDEN], b->place, b->places);
    matrix du = pass_weight_gradient(p, l, weight_index(d, CELL_RECURRENT));
    matrix db = pass_weight_gradient(p, l, weight_index(d, CELL_BIAS));
    for (int i = 0; i < count; i++) {
        matrix part = parts[i].gradient;
        matmul_add(k, matrix_columns(du, parts[i].first, part.columns), transposed(before), part);
        if (d->cell->reset_after)
            sum_rows(k, part, matrix_row(db, 1) + parts[i].first);
    }
    if (d->walk.looks_up)
        return;
    matrix x = matrix_rows(pass_value(p, l->in), b->place, b->places);
    matrix dz = matrix_rows(d->slot[GATES], b->place, b->places);
    matmul_add(k, pass_weight_gradient(p, l, weight_index(d, CELL_KERNEL)), transposed(x), dz);
    sum_rows(k, dz, db.data);
    matmul_add(k, matrix_rows(pass_gradient(p, l->in), b->place, b->places), dz,
               pass_transposed(p, l, weight_index(d, CELL_KERNEL)));
}

static void direction_backward(const direction *d)
{
    block walked = {.begin = d->pass->chunk->steps};
    step steps[2] = {{0}}; /* in turns */
    cell_gradients g = walk_gradients(d);
    for (int s = d->pass->chunk->steps - 1; s >= 0; s--) {
        if (s < walked.begin) {
            if (pass_stopped(d->pass))
                return;
            walked = walk_block_until(&d->walk, walked.begin);
        }
        step *at = &steps[s % 2], *next = &steps[(s + 1) % 2];
        *at = walk_step(&d->walk, s);
        step_gradients(d, at, next, &g);
        d->cell->backward(d->kernels, &g);
        hidden_backward(d, at);
        if (s == walked.begin)
            block_backward(d, &walked);
    }
}

void recurrent_backward(const layer *l, pass *p)
{
    for (int i = 0; i < l->class->directions; i++) {
        direction d = direction_of(l, p, i);
        d.recurrent_transposed = pass_transposed(p, l, weight_index(&d, CELL_RECURRENT));
        direction_backward(&d);
    }
}
