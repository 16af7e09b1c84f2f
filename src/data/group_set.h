/* Rows of a corpus in groups that can be joined: disjoint sets of places in a list of rows. */
#ifndef DATA_GROUP_SET_H
#define DATA_GROUP_SET_H

#include "base/disjoint_sets.h"
#include "data/corpus.h"

/* These rows in the corpus's own groups. False: memory. Release it in any case. */
bool group_set_init(disjoint_sets *g, const heed_corpus *corpus, const uint32_t *rows, size_t count);
/* Joins groups that have the same text (corpus_row.digest). False: memory. */
bool group_set_join_texts(disjoint_sets *g, const heed_corpus *corpus, const uint32_t *rows, size_t count);
/* The group of each row, [count]: the corpus's own one of its first row; free() releases it; NULL: memory. */
uint64_t *group_set_groups(disjoint_sets *g, const heed_corpus *corpus, const uint32_t *rows, size_t count);
/* How many of these rows have a text that rows of other groups have as well. False: memory. */
bool group_set_shared(size_t *out, const heed_corpus *corpus, const uint32_t *rows, size_t count);

#endif
