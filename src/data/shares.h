/* Divides groups of rows among any number of parts by their shares. */
#ifndef DATA_SHARES_H
#define DATA_SHARES_H

#include "data/group_order.h"
#include "heed.h"

typedef struct shared_rows {
    const uint64_t *group;      /* [count] */
    const uint32_t *labels;     /* of row i: labels[first_label[i]] up to the next row's; below label_count */
    const size_t *first_label;  /* [count + 1] */
    const uint32_t *label_rank; /* [label_count]: their order, in which they are divided */
    const uint64_t *label_rows; /* [label_count]: rows of the label of each rank */
    size_t count;
    uint32_t label_count;
} shared_rows;

/* The part of each row, part [count]; shares [parts]: more than 0, in sum 1. Groups are never divided. They come label
 * by label in the order of their hash, and each goes to the part that is furthest behind its share, so that any run of
 * them, and so each label, is divided by the shares as well as whole groups allow. The first group with a label that
 * none before it had goes to the part with the largest share, which so has every label. */
heed_status shares_assign(uint32_t *part, const shared_rows *rows, const double *shares, size_t parts, uint64_t seed,
                          heed_error *error);

#endif
