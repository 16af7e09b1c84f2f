/* What a row's tokens are to a logit of the network: how much attention they get, and the gradient of the logit with
 * respect to them, anywhere on the line from zero embeddings to their own. Dropout is off, as in use.
 *
 * L: tokens of the row, at most the window. Of rows that a network without mask reads with padding, padding keeps its
 * embedding on that line, so that all differences belong to tokens. */
#ifndef NETWORK_SALIENCY_H
#define NETWORK_SALIENCY_H

#include "base/pool.h"
#include "network/batch.h"

/* Scratch for one caller at a time. */
typedef struct saliency saliency;

/* net, weights and workers are borrowed. HEED_FAILED for want of memory. */
heed_status saliency_new(saliency **out, const network *net, const real *weights, pool *workers, heed_error *error);
void saliency_free(saliency *s);
/* scores [L]: attention, of the first pooling that has one (net->attention >= 0). Returns the attention that padding
 * gets; both together are 1 unless the row is empty. */
double saliency_attention(saliency *s, const batch_row *row, double *scores);
/* Outputs [count][K], probabilities, of the row where its tokens' attention is dealt out anew: in run i token t gets
 * what token orders[i * L + t] has. Padding keeps its own. As saliency_attention otherwise. */
void saliency_permuted(saliency *s, const batch_row *row, const uint32_t *orders, size_t count, real *outputs);
/* At count points on the line: products [count][L] are g[t] . x[t], with x [L][E] the embedded tokens and g the
 * gradient of the logit `output` where they are shrink[i] x; logits [count] are its values there. Points are computed
 * on the pool; the bits do not depend on it. */
void saliency_gradients(saliency *s, const batch_row *row, uint32_t output, const double *shrink, size_t count,
                        double *products, double *logits);

#endif
