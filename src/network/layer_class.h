/* A kind of layer: its words in an architecture, its place there, and what it does. */
#ifndef NETWORK_LAYER_CLASS_H
#define NETWORK_LAYER_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "math/matrix.h"

typedef struct layer layer;
typedef struct builder builder;
typedef struct pass pass;

enum { LAYER_NUMBERS = 8, LAYER_NAMED = 2 };

/* In the order that they have in an architecture. layer_stage_names (layers.h) are for messages. */
typedef enum layer_stage {
    STAGE_EMBEDDING,
    STAGE_POSITION,
    STAGE_ENCODER,
    STAGE_POOLING,
    STAGE_HEAD,
    STAGE_OUTPUT
} layer_stage;

/* A number that an architecture gives after its name: "recurrent-dropout 0.2". 0, or not there: without it. */
typedef struct named_number {
    const char *name; /* NULL: none */
    const char *unit; /* for messages: "RATE" */
    double min, max;
} named_number;

typedef struct layer_class {
    const char *keyword; /* in an architecture: "bilstm", "attention additive"; NULL: it comes of itself */
    const char *usage;   /* for messages, the numbers after the keyword: "UNITS"; NULL: none */
    layer_stage stage;
    bool on_sequences;    /* a layer of the head that may also come before the pooling */
    bool needs_positions; /* it does not see the order of its input: learned positions come before the first one */
    int min_numbers, max_numbers;
    double default_number; /* the first number where none is given; 0: it has to be given */
    double min, max;       /* of every number */
    named_number named[LAYER_NAMED];
    const char *type; /* as in Keras's summary */
    void (*build)(builder *, layer *);
    void (*forward)(const layer *, pass *);
    void (*backward)(const layer *, pass *); /* adds to the gradients of weights and input */
    /* An attention's own part (attention.h); else NULL. It writes scores [P][1], */
    void (*score)(const layer *, pass *, matrix scores);
    /* and adds to the gradients of weights, features and query, from that of the scores. */
    void (*score_backward)(const layer *, pass *, matrix de);
    /* A recurrent layer's cells and directions (recurrent.h); else NULL and 0. */
    const struct cell *cell;
    int directions;
} layer_class;

/* Numbers that are sizes, so many of them. */
#define SIZES(from, to) .min_numbers = (from), .max_numbers = (to), .min = 1, .max = 4096

/* A layer as an architecture asks for it. */
typedef struct layer_spec {
    const layer_class *class;
    layer_stage stage; /* the class's; of a layer on_sequences before the pooling the encoders' */
    double numbers[LAYER_NUMBERS];
    int number_count;
    double named[LAYER_NAMED]; /* as its class lists them */
} layer_spec;

#endif
