/* Signs that labels are not what the user means, found before a training. */
#ifndef DATA_LABEL_SIGNS_H
#define DATA_LABEL_SIGNS_H

#include "data/corpus.h"

/* A line for people each; its size is 0 if there is no such sign. */
typedef struct label_signs {
    writer alike;  /* labels that people take for the same one */
    writer joined; /* labels that are several, with a separator between them */
    writer column; /* most rows have a label of their own */
    writer header; /* the header of the label column is a label: a first row of data, perhaps */
    writer twice;  /* many texts have several labels; this and the next only without another sign, which may be the
                      reason */
    writer rare;   /* labels with hardly any rows */
} label_signs;

/* The corpus's labels are sorted (corpus_sort_labels). Release in any case. */
heed_status label_signs_find(label_signs *out, const heed_corpus *corpus, heed_error *error);
void label_signs_release(label_signs *signs);

#endif
