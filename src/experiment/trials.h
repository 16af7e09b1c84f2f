/* The table of heed_tune's trainings: a CSV that gets a row after each training, and is read when a search is resumed.
 */
#ifndef EXPERIMENT_TRIALS_H
#define EXPERIMENT_TRIALS_H

#include "base/writer.h"
#include "experiment/ranges.h"

/* What all rows have in common. */
typedef struct trial_search {
    const range_list *ranges;
    uint64_t seed;
    const unsigned *rungs; /* epochs of each */
    unsigned rung_count;
} trial_search;

typedef struct trial_table {
    const char *path;
    trial_search search;
    writer out;            /* to the file, which is opened for the first row */
    bool begun;            /* the file has a header */
    heed_tune_trial *rows; /* [count]: numbers as they are in the table, so that a resumed search continues as an
                              uninterrupted one would; problems are owned */
    size_t count;
} trial_table;

/* Checks that the file can be begun, or continued with resume; nothing is read or written. HEED_USAGE, HEED_FAILED. */
heed_status trials_check(const char *path, bool resume, heed_error *error);
/* Begins a table and reads an existing file, after cutting off a line torn by a crash. HEED_USAGE if it belongs to
 * another search, HEED_BAD_DATA if it cannot be read. Release it in any case. */
heed_status trials_open(trial_table *out, const char *path, trial_search search, heed_error *error);
/* The row of a training, NULL if there is none. Borrowed until the next trials_add. */
const heed_tune_trial *trials_find(const trial_table *table, unsigned rung, unsigned number);
/* Writes a row to the file, and keeps it; takes ownership of row.problem (from malloc, or NULL), whatever the result.
 */
heed_status trials_add(trial_table *table, heed_tune_trial row, heed_error *error);
void trials_release(trial_table *table);
/* A number as it is in the table. */
double trials_number(double number);
double trials_seconds(double seconds);

#endif
