/* The rows for train, tune and compare: --train, --validation-file, --test. */
#ifndef CLI_TRAINING_ROWS_H
#define CLI_TRAINING_ROWS_H

#include "paths.h"
#include "progress.h"
#include "settings.h"

/* Checks that --train is given. */
heed_status training_files_check(const settings *s, heed_error *error);
/* Checks before reading that no file which the training opens is missing, with the same messages as on opening. */
heed_status training_rows_check(const settings *s, heed_error *error);
/* Reads the rows into an empty corpus. */
heed_status training_rows_read(heed_corpus *corpus, settings *s, progress *p, heed_error *error);
/* Reports what was read. */
void training_rows_tell(heed_corpus *corpus, progress *p);
/* The files that a training reads, which no output may overwrite. */
void training_inputs_guard(path_guard *g, const settings *s);

#endif
