/* A text as a model reads it, with the status of every byte. */
#ifndef EXPLAIN_TOKEN_MAP_H
#define EXPLAIN_TOKEN_MAP_H

#include "model/encode.h"

/* What cleaning and vocabulary made of a range of the text: one piece, or several whose places are not known separately
 * (two parts of a changed word, say). */
typedef struct token_map_word {
    size_t begin, end;        /* bytes of the text */
    heed_token_status status; /* READ, UNKNOWN or CUT */
    size_t first_piece, pieces;
    size_t first_token, tokens;
} token_map_word;

typedef struct token_map {
    text_encoder encoder;
    text_trace trace;
    const heed_tokens *pieces; /* what is read: words, sub-words or both; belongs to the encoder, like the next two */
    const uint32_t *ids;       /* [count] */
    uint32_t unknown_subword;  /* the id of a sub-word that stands for nothing known; of models without an encoder 0 */
    const intern *spelling;    /* for them; NULL if the model spells no words */
    size_t count;
    const uint32_t *piece; /* [count]: the piece of an id; belongs to the trace */
    token_map_word *words;
    size_t word_count;
    unsigned char *status; /* [size of the text]: a heed_token_status */
    uint32_t *word;        /* [size]: the number of a word from 1; 0: none */
    size_t word_capacity, status_capacity, byte_capacity;
} token_map;

heed_status token_map_init(token_map *r, heed_error *error);
void token_map_release(token_map *r);
/* Reads a text (valid UTF-8, less than 2^32 - 1 bytes), replacing the previous one. HEED_FAILED without memory. */
heed_status token_map_run(token_map *r, const heed_model *model, heed_bytes text, heed_error *error);
/* Whether a piece is a sub-word, and its number in the encoder's tokenizer. */
bool token_map_subword(const token_map *r, size_t piece, uint32_t *number);

#endif
