/* Whether two sets of rows come from one source: a classifier two-sample test (Lopez-Paz & Oquab 2017, "Revisiting
 * classifier two-sample tests"). A linear model learns to tell the rows of the one from those of the other; if it is
 * right on rows that it was not fitted to more often than chance, the two differ. */
#ifndef CHECK_SOURCES_H
#define CHECK_SOURCES_H

#include "base/pool.h"
#include "check/check_state.h"

/* Compares training rows with those of the other parts, and their first 80% with their last 20%, which a split by the
 * order of the rows validates on. */
heed_status sources_find(heed_check *check, pool *workers, heed_error *error);

#endif
