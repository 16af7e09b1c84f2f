/* Features of the rows of a corpus, which trainings by the same rule have in common. */
#ifndef FEATURES_FEATURE_CACHE_H
#define FEATURES_FEATURE_CACHE_H

#include "features/text_encoding.h"

/* How rows become features: all that they depend on besides their sub-words and the encoder. */
typedef struct feature_key {
    feature_rule rule;
    uint32_t length; /* a longer row is cut to so many sub-words, */
    heed_cut cut;    /* here */
} feature_key;

/* E: the encoder's width. */
typedef struct feature_table {
    real *values; /* [rows][E] */
    bool *known;  /* [rows]: whether a row's are there */
} feature_table;

/* For one thread at a time. */
typedef struct feature_cache feature_cache;

/* NULL: no memory. */
feature_cache *feature_cache_new(void);
void feature_cache_free(feature_cache *cache);
/* The table of a key for so many rows, of this width, which belongs to the cache; *fresh: it is new, and knows no row.
 * NULL: no memory. */
feature_table *feature_cache_table(feature_cache *cache, const feature_key *key, size_t rows, size_t width,
                                   bool *fresh);

#endif
