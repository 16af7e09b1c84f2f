/* Every layer class, a file each. */
#ifndef NETWORK_LAYERS_H
#define NETWORK_LAYERS_H

#include "network/network.h"

extern const layer_class embedding_layer; /* embedding.c */
extern const layer_class lstm_layer;      /* lstm.c */
extern const layer_class bilstm_layer;    /* lstm.c */
extern const layer_class additive_layer;  /* attention_additive.c */
extern const layer_class dense_layer;     /* dense.c */
extern const layer_class dropout_layer;   /* dropout.c */
extern const layer_class output_layer;    /* dense.c */

#endif
