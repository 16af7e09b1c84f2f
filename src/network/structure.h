/* What a network consists of: parameters, layers, and the memory that a pass needs. network.h makes one, pass.h
 * computes with it.
 *
 * Shape letters, used in every comment here:
 *   R rows of a chunk, T steps of its longest row, P positions (tokens of all its rows), V vocabulary, E embedding,
 *   U units, D features of a layer's input, K outputs.
 * Formulas: x W is a product of matrices and x' the transpose; x * y and x^2 are element by element; x . y is the dot
 *   product of two vectors; dx is the gradient of the batch's loss by x; += adds to what other uses of x gave.
 *
 * All weights are one block, and so are their gradients and moments; one table has names and shapes. */
#ifndef NETWORK_STRUCTURE_H
#define NETWORK_STRUCTURE_H

#include "heed.h"
#include "math/kernels.h"
#include "network/layer_class.h"

/* ---- parameters */

typedef enum initial {
    INITIAL_ZERO,
    INITIAL_ONE,
    INITIAL_GLOROT,
    INITIAL_ORTHOGONAL,
    INITIAL_EMBEDDING,
    INITIAL_FORGET
} initial;

#define NO_COPY SIZE_MAX

typedef struct parameter {
    char name[96];     /* as Keras's path, with dots: "bi_lstm_0.forward.recurrent_kernel" */
    int rows, columns; /* a vector has rows 1 and rank 1 */
    int taps;          /* of a convolution: so many matrices [rows / taps][columns], one after the other; else 1 */
    int rank;
    int shape[3];      /* as stored: rank numbers, whose product is rows * columns */
    size_t offset;     /* into the block */
    size_t transposed; /* into the block of transposed weights: its transpose, each tap by itself; or NO_COPY */
    size_t bf16; /* into the block of weights in bfloat16: the same as a bf16 matrix (math/kernels.h); or NO_COPY */
    initial start;
    int layer; /* that it belongs to */
} parameter;

/* Whether weight decay applies to it: not to biases and layer norms, which start at a constant. */
static inline bool parameter_decays(const parameter *p)
{
    return p->start != INITIAL_ZERO && p->start != INITIAL_ONE && p->start != INITIAL_FORGET;
}

static inline size_t parameter_count(const parameter *p)
{
    return (size_t)p->rows * (size_t)p->columns;
}

/* ---- what layers hand on: places in a pass's memory */

typedef struct tensor {
    int value, gradient; /* slots */
    int width;           /* features */
} tensor;

typedef struct slot_spec {
    int width;
    bool per_row;  /* [R][width], else [P][width] */
    bool gradient; /* only there in training, zeroed before the backward pass, */
    bool written;  /* unless its layer writes all of it before reading any */
} slot_spec;

/* ---- layers */

enum { LAYER_SLOTS = 24 };

struct layer {
    const layer_class *class;
    layer_spec spec; /* the class and its numbers, as the architecture gives them */
    char name[48];   /* as Keras names it */
    int number;      /* its place in the network, which also keys its random numbers */
    int units;
    tensor in, state_in, out, state; /* state_in: the query's source; state: an encoder's final state */
    bool own_query;                  /* an attention's state_in is its own tensor: the mean of the features */
    int first_parameter;             /* in the table; its parameters follow in the order in which it builds them */
    int slot[LAYER_SLOTS];
};

/* Whether nothing but the embedding comes before it. */
static inline bool layer_follows_embedding(const layer *l)
{
    return l->number == 1;
}

/* The stage that a layer is in. Dropout may be in the encoders or in the head. */
static inline layer_stage layer_place(const layer *l)
{
    return l->spec.stage;
}

/* ---- the network */

typedef struct network_spec {
    const char *architecture; /* "embed 128 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05" */
    uint32_t vocabulary;      /* V: ids in all */
    uint32_t window;          /* the longest row */
    uint32_t outputs;         /* K: 1 is a sigmoid, more a softmax, unless the task says otherwise */
    bool mask;                /* false: rows are padded to the window, and pads are read */
    bool pad_behind;          /* without mask: padding comes after the text, not before it */
    heed_task task;           /* HEED_TASK_MULTILABEL: a sigmoid for each output */
    uint32_t encoder_width;   /* E of the states that come with the rows of an `encoder`; 0: there is none */
} network_spec;

/* x W + b with the embedded tokens as x, which is the first thing that a layer directly after the embedding computes.
 * It is the same for equal tokens, so once per distinct token of a batch is enough (network/token_projections.h). */
typedef struct projection {
    size_t kernel, bias; /* W [E][columns] and b [columns] in the block of weights; NO_BIAS: no b */
    size_t transposed;   /* W' */
    int columns;
    int slot;    /* [P][columns]: the projection, and after the layer's backward pass its gradient */
    bool packed; /* a pass that has its tokens' projections leaves that gradient in the places of chunk.packed */
} projection;

enum { MAX_PROJECTIONS = 32 }; /* a recurrent layer has one per direction, a convolution one per tap */
#define NO_BIAS SIZE_MAX

typedef struct network {
    layer *layers;
    int layer_count;
    parameter *parameters;
    int parameter_count;
    size_t parameter_capacity;
    size_t weight_count;    /* numbers in the block; the embedding's [V][E] come first */
    size_t embedding_count; /* V * E; 0: the first layer reads states */
    size_t transposed_count;
    size_t bf16_count; /* pairs; 0: no layer keeps weights in bfloat16 */
    slot_spec *slots;
    int slot_count;
    size_t slot_capacity;
    tensor embedded;                         /* [P][E]: what the first layer hands on */
    projection projections[MAX_PROJECTIONS]; /* of the layer after the embedding, by direction or tap */
    int projection_count;
    tensor logits;   /* [R][K] */
    int probability; /* slot [R][K] */
    int attention;   /* slot [P][1], or -1 */
    network_spec spec;
    char *architecture; /* spec.architecture, owned, in its canonical form */
    const kernels *kernels;
} network;

/* Parameter `index` of a layer. */
static inline const parameter *layer_parameter(const network *net, const layer *l, int index)
{
    return &net->parameters[l->first_parameter + index];
}

#endif
