/* The words that the tokens of a text belong to, where a model reads sub-words: as explanations put them together
 * (explain/token_map.h), but each written as the model reads it, so that words it cannot tell apart are one. */
#ifndef REPORT_TOKEN_WORDS_H
#define REPORT_TOKEN_WORDS_H

#include "base/intern.h"
#include "explain/token_map.h"

typedef struct token_words {
    uint32_t *number; /* [tokens]: that of the token's word, INTERN_NONE if the model does not know it */
    size_t count;
    intern words;
} token_words;

/* Release words in any case. HEED_FAILED without memory. */
heed_status token_words_find(token_words *out, const token_map *map, const heed_model *model, heed_error *error);
/* Numbers the words by a table, which gets those that it lacks. */
heed_status token_words_renumber(token_words *w, intern *table, heed_error *error);
void token_words_release(token_words *w);

#endif
