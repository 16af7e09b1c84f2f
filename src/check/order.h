/* Whether the labels of the training rows are in an order that makes the last rows a bad sample of all. */
#ifndef CHECK_ORDER_H
#define CHECK_ORDER_H

#include "base/pool.h"
#include "check/check_state.h"

heed_status order_find(heed_check *check, pool *workers, heed_error *error);

#endif
