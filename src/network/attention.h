/* What every attention shares: query, softmax over a row's positions, and weighted sum; a kind adds its scores.
 *
 *   e[p] = the kind's score of h[p] and s       h [P][D] features, s [R][S] query
 *   a    = softmax of e over a row's positions
 *   y[r] = sum over the row of a[p] h[p]        y [R][D]; 0 for a row without tokens
 *
 * The query is the final state of the last encoder, both directions joined; where it has none, or where there is no
 * encoder, the mean of the features. */
#ifndef NETWORK_ATTENTION_H
#define NETWORK_ATTENTION_H

#include "network/builder.h"
#include "network/pass.h"

/* The slots that attention_begin takes; a kind's own begin at ATTENTION_SLOTS. */
enum { ATTENTION_SCORES, ATTENTION_WEIGHTS, ATTENTION_D_SCORES, ATTENTION_SLOTS };

/* Names the layer, takes features (l->in) and query (l->state_in), adds the output and the slots. */
void attention_begin(builder *b, layer *l);
/* The same for kinds that multiply features by the query as it is, and need the two to be equally wide. */
void attention_begin_alike(builder *b, layer *l);

/* Writes scores [P]. */
typedef void attention_score(const layer *l, pass *p, real *scores);
/* Adds to the gradients of weights, features and query, from that of the scores, de [P]. */
typedef void attention_score_backward(const layer *l, pass *p, const real *de);

void attention_forward(const layer *l, pass *p, attention_score *score);
void attention_backward(const layer *l, pass *p, attention_score_backward *score_backward);

/* scores [P] = scale h . s, with s [R][D] */
void attention_products(const layer *l, pass *p, real scale, const real *s, real *scores);
/* Adds to the gradient of the features and to ds. */
void attention_products_backward(const layer *l, pass *p, real scale, const real *s, const real *de, real *ds);

#endif
