/* How layers build themselves into a network: they add parameters and slots one after the other, and test nothing. The
 * builder keeps the first failure, after which it adds nothing, and network_new asks it at the end. */
#ifndef NETWORK_BUILDER_H
#define NETWORK_BUILDER_H

#include "network/structure.h"

struct builder {
    network *net;
    layer *layer; /* the one being built */
    /* what the layers before have left for it: */
    tensor sequence; /* [P][width], after the embedding or an encoder */
    tensor state;    /* [R][width]: final state of the last encoder; width 0 where it has none */
    tensor row;      /* [R][width], after the pooling */
    int encoders;    /* so far */
    heed_status status;
    heed_error *error;
};

/* Builds a network's layers as an architecture asks for them. */
heed_status builder_run(network *net, const layer_spec *layers, int count, heed_error *error);

/* Refuses the architecture: the message of HEED_USAGE. */
void builder_refuse(builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Names the layer as Keras numbers those of one name: dense, dense_1, dense_2. */
void builder_name(builder *b, const char *name);

/* A parameter of the layer, which numbers them in the order in which they come. Its transposed copies lie side by side
 * in that order. */
typedef struct parameter_spec {
    const char *part; /* its name after the layer's and a dot; one that begins with '_' does without the dot */
    int rows, columns;
    bool vector;  /* of rank 1, with one row; else a matrix */
    int taps;     /* a convolution's, [taps][rows / taps][columns]; 0: it is not one */
    int shape[3]; /* what Keras stores in three dimensions, while here it is a matrix; 0: two */
    initial start;
    bool transposed; /* the backward pass multiplies by its transpose */
    bool bf16;       /* predictions may multiply by it in bfloat16 */
} parameter_spec;

void builder_parameter(builder *b, parameter_spec spec);
/* A matrix that starts as Glorot's and by whose transpose the backward pass multiplies. */
void builder_kernel(builder *b, const char *part, int rows, int columns);
/* A vector that starts at 0. */
void builder_bias(builder *b, const char *part, int count);

int builder_slot(builder *b, slot_spec spec);
/* Value and gradient, [P][width] or [R][width]. */
tensor builder_sequence(builder *b, int width);
tensor builder_row(builder *b, int width);

/* The layer, which directly follows the embedding, begins with the product of embedded tokens and a tap of its
 * parameter `kernel`, plus its parameter `bias` unless that is negative. */
void builder_projection(builder *b, int kernel, int tap, int bias, int slot, bool packed);

#endif
