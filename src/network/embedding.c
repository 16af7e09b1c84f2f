/* The embedding: a row of weights for every id.
 *
 *   x[p] = W[ids[p]]        ids [P], W [V][E], x [P][E]
 *
 * Its gradient is left as it arrives, a row a position: the trainer sums the rows of equal tokens over the whole batch,
 * since Adam squares the sum and not the parts. */
#include <string.h>

#include "network/layers.h"

static heed_status build(network *net, layer *l, flow *f, heed_error *error)
{
    strcpy(l->name, "embedding");
    l->units = (int)l->numbers[0];
    heed_status status = network_add_parameter(net, l, 0, "embeddings", 2, (int)net->spec.vocabulary, l->units,
                                               INITIAL_EMBEDDING, error);
    if (status == HEED_OK)
        status = network_add_tensor(net, &l->out, l->units, false, error);
    f->sequence = l->out;
    return status;
}

/* Rows of the chunk multiplied by a factor each, but for their padding (id 0). */
static void shrink(const pass *p, real *x, size_t width)
{
    const chunk *c = p->chunk;
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            for (size_t j = 0; c->ids[i] != 0 && j < width; j++)
                x[i * width + j] *= (real)p->shrink[r];
        }
}

static void forward(const layer *l, pass *p)
{
    const real *w = pass_weight(p, l, 0);
    real *x = pass_value(p, l->out);
    size_t width = (size_t)l->units;
    if (p->place != NULL)
        return;
    for (int i = 0; i < p->chunk->positions; i++)
        memcpy(x + (size_t)i * width, w + p->chunk->ids[i] * width, width * sizeof *x);
    if (p->shrink != NULL)
        shrink(p, x, width);
}

static void backward(const layer *l, pass *p)
{
    (void)l;
    (void)p;
}

const layer_class embedding_layer = {
    .keyword = "embed", .usage = "embed WIDTH",
    .stage = STAGE_EMBEDDING, .type = "Embedding",
    .least_numbers = 1, .most_numbers = 1, .lowest = 1, .highest = 4096,
    .build = build, .forward = forward, .backward = backward,
};
