/* Labels of rows that the model does not have. */
#ifndef METRICS_UNKNOWN_LABELS_H
#define METRICS_UNKNOWN_LABELS_H

#include "metrics/evaluation.h"

/* As unknown_list_take writes them; heed_free(*out). */
heed_status unknown_labels_list(char **out, const heed_evaluation *e, heed_error *error);

#endif
