/* A text as a model's network reads it. */
#ifndef MODEL_ENCODE_H
#define MODEL_ENCODE_H

#include "model/model.h"

/* Scratch of one thread. */
typedef struct text_encoder {
    heed_tokens *tokens, *pieces;
    uint32_t *ids;
    size_t capacity;
    heed_reading read; /* all that was encoded, added up */
} text_encoder;

heed_status text_encoder_init(text_encoder *e, heed_error *error);
void text_encoder_release(text_encoder *e);
/* Cleans, looks up and cuts one text as examples_make does; ids stay in e->ids until the next call. */
heed_status text_encode(text_encoder *e, const heed_model *model, heed_bytes text, size_t *count, heed_error *error);

#endif
