/* What a text becomes before it is divided into words: a list of steps, each of which goes over all of its characters.
 * Every character keeps the bytes of the text that it came from, as in `tokenizers`. */
#ifndef TOKENIZER_NORMALIZER_H
#define TOKENIZER_NORMALIZER_H

#include "tokenizer/normal_character.h"

enum { NORMALIZER_STEPS = 16 };

typedef enum normalizer_step {
    NORMALIZE_CLEAN,           /* control characters go, white space becomes spaces */
    NORMALIZE_PART_IDEOGRAPHS, /* a space before and after each */
    NORMALIZE_DECOMPOSE,       /* Unicode's normalization form D */
    NORMALIZE_WIDEN,           /* form KD */
    NORMALIZE_DROP_ACCENTS,    /* marks of general category Mn go */
    NORMALIZE_DROP_MARKS,      /* marks of general category M go */
    NORMALIZE_LOWER,
    NORMALIZE_STRIP,       /* white space at the ends goes */
    NORMALIZE_REPLACE,     /* one text becomes another */
    NORMALIZE_PRECOMPILED, /* as a map says */
    NORMALIZE_STEPS
} normalizer_step;

/* What some steps need besides. */
typedef struct normalizer_rule {
    bool left, right;    /* NORMALIZE_STRIP: which ends */
    uint32_t *from, *to; /* NORMALIZE_REPLACE: characters; owned */
    size_t from_size, to_size;
    bool repeated; /* NORMALIZE_REPLACE: a run of `from`, whose last character may follow any number of times */
    struct precompiled *map; /* NORMALIZE_PRECOMPILED; owned */
} normalizer_rule;

typedef struct normalizer {
    normalizer_step step[NORMALIZER_STEPS];
    normalizer_rule rule[NORMALIZER_STEPS];
    size_t count;
} normalizer;

void normalizer_release(normalizer *steps);

/* Which of the steps BERT's normalizer has; accents: it strips them. */
typedef struct bert_normalizer {
    bool clean, ideographs, accents, lower;
} bert_normalizer;

/* A normalized text, and memory for the next one. Begins as {0}. */
typedef struct normal_text {
    normal_character *characters, *other; /* other: what the next step writes to */
    size_t count, capacity, other_capacity;
    size_t most; /* characters that rules may make of the text, so that a file cannot make it fill all memory */
    bool failed; /* memory was not available, or the rules made more: there are no characters */
} normal_text;

void normal_text_release(normal_text *n);

/* Adds a step; false if there are too many. */
bool normalizer_add(normalizer *steps, normalizer_step step);
/* Adds a step with its rule, which the normalizer owns if it returns true. */
bool normalizer_add_rule(normalizer *steps, normalizer_step step, normalizer_rule rule);
/* Adds those of BERT; false if there are too many. */
bool normalizer_add_bert(normalizer *steps, bert_normalizer options);
/* Normalizes bytes [begin, end) of a text in UTF-8. */
void normalize(normal_text *out, const normalizer *steps, heed_bytes text, size_t begin, size_t end);

#endif
