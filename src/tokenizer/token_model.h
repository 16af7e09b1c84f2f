/* A model divides a word into tokens. token_model_table.h lists them. */
#ifndef TOKENIZER_TOKEN_MODEL_H
#define TOKENIZER_TOKEN_MODEL_H

#include "base/intern.h"

struct json_builder;
struct json_t;

/* A token of a word: the bytes from the end of the one before it on, so many, which are whole characters. */
typedef struct word_piece {
    uint32_t id;
    uint32_t size;
} word_piece;

typedef struct token_model {
    const char *type; /* as tokenizer.json has it */
    /* Reads its object of a tokenizer.json; the vocabulary, which is empty, gets its tokens in the order of their ids.
     * *state is owned by the caller, even after a failure. */
    heed_status (*read)(void **state, intern *vocabulary, const struct json_t *model, const char *name,
                        heed_error *error);
    void (*free)(void *state);
    /* Puts the members of that object but "type", so that reading them gives the same model. */
    void (*write)(const void *state, const intern *vocabulary, struct json_builder *j);
    /* Divides a word of at least one byte and at most UINT32_MAX, which has so many characters: out has room for as
     * many pieces as it has bytes. Returns how many there are; together they are the word. */
    size_t (*divide)(const void *state, heed_bytes word, size_t characters, word_piece *out, void *scratch);
    /* The token for what it cannot divide; UINT32_MAX: it has none, and divides what its vocabulary has as bytes
     * (byte_level.h). */
    uint32_t (*unknown)(const void *state);
    /* How many bytes before its text say that a token of the vocabulary goes on with a word; 0: it begins one. NULL:
     * that is seen by what divides texts into words. */
    size_t (*mark)(const void *state, heed_bytes token);
    /* Bytes of memory that dividing needs for each byte of a word, and one more. */
    size_t scratch;
} token_model;

#endif
