/* A text as a model reads it: the one way from a text to ids, for prediction and explanation. Training makes the same
 * ids faster, from a corpus (examples_make). */
#ifndef MODEL_ENCODE_H
#define MODEL_ENCODE_H

#include "model/model.h"

/* Scratch of one thread, which holds the text that was encoded last. */
typedef struct text_encoder {
    heed_tokens *tokens; /* the cleaned text, */
    heed_tokens *pieces; /* and what the vocabulary looks up of it */
    uint32_t *ids;       /* [count]: of the pieces that have one, cut to the window */
    size_t count, capacity;
    heed_predictor_counts read; /* all that was encoded, added up */
} text_encoder;

/* What became of the pieces of a text. */
typedef struct text_trace {
    uint32_t *piece; /* [ids]: the piece of an id */
    bool *unknown;   /* [pieces]: the vocabulary does not have it */
    size_t capacity, unknown_capacity;
} text_trace;

heed_status text_encoder_init(text_encoder *e, heed_error *error);
void text_encoder_release(text_encoder *e);
void text_trace_release(text_trace *trace);
/* Cleans, looks up and cuts one text (valid UTF-8). trace is filled too, unless it is NULL. HEED_FAILED for want of
 * memory. */
heed_status text_encode(text_encoder *e, const heed_model *model, heed_bytes text, text_trace *trace,
                        heed_error *error);

#endif
