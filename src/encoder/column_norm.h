/* The layer norm of a panel's columns: of the embeddings, and twice in each block. */
#ifndef ENCODER_COLUMN_NORM_H
#define ENCODER_COLUMN_NORM_H

#include "encoder/pass_memory.h"

/* x [E][panel] becomes its norm. A pass that keeps leaves n and the inverse in normal [E][P] and inverse [P], which are
 * NULL in others. */
void column_norm_forward(const encoder_pass *p, norm_down norm, matrix x, text_span panel, real *normal, real *inverse);
/* d: the gradient of the norm, replaced by that of x. */
void column_norm_backward(const encoder_pass *p, norm_down norm, matrix d, text_span panel, const real *normal,
                          const real *inverse);

#endif
