/* The network: embedding, encoder layers, pooling, head, loss; each layer forward and backward in a file of its own.
 *
 * Shape letters, used in every comment here:
 *   R rows of a chunk, T steps of its longest row, P positions (tokens of all its rows), V vocabulary, E embedding,
 *   U units, D features of a layer's input, K outputs.
 *
 * A chunk is packed: its rows are sorted by falling length, and step t holds the positions offset[t] ... offset[t] +
 * active[t] - 1, of rows 0 ... active[t] - 1. There is no padding in it, so padding cannot change an answer. (A network
 * that reads padding, as the tutorial's does, gets rows that are all as long as the window, with zeros as tokens.)
 *
 * Weights, gradients and moments are one block each, with one table of names and shapes.
 */
#ifndef NETWORK_NETWORK_H
#define NETWORK_NETWORK_H

#include "heed.h"
#include "math/kernels.h"

typedef struct network network;
typedef struct layer layer;
typedef struct layer_class layer_class;
typedef struct pass pass;
typedef struct token_table token_table;

/* ---- parameters */

typedef enum initial {
    INITIAL_ZERO,
    INITIAL_ONE,
    INITIAL_GLOROT,
    INITIAL_GLOROT_TAPS,
    INITIAL_ORTHOGONAL,
    INITIAL_EMBEDDING,
    INITIAL_FORGET
} initial;

typedef struct parameter {
    char name[96];     /* as Keras's path, with dots: "bi_lstm_0.forward.recurrent_kernel" */
    int rows, columns; /* a vector has rows 1 and rank 1 */
    int rank;
    int shape[3];  /* as stored: rank numbers, whose product is rows * columns */
    size_t offset; /* into the block */
    initial start;
    int layer; /* that it belongs to */
} parameter;

/* Whether weight decay is meant for it: not for biases and layer norms, which start at a constant. */
static inline bool parameter_decays(const parameter *p)
{
    return p->start != INITIAL_ZERO && p->start != INITIAL_ONE && p->start != INITIAL_FORGET;
}

static inline size_t parameter_count(const parameter *p)
{
    return (size_t)p->rows * (size_t)p->columns;
}

/* ---- what flows between layers: places in a pass's memory */

typedef struct tensor {
    int value, gradient; /* slots */
    int width;           /* features */
} tensor;

typedef struct slot_size {
    int width;
    bool per_row;  /* [R][width], else [P][width] */
    bool gradient; /* only there in training, zeroed before the backward pass, */
    bool written;  /* unless its layer writes all of it before it reads any */
} slot_size;

/* ---- layers */

enum { LAYER_NUMBERS = 8, LAYER_NAMED = 2, LAYER_WEIGHTS = 16, LAYER_SLOTS = 24 };

typedef enum layer_stage {
    STAGE_EMBEDDING,
    STAGE_POSITION,
    STAGE_ENCODER,
    STAGE_POOLING,
    STAGE_HEAD,
    STAGE_OUTPUT
} layer_stage;

/* What the layers before have left for the next one. */
typedef struct flow {
    tensor sequence; /* [P][width], with the embedding or an encoder before */
    tensor state;    /* [R][width]: final state of the last encoder; width 0 where it has none */
    tensor row;      /* [R][width], with the pooling before */
    int encoders;    /* so far */
} flow;

/* A number that an architecture gives behind its name: "recurrent-dropout 0.2". 0, or not there: without it. */
typedef struct named_number {
    const char *name; /* NULL: none */
    double lowest, highest;
} named_number;

struct layer_class {
    const char *keyword; /* in an architecture: "bilstm", "attention additive" */
    const char *usage;   /* its numbers, for messages: "bilstm UNITS" */
    layer_stage stage;
    bool on_sequences; /* a layer of the head that may also stand before the pooling */
    int least_numbers, most_numbers;
    double usual;           /* the first number where none is given; 0: it has to be given */
    double lowest, highest; /* of every number */
    named_number named[LAYER_NAMED];
    const char *type;       /* as in Keras's summary */
    heed_status (*build)(network *, layer *, flow *, heed_error *);
    /* Copies of weights for the products of the backward pass, once a step; forward does without. May be NULL. */
    void (*prepare)(const layer *, const network *, const real *weights, real *prepared);
    /* Copies of weights in bfloat16 (halved matrices: math/kernels.h) for a prediction's products. May be NULL. */
    void (*halve)(const layer *, const real *weights, uint32_t *halved);
    void (*forward)(const layer *, pass *);
    void (*backward)(const layer *, pass *); /* adds to the gradients of weights and input */
};

