/* Tokens that are found in the text itself before it is divided into words, such as [MASK]: in the text as it is, or
 * after it was normalized. Of several that begin at the same place the longest is found. */
#ifndef TOKENIZER_ADDED_TOKENS_H
#define TOKENIZER_ADDED_TOKENS_H

#include "base/intern.h"
#include "tokenizer/json_section.h"
#include "tokenizer/normalizer.h"
#include "tokenizer/token_trie.h"

typedef struct added_token {
    uint32_t id;
    bool single_word; /* only where no letter is next to it */
    bool lstrip;      /* white space before it belongs to it */
    bool rstrip;      /* and white space after it */
    bool normalized;  /* it is looked for in the normalized text, normalized itself */
    bool special;
} added_token;

/* Those that are looked for in one of the two. */
typedef struct token_finder {
    token_trie trie;  /* values are places in the list of tokens; no nodes: there are no tokens */
    bool begins[256]; /* the bytes that one of them begins with */
    int only;         /* the only such byte; -1: there are others */
} token_finder;

typedef struct added_tokens {
    added_token *tokens; /* [count] */
    size_t count, capacity;
    token_finder raw, normal;
} added_tokens;

/* An added token at bytes [begin, end) of a text. */
typedef struct found_token {
    size_t begin, end;
    uint32_t id;
} found_token;

void added_tokens_release(added_tokens *list);
/* Adds one. */
heed_status added_tokens_add(added_tokens *list, added_token token, heed_error *error);
/* Reads "added_tokens", which may be missing; those that the vocabulary lacks are added to it. */
heed_status added_tokens_read(added_tokens *list, intern *vocabulary, const json_section *file, heed_error *error);
/* Call this after the last one, when their texts are in the vocabulary. name: of the file, for messages. */
heed_status added_tokens_finish(added_tokens *list, const intern *vocabulary, const normalizer *steps, const char *name,
                                heed_error *error);

/* Finds the next one from byte *at on, and moves *at past it; false if there is none. The text before it begins where
 * the last one ended: `after`, 0 for the first. */
bool added_tokens_next(found_token *out, const added_tokens *list, const token_finder *finder, heed_bytes text,
                       size_t after, size_t *at);

#endif
