/* Labels of rows that the model does not have. */
#ifndef METRICS_UNKNOWN_LABELS_H
#define METRICS_UNKNOWN_LABELS_H

#include "metrics/evaluation.h"

/* "'x' (3 rows), 'y' (1 row)": those with the most rows first, at most MAX_NAMED, then how many more; heed_free(*out).
 */
heed_status unknown_labels_list(char **out, const heed_evaluation *e, heed_error *error);

#endif
