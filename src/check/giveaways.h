/* Words and marks that give the label away: they are in many rows, nearly all of them with one label. Often they are a
 * field that leaked into the text. */
#ifndef CHECK_GIVEAWAYS_H
#define CHECK_GIVEAWAYS_H

#include "base/pool.h"
#include "check/check_state.h"

heed_status giveaways_find(heed_check *check, pool *workers, heed_error *error);

#endif
