/* Features of texts: the states that an encoder gives a text's tokens, as one vector.
 *
 *   mean    the mean of the states of all tokens, those around the text included (Reimers & Gurevych 2019)
 *   first   the state of the first token, such as [CLS] (Devlin et al. 2019)
 *   max     the largest value of each feature
 *
 * A text that is longer than the encoder reads at a time is divided into stretches of so many tokens; its vector is the
 * mean of theirs. E: the encoder's width. */
#ifndef FEATURES_TEXT_FEATURES_H
#define FEATURES_TEXT_FEATURES_H

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
typedef struct text_features text_features;

/* e and workers are borrowed. HEED_FAILED: memory. */
heed_status text_features_new(text_features **out, const shared_encoder *e, feature_rule rule, pool *workers,
                              heed_error *error);
void text_features_free(text_features *f);
/* features [count][E] of texts. The bits of a text do not depend on the others, nor on the threads. */
heed_status text_features_run(text_features *f, const text_ids *texts, size_t count, real *features, heed_error *error);
/* The same of texts of at most one stretch, with the states of their own tokens as text_states_run gives them: states
 * [count] says where. One pass for both. */
heed_status text_features_run_with_states(text_features *f, const text_ids *texts, size_t count, real *features,
                                          real *const *states, heed_error *error);

#endif
