/* States of texts: what an encoder makes of each of their tokens in its last block, as the layers of a network read
 * them. The tokens that stand around a text, such as [CLS], are read with it, but have no states here: so every state
 * is one of a token that an explanation can show. E: the encoder's width. */
#ifndef FEATURES_TEXT_STATES_H
#define FEATURES_TEXT_STATES_H

#include "features/text_features.h"

/* Scratch of one caller at a time. */
typedef struct text_states text_states;

/* For texts of at most `room` ids (shared_encoder_room). e and workers are borrowed. HEED_FAILED: memory. */
heed_status text_states_new(text_states **out, const shared_encoder *e, uint32_t room, pool *workers,
                            heed_error *error);
void text_states_free(text_states *s);
/* states [count]: where those of each text go, [ids of the text][E]. The bits of a text do not depend on the others,
 * nor on the threads. */
heed_status text_states_run(text_states *s, const text_ids *texts, size_t count, real *const *states,
                            heed_error *error);

#endif
