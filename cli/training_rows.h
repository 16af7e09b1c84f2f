/* The rows that train, tune and compare work on: --train, --validation-file, --test. */
#ifndef CLI_TRAINING_ROWS_H
#define CLI_TRAINING_ROWS_H

#include "paths.h"
#include "progress.h"
#include "settings.h"

/* --train is there. */
heed_status training_files_check(const settings *s, heed_error *error);
/* No file is missing that a training opens: told before the first is read, in the words of whoever would open it. */
heed_status training_rows_check(const settings *s, heed_error *error);
/* Reads the rows into an empty corpus. */
heed_status training_rows_read(heed_corpus *corpus, settings *s, progress *p, heed_error *error);
/* Says what was read. */
void training_rows_tell(heed_corpus *corpus, progress *p);
/* What a training reads, which no output may be written over. */
void training_inputs_guard(path_guard *g, const settings *s);

#endif
