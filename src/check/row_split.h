/* Rows that were divided into parts. */
#ifndef CHECK_ROW_SPLIT_H
#define CHECK_ROW_SPLIT_H

#include "check/check_state.h"
#include "check/share_list.h"

struct heed_split {
    share_list shares;
    heed_check *check; /* its rows are these */
    uint32_t *part;    /* of each row */
    intern labels;     /* in the order of their first row */
    uint32_t *rank;    /* [labels]: their place in the order of bytes */
    char **names;      /* [labels]: in that order */
    uint64_t *counts;  /* [parts + 1][labels]: rows of each label in each part, and in all, in that order */
    char **paths;      /* [parts]: the files that were written; NULL: none */
    heed_split_part *parts;
    heed_split_info info;
};

#endif
