/* Explanations of texts. */
#ifndef EXPLAIN_EXPLAINER_H
#define EXPLAIN_EXPLAINER_H

#include "heed.h"

/* As heed_explainer_run, for the label of this number. */
heed_status explainer_run_label(heed_explanation **out, heed_explainer *explainer, heed_bytes text, size_t label,
                                heed_error *error);

#endif
