/* What is in a linear model, for people and for programs. */
#ifndef MODEL_LINEAR_SUMMARY_H
#define MODEL_LINEAR_SUMMARY_H

#include <jansson.h>

#include "base/buffer.h"
#include "model/model.h"

/* Features, parameters, and the features with the most pull towards each label. */
heed_status linear_summary_print(buffer *out, const heed_model *model, heed_error *error);
/* The same as an object; NULL for want of memory. */
json_t *linear_summary_json(const heed_model *model);

#endif
