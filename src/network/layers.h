/* Every layer class, a file each. */
#ifndef NETWORK_LAYERS_H
#define NETWORK_LAYERS_H

#include "base/names.h"
#include "network/layer_class.h"

/* The table of what an architecture can name: a new layer is one file, and one line here. */
#define LAYERS(X)                                                                                                      \
    X(embedding) /* embedding.c */                                                                                     \
    X(encoder)   /* states.c */                                                                                        \
    X(lstm)      /* lstm.c */                                                                                          \
    X(bilstm)                                                                                                          \
    X(gru) /* gru.c */                                                                                                 \
    X(bigru)                                                                                                           \
    X(conv)        /* conv.c */                                                                                        \
    X(transformer) /* transformer.c */                                                                                 \
    X(transformer_pre)                                                                                                 \
    X(additive) /* attention_additive.c */                                                                             \
    X(dot)      /* attention_dot.c */                                                                                  \
    X(scaled)                                                                                                          \
    X(general)  /* attention_general.c */                                                                              \
    X(location) /* attention_location.c */                                                                             \
    X(cosine)   /* attention_cosine.c */                                                                               \
    X(max)      /* pooling.c */                                                                                        \
    X(mean)                                                                                                            \
    X(last)                                                                                                            \
    X(first)                                                                                                           \
    X(dense_tanh) /* dense.c; before dense, with whose word it begins */                                               \
    X(dense)                                                                                                           \
    X(dropout) /* dropout.c */

#define LAYER_DECLARE(name) extern const layer_class name##_layer;
LAYERS(LAYER_DECLARE)
#undef LAYER_DECLARE

/* Layers without a keyword, which are added automatically. */
extern const layer_class position_layer; /* position.c: before the first layer that needs positions */
extern const layer_class concat_layer;   /* pooling.c: after poolings that are joined */
extern const layer_class output_layer;   /* dense.c: after every architecture */

/* The same table as a list that ends with NULL. */
extern const layer_class *const layer_classes[];
extern const names layer_stage_names;

#endif
