/* WordPiece: the longest token that the word begins with, then the longest that goes on with it, and so on; a word that
 * cannot be divided to its end is one unknown token. */
#ifndef TOKENIZER_WORDPIECE_H
#define TOKENIZER_WORDPIECE_H

#include "tokenizer/token_model.h"

extern const token_model wordpiece_model;

/* What BERT has where a file does not say it. */
#define WORDPIECE_UNKNOWN "[UNK]"
#define WORDPIECE_PREFIX "##"
enum { WORDPIECE_CHARACTERS = 100 };

typedef struct wordpiece_rules {
    heed_bytes unknown;  /* the token for words that cannot be divided */
    heed_bytes prefix;   /* of tokens that go on with a word */
    uint64_t characters; /* of a word at most; longer ones are unknown */
} wordpiece_rules;

/* The state of a model with this vocabulary; name: of the file, for messages. */
heed_status wordpiece_new(void **out, const intern *vocabulary, wordpiece_rules rules, const char *name,
                          heed_error *error);

#endif
