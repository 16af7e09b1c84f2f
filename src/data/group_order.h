/* Groups of rows in the order in which they are divided: label by label, by a hash of seed and group. */
#ifndef DATA_GROUP_ORDER_H
#define DATA_GROUP_ORDER_H

#include <stddef.h>
#include <stdint.h>

typedef struct grouped_row {
    uint64_t order; /* hash of seed and group */
    uint64_t group;
    uint32_t row, label; /* the row's label (group_stratum) at first, then its group's */
} grouped_row;

/* The hash. */
uint64_t group_order(uint64_t seed, uint64_t group);
/* The label by which a row with these labels is stratified, as its rank: of several the one with the fewest rows in
 * total, the first in the order of ranks on a tie, as rare ones are hardest to divide (Sechidis et al. 2011). rank: of
 * each label, rows: of each rank. none: the answer for a row without labels, more than any rank. */
uint32_t group_stratum(const uint32_t *labels, size_t count, const uint32_t *rank, const uint64_t *rows, uint32_t none);
/* Puts each group under its most frequent label, in the order of its hash. */
void grouped_rows_sort(grouped_row *m, size_t count);
/* Where the members of the label, and those of the group, end that begin at `first`. */
size_t group_label_end(const grouped_row *m, size_t count, size_t first);
size_t grouped_rows_end(const grouped_row *m, size_t count, size_t first);

#endif
