/* What means over labels are over, and which label is rare. */
#ifndef METRICS_LABEL_BASES_H
#define METRICS_LABEL_BASES_H

#include "metrics/evaluation.h"

/* How many labels have a part in a mean, of how many. */
typedef struct label_basis {
    size_t counted, all;
} label_basis;

/* Labels whose ROC area, or average precision, is defined. Of two labels it is one question. */
label_basis evaluation_roc_basis(const heed_evaluation *e);
label_basis evaluation_precision_basis(const heed_evaluation *e);
/* Labels that occur, of which the macro averages are. */
label_basis evaluation_macro_basis(const heed_evaluation *e);
/* Some labels have a part in the mean and some have not, which has to be said. (Of a mean without any it is said that
 * it is not defined.) */
static inline bool label_basis_is_partial(label_basis b)
{
    return b.counted > 0 && b.counted < b.all;
}

/* The label with the fewest rows among those that have some, the first of equals; evaluation_labels(e) if their numbers
 * of rows are not far apart. Where they are, accuracy says little about it. */
size_t evaluation_rare_label(const heed_evaluation *e);

#endif
