/* The gradients of an encoder's weights. The backward pass leaves what they are computed from for one block, or for the
 * embeddings, at a time; then tasks compute them over all tokens of the group. encoder_block.c and token_embedding.c
 * have the formulas. */
#ifndef ENCODER_WEIGHT_GRADIENTS_H
#define ENCODER_WEIGHT_GRADIENTS_H

#include "encoder/pass_memory.h"

/* Some columns of a matrix, kept as they are or as rows; nothing unless weights learn. */
void learning_keep(const encoder_pass *p, matrix columns, text_span panel, real *to);
void learning_keep_rows(const encoder_pass *p, matrix columns, text_span panel, real *to);
/* The gradients of a block's kernels, biases and norms: `finish` those after its attention, else of queries, keys and
 * values. */
void block_gradients(encoder_pass *p, int layer, bool finish);
/* Of positions, types and the norm of the embeddings. */
void embedding_gradients(encoder_pass *p);

#endif
