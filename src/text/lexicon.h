/* WordNet's nouns and verbs and their irregular forms, embedded. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include "heed.h"

typedef enum lexicon_part { LEXICON_AS_NOUN, LEXICON_AS_VERB } lexicon_part;

/* A word as the lexicon has it; the bytes are static. */
typedef struct lexicon_word {
    heed_bytes text;
    bool known;           /* has the asked part of speech */
    heed_bytes exception; /* what an irregular form becomes, maybe itself; data NULL: it is not irregular */
} lexicon_word;

/* Prefetches the memory where the word would be. */
void lexicon_expect(heed_bytes word);
/* False if the lexicon does not have the word at all. */
bool lexicon_find(lexicon_word *out, heed_bytes word, lexicon_part part);

#endif
