/* Training of networks: epochs of batches with an optimiser, judged on the validation rows. */
#ifndef TRAIN_NETWORK_TRAINING_H
#define TRAIN_NETWORK_TRAINING_H

#include "train/training_class.h"

/* On words, and on the states of an encoder. */
extern const training_class network_training, states_training;

#endif
