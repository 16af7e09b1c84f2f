/* Rows whose texts are equal, or nearly: inside a part, between parts, with one label or several. */
#ifndef CHECK_COPIES_H
#define CHECK_COPIES_H

#include "base/pool.h"
#include "check/check_state.h"

/* Adds the findings with their pairs, and says which rows clean parts do not have. */
heed_status copies_find(heed_check *check, pool *workers, heed_error *error);

#endif
