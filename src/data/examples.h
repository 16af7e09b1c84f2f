/* Rows ready for the network: ids cut to the window, and labels. */
#ifndef DATA_EXAMPLES_H
#define DATA_EXAMPLES_H

#include "data/corpus.h"

typedef struct examples {
    uint32_t *ids;
    size_t *first;             /* [count + 1] into ids */
    uint32_t *labels;          /* positions in the sorted labels, row by row */
    size_t *first_label;       /* [count + 1] into labels; with one label per row, one each */
    double *weight;            /* [count]: how much a row counts in the loss */
    uint32_t *row;             /* [count]: number of the corpus row */
    const intern *spelling;    /* of a spelled window: the corpus's words; NULL: no word is spelled */
    const heed_corpus *corpus; /* that the rows are of */
    uint32_t count;
} examples;

/* Words of the given rows as ids of the vocabulary, without dropped ones, and their sub-words, as far as the window
 * reads them, cut to it. With a window of length 0 rows are whole: nothing is cut, and a dropped word is
 * VOCABULARY_DROPPED, so that words keep their neighbours. */
heed_status examples_make(examples *out, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                          const vocabulary *words, text_window window, heed_error *error);
/* The labels of an example. */
static inline const uint32_t *examples_labels(const examples *e, uint32_t i, uint32_t *count)
{
    *count = (uint32_t)(e->first_label[i + 1] - e->first_label[i]);
    return e->labels + e->first_label[i];
}
/* Removes labels from number `count` on; returns how many these were. */
uint64_t examples_keep_labels(examples *e, uint32_t count);
void examples_release(examples *e);

#endif
