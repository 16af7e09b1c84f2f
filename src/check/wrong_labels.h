/* A block of rows whose labels are wrong, as when a column slipped by a row: where a linear model that did not learn
 * from a row disagrees with its label much more often than elsewhere. */
#ifndef CHECK_WRONG_LABELS_H
#define CHECK_WRONG_LABELS_H

#include "base/pool.h"
#include "check/check_state.h"

heed_status wrong_labels_find(heed_check *check, pool *workers, heed_error *error);

#endif
