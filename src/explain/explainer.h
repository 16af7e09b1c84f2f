/* Explanations of texts. */
#ifndef EXPLAIN_EXPLAINER_H
#define EXPLAIN_EXPLAINER_H

#include "base/names.h"

/* What may happen to a piece of a text: the names of the values of heed_fate. */
extern const names fate_names;

/* As heed_explainer_run, of the label of this number. */
heed_status explainer_run_label(heed_explanation **out, heed_explainer *explainer, heed_bytes text, size_t label,
                                heed_error *error);

#endif
