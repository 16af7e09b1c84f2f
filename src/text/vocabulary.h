/* Tokens to numbers: 0 pads; words have numbers by falling count. */
#ifndef TEXT_VOCABULARY_H
#define TEXT_VOCABULARY_H

#include "base/intern.h"

#define VOCABULARY_DROPPED UINT32_MAX

typedef struct vocabulary {
    heed_vocabulary kind;
    intern words;   /* word i has id i + first */
    uint32_t first; /* 2 for COUNTS, whose 1 is <unk>; 1 for KERAS */
    uint32_t size;  /* ids in all = words + first */
} vocabulary;

/* From words in order of first sight with their counts: by falling count, ties by first sight. max_words counts ids in
 * all (0: no limit). A word with count 0 is never part of it. Errors: HEED_USAGE for a max_words without room for a
 * word. */
heed_status vocabulary_build(vocabulary *out, heed_vocabulary kind, const intern *words, const uint64_t *counts,
                             uint32_t max_words, uint32_t min_count, heed_error *error);
/* From words already in order, as a model file has them. Errors: HEED_BAD_DATA for a word that is there twice. */
heed_status vocabulary_from_words(vocabulary *out, heed_vocabulary kind, const heed_bytes *words, uint32_t count,
                                  heed_error *error);
/* Unknown words: 1 for COUNTS, VOCABULARY_DROPPED for KERAS. */
uint32_t vocabulary_id(const vocabulary *v, heed_bytes word);
static inline bool vocabulary_is_unknown(const vocabulary *v, uint32_t id)
{
    return id == VOCABULARY_DROPPED || (id == 1 && v->kind == HEED_VOCABULARY_COUNTS);
}
void vocabulary_release(vocabulary *v);

/* What the vocabulary counts, put into out in place of what was there. Texts that need no
 * change stay where they are, in the tokens. COUNTS: the tokens but empty ones. KERAS: as its Tokenizer does, tokens in
 * lower case, split at its filter characters, empty pieces dropped. A piece's span is its
 * part of the token's; where the token's bytes are not those of the text any more (a lemma, say), so that parts cannot
 * be told, the first piece has all of the span and the others its end. */
heed_status vocabulary_pieces(heed_tokens *out, heed_vocabulary kind, const heed_token *tokens, size_t count,
                              heed_error *error);

/* How many tokens of a text a model reads, and where a longer one is cut. */
typedef struct text_window {
    uint32_t length; /* 0: all of them */
    heed_cut cut;
} text_window;

/* Cuts in place; returns the new count. MIDDLE keeps the first L/4, rounded down, and the last L - L/4. */
size_t window_cut(uint32_t *ids, size_t count, text_window window);

#endif
