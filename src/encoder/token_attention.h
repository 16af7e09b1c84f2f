/* Multi-head self-attention of an encoder's block, for one head of one text; token_attention.c has the formulas. */
#ifndef ENCODER_TOKEN_ATTENTION_H
#define ENCODER_TOKEN_ATTENTION_H

#include "encoder/pass_memory.h"

/* From the projections of a block to this head's rows of its context. */
void token_attention_forward(const encoder_pass *p, int layer, text_span text, int head, unsigned worker);
/* From this head's rows of p->dcontext to those of p->dprojected. */
void token_attention_backward(const encoder_pass *p, int layer, text_span text, int head, unsigned worker);
/* Adds to received [text.length] what each token gets of this head's attention, summed over the queries. */
void token_attention_received(const encoder_pass *p, int layer, text_span text, int head, unsigned worker,
                              real *received);

#endif
