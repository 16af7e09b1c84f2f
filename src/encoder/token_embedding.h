/* Tokens become columns: sums of embeddings, normalized; and columns become the caller's rows. */
#ifndef ENCODER_TOKEN_EMBEDDING_H
#define ENCODER_TOKEN_EMBEDDING_H

#include "encoder/pass_memory.h"

norm_down embedding_norm(const encoder *e);
/* Fills the panel's columns of the stream. */
void token_embedding_forward(encoder_pass *p, text_span panel, unsigned worker);
/* The stream's gradient in these columns becomes the rows dwords. */
void token_embedding_backward(encoder_pass *p, text_span panel);

/* rows [P][E] from the panel's columns of a matrix [E][P], or the other way round. */
void columns_to_rows(const encoder_pass *p, text_span panel, const real *columns, real *rows);
void rows_to_columns(const encoder_pass *p, text_span panel, const real *rows, real *columns);

/* A static encoder's states, and their gradient. */
void static_rows_forward(encoder_pass *p, text_span panel);
void static_rows_backward(encoder_pass *p, text_span panel);

#endif
