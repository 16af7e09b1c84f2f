/* A pass: one chunk's way through a network and back, the memory for it, and how layers read and write that memory. */
#ifndef NETWORK_PASS_H
#define NETWORK_PASS_H

#include "base/pool.h"
#include "network/chunk.h"
#include "network/structure.h"

typedef struct projection_table projection_table;

struct pass {
    const network *net;
    const real *weights, *transposed;
    const uint32_t *bf16; /* forward only, read in place of the weights that have such copies; NULL: weights */
    real *gradient;       /* of the weights after the embedding; added to */
    const chunk *chunk;
    bool training;
    bool undropped; /* in training: dropout drops nothing, so that gradients are those of the network in use */
    uint64_t seed;  /* of dropout */
    uint32_t epoch;
    double row_share; /* a row's share of the loss: 1 / rows of the batch */
    double loss;      /* sum over the chunk's rows of row losses */
    real **slot;      /* [slot_count], 64-byte aligned */
    real *memory;
    int row_capacity, position_capacity;
    /* The projections of the chunk's tokens: position p is at row place[p]; place NULL: there are none. With them the
     * pass computes neither the embedded tokens nor their gradient nor the gradients of the projections' weights; it
     * leaves the gradient of each projection in its slot. */
    const int *place;                       /* [P] */
    const real *projected[MAX_PROJECTIONS]; /* [tokens][columns] */
    const projection_table *table;          /* has them for the whole vocabulary; NULL: they are in projected */
    const double *shrink; /* [R]: factor of the embedded tokens of a row, not of its padding; NULL: 1. Not with place */
    const real *attention; /* [P]: weights that replace those of net->attention, forward only; NULL: its own */
    pool *stops;           /* once it is stopped, what the pass computes is not whole; NULL: it always ends */
};

heed_status pass_new(pass **out, const network *net, int rows, int steps, bool training, heed_error *error);
void pass_free(pass *p);
/* Probabilities, and the loss if the chunk has targets. */
void network_forward(pass *p);
/* The same from the first pooling on; network_forward of this chunk has computed what comes before. */
void network_forward_pooled(pass *p);
/* Gradients, after network_forward with targets. The gradient of the embedded tokens stays in its slot. */
void network_backward(pass *p);
/* The same from a given gradient of the logits, dlogits [R][K], so that no targets are needed. */
void network_backward_from(pass *p, const real *dlogits);

/* Asked between layers, and within those that take long for a long chunk. */
static inline bool pass_stopped(const pass *p)
{
    return p->stops != NULL && pool_stopped(p->stops);
}

/* Whether dropout drops anything. */
static inline bool pass_drops(const pass *p)
{
    return p->training && !p->undropped;
}

/* ---- what layers read and write, as matrices of the chunk */

/* [R][width] or [P][width], as the slot's spec says. */
static inline matrix pass_matrix(const pass *p, int slot)
{
    const slot_spec *s = &p->net->slots[slot];
    return matrix_of(p->slot[slot], s->per_row ? p->chunk->rows : p->chunk->positions, s->width);
}

/* A layer's own slot. */
static inline matrix pass_slot(const pass *p, const layer *l, int index)
{
    return pass_matrix(p, l->slot[index]);
}

static inline matrix pass_value(const pass *p, tensor t)
{
    return pass_matrix(p, t.value);
}

static inline matrix pass_gradient(const pass *p, tensor t)
{
    return pass_matrix(p, t.gradient);
}

/* Parameter `index` of a layer, W; a vector is one row. */
static inline matrix pass_weight(const pass *p, const layer *l, int index)
{
    const parameter *w = layer_parameter(p->net, l, index);
    return matrix_of(p->weights + w->offset, w->rows, w->columns);
}

/* dW, of a layer after the embedding */
static inline matrix pass_weight_gradient(const pass *p, const layer *l, int index)
{
    const parameter *w = layer_parameter(p->net, l, index);
    return matrix_of(p->gradient + (w->offset - p->net->embedding_count), w->rows, w->columns);
}

/* W' of one tap of a convolution's kernel: the copy that the backward pass multiplies by. */
static inline matrix pass_transposed_tap(const pass *p, const layer *l, int index, int tap)
{
    const parameter *w = layer_parameter(p->net, l, index);
    int rows = w->rows / w->taps;
    return matrix_of(p->transposed + w->transposed + (ptrdiff_t)tap * rows * w->columns, w->columns, rows);
}

/* W' */
static inline matrix pass_transposed(const pass *p, const layer *l, int index)
{
    return pass_transposed_tap(p, l, index, 0);
}

/* W in bfloat16; NULL: the pass reads weights. */
static inline const uint32_t *pass_bf16(const pass *p, const layer *l, int index)
{
    const parameter *w = layer_parameter(p->net, l, index);
    return p->bf16 == NULL || w->bf16 == NO_COPY ? NULL : p->bf16 + w->bf16;
}

#endif
