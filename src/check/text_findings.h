/* Rows that are broken, empty, of extreme length, or whose characters were lost on the way. */
#ifndef CHECK_TEXT_FINDINGS_H
#define CHECK_TEXT_FINDINGS_H

#include "base/pool.h"
#include "check/check_state.h"

heed_status text_findings(heed_check *check, pool *workers, heed_error *error);

#endif
