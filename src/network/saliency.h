/* What the tokens of a row do to a logit of the network: how much attention they get, and the gradient of the logit by
 * their embeddings, anywhere on the line from zero embeddings to their own. Dropout is off, as in use.
 *
 * L: tokens of the row, at most the window. If the network reads padding, padding keeps its embedding on the whole
 * line, so that all differences come from tokens. A network that begins with the states of an encoder reads those of
 * the row, and has no embeddings; saliency_of_states gives its gradients by them.
 *
 * If the pool is stopped (pool_watch), results are not whole, and the caller asks it. */
#ifndef NETWORK_SALIENCY_H
#define NETWORK_SALIENCY_H

#include "base/pool.h"
#include "network/batch.h"

/* For one caller at a time. */
typedef struct saliency saliency;

/* net, weights and workers are borrowed. HEED_FAILED: out of memory. */
heed_status saliency_new(saliency **out, const network *net, const real *weights, pool *workers, heed_error *error);
void saliency_free(saliency *s);
/* scores [L]: the attention of the first pooling that has one (net->attention >= 0). Returns the attention of padding;
 * all of it adds up to 1 unless the row is empty. */
double saliency_attention(saliency *s, const batch_row *row, double *scores);
/* Probabilities outputs [count][K] of the row with its attention permuted: in run i token t gets the attention of token
 * orders[i * L + t]. Padding keeps its own. Otherwise as saliency_attention. */
void saliency_permuted(saliency *s, const batch_row *row, const uint32_t *orders, size_t count, real *outputs);
/* At count points on the line: products [count][L] are g[t] . x[t], with x [L][E] the embedded tokens and g the
 * gradient of the logit `output` at shrink[i] x; logits [count] are its values there. Points are computed on the pool;
 * the bits do not depend on it. */
void saliency_gradients(saliency *s, const batch_row *row, uint32_t output, const double *shrink, size_t count,
                        double *products, double *logits);
/* The logit `output` of a row with its states; the gradient of the logit by them goes where the row says. */
double saliency_of_states(saliency *s, const batch_row *row, uint32_t output);

#endif
