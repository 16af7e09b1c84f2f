/* The classifier that is a linear model. */
#ifndef MODEL_LINEAR_CLASSIFIER_H
#define MODEL_LINEAR_CLASSIFIER_H

#include "linear/linear.h"
#include "model/model.h"

/* Its model->trained is a linear. */
extern const classifier_class linear_classifier;

/* The linear model of a model; NULL if it is of another kind. */
const linear *model_linear(const heed_model *model);

#endif
