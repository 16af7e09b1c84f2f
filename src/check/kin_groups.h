/* Rows that have to stay in one part: a model that saw one of them has seen the others. */
#ifndef CHECK_KIN_GROUPS_H
#define CHECK_KIN_GROUPS_H

#include "base/pool.h"
#include "check/check_state.h"

/* A number of the group of each row, [rows]; free(*out). Rows are in one group if their texts are equal once
 * normalised, or nearly equal (near_pairs.h), or if they have the same value in their group column, and so are those
 * that they are in a group with. Empty texts say nothing of each other. Numbers do not depend on the order of rows, but
 * for those of empty texts. All rows were read; the check is not finished. */
heed_status kin_groups_find(uint64_t **out, heed_check *check, pool *workers, heed_error *error);

#endif
