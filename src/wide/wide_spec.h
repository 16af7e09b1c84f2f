/* What a wide model is made of, as its architecture says it: "wide words 1-2 letters 3-5 min-count 2 weight idf C 10".
 * Every item may be left out, and is then chosen for the training rows. */
#ifndef WIDE_WIDE_SPEC_H
#define WIDE_WIDE_SPEC_H

#include "heed.h"

enum { MOST_WORDS = 5, MOST_LETTERS = 8 };

/* The lengths of n-grams. */
typedef struct gram_range {
    uint32_t least, most; /* 0: there are none */
} gram_range;

typedef enum wide_weight { WIDE_UNSET, WIDE_RATIO, WIDE_IDF } wide_weight;

/* 0 is what is not given. */
typedef struct wide_spec {
    gram_range words, letters; /* if one of them is given, the other is not missing: there are none */
    uint32_t min_count;        /* training rows that an n-gram needs */
    wide_weight weight;
    double strength; /* C */
} wide_spec;

/* What the choice depends on. */
typedef struct wide_facts {
    uint32_t rows;      /* training rows */
    double mean_tokens; /* of them */
    bool two_labels;    /* of which each row has one */
} wide_facts;

/* Refuses (HEED_USAGE) what is no architecture of this kind. */
heed_status wide_spec_parse(wide_spec *out, const char *text, heed_error *error);
/* The canonical text; free() releases it. */
heed_status wide_spec_print(char **out, const wide_spec *spec, heed_error *error);
/* The training rows that an n-gram needs: as given, or for so many rows. */
uint32_t wide_min_count(const wide_spec *spec, uint32_t rows);
/* Fills in what is not given, except for C. HEED_USAGE for a ratio without two labels. */
heed_status wide_spec_choose(wide_spec *spec, const wide_facts *facts, heed_error *error);
/* Whether everything is given, as in the file of a model. */
bool wide_spec_is_full(const wide_spec *spec);
const char *wide_weight_name(wide_weight weight);

#endif
