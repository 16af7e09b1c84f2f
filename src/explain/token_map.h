/* A text as a model reads it, with what became of every byte on the way. */
#ifndef EXPLAIN_TOKEN_MAP_H
#define EXPLAIN_TOKEN_MAP_H

#include "model/encode.h"

/* What cleaning and vocabulary made of a stretch of the text: one piece, or several of which no single place is known
 * (two parts of a changed word, say). */
typedef struct token_map_word {
    size_t begin, end;      /* bytes of the text */
    heed_token_status fate; /* READ, UNKNOWN or CUT */
    size_t first_piece, pieces;
    size_t first_token, tokens;
} token_map_word;

typedef struct token_map {
    text_encoder encoder;
    text_trace trace;
    const heed_tokens *pieces; /* what the vocabulary looks up of the text; the encoder's, as are the next two */
    const uint32_t *ids;       /* [count] */
    size_t count;
    const uint32_t *piece; /* [count]: the piece of an id; the trace's */
    token_map_word *words;
    size_t word_count;
    unsigned char *fate; /* [size of the text]: a heed_token_status */
    uint32_t *word;      /* [size]: the number of a word from 1; 0: none */
    size_t word_capacity, status_capacity, byte_capacity;
} token_map;

heed_status token_map_init(token_map *r, heed_error *error);
void token_map_release(token_map *r);
/* Reads a text (valid UTF-8, less than 2^32 - 1 bytes) in place of the one before. HEED_FAILED for want of memory. */
heed_status token_map_run(token_map *r, const heed_model *model, heed_bytes text, heed_error *error);

#endif
