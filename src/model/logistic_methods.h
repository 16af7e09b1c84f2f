/* What models that are logistic regression on features have in common: functions of their classifier_class. */
#ifndef MODEL_LOGISTIC_METHODS_H
#define MODEL_LOGISTIC_METHODS_H

#include "linear/logistic.h"
#include "model/layer_graph.h"
#include "model/model.h"

/* The recorded one. */
const char *logistic_architecture(const heed_model *model);
heed_method logistic_default_method(const heed_model *model);
heed_status logistic_check_method(const heed_model *model, heed_method method, heed_error *error);
/* Text, features (what they are; static text), and the regression. */
heed_status logistic_draw(layer_graph *out, const logistic *l, const char *features, heed_error *error);

#endif
