/* What an encoder makes of texts: features of each, one vector, or states of each of its tokens.
 *
 * Features are the states of a text's last block, pooled:
 *
 *   mean    the mean of the states of all tokens, those around the text included (Reimers & Gurevych 2019)
 *   first   the state of the first token, such as [CLS] (Devlin et al. 2019)
 *   max     the largest value of each feature
 *
 * A text that is longer than the encoder reads at a time is divided into stretches of so many tokens; its vector is the
 * mean of theirs.
 *
 * States are what the layers of a network read: that of the first token, then those of the text's own. The other
 * tokens that stand around a text are read with it, but have none here. E: the encoder's width. */
#ifndef FEATURES_TEXT_ENCODING_H
#define FEATURES_TEXT_ENCODING_H

#include "features/stretches.h"

typedef enum feature_pooling { FEATURES_MEAN, FEATURES_FIRST, FEATURES_MAX, FEATURE_POOLINGS } feature_pooling;
extern const names feature_pooling_names;

/* How the features of a model are made. */
typedef struct feature_rule {
    feature_pooling pooling;
    uint32_t room; /* ids of a stretch, at most (shared_encoder_room) */
} feature_rule;

/* Ids of a text without the tokens around it; borrowed. */
typedef struct text_ids {
    const uint32_t *ids;
    size_t count;
} text_ids;

/* Scratch of one caller at a time. */
typedef struct text_encoding text_encoding;

/* e and workers are borrowed. The pooling is for features only. HEED_FAILED: memory. */
heed_status text_encoding_new(text_encoding **out, const shared_encoder *e, feature_rule rule, pool *workers,
                              heed_error *error);
void text_encoding_free(text_encoding *t);
/* encoder_pass_round of its pass. */
void text_encoding_round(text_encoding *t, const encoder_halves *h);
/* features [count][E] of texts, and where the states of each go, states [count] of [1 + ids of the text][E], in one
 * pass: that of the first token, zeros if there is no token at all, and those of the text's own.
 * Either is NULL if it is not wanted; states are for texts of at most one stretch. The bits of a text do not depend on
 * the others, nor on the threads. */
heed_status text_encoding_run(text_encoding *t, const text_ids *texts, size_t count, real *features,
                              real *const *states, heed_error *error);

#endif
