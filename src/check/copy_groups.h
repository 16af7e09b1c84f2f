/* Which texts are in which parts, and which are nearly equal. */
#ifndef CHECK_COPY_GROUPS_H
#define CHECK_COPY_GROUPS_H

#include "base/pool.h"
#include "check/check_state.h"
#include "check/near_pairs.h"

#define NO_ROW UINT32_MAX

typedef struct copy_group {
    uint32_t first[PARTS]; /* its first row of each part, or NO_ROW */
    uint32_t
        other_label;   /* the first row whose label is not that of the first row with one; NO_ROW: all are the same */
    uint32_t labelled; /* the first row with a label, or NO_ROW */
    bool empty;        /* nothing but blanks, which is no text that could leak */
    bool near[PARTS];  /* a text that is nearly equal is in this part */
    bool near_before[PARTS]; /* and, this one being there too, comes first: its group has a smaller number */
} copy_group;

typedef struct copy_groups {
    const heed_check *check;
    copy_group *of; /* [groups] */
    near_pairs near;
} copy_groups;

/* The check's by_group is there; its rows of a group are put in the order of their exact digests, then of the input. */
heed_status copy_groups_init(copy_groups *out, heed_check *check, pool *workers, heed_error *error);
void copy_groups_release(copy_groups *g);

#endif
