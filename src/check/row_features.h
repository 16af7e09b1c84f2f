/* What a text has, as digests: its words, and the pieces between white space as they are, which also shows markup, case
 * and punctuation. */
#ifndef CHECK_ROW_FEATURES_H
#define CHECK_ROW_FEATURES_H

#include "check/row_words.h"

typedef enum feature_kind {
    FEATURE_PIECE = 1, /* between white space, as it is */
    FEATURE_FIRST,     /* the first such piece */
    FEATURE_LAST,
    FEATURE_WORD, /* as texts are compared: without case and punctuation */
    FEATURE_PAIR, /* two words, one after the other */
    FEATURE_KINDS
} feature_kind;

/* kinds: bits 1 << FEATURE_... */
enum {
    FEATURES_OF_LABELS = 1 << FEATURE_WORD,
    FEATURES_OF_SOURCES = 1 << FEATURE_WORD | 1 << FEATURE_PIECE,
    FEATURES_ALL = (1 << FEATURE_KINDS) - 2
};

/* An occurrence of a feature; the text of a pair is in two parts. */
typedef struct feature {
    uint64_t digest; /* its last three bits are the kind; never 0 */
    feature_kind kind;
    heed_bytes text, second;
} feature;

static inline unsigned feature_kind_of(uint64_t digest)
{
    return digest & 7;
}

/* The digests of a row, each once, in the order of the text. */
typedef struct row_features {
    uint64_t *items;
    size_t count, capacity;
    uint64_t *slots; /* the same by open addressing; 0 is free */
    size_t slot_count;
} row_features;

heed_status row_features_read(row_features *out, row_words *w, const heed_check *check, size_t row, unsigned kinds,
                              heed_error *error);
/* Releases what only reading needs. */
void row_features_shrink(row_features *f);
void row_features_release(row_features *f);
/* The first occurrence of a feature in a row; *found is false if there is none. Borrowed from w. */
heed_status row_feature_find(feature *out, bool *found, uint64_t digest, row_words *w, const heed_check *check,
                             size_t row, heed_error *error);

#endif
