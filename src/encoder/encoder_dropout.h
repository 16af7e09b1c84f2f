/* Dropout in an encoder that learns, where BERT has it (Devlin et al. 2019, appendix A.2; transformers' BertModel):
 *
 *   hidden      x = drop(norm(s)) of the embeddings; y = norm(x + drop(Wo context + bo)); z = norm(y + drop(W2 u + b2))
 *   attention   context = v drop(A)
 *
 * What is dropped is a function of the seed, the step, the place and the token's number in the step, so that the
 * backward pass finds it again and neither threads nor panels change it. */
#ifndef ENCODER_ENCODER_DROPOUT_H
#define ENCODER_ENCODER_DROPOUT_H

#include "encoder/pass_memory.h"

typedef enum drop_place { DROP_EMBEDDINGS, DROP_CONTEXT, DROP_FEED, DROP_ATTENTION } drop_place;

/* A place in a block (0 for the embeddings), of a head (0 except for attention). Nothing is dropped there if the pass
 * does not. */
drop_site drop_site_of(const encoder_pass *p, drop_place place, int layer, int head);
/* x: columns of the group from `first` on. */
void drop_columns(const encoder_pass *p, const drop_site *site, int first, matrix x);

#endif
