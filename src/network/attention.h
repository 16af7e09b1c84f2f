/* What every attention shares: query, softmax over a row's positions, and weighted sum; a kind adds its scores.
 *
 *   e[p] = the kind's score of h[p] and s       h [P][D] features, s [R][S] query
 *   a    = softmax of e over a row's positions
 *   y[r] = sum over the row of a[p] h[p]        y [R][D]; 0 for a row without tokens
 *
 *   backward   da[p] = dy[r] . h[p]      dh[p] += a[p] dy[r]      de = a (da - sum of a da over the row)
 *              and from de what the kind's score says of h, s and its weights
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

/* The rest of an attention's class, which adds its words, build, score and score_backward. */
#define ATTENTION                                                                                                      \
    .stage = STAGE_POOLING, .type = "Attention", .forward = attention_forward, .backward = attention_backward

void attention_forward(const layer *l, pass *p);
void attention_backward(const layer *l, pass *p);

/* e [P][1] = scale h . s, with a row of s [R][D] for every row of the chunk */
void attention_dot_scores(const layer *l, pass *p, real scale, matrix s, matrix e);
/* dh += scale de s, ds += scale de h */
void attention_dot_scores_backward(const layer *l, pass *p, real scale, matrix s, matrix de, matrix ds);

#endif
