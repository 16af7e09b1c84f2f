/* word2vec with negative sampling (Mikolov et al. 2013b): the step on one pair, and rounds of many on all threads. */
#ifndef TRAIN_WORD2VEC_H
#define TRAIN_WORD2VEC_H

#include "base/pool.h"
#include "math/kernels.h"
#include "train/alias_table.h"

/* In a round each lane works on one block of the text. These are constants, like everything that bits depend on. The
 * negatives of a block come from a few words that it draws first, because every row that it uses has to be copied. */
enum { ROUND_LANES = 16, BLOCK_WORDS = 256, BLOCK_NEGATIVES = 64, ROUND_WORDS = ROUND_LANES * BLOCK_WORDS };
enum { MAX_WINDOW = 100, MAX_NEGATIVE = 64 }; /* of the options */

#define WORD_ROW_END UINT32_MAX      /* a row of the text ends: no window reaches over it */
#define WORD_PASSED (UINT32_MAX - 1) /* a word without a vector */

typedef struct word2vec word2vec;

/* One step of negative sampling (Mikolov et al. 2013b, equation 4): hidden h [n] should predict target t_0 [n] and not
 * the others.
 *
 *   forward    s_k = sigmoid(t_k . h)        loss = -log s_0 - sum over k > 0 of log(1 - s_k)
 *   backward   g_k = rate ((1 if k = 0, else 0) - s_k), which is -rate dloss / d(t_k . h)
 *              dhidden += sum of g_k t_k        t_k += g_k h
 *
 * The caller adds dhidden to h. targets: 1 to MAX_NEGATIVE + 1. All s_k are computed before any row moves. */
void word2vec_step(const kernels *k, int targets, size_t n, float rate, const float *hidden, float *const *target,
                   float *dhidden);

/* counts [words]: how often the text has each word, none 0. Options have been checked. */
heed_status word2vec_new(word2vec **out, const uint64_t *counts, uint32_t words, const heed_vectors_options *options,
                         heed_error *error);
/* One round: text [count], at most ROUND_WORDS of words' numbers, WORD_ROW_END and WORD_PASSED. number: of the round
 * in its epoch. */
void word2vec_round(word2vec *w, const uint32_t *text, size_t count, unsigned epoch, uint32_t number, float rate);
/* Hands over the vectors [words][dimensions]; free() releases them. */
float *word2vec_take(word2vec *w);
void word2vec_free(word2vec *w);

#endif
