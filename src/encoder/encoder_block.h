/* A block of a transformer for a panel of tokens, before and after its attention; encoder_block.c has the formulas. */
#ifndef ENCODER_ENCODER_BLOCK_H
#define ENCODER_ENCODER_BLOCK_H

#include "encoder/pass_memory.h"

/* The stream's columns become queries, keys and values of block `layer`. */
void encoder_block_project(const encoder_pass *p, int layer, text_span panel, unsigned worker);
/* From block `layer`'s context and the stream before it to what is before its activation; returns y. */
matrix encoder_block_attend(const encoder_pass *p, int layer, text_span panel, unsigned worker);
/* The same, and to the stream after it. */
void encoder_block_finish(const encoder_pass *p, int layer, text_span panel, unsigned worker);

/* The stream before a block, to the bit, from what a pass that keeps has of the norm before it: to x [E][panel]. */
void encoder_block_input(const encoder_pass *p, int layer, text_span panel, matrix x);

/* The gradient of the stream after the block becomes p->dcontext, and the part of the gradient of the stream before it
 * that does not go through attention. */
void encoder_block_finish_backward(const encoder_pass *p, int layer, text_span panel, unsigned worker);
/* Adds the other part, from p->dprojected. */
void encoder_block_project_backward(const encoder_pass *p, int layer, text_span panel, unsigned worker);

#endif
