/* Which rows train and which validate. */
#ifndef DATA_SPLIT_H
#define DATA_SPLIT_H

#include "data/corpus.h"

typedef struct split {
    uint32_t *train, *validation; /* row numbers, rising */
    uint32_t train_count, validation_count;
} split;

/* Rows that a file or split column fixes go where it says; the others of the corpus (HEED_PART_ANY) train, but if no
 * row is fixed for validation they are divided:
 *   HEED_VALIDATION_LAST      of these n rows those from number floor((1 - fraction) n) on validate
 *   HEED_VALIDATION_FRACTION  groups (equal texts) count under their commonest label, in the order of a hash of seed
 * and group; each label's first groups that fit into its share of the rows validate; its last one trains. A row of
 * several labels counts under the one that has the fewest rows; rows of none are divided among themselves. */
heed_status split_rows(split *out, heed_corpus *corpus, heed_validation kind, double fraction, uint64_t seed,
                       heed_error *error);
/* Fold `fold` (from 0) of `folds` validates; groups and labels as above, each group in the fold that has the fewest
 * rows of its label so far. Rows fixed for training train with every fold, those fixed for validation are left out. */
heed_status split_fold(split *out, heed_corpus *corpus, unsigned fold, unsigned folds, uint64_t seed,
                       heed_error *error);
/* Leaves so large a share of the training rows of each label, at least one group, drawn by seed; groups and labels as
 * above. A smaller share lies within a larger one. */
heed_status split_thin(split *s, heed_corpus *corpus, double share, uint64_t seed, heed_error *error);
/* Whether rows are fixed for validation, so that none are chosen. */
bool split_is_fixed(const heed_corpus *corpus);
void split_release(split *s);

#endif
