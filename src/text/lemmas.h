/* WordNet's morphy as NLTK 3.5's WordNetLemmatizer runs it. */
#ifndef TEXT_LEMMAS_H
#define TEXT_LEMMAS_H

#include "text/lexicon.h"

/* The lemma of a word: static bytes of the lexicon, or the word itself. Takes time linear in the size. */
heed_bytes lemma_find(heed_bytes word, lexicon_part part);

#endif
