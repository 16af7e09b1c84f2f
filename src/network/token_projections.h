/* The projections of a batch's distinct tokens.
 *
 * A layer directly after the embedding begins with x W + b. Equal tokens have equal x, so it is computed once for each
 * distinct token of a batch, forward and backward, and not at every position (in 100 film reviews every token occurs
 * about 4 times, with padding 5 times).
 *
 *   X [distinct][E] embedding of the tokens; S [positions][distinct] with 1 if the position has the token, else 0;
 *   Z and dZ [positions][G]
 *
 *   forward    Z = S (X W + b)
 *   backward   T = S' dZ        dX = T W'        dW = X' T        db = sum of the rows of T
 *
 * This differs from the plain way only in the order of the sums in dX, dW and db: by tokens in order of first
 * occurrence, and for each token by positions. Forward values have the same bits as the plain way. If rows share the
 * states of their padding (recurrent_walk.h), dZ and S only have rows for the positions that are computed. */
#ifndef NETWORK_TOKEN_PROJECTIONS_H
#define NETWORK_TOKEN_PROJECTIONS_H

#include "base/pool.h"
#include "network/batch_tokens.h"
#include "network/pass.h"

typedef struct token_projections {
    const network *net;
    const batch_tokens *tokens; /* borrowed */
    const real *weights, *transposed;
    real *embedded;                   /* X [distinct][E] */
    real *projected[MAX_PROJECTIONS]; /* X W + b [distinct][G], and then T */
    real *gradient[MAX_PROJECTIONS];  /* in training dZ [positions of the batch][G], else NULL */
    real *token_gradient;             /* dX [distinct][E], borrowed */
    /* If dZ is packed (structure.h), the same lists as in batch_tokens, of packed places. */
    size_t *packed_first, *packed_position;
} token_projections;

/* Tokens per task of a pool: a multiple of the rows of a matmul tile. */
enum { TOKENS_PER_TASK = 96 };

/* Whether a network begins with projections, and their memory for that many positions is within bounds. */
bool token_projections_apply(const network *net, size_t positions);
/* All zero if they do not apply. token_gradient: memory for dX; NULL: there is no backward pass. */
heed_status token_projections_init(token_projections *out, const network *net, const batch_tokens *tokens,
                                   size_t positions, real *token_gradient, heed_error *error);
void token_projections_release(token_projections *t);

/* Before a backward pass, and after any change of the list of tokens. packed_at: as in batch.h, NULL if the batch does
 * not pack. */
void token_projections_pack(token_projections *t, const size_t *packed_at);
/* Sets the weights for a batch. transposed: from network_transpose, for the backward tasks; NULL without them. */
void token_projections_begin(token_projections *t, const real *weights, const real *transposed);
/* Computes X W + b for the task's TOKENS_PER_TASK tokens; reads the embedding of no other token. */
void token_projections_forward_task(token_projections *t, size_t task);
/* token_projections_begin, and X W + b for all tokens. */
void token_projections_forward(token_projections *t, pool *workers, const real *weights);
/* Lets a pass use the projections; its positions begin at `first` within the batch. */
void token_projections_lend(const token_projections *t, pass *p, size_t first);
/* After the backward passes of all chunks: T and dX of the task's TOKENS_PER_TASK tokens. Returns the sum of the
 * squares of dX. */
double token_projections_token_task(token_projections *t, size_t task);
/* After all those tasks: the number of tasks that compute dW and db; 0 if projections do not apply. */
size_t token_projections_weight_tasks(const token_projections *t);
/* Overwrites the task's part of dense_gradient, without reading it. Returns the sum of its squares. */
double token_projections_weight_task(token_projections *t, size_t task, real *dense_gradient);

/* out [tokens][columns] = X W + b of a projection, with embedded X [tokens][E]. */
void projection_forward(const network *net, const projection *to, const real *weights, matrix embedded, real *out);

#endif
