/* Encodes a text as a model reads it: the only way from a text to ids, for prediction and explanation. Training makes
 * the same ids faster, from a corpus (examples_make). */
#ifndef MODEL_ENCODE_H
#define MODEL_ENCODE_H

#include "model/model.h"
#include "tokenizer/subwords.h"

/* Scratch of one thread, with the text that was encoded last. */
typedef struct text_encoder {
    heed_tokens *tokens; /* the cleaned text, */
    heed_tokens *words;  /* and the pieces that the vocabulary looks up */
    heed_tokens
        *mixed; /* of a model that reads sub-words: those, and the words if it reads both, in the text's order */
    subwords *subwords; /* made for the first model that reads them, and for it only */
    uint32_t *subword;  /* [mixed]: its id; 0: it is a word */
    size_t subword_capacity;
    const heed_tokens *pieces; /* what is read: words, or mixed */
    uint32_t *ids;             /* [count]: of the pieces that have one, cut to the window */
    bool *cut;                 /* [capacity]: what no part of a model reads, found with this memory: */
    uint32_t *cut_scratch;     /* [2 * capacity] */
    size_t cut_capacity, scratch_capacity;
    intern spelling; /* unknown words since text_encoder_forget, if the model's class spells them */
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
/* Forgets the spelling of the texts so far, whose ids are no longer needed. */
void text_encoder_forget(text_encoder *e);
/* The spelling for the ids of a model; NULL if it spells no words. */
const intern *text_encoder_spelling(const text_encoder *e, const heed_model *model);
/* A text that outlives its encoder. */
typedef struct encoded_text {
    uint32_t *ids; /* [length] */
    size_t length;
    intern *spelling; /* for them; NULL: no word is spelled */
} encoded_text;

/* The text that was encoded last, the first since text_encoder_forget. */
heed_status encoded_text_copy(encoded_text *out, const text_encoder *e, heed_error *error);
void encoded_text_release(encoded_text *t);
/* How the model reads texts. */
text_window model_window(const heed_model *model);
/* Refuses (HEED_BAD_DATA) a text that is not UTF-8 or too large. The message begins with what it is and
 * its number (0: it has none). */
heed_status text_check(heed_bytes text, const char *what, size_t number, heed_error *error);
/* Cleans, looks up and cuts one text that text_check accepts. trace is filled too, unless it is NULL. HEED_FAILED
 * without memory.
 */
heed_status text_encode(text_encoder *e, const heed_model *model, heed_bytes text, text_trace *trace,
                        heed_error *error);
/* Whether a piece of the text that was encoded last is a sub-word, and whether its vocabulary lacks it. */
bool text_encoder_is_subword(const text_encoder *e, size_t piece);
bool text_encoder_is_unknown(const text_encoder *e, const heed_model *model, size_t piece);

#endif
