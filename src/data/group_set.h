/* Rows of a corpus in groups that can be joined: disjoint sets. */
#ifndef DATA_GROUP_SET_H
#define DATA_GROUP_SET_H

#include "data/corpus.h"

typedef struct group_set {
    uint32_t *parent, *size; /* [rows]: each row leads to the first row of its group, which has its size */
} group_set;

/* These rows in the corpus's own groups. False: memory. Release it in any case. */
bool group_set_init(group_set *g, const heed_corpus *corpus, const uint32_t *rows, size_t count);
void group_set_release(group_set *g);
/* Makes one group of those of two rows (places in the list), unless it would have more than `most` rows. */
void group_set_join(group_set *g, uint32_t one, uint32_t other, size_t most);
/* Joins groups that have the same text (corpus_row.digest). False: memory. */
bool group_set_join_texts(group_set *g, const heed_corpus *corpus, const uint32_t *rows, size_t count);
/* The group of each row, [count]: the corpus's own one of its first row; free() releases it; NULL: memory. */
uint64_t *group_set_groups(group_set *g, const heed_corpus *corpus, const uint32_t *rows, size_t count);
/* How many of these rows have a text that rows of other groups have as well. False: memory. */
bool group_set_shared(size_t *out, const heed_corpus *corpus, const uint32_t *rows, size_t count);

#endif
