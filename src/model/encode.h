/* Encodes a text as a model reads it: the only way from a text to ids, for prediction and explanation. Training makes
 * the same ids faster, from a corpus (examples_make). */
#ifndef MODEL_ENCODE_H
#define MODEL_ENCODE_H

#include "model/model.h"

/* Scratch of one thread, with the text that was encoded last. */
typedef struct text_encoder {
    heed_tokens *tokens; /* the cleaned text, */
    heed_tokens *pieces; /* and the pieces that the vocabulary looks up */
    uint32_t *ids;       /* [count]: of the pieces that have one, cut to the window */
    size_t count, capacity;
    heed_predictor_counts read; /* totals over everything encoded */
} text_encoder;

/* The status of the pieces of a text. */
typedef struct text_trace {
    uint32_t *piece; /* [ids]: the piece of an id */
    bool *unknown;   /* [pieces]: not in the vocabulary */
    size_t capacity, unknown_capacity;
} text_trace;

heed_status text_encoder_init(text_encoder *e, heed_error *error);
void text_encoder_release(text_encoder *e);
void text_trace_release(text_trace *trace);
/* Refuses (HEED_BAD_DATA) a text that is not UTF-8 or too large. The message begins with what it is and
 * its number (0: it has none). */
heed_status text_check(heed_bytes text, const char *what, size_t number, heed_error *error);
/* Cleans, looks up and cuts one text that text_check accepts. trace is filled too, unless it is NULL. HEED_FAILED
 * without memory.
 */
heed_status text_encode(text_encoder *e, const heed_model *model, heed_bytes text, text_trace *trace,
                        heed_error *error);

#endif