struct layer {
    const layer_class *class;
    char name[48];                 /* as Keras names it */
    int number;                    /* its place in the network; keys its random numbers */
    double numbers[LAYER_NUMBERS]; /* as the architecture gives them */
    int number_count;
    double named[LAYER_NAMED]; /* as its class lists them */
    bool of_sequence;          /* on_sequences, and before the pooling */
    int units;
    tensor in, state_in, out, state; /* state_in: the query's source; state: an encoder's final state */
    bool own_query;                  /* an attention's state_in is its own tensor: the mean of the features */
    size_t weight[LAYER_WEIGHTS];    /* offsets of its parameters in the block */
    size_t prepared[LAYER_WEIGHTS];  /* offsets of weights prepared for its products */
    size_t halved[LAYER_WEIGHTS];    /* offsets of those kept in bfloat16 */
    int slot[LAYER_SLOTS];
};

/* The stage that a layer stands in: of dropout the encoders' or the head's. */
static inline layer_stage layer_place(const layer *l)
{
    return l->of_sequence ? STAGE_ENCODER : l->class->stage;
}

/* ---- the network */

/* K of a task with this many labels: one sigmoid tells two of them apart. */
static inline uint32_t task_outputs(heed_task task, uint32_t labels)
{
    return task == HEED_TASK_BINARY ? 1 : labels;
}

typedef struct network_spec {
    const char *architecture; /* "embed 128 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05" */
    uint32_t vocabulary;      /* V: ids in all */
    uint32_t window;          /* the longest row */
    uint32_t outputs;         /* K: 1 is a sigmoid, more a softmax, unless the task says otherwise */
    bool mask;                /* false: rows are padded to the window, and pads are read */
    bool pad_behind;          /* without mask: where */
    heed_task task;           /* HEED_TASK_MULTILABEL: a sigmoid for each output */
} network_spec;

/* A product of the embedded tokens alone, x W + b, that a layer directly behind the embedding begins with: equal tokens
 * have equal products, so they can be computed once for each of a batch's tokens (network/token_products.h). */
typedef struct projection {
    size_t kernel, bias; /* W [E][columns] and b [columns] in the block of weights; without b NO_BIAS */
    size_t prepared;     /* W' */
    int columns;
    int slot;    /* [P][columns]: the product, and behind the layer's backward pass its gradient */
    bool packed; /* that gradient, in a pass with the projections of its tokens, stands where chunk.packed says */
} projection;

enum { MOST_PROJECTIONS = 32 }; /* a recurrent layer has one for each direction, a convolution for each tap */
#define NO_BIAS SIZE_MAX

struct network {
    layer *layers;
    int layer_count;
    parameter *parameters;
    int parameter_count;
    size_t parameter_capacity;
    size_t weight_count;    /* numbers in the block; the embedding's [V][E] come first */
    size_t embedding_count; /* V * E */
    size_t prepared_count;
    size_t halved_count; /* pairs; 0: no layer keeps weights in bfloat16 */
    slot_size *slots;
    int slot_count;
    size_t slot_capacity;
    tensor embedded; /* [P][E] */
    projection projections[MOST_PROJECTIONS]; /* of the embedding: of each direction or tap, in their order */
    int projection_count;
    tensor logits;   /* [R][K] */
    int probability; /* slot [R][K] */
    int attention;   /* slot [P][1], or -1 */
    network_spec spec;
    char *architecture; /* spec.architecture, owned, in its canonical form */
    const kernels *kernels;
};

/* Builds the network of an architecture. Errors name the place in the text and suggest a known word. */
heed_status network_new(network **out, const network_spec *spec, heed_error *error);
void network_free(network *net);
/* Initial weights: Glorot uniform kernels, orthogonal recurrent ones, zero biases but 1 for forget gates. */
heed_status network_initialize(const network *net, real *weights, uint64_t seed, heed_error *error);
/* Copies of weights in the layout that the backward pass wants, of one layer or of all; once after every update. */
void network_prepare_layer(const network *net, int number, const real *weights, real *prepared);
void network_prepare(const network *net, const real *weights, real *prepared);
/* Copies of weights in bfloat16, halved [halved_count]. */
void network_halve(const network *net, const real *weights, uint32_t *halved);

/* For layers, while building. A part's name stands behind the layer's and a dot; one that begins with '_', without. */
heed_status network_add_parameter(network *net, layer *l, int index, const char *part, int rank, int rows, int columns,
                                  initial start, heed_error *error);
/* The parameter just added is stored with three dimensions, as Keras does; computing it stays a matrix. */
void network_shape_parameter(network *net, int first, int second, int third);
size_t network_add_prepared(network *net, size_t count);
size_t network_add_halved(network *net, size_t count);
/* Names the layer as Keras numbers layers of one kind: dense, dense_1, dense_2. */
void network_number_name(const network *net, layer *l, const char *name);
heed_status network_add_slot(network *net, int *slot, int width, bool per_row, bool gradient, heed_error *error);
heed_status network_add_tensor(network *net, tensor *t, int width, bool per_row, heed_error *error);

