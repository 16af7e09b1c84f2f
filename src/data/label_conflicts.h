/* Texts that have several labels. */
#ifndef DATA_LABEL_CONFLICTS_H
#define DATA_LABEL_CONFLICTS_H

#include "data/corpus.h"

/* Among the rows that are not set to test. */
typedef struct label_conflicts {
    size_t texts;     /* different ones (corpus_row.digest) */
    size_t conflicts; /* those of them whose rows do not all have the same labels */
} label_conflicts;

heed_status label_conflicts_count(label_conflicts *out, const heed_corpus *corpus, heed_error *error);

#endif
