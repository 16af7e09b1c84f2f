/* A model as a folder that Hugging Face's transformers opens: the networks on an encoder that it has a class for. */
#ifndef MODEL_HUGGINGFACE_H
#define MODEL_HUGGINGFACE_H

#include "encoder/encoder_config.h"

/* What the class of a family computes between the state of the first token and the logits (transformers 5,
 * modeling_bert.py and its siblings, ...ForSequenceClassification); dropout is in training only. E: the encoder's width.
 *
 *   y = f(c W' + b)   c [E] the state, W [E][E]
 *   z = y V' + d      V [labels][E] */
typedef struct sequence_head {
    const char *class;
    const char *layer;          /* f, as heed's layer: "dense tanh" or "dense" */
    const char *dense, *output; /* the names of W and V without ".weight" */
} sequence_head;

/* NULL: the family has none (static). */
const sequence_head *sequence_head_of(encoder_family family);

#endif