/* The classes that an architecture can name, in architecture.c; NULL behind the last. */
extern const layer_class *const layer_classes[];
extern const layer_class output_layer;

/* ---- chunks */

typedef struct chunk {
    int rows, steps, positions;
    uint32_t *ids;      /* [P], packed */
    int *length;        /* [R], falling */
    int *active;        /* [T] */
    int *offset;        /* [T + 1] */
    uint32_t *number;   /* [R]: number of the row in its corpus: keys dropout */
    const real *target; /* [R][K]: 0 or 1, or smoothed between them; NULL without labels */
    const real *weight; /* [R][K]: of the outputs in the loss; a softmax reads the first of a row alone */
    /* Where padding is read, else NULL. On a walk that begins on its side (step s is t = s, or behind t = T - 1 - s) a
     * first layer is in the same state in all rows that have met padding alone. The rows that have met a word, and one
     * more that stands for the others, are the first distinct[s] of their step. */
    int *distinct; /* [T] */
    int *packed;   /* [T + 1]: where those stand when the steps of the walk stand side by side, up to P */
} chunk;

/* Fills steps, positions, active, offset from rows and length; then ids from the rows' own ids (ids[r][length[r]]). */
void chunk_pack(chunk *c, const uint32_t *const *ids);

/* ---- a pass: one chunk's way through the network, and the memory for it */

struct pass {
    const network *net;
    const real *weights, *prepared;
    const uint32_t *halved; /* read in place of the weights that are there, forward alone; NULL: weights */
    real *gradient; /* of the weights behind the embedding; added to */
    const chunk *chunk;
    bool training;
    bool undropped; /* in training: dropout leaves all as it is, so that gradients are those of the network in use */
    uint64_t seed; /* of dropout */
    uint32_t epoch;
    double row_share; /* a row's share of the loss: 1 / rows of the batch */
    double loss;      /* sum over the chunk's rows of row losses */
    real **slot;      /* [slot_count], 64-byte aligned */
    real *memory;
    int row_capacity, position_capacity;
    /* The projections of all tokens that the chunk holds, row place[p] for position p; place NULL: there are none.
     * With them neither the embedded tokens nor their gradient are computed, nor the gradients of the projections'
     * weights: the gradient behind each projection is left in its slot. */
    const int *place; /* [P] */
    const real *projected[MOST_PROJECTIONS]; /* [tokens][columns] */
    const double *shrink; /* [R]: what the embedded tokens of a row are multiplied by, padding spared; NULL: 1. Not with
                             place */
    const token_table *table; /* holds them for the whole vocabulary (network/token_table.h); NULL: projected does */
    const real *attention;    /* [P]: weights of net->attention in place of its own, forward alone; NULL: its own */
};

heed_status pass_new(pass **out, const network *net, int rows, int steps, bool training, heed_error *error);
void pass_free(pass *p);
/* Probabilities, and where the chunk has targets the loss. */
void network_forward(pass *p);
/* The same from the first pooling on, with what network_forward of this chunk left before it. */
void network_forward_pooled(pass *p);
/* Gradients; after network_forward with targets. The gradient of the embedded tokens stays in its slot. */
void network_backward(pass *p);
/* The same from a gradient of the logits, dlogits [R][K], in place of the loss's; no targets are needed. */
void network_backward_from(pass *p, const real *dlogits);

/* Whether dropout takes something away. */
static inline bool pass_drops(const pass *p)
{
    return p->training && !p->undropped;
}
static inline real *pass_value(const pass *p, tensor t)
{
    return p->slot[t.value];
}
static inline real *pass_gradient(const pass *p, tensor t)
{
    return p->slot[t.gradient];
}
static inline const real *pass_weight(const pass *p, const layer *l, int index)
{
    return p->weights + l->weight[index];
}
/* The same in bfloat16; NULL: the pass reads weights. */
static inline const uint32_t *pass_halved(const pass *p, const layer *l, int index)
{
    return p->halved == NULL ? NULL : p->halved + l->halved[index];
}
static inline real *pass_weight_gradient(const pass *p, const layer *l, int index)
{
    return p->gradient + (l->weight[index] - p->net->embedding_count);
}

/* The loss (loss.c): sigmoids with binary cross-entropy, softmax with cross-entropy, both from the logits. */
void loss_forward(pass *p);
void loss_backward(pass *p);

/* out[columns][rows] = x[rows][columns] transposed. */
void transpose(int rows, int columns, const real *x, real *out);

#endif
