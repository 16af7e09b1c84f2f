/* A model that is a sum of parts: its classifier_class. */
#ifndef MODEL_SUM_CLASSIFIER_H
#define MODEL_SUM_CLASSIFIER_H

#include "model/sum.h"

extern const classifier_class sum_classifier;

/* The sum that a model is, or NULL. */
const model_sum *model_parts(const heed_model *model);
/* Whether it reads whole texts, or a part of it that counts does. */
bool model_reads_whole_texts(const heed_model *model);
/* The model itself or its first part that is a network; NULL: there is none. */
const heed_model *model_with_network(const heed_model *model);
/* The model whose epochs show how it was trained: itself, or its first network; NULL: there were none. */
const heed_model *model_with_epochs(const heed_model *model);

#endif
