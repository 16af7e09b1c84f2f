/* Labels of rows that nothing has learnt, in a line for people. */
#ifndef DATA_UNKNOWN_LIST_H
#define DATA_UNKNOWN_LIST_H

#include "heed.h"

typedef struct unknown_label {
    heed_bytes name; /* borrowed */
    uint64_t rows;   /* that have it; 0: it is not listed */
    size_t number;   /* in the order of equally frequent ones */
} unknown_label;

/* "'x' (3 rows), 'y' (1 row)": those with the most rows first, at most MAX_NAMED, then how many more; heed_free(*out).
 * Sorts the labels. */
heed_status unknown_list_take(char **out, unknown_label *labels, size_t count, heed_error *error);

#endif
