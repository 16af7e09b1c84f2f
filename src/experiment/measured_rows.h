/* The rows of a comparison: which train, in the form that a contender reads, and which are measured. */
#ifndef EXPERIMENT_MEASURED_ROWS_H
#define EXPERIMENT_MEASURED_ROWS_H

#include "metrics/label_lists.h"
#include "train/training_data.h"

typedef struct measured_rows {
    heed_corpus *corpus; /* borrowed */
    split parts;
    uint32_t *measured; /* [count]: corpus rows of the test part, or of the validation part */
    uint32_t count;
    bool are_validation; /* there is no test part */
    label_lists truth;   /* of them; unknown labels are numbered from the number of labels on */
    uint32_t *unknown;   /* [unknown_count]: ranks of these labels, in order of first occurrence */
    uint32_t unknown_count;
    bool *seen; /* [count]: measured rows whose text a row has that trains or, if there is a test part, validates */
    uint32_t seen_count;
    const heed_train_options *made_for; /* borrowed; NULL: the following is not set */
    training_data data;
} measured_rows;

/* first: the options of the first contender, which divide the rows. Reports rows that were seen. Release it in any
 * case. */
heed_status measured_rows_init(measured_rows *r, heed_corpus *corpus, const heed_train_options *first,
                               const heed_listener *listener, heed_error *error);
void measured_rows_release(measured_rows *r);
/* Makes data for options, which must stay in memory, unless it exists for these options already: a
 * contender's trials follow each other, so one set is enough. */
heed_status measured_rows_make(measured_rows *r, const heed_train_options *options, heed_error *error);

#endif
