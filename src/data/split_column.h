/* The part that a row says it is in. */
#ifndef DATA_SPLIT_COLUMN_H
#define DATA_SPLIT_COLUMN_H

#include "heed.h"

/* By the words of a split column, as people write them, and Ludwig's numbers. HEED_BAD_DATA for others. */
heed_status split_column_part(heed_part *out, const heed_record *record, heed_error *error);

#endif
