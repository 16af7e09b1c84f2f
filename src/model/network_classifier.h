/* The classifier that is a network. */
#ifndef MODEL_NETWORK_CLASSIFIER_H
#define MODEL_NETWORK_CLASSIFIER_H

#include "model/model.h"
#include "model/trained_network.h"

/* Its model->trained is a trained_network. */
extern const classifier_class network_classifier;

/* The network of a model; NULL if it is of another kind. */
const trained_network *model_network(const heed_model *model);

#endif
