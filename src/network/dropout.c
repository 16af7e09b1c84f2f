/* Dropout (Srivastava et al. 2014), inverted as in Keras: in training an element is 0 with the rate's probability and
 * 1 / (1 - rate) times itself otherwise; in use nothing happens. Behind a pooling it drops features of a row, [R][D];
 * before it, features of every position, [P][D], each by itself. */
#include "network/dropout.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"

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

/* Whether it stands before the pooling. */
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
    l->slot[0] = builder_slot(b, (slot_spec){.width = l->in.width, .per_row = !of_sequence(l)});
}

/* factor [R][D], or [P][D]: element t D + i of a row is feature i at its position t */
static void draw_factors(const layer *l, const pass *p, real *factor)
{
    const chunk *c = p->chunk;
    int width = l->in.width, steps = of_sequence(l) ? c->steps : 1;
    for (int t = 0; t < steps; t++)
        for (int r = 0; r < (of_sequence(l) ? c->active[t] : c->rows); r++, factor += width)
            dropout_factors(factor, l, p, r, (uint32_t)t * (uint32_t)width, width, l->spec.numbers[0]);
}

static size_t element_count(const layer *l, const pass *p)
{
    return (size_t)(of_sequence(l) ? p->chunk->positions : p->chunk->rows) * (size_t)l->in.width;
}

static void forward(const layer *l, pass *p)
{
    size_t count = element_count(l, p);
    const real *x = pass_value(p, l->in);
    real *y = pass_value(p, l->out), *factor = p->slot[l->slot[0]];
    if (!pass_drops(p)) {
        memcpy(y, x, count * sizeof *y);
        return;
    }
    draw_factors(l, p, factor);
    p->net->kernels->multiply(count, x, factor, y);
}

static void backward(const layer *l, pass *p)
{
    size_t count = element_count(l, p);
    const real *dy = pass_gradient(p, l->out), *factor = p->slot[l->slot[0]];
    real *dx = pass_gradient(p, l->in);
    if (pass_drops(p))
        p->net->kernels->multiply_add(count, dy, factor, dx);
    else
        p->net->kernels->add(count, dy, dx);
}

const layer_class dropout_layer = {
    .keyword = "dropout",
    .usage = "RATE",
    .stage = STAGE_HEAD,
    .on_sequences = true,
    .type = "Dropout",
    .least_numbers = 1,
    .most_numbers = 1,
    .highest = 0.95,
    .build = build,
    .forward = forward,
    .backward = backward,
};
