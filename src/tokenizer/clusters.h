/* What users see as one character: extended grapheme clusters (Unicode's UAX #29) as `tokenizers` divides them. */
#ifndef TOKENIZER_CLUSTERS_H
#define TOKENIZER_CLUSTERS_H

#include "tokenizer/normal_character.h"

/* Where the cluster ends that begins at `from`; from < count. Pairs of regional indicators count as two: no cluster
 * with one is shorter than those that are looked up (precompiled.h). */
size_t cluster_end(const normal_character *characters, size_t from, size_t count);

#endif
