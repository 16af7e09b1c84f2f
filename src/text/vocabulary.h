/* Tokens to ids: 0 is padding; words have ids by decreasing count. */
#ifndef TEXT_VOCABULARY_H
#define TEXT_VOCABULARY_H

#include "base/intern.h"

#define VOCABULARY_DROPPED UINT32_MAX

/* Rows of models with an encoder have sub-words among their ids, or nothing else: this bit and the number that the
 * encoder's tokenizer has for them. */
#define SUBWORD_BIT ((uint32_t)1 << 31)
static inline bool id_is_subword(uint32_t id)
{
    return (id & SUBWORD_BIT) != 0 && id != VOCABULARY_DROPPED;
}

/* The tokenizer's number of a sub-word, with the bit or without. */
static inline uint32_t subword_number(uint32_t id)
{
    return id & ~SUBWORD_BIT;
}

typedef struct vocabulary {
    heed_vocabulary kind;
    intern words;   /* word i has id i + first */
    uint32_t first; /* 2 for COUNTS, whose 1 is <unk>; 1 for KERAS */
    uint32_t size;  /* total number of ids = words + first */
} vocabulary;

/* From words in order of first occurrence with their counts: sorted by decreasing count, ties by first occurrence.
 * max_words limits the number of ids (0: no limit). Words with count 0 are left out. Errors: HEED_USAGE for a max_words
 * without room for a word. */
heed_status vocabulary_build(vocabulary *out, heed_vocabulary kind, const intern *words, const uint64_t *counts,
                             uint32_t max_words, uint32_t min_count, heed_error *error);
/* From words already in order, as a model file has them. Errors: HEED_BAD_DATA for a repeated word. */
heed_status vocabulary_from_words(vocabulary *out, heed_vocabulary kind, const heed_bytes *words, uint32_t count,
                                  heed_error *error);
/* The words of several vocabularies of one kind, each once: those of the first in their order, then the others. */
heed_status vocabulary_join(vocabulary *out, const vocabulary *const *all, size_t count, heed_error *error);
heed_status vocabulary_copy(vocabulary *out, const vocabulary *v, heed_error *error);
/* Unknown words: 1 for COUNTS, VOCABULARY_DROPPED for KERAS. */
uint32_t vocabulary_id(const vocabulary *v, heed_bytes word);
/* Also those from the vocabulary's size on: VOCABULARY_DROPPED, and words that are spelled. */
static inline bool vocabulary_is_unknown(const vocabulary *v, uint32_t id)
{
    return id >= v->size || (id == 1 && v->kind == HEED_VOCABULARY_COUNTS);
}
void vocabulary_release(vocabulary *v);

/* Replaces the contents of out by the words that the vocabulary counts. Texts that need no change are borrowed from the
 * tokens. COUNTS: the tokens except empty ones. KERAS: as its Tokenizer does, tokens in lower case, split at its filter
 * characters, without empty pieces. The span of a piece is its part of the token's span. If the bytes of the token are
 * no longer those of the text (a lemma, say), so that its parts are unknown, the first piece has the whole span and the
 * others its end. */
heed_status vocabulary_pieces(heed_tokens *out, heed_vocabulary kind, const heed_token *tokens, size_t count,
                              heed_error *error);

typedef enum text_reading { READS_WORDS, READS_SUBWORDS, READS_BOTH } text_reading;

/* What a model reads of a text: how many tokens, where a longer one is cut, and what becomes of unknown words. */
typedef struct text_window {
    uint32_t length; /* 0: all of them */
    heed_cut cut;
    bool spelled; /* an unknown word has an id of its own, the vocabulary's size + its number in a table of words, the
                     spelling that comes with the ids */
    text_reading reads;
} text_window;

/* Cuts in place; returns the new count. MIDDLE keeps the first L/4, rounded down, and the last L - L/4. */
size_t window_cut(uint32_t *ids, size_t count, text_window window);
/* The same of a copy, `to`, which has room for what is left. */
size_t window_copy(uint32_t *to, const uint32_t *ids, size_t count, text_window window);

#endif
