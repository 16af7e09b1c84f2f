/* A kind of layer: its words in an architecture, its place there, and its functions. */
#ifndef NETWORK_LAYER_CLASS_H
#define NETWORK_LAYER_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "math/matrix.h"

typedef struct layer layer;
typedef struct builder builder;
typedef struct pass pass;

enum { LAYER_NUMBERS = 8, LAYER_NAMED = 2, LAYER_NAME = 64 };

/* In the order of an architecture. layer_stage_names (layers.h) are for messages. */
typedef enum layer_stage {
    STAGE_EMBEDDING,
    STAGE_POSITION,
    STAGE_ENCODER,
    STAGE_POOLING,
    STAGE_HEAD,
    STAGE_OUTPUT
} layer_stage;

/* A number that follows its name in an architecture: "recurrent-dropout 0.2". 0: not given. */
typedef struct named_number {
    const char *name; /* NULL: none */
    const char *unit; /* for messages: "RATE" */
    double min, max;
} named_number;

typedef struct layer_class {
    const char *keyword; /* in an architecture: "bilstm", "attention additive"; NULL: it is added automatically */
    const char *usage;   /* for messages, the numbers after the keyword: "UNITS"; NULL: none */
    layer_stage stage;
    bool on_sequences;    /* a layer of the head that may also be before the pooling */
    bool needs_positions; /* it does not see the order of its input, so learned positions are added before the first one
                           */
    bool compares_tokens; /* each with all others of its row */
    int min_numbers, max_numbers;
    double default_number; /* the first number if none is given; 0: it has to be given */
    double min, max;       /* of every number */
    named_number named[LAYER_NAMED];
    bool takes_name;  /* what follows the keyword is a name, which may be left out, and no numbers */
    const char *type; /* as in Keras's summary */
    void (*build)(builder *, layer *);
    void (*forward)(const layer *, pass *);
    void (*backward)(const layer *, pass *); /* adds to the gradients of weights and input */
    /* Only of attentions (attention.h): writes e [P][1], */
    void (*score)(const layer *, pass *, matrix scores);
    /* and from de adds to the gradients of weights, features and query. */
    void (*score_backward)(const layer *, pass *, matrix de);
    /* Only of recurrent layers (recurrent.h). */
    const struct cell *cell;
    int directions;
} layer_class;

/* Numbers that are sizes, from ... to of them. */
#define SIZES(from, to) .min_numbers = (from), .max_numbers = (to), .min = 1, .max = 4096

/* A layer of an architecture. */
typedef struct layer_spec {
    const layer_class *class;
    layer_stage stage; /* the class's, or STAGE_ENCODER for a layer on_sequences before the pooling */
    double numbers[LAYER_NUMBERS];
    int number_count;
    double named[LAYER_NAMED]; /* as its class lists them */
    char name[LAYER_NAME];     /* of a class that takes one; empty: it was left out */
} layer_spec;

#endif
