/* Dropout (Srivastava et al. 2014), inverted as in Keras: in training an element is 0 with the rate's probability and
 * 1 / (1 - rate) times itself otherwise; in use nothing happens. Whether it drops is a function of seed, layer, epoch,
 * row number and element alone. */
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "network/layers.h"

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    l->in = f->row;
    network_number_name(net, l, "dropout");
    heed_status status = network_add_tensor(net, &l->out, l->in.width, true, error);
    if (status == HEED_OK)
        status = network_add_slot(net, &l->slot[0], l->in.width, true, false, error);
    f->row = l->out;
    return status;
}

/* factor [R][D]: 0 or 1 / (1 - rate) */
static void draw_factors(const layer *l, const pass *p, real *factor)
{
    double rate = l->numbers[0];
    int width = l->in.width;
    for (int r = 0; r < p->chunk->rows; r++) {
        random_key key = {p->seed, RANDOM_DROPOUT, (uint32_t)l->number, p->epoch, p->chunk->number[r]};
        for (int i = 0; i < width; i++)
            factor[r * width + i] = random_unit(random_word(key, (uint32_t)i)) < rate ? 0 : (real)(1 / (1 - rate));
    }
}

static void forward(const layer *l, pass *p)
{
    int count = p->chunk->rows * l->in.width;
    const real *x = pass_value(p, l->in);
    real *y = pass_value(p, l->out), *factor = p->slot[l->slot[0]];
    if (!p->training) {
        memcpy(y, x, (size_t)count * sizeof *y);
        return;
    }
    draw_factors(l, p, factor);
    for (int i = 0; i < count; i++)
        y[i] = x[i] * factor[i];
}

static void backward(const layer *l, pass *p)
{
    const real *dy = pass_gradient(p, l->out), *factor = p->slot[l->slot[0]];
    real *dx = pass_gradient(p, l->in);
    for (int i = 0; i < p->chunk->rows * l->in.width; i++)
        dx[i] += dy[i] * factor[i];
}

const layer_class dropout_layer = {
    .keyword = "dropout", .usage = "dropout RATE",
    .stage = STAGE_HEAD, .type = "Dropout",
    .least_numbers = 1, .most_numbers = 1, .highest = 0.95,
    .build = build, .forward = forward, .backward = backward,
};
