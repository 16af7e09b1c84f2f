/* Stems of words by Snowball's algorithms (Porter 2001, "Snowball: a language for stemming algorithms"), through
 * libstemmer. */
#ifndef TEXT_STEMS_H
#define TEXT_STEMS_H

#include "base/intern.h"

enum { STEMS_VERSION = 80 };

/* What a thread keeps of the stems that it has looked up. Begins with zeros. */
typedef struct stem_cache {
    struct sb_stemmer *stemmer; /* of this language; NULL: none yet */
    heed_stem language;
    intern words, stems;    /* words that were seen, and what they became */
    uint32_t *stem_of_word; /* [words]: a number in stems */
    size_t stem_capacity;
    uint32_t *of_token; /* [tokens of the text]: a number in stems */
    size_t token_capacity;
} stem_cache;

void stem_cache_release(stem_cache *cache);

/* Replaces the texts of tokens by their stems, which are valid until the next call. */
heed_status stems_replace(stem_cache *cache, heed_stem language, heed_token *tokens, size_t count, heed_error *error);

/* The version of libstemmer and a digest of the stems that it finds for a fixed list of words, by which two libraries
 * are told apart: a model is used only with stems like those that it was trained with. */
heed_status stems_version(char out[STEMS_VERSION], heed_stem language, heed_error *error);

#endif
