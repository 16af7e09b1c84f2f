/* What a model has that is logistic regression on the features of a pretrained encoder, besides the encoder. */
#ifndef MODEL_ENCODER_HEAD_H
#define MODEL_ENCODER_HEAD_H

#include "features/feature_cache.h"
#include "linear/logistic.h"
#include "model/encoder_spec.h"

typedef struct encoder_head {
    encoder_spec spec;
    feature_key key; /* how texts become its features */
    logistic fit;    /* on [E] of them */
} encoder_head;

/* Weights are zero. HEED_USAGE: the spec names another encoder. */
heed_status encoder_head_new(encoder_head **out, const encoder_spec *spec, const shared_encoder *e, uint32_t outputs,
                             bool softmax, heed_error *error);
void encoder_head_free(void *head); /* NULL too */
/* Sets its key. window: as recorded (network_config). */
void encoder_head_read_by(encoder_head *head, const shared_encoder *e, uint32_t window, const heed_text_options *text);

#endif
