/* Passes through an encoder: texts as ids become hidden states, and gradients of the states become gradients of the
 * word embeddings.
 *
 * Texts are packed one after the other and never padded. A pass allocates nothing; its memory belongs to one caller at
 * a time, the encoder to all. The same texts give the same bits at any number of threads and in any company.
 *
 * E: the encoder's width (encoder.config.width). */
#ifndef ENCODER_ENCODER_PASS_H
#define ENCODER_ENCODER_PASS_H

#include "base/pool.h"
#include "encoder/dropout_rates.h"
#include "encoder/encoder.h"
#include "encoder/encoder_halves.h"
#include "encoder/encoder_keeping.h"

typedef struct encoder_pass encoder_pass;

typedef struct encoder_texts {
    const uint32_t *ids; /* of all texts, one after the other, with the marks that the encoder expects ([CLS], [SEP]) */
    const int *lengths;  /* [count]: ids of each text; may be 0 */
    size_t count;
    const real *words; /* rows in place of the word embeddings of ids [ids][E] (for gradients on the way to them); NULL:
                          those of the ids */
} encoder_texts;

/* Memory for groups of whole texts with at most `tokens` ids together, which is also the most that one text may have;
 * the encoder's window is enough for all, several times of it keeps more threads busy. A pass that keeps has a single
 * group. e and workers are borrowed; a pool that is stopped (pool_watch) stops the pass. HEED_FAILED: out of memory. */
heed_status encoder_pass_new(encoder_pass **out, const encoder *e, pool *workers, int tokens, encoder_keeping keeps,
                             heed_error *error);
/* Bytes of a pass whose weights learn. HEED_FAILED: out of memory. */
heed_status encoder_pass_bytes(size_t *out, const encoder *e, pool *workers, int tokens, encoder_keeping keeps,
                               heed_error *error);
void encoder_pass_free(encoder_pass *p);
/* From now on a pass that does not keep multiplies by these kernels in bfloat16, and rounds what they are multiplied
 * by; sums are floats, and attention is computed in floats. NULL: by the encoder's own. h is borrowed. */
void encoder_pass_round(encoder_pass *p, const encoder_halves *h);

/* The next run of a pass that keeps drops, and its backward pass drops the same. Until then nothing is dropped. */
void encoder_pass_drop(encoder_pass *p, const encoder_dropout *d);

/* From now on the backward pass of a pass that keeps, through an encoder that can be moved (flat_weights.h), also
 * leaves the gradient of its weights in `gradient` [flat_count], which lies as they do. That of the words is not
 * written: it is the sum of dwords over the tokens of each id. HEED_FAILED: memory. */
heed_status encoder_pass_learn(encoder_pass *p, real *gradient, heed_error *error);

/* states [ids][E]: of the last block. HEED_BAD_DATA, with nothing computed: an id past the vocabulary, a text longer
 * than the window or than `tokens`, all texts longer than `tokens` in a pass that keeps. HEED_STOPPED. */
heed_status encoder_pass_run(encoder_pass *p, const encoder_texts *texts, real *states, heed_error *error);
/* For the texts of the last run of a pass that keeps: dstates [ids][E], the gradient of the states, becomes dwords
 * [ids][E], that of the word embeddings. The ids of
 * that run are still there. The caller asks whether the pool was stopped; the same for attention. */
void encoder_pass_backward(encoder_pass *p, const real *dstates, real *dwords);
/* For the texts of the last run of any pass through an encoder that has attention, if together they have no more ids
 * than `tokens`: attention [ids], what each token gets of it in the last block, which is the mean over the heads and
 * over the queries of its text. That of a text sums to 1. */
void encoder_pass_attention(encoder_pass *p, real *attention);

#endif
