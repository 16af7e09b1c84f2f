/* Which rows train and which validate. */
#ifndef DATA_SPLIT_H
#define DATA_SPLIT_H

#include "data/corpus.h"

typedef struct split {
    uint32_t *train, *validation; /* row numbers, increasing */
    uint32_t train_count, validation_count;
    uint32_t *kept_labels; /* labels (ranks) whose rows would all have validated: a group of each trains instead */
    uint32_t kept_label_count, kept_rows;
} split;

/* Rows whose part is set by a file or split column go there. The others (HEED_PART_ANY) train, but if no row is set to
 * validate they are divided:
 * HEED_VALIDATION_LAST      of these n rows those from number floor((1 - fraction) n) on validate
 * HEED_VALIDATION_FRACTION  groups (of one group_digest, or value of the group column) count under their most
 *                           frequent label, in the order of a hash of seed and group; the first groups of each label
 *                           that fit into its share of the rows validate; its last group trains
 * HEED_VALIDATION_GROUPED   the same with the larger groups of likeness_groups
 *
 * A row with several labels counts under the one with the fewest rows; rows without labels are divided among
 * themselves. A group that has the last rows of a label trains. */
heed_status split_rows(split *out, heed_corpus *corpus, heed_validation kind, double fraction, uint64_t seed,
                       heed_error *error);
/* The number of the first of these rows that HEED_VALIDATION_LAST takes to validate. */
uint64_t split_last_begins(uint64_t rows, double fraction);
/* Fold `fold` (from 0) of `folds` validates; groups and labels as above, but groups with the same text (text_digest)
 * are one, unless a column says what a group is. Each group is put into the fold with the fewest rows of its label so
 * far. Rows set to train train in every fold, those set to validate are left out. A group that has the last rows of a
 * label, so that its fold could not learn it, trains in every fold. */
heed_status split_fold(split *out, heed_corpus *corpus, unsigned fold, unsigned folds, uint64_t seed,
                       heed_error *error);
/* The fold (from 0) of each of these rows of the corpus, fold [count]: groups and labels as in split_fold. */
heed_status split_within(uint32_t *fold, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                         unsigned folds, uint64_t seed, heed_error *error);
/* The same, groups by likeness_groups among these rows. */
heed_status split_within_grouped(uint32_t *fold, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                                 unsigned folds, uint64_t seed, heed_error *error);
/* Keeps this share of the training rows of each label, at least one group, drawn by seed; groups and labels as above. A
 * smaller share is a subset of a larger one. */
heed_status split_thin(split *s, const heed_corpus *corpus, double share, uint64_t seed, heed_error *error);
/* Whether rows are set to validate, so that none are drawn. */
bool split_is_fixed(const heed_corpus *corpus);
void split_release(split *s);

#endif
