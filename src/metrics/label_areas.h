/* The areas under the curves of every label against the rest, in one pass over the probabilities: only the positive
 * rows of a label are sorted, and each of the others is put between two of them. A label of a few rows among thousands
 * of labels costs a comparison or two a row, instead of a sort of all rows. */
#ifndef METRICS_LABEL_AREAS_H
#define METRICS_LABEL_AREAS_H

#include "metrics/evaluation.h"

/* areas [label_count]: of each label; all: of all questions together. Equal, to the bit, to curve_areas_of over the
 * sorted questions. HEED_STOPPED by the evaluation's listener. */
heed_status label_areas_find(curve_areas *areas, curve_areas *all, const heed_evaluation *e, heed_error *error);

#endif
