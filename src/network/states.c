/* The states of a pretrained encoder in the place of an embedding. They come with each row: the encoder is not part of
 * the network; one that learns (train/encoder_trainer.h) takes their gradients.
 *
 *   s[r] [length of row r][E], c[r] [E] of the token before it, such as [CLS], x [P][E], y [R][E];
 *   t is the place of position p in its row r
 *
 *   forward    x[p] = s[r][t]       y[r] = c[r], for the pooling 'first'
 *   backward   ds[r][t] = dx[p]     dc[r] += dy[r], if the row wants them; dx stays in its slot, where explanations
 *                                   read it
 *
 * Only masked networks read states: there are none for padding. */
#include <string.h>

#include "network/architecture.h"
#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"

enum { FIRST, DFIRST };

static void build(builder *b, layer *l)
{
    network_spec *spec = &b->net->spec;
    builder_name(b, "encoder");
    if (spec->encoder_width == 0)
        builder_refuse(b, "architecture: found 'encoder', expected a pretrained one with it; see --encoder");
    else if (!spec->mask)
        builder_refuse(b, "--no-mask: found 'encoder', which has no states for padding; leave the option out");
    spec->vocabulary = 0; /* no ids are embedded */
    l->units = (int)spec->encoder_width;
    l->out = b->sequence = builder_sequence(b, l->units);
    b->first = builder_row(b, l->units);
    l->slot[FIRST] = b->first.value;
    l->slot[DFIRST] = b->first.gradient;
}

static void forward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    matrix x = pass_value(p, l->out);
    size_t width = (size_t)x.columns;
    real *first = p->slot[l->slot[FIRST]];
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            memcpy(matrix_row(x, c->offset[t] + r), c->states[r].of + (size_t)t * width, width * sizeof(real));
    memset(first, 0, (size_t)c->rows * width * sizeof *first);
    for (size_t r = 0; r < (size_t)c->rows; r++)
        if (c->states[r].first != NULL)
            memcpy(first + r * width, c->states[r].first, width * sizeof *first);
}

static void backward(const layer *l, pass *p)
{
    const chunk *c = p->chunk;
    matrix dx = pass_gradient(p, l->out);
    size_t width = (size_t)dx.columns;
    const real *dfirst = p->slot[l->slot[DFIRST]];
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++)
            if (c->states[r].gradient != NULL)
                memcpy(c->states[r].gradient + (size_t)t * width, matrix_row(dx, c->offset[t] + r),
                       width * sizeof(real));
    for (size_t r = 0; r < (size_t)c->rows; r++)
        if (c->states[r].dfirst != NULL)
            p->net->kernels->add(width, dfirst + r * width, c->states[r].dfirst);
}

const layer_class encoder_layer = {
    .keyword = ENCODER_KEYWORD,
    .usage = "NAME",
    .stage = STAGE_EMBEDDING,
    .takes_name = true,
    .type = "PretrainedEncoder",
    .build = build,
    .forward = forward,
    .backward = backward,
};
