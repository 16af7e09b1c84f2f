/* The embedding: a row of weights for every id.
 *
 *   ids [P], W [V][E], x [P][E]
 *
 *   forward    x[p] = W[ids[p]]
 *   backward   dW[i] = sum of dx[p] over all positions p with ids[p] = i
 *
 * This layer leaves dx as it arrives, a row per position. The trainer adds up the rows of equal tokens (sum_tokens in
 * train/trainer.c), and does it over the whole batch: Adam squares the sum, so sums of parts would not do. */
#include <string.h>

#include "network/builder.h"
#include "network/layers.h"
#include "network/pass.h"

static void build(builder *b, layer *l)
{
    builder_name(b, "embedding");
    l->units = (int)l->spec.numbers[0];
    builder_parameter(b, (parameter_spec){.part = "embeddings",
                                          .rows = (int)b->net->spec.vocabulary,
                                          .columns = l->units,
                                          .start = INITIAL_EMBEDDING});
    l->out = b->sequence = builder_sequence(b, l->units);
}

/* Multiplies each row of the chunk by its factor, except for padding (id 0). */
static void shrink(const pass *p, matrix x)
{
    const chunk *c = p->chunk;
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            int i = c->offset[t] + r;
            for (int j = 0; c->ids[i] != 0 && j < x.columns; j++)
                matrix_row(x, i)[j] *= (real)p->shrink[r];
        }
}

static void forward(const layer *l, pass *p)
{
    matrix w = pass_weight(p, l, 0), x = pass_value(p, l->out);
    if (p->place != NULL)
        return;
    for (int i = 0; i < x.rows; i++)
        memcpy(matrix_row(x, i), matrix_row(w, (int)p->chunk->ids[i]), (size_t)x.columns * sizeof(real));
    if (p->shrink != NULL)
        shrink(p, x);
}

static void backward(const layer *l, pass *p)
{
    (void)l;
    (void)p;
}

const layer_class embedding_layer = {
    .keyword = "embed",
    .usage = "WIDTH",
    .stage = STAGE_EMBEDDING,
    .type = "Embedding",
    SIZES(1, 1),
    .build = build,
    .forward = forward,
    .backward = backward,
};
