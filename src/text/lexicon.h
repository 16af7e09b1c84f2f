/* WordNet's nouns and verbs and their irregular forms, embedded. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include "heed.h"

typedef enum lexicon_part { LEXICON_AS_NOUN, LEXICON_AS_VERB } lexicon_part;

/* A word of the lexicon; the bytes are static. */
typedef struct lexicon_word {
    heed_bytes text;
    bool known;           /* has the requested part of speech */
    heed_bytes exception; /* the base form of an irregular form, maybe itself; data NULL: it is not irregular */
} lexicon_word;

/* Prefetches the memory where the word would be. */
void lexicon_expect(heed_bytes word);
/* False if the word is not in the lexicon. */
bool lexicon_find(lexicon_word *out, heed_bytes word, lexicon_part part);

#endif
