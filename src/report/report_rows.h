/* The rows of a report as they come: they are counted, sampled and searched for errors, in memory that does not grow
 * with the texts. heed_report_add puts them into a block, whose texts are read on all threads once it is full. */
#ifndef REPORT_REPORT_ROWS_H
#define REPORT_REPORT_ROWS_H

#include "report/report.h"

enum { REPORT_LENGTHS = 40 }; /* most bars of lengths */

/* Reads the rows of the block, which is empty from then on. */
heed_status report_flush(heed_report *r, heed_error *error);
/* How many of the lengths fall into each bar of `step` tokens, one of 1, 2, 5, 10, ...; returns the number of bars. */
size_t count_lengths(uint64_t bars[REPORT_LENGTHS], uint32_t *step, const uint32_t *lengths, size_t count);

#endif
