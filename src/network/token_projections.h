/* The products of a batch's distinct tokens.
 *
 * A layer directly after the embedding begins with x W + b, and equal tokens have equal x: it is computed once for
 * each distinct token of a batch, forward and backward, and not at every position (in 100 film reviews every token
 * occurs about 4 times, with padding 5 times). With S [positions][distinct] being 1 where a position holds a token and
 * 0 elsewhere, X [distinct][E] the tokens' embedding and dZ [positions][G] the gradient of the product:
 *
 *   forward   Z = S (X W + b)        backward  T = S' dZ    dX = T W'    dW = X' T    db = sum of the rows of T
 *
 * which is the plain way but for the order of the sums in dX, dW and db: by tokens in order of first sight, and in
 * each by positions. Forward values have the same bits as the plain way. Where rows share a layer's work on their
 * padding (recurrent_walk.h), its dZ and S have rows only for the positions computed. */
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
    /* Where dZ is packed (structure.h), as in batch_tokens: the rows of a token are position[first[i]] and on. */
    size_t *packed_first, *packed_position;
} token_projections;

/* Tokens that one task of a pool handles: a multiple of the product's tiles. */
enum { TOKENS_PER_TASK = 96 };

/* Whether a network begins with such products, and their memory for that many positions is within bounds. */
bool token_projections_apply(const network *net, size_t positions);
/* All zero where they do not apply. token_gradient: where dX goes; NULL: there is no backward pass. */
heed_status token_projections_init(token_projections *out, const network *net, const batch_tokens *tokens,
                                   size_t positions, real *token_gradient, heed_error *error);
void token_projections_release(token_projections *t);

/* Before a backward pass, and after any change of the list: where the batch packs its positions (batch.h); NULL: it
 * does not. */
void token_projections_pack(token_projections *t, const size_t *packed_at);
/* Takes the weights of a batch. transposed: of network_transpose, there before the backward tasks; NULL without these.
 */
void token_projections_begin(token_projections *t, const real *weights, const real *transposed);
/* Computes X W + b for some tokens of the list as it is, TOKENS_PER_TASK a task; reads no other tokens' weights. */
void token_projections_forward_task(token_projections *t, size_t task);
/* Begins, and computes it for all of them. */
void token_projections_forward(token_projections *t, pool *workers, const real *weights);
/* Lets a pass read the products; its positions begin at `first` within the batch. */
void token_projections_lend(const token_projections *t, pass *p, size_t first);
/* After the backward passes of all chunks: the T and dX of some tokens, TOKENS_PER_TASK a task. Returns the sum of
 * dX's squares. */
double token_projections_token_task(token_projections *t, size_t task);
/* After all those tasks: a part of dW, and of db, for each of so many tasks; none where they do not apply. */
size_t token_projections_weight_tasks(const token_projections *t);
/* Overwrites its part in dense_gradient, of which nothing is read. Returns the sum of its squares. */
double token_projections_weight_task(token_projections *t, size_t task, real *dense_gradient);

/* out [tokens][columns] = X W + b of a projection, with some tokens' rows of the embedding as X [tokens][E]. */
void projection_forward(const network *net, const projection *to, const real *weights, matrix embedded, real *out);

#endif
