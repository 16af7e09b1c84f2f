/* A part of a training's rows is held out from it. */
#ifndef DATA_INNER_SPLIT_H
#define DATA_INNER_SPLIT_H

#include "data/split.h"

/* Some rows of a corpus, each in a fold (split_within); borrowed. */
typedef struct folded_rows {
    const uint32_t *row, *fold; /* [count]; row increases */
    uint32_t count;
} folded_rows;

/* The rows of fold `held` validate, the others train. Groups (equal texts) with a label that no other fold has train
 * too. Release out. */
heed_status inner_split(split *out, const heed_corpus *corpus, const folded_rows *rows, uint32_t held,
                        heed_error *error);

#endif
