/* SentencePiece's precompiled map of normalization, as Precompiled of tokenizer.json has it: a trie of byte strings,
 * each with what replaces it. The trie is a double array of Darts-clone. */
#ifndef TOKENIZER_PRECOMPILED_H
#define TOKENIZER_PRECOMPILED_H

#include "heed.h"

/* Clusters of fewer bytes are looked up as a whole; of the others, and of those that are not found, each character. */
enum { PRECOMPILED_CLUSTER = 6 };

typedef struct precompiled precompiled;

/* Reads the map in base64. HEED_BAD_DATA: it is broken. where: in the file, for messages. */
heed_status precompiled_new(precompiled **out, heed_bytes base64, const char *file, const char *where,
                            heed_error *error);
void precompiled_free(precompiled *map);
/* The map in base64, as it was read. Borrowed. */
heed_bytes precompiled_text(const precompiled *map);

/* What replaces the shortest string of the map that these bytes begin with; data NULL: there is none. */
heed_bytes precompiled_find(const precompiled *map, heed_bytes bytes);

#endif
