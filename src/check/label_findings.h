/* Labels that are missing, rare, spelt in two ways, or of another balance in another part. */
#ifndef CHECK_LABEL_FINDINGS_H
#define CHECK_LABEL_FINDINGS_H

#include "base/pool.h"
#include "check/check_state.h"

heed_status label_findings(heed_check *check, pool *workers, heed_error *error);

#endif
