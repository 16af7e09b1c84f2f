/* Dropout (Srivastava et al. 2014, section 4), inverted as in Keras: training scales what it keeps, so that nothing is
 * left to do in use.
 *
 *   x, y, f [R][D] after the pooling, [P][D] before it (every position has factors of its own)
 *
 *   f = 0 with probability rate, else 1 / (1 - rate); in use f = 1
 *   forward    y = x * f
 *   backward   dx += dy * f */
#include "network/dropout.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"

enum { FACTOR }; /* f */

void dropout_factors(real *factor, const layer *l, const pass *p, int r, uint32_t first, int count, double rate)
{
    random_key key = {p->seed, RANDOM_DROPOUT, (uint32_t)l->number, p->epoch, p->chunk->number[r]};
    uint32_t words[4], end = first + (uint32_t)count;
    uint32_t dropped = (uint32_t)ceil(rate * 16777216); /* random_unit(word) < rate, in whole numbers */
    const real kept = (real)(1 / (1 - rate));
    for (uint32_t block = first / 4; block * 4 < end; block++) {
        random_block(words, key, block);
        for (uint32_t i = 0; i < 4; i++)
            if (block * 4 + i >= first && block * 4 + i < end)
                factor[block * 4 + i - first] = words[i] >> 8 < dropped ? 0 : kept;
    }
}

/* Whether it is before the pooling. */
static bool of_sequence(const layer *l)
{
    return layer_place(l) == STAGE_ENCODER;
}

static void build(builder *b, layer *l)
{
    tensor *stream = of_sequence(l) ? &b->sequence : &b->row;
    builder_name(b, "dropout");
    l->in = *stream;
    l->out = *stream = of_sequence(l) ? builder_sequence(b, l->in.width) : builder_row(b, l->in.width);
    l->slot[FACTOR] = builder_slot(b, (slot_spec){.width = l->in.width, .per_row = !of_sequence(l)});
}

/* Feature i at place t of a row is element t D + i of the row. */
static void draw_factors(const layer *l, const pass *p, matrix factor)
{
    const chunk *c = p->chunk;
    int width = factor.columns, steps = of_sequence(l) ? c->steps : 1, row = 0;
    for (int t = 0; t < steps; t++)
        for (int r = 0; r < (of_sequence(l) ? c->active[t] : c->rows); r++)
            dropout_factors(matrix_row(factor, row++), l, p, r, (uint32_t)t * (uint32_t)width, width,
                            l->spec.numbers[0]);
}

static void forward(const layer *l, pass *p)
{
    matrix x = pass_value(p, l->in), y = pass_value(p, l->out), f = pass_slot(p, l, FACTOR);
    if (!pass_drops(p)) {
        memcpy(y.data, x.data, matrix_count(y) * sizeof(real));
        return;
    }
    draw_factors(l, p, f);
    p->net->kernels->multiply(matrix_count(y), x.data, f.data, y.data);
}

static void backward(const layer *l, pass *p)
{
    matrix dy = pass_gradient(p, l->out), dx = pass_gradient(p, l->in), f = pass_slot(p, l, FACTOR);
    if (pass_drops(p))
        p->net->kernels->multiply_add(matrix_count(dx), dy.data, f.data, dx.data);
    else
        p->net->kernels->add(matrix_count(dx), dy.data, dx.data);
}

const layer_class dropout_layer = {
    .keyword = "dropout",
    .usage = "RATE",
    .stage = STAGE_HEAD,
    .on_sequences = true,
    .type = "Dropout",
    .min_numbers = 1,
    .max_numbers = 1,
    .max = 0.95,
    .build = build,
    .forward = forward,
    .backward = backward,
};
