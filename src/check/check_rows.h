/* The rows of a check. */
#ifndef CHECK_CHECK_ROWS_H
#define CHECK_CHECK_ROWS_H

#include "check/check_state.h"

/* heed_check_add, but bad rows are treated as the reader's options say. */
heed_status check_rows_read(heed_check *check, heed_reader *reader, heed_part part, unsigned threads,
                            const heed_listener *listener, heed_error *error);
/* Whether this is row `row` of the check, when its file is read again. */
bool check_rows_has(const heed_check *check, size_t row, const heed_record *record);
/* Fills by_group. */
heed_status check_rows_group(heed_check *check, heed_error *error);

#endif
