/* A text as a model reads it, with what became of every byte on the way. */
#ifndef EXPLAIN_READING_H
#define EXPLAIN_READING_H

#include "model/encode.h"

/* What cleaning and vocabulary made of a stretch of the text: one piece, or several of which no single place is known
 * (two parts of a changed word, say). */
typedef struct reading_word {
    size_t begin, end; /* bytes of the text */
    heed_fate fate;    /* READ, UNKNOWN or CUT */
    size_t first_piece, pieces;
    size_t first_token, tokens;
} reading_word;

typedef struct reading {
    text_encoder encoder;
    text_trace trace;
    const heed_tokens *pieces; /* what the vocabulary looks up of the text; the encoder's, as are the next two */
    const uint32_t *ids;       /* [count] */
    size_t count;
    const uint32_t *piece; /* [count]: the piece of an id; the trace's */
    reading_word *words;
    size_t word_count;
    unsigned char *fate; /* [size of the text]: a heed_fate */
    uint32_t *word;      /* [size]: the number of a word from 1; 0: none */
    size_t word_capacity, fate_capacity, byte_capacity;
} reading;

heed_status reading_init(reading *r, heed_error *error);
void reading_release(reading *r);
/* Reads a text (valid UTF-8, less than 2^32 - 1 bytes) in place of the one before. HEED_FAILED for want of memory. */
heed_status reading_run(reading *r, const heed_model *model, heed_bytes text, heed_error *error);

#endif
