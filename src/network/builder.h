/* How layers build themselves into a network: they add parameters and slots one after the other without testing for
 * failure. The builder keeps the first failure and adds nothing after it; builder_run returns it at the end. */
#ifndef NETWORK_BUILDER_H
#define NETWORK_BUILDER_H

#include "network/structure.h"

struct builder {
    network *net;
    layer *layer; /* the one being built */
    /* what the layers so far hand on: */
    tensor sequence; /* [P][width], after the embedding or an encoder */
    tensor state;    /* [R][width]: final state of the last encoder; width 0: it has none */
    tensor first;    /* [R][width]: state of the token before the text; width 0: there is no pretrained encoder */
    tensor row;      /* [R][width], after the pooling */
    int encoders;    /* so far */
    heed_status status;
    heed_error *error;
};

/* Builds the layers of an architecture. */
heed_status builder_run(network *net, const layer_spec *layers, int count, heed_error *error);

/* Refuses the architecture with this message and HEED_USAGE. */
void builder_refuse(builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Names the layer as Keras numbers those of one name: dense, dense_1, dense_2. */
void builder_name(builder *b, const char *name);

/* A parameter of the layer. Parameters are numbered in the order in which they are added, and their transposed copies
 * are side by side in that order. */
typedef struct parameter_spec {
    const char *part; /* its name, after the layer's name and a dot, or without the dot if it begins with '_' */
    int rows, columns;
    bool vector;  /* it has rank 1 and one row; else it is a matrix */
    int taps;     /* of a convolution, [taps][rows / taps][columns]; else 0 */
    int shape[3]; /* as Keras stores it, if in three dimensions; 0: a matrix there too */
    initial start;
    bool transposed; /* the backward pass multiplies by its transpose */
    bool bf16;       /* predictions may multiply by it in bfloat16 */
} parameter_spec;

void builder_parameter(builder *b, parameter_spec spec);
/* A matrix with Glorot's start; the backward pass multiplies by its transpose. */
void builder_kernel(builder *b, const char *part, int rows, int columns);
/* A vector that starts at 0. */
void builder_bias(builder *b, const char *part, int count);

int builder_slot(builder *b, slot_spec spec);
/* Value and gradient, [P][width] or [R][width]. */
tensor builder_sequence(builder *b, int width);
tensor builder_row(builder *b, int width);

/* For a layer directly after the embedding, for which alone it does anything: its first computation is the embedded
 * tokens times a tap of its parameter `kernel`, plus its parameter `bias` unless that is negative. */
void builder_projection(builder *b, int kernel, int tap, int bias, int slot, bool packed);

#endif
