/* Rows ready for the network: ids cut to the window, and labels. */
#ifndef DATA_EXAMPLES_H
#define DATA_EXAMPLES_H

#include "data/corpus.h"

typedef struct examples {
    uint32_t *ids;
    size_t *first;    /* [count + 1] into ids */
    uint32_t *label;  /* [count]: place in the sorted labels */
    uint32_t *row;    /* [count]: number of the corpus row */
    uint32_t count;
} examples;

/* Words of the given rows as ids of the vocabulary, dropped ones left out, cut to the window. */
heed_status examples_make(examples *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                          const vocabulary *words, uint32_t window, heed_cut cut, heed_error *error);
void examples_release(examples *e);

#endif
