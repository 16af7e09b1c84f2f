/* The classifier that is a wide model. */
#ifndef MODEL_WIDE_CLASSIFIER_H
#define MODEL_WIDE_CLASSIFIER_H

#include "model/model.h"
#include "wide/wide.h"

/* Its model->trained is a wide. */
extern const classifier_class wide_classifier;

/* The wide model of a model; NULL if it is of another kind. */
const wide *model_wide(const heed_model *model);

#endif
