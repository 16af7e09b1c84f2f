/* The classifiers that are networks: on words, and on the states of a pretrained encoder. */
#ifndef MODEL_NETWORK_CLASSIFIER_H
#define MODEL_NETWORK_CLASSIFIER_H

#include "model/model.h"
#include "model/trained_network.h"

/* Their model->trained is a trained_network; the encoder is model->encoder. */
extern const classifier_class network_classifier, states_classifier;

/* The network of a model; NULL if it is of another kind. */
const trained_network *model_network(const heed_model *model);
/* The encoder whose states the network of a model reads; NULL: it reads words, or the model is of another kind. */
const shared_encoder *model_states_encoder(const heed_model *model);

#endif
