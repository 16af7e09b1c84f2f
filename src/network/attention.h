/* What every attention shares (attention.c has the formulas), for the files of the kinds, which add their scores. */
#ifndef NETWORK_ATTENTION_H
#define NETWORK_ATTENTION_H

#include "network/builder.h"
#include "network/pass.h"

/* The slots that attention_begin takes: e, a, and da, which de replaces. A kind's own slots begin at ATTENTION_SLOTS.
 */
enum { ATTENTION_SCORES, ATTENTION_WEIGHTS, ATTENTION_D_SCORES, ATTENTION_SLOTS };

/* Names the layer, sets features (l->in) and query (l->state_in), adds the output and the slots. */
void attention_begin(builder *b, layer *l);
/* The same for kinds that multiply features and query directly, so the two have to be equally wide. */
void attention_begin_alike(builder *b, layer *l);

/* The rest of an attention's class, which adds its words, build, score and score_backward. */
#define ATTENTION                                                                                                      \
    .stage = STAGE_POOLING, .type = "Attention", .forward = attention_forward, .backward = attention_backward

void attention_forward(const layer *l, pass *p);
void attention_backward(const layer *l, pass *p);

/* e[p] = scale h[p] . s, with s [R][D] */
void attention_dot_scores(const layer *l, pass *p, real scale, matrix s, matrix e);
/* dh[p] += scale de[p] s        ds += sum of scale de[p] h[p] over the row */
void attention_dot_scores_backward(const layer *l, pass *p, real scale, matrix s, matrix de, matrix ds);

#endif
