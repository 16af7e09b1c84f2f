/* What a search of heed tune came to. */
#ifndef CLI_TUNE_REPORT_H
#define CLI_TUNE_REPORT_H

#include "trials.h"

/* What a trial is judged by, the less the better; infinite where it failed or the figure is not defined. */
double trial_score(const trial *t, tune_goal goal);
/* The trials that did not fail, each with its longest training: those of the last rung first, the best of a rung first.
 * count of them, borrowed from the table; free() releases the array. NULL: no memory. */
const trial **trials_ranked(const trial_table *table, tune_goal goal, size_t *count);
/* A table of the best ten, and how the best is trained, on standard output. */
heed_status tune_report_print(const trial_table *table, const settings *s, heed_error *error);
/* All trainings as one JSON object, on standard output. */
heed_status tune_json_print(const trial_table *table, const settings *s, heed_error *error);

#endif
