/* The text of an architecture that is logistic regression on the features of an encoder:
 * "encoder | mean | linear 10", in a model's file "encoder bert 6x384 | mean | linear 10". C may be left out, and is
 * then chosen for the training rows. */
#ifndef MODEL_ENCODER_SPEC_H
#define MODEL_ENCODER_SPEC_H

#include "features/shared_encoder.h"
#include "features/text_encoding.h"

typedef struct encoder_spec {
    char name[ENCODER_NAME]; /* of the encoder; empty: any */
    feature_pooling pooling;
    double strength; /* C; 0: not given */
} encoder_spec;

/* Whether a part of a text begins with an encoder. */
bool architecture_has_encoder(const char *text);
/* Whether such a part is a network on its states, not logistic regression on features: it does not end with linear. */
bool architecture_reads_states(const char *text);
/* Whether a text of one part does, and ends with linear, as encoder_spec_parse reads it, even if its numbers are wrong.
 */
bool architecture_is_encoder_linear(const char *text);
/* Refuses (HEED_USAGE) what is no architecture of this kind. */
heed_status encoder_spec_parse(encoder_spec *out, const char *text, heed_error *error);
/* The canonical text; free() releases it. */
heed_status encoder_spec_print(char **out, const encoder_spec *spec, heed_error *error);

/* Whether a part's encoder learns: "encoder trained | ...". Only networks on its states have such. */
bool architecture_trains_encoder(const char *text);

/* HEED_USAGE: an architecture names another encoder than this one, whether it learns or not; an empty name is any. */
heed_status encoder_name_check(const char *name, const shared_encoder *e, heed_error *error);
/* The canonical text of a network on this encoder, with its name; free() releases it. */
heed_status architecture_on_encoder(char **out, const char *text, const shared_encoder *e, heed_error *error);

#endif
