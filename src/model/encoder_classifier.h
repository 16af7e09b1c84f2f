/* The classifier that is logistic regression on the features of a pretrained encoder. */
#ifndef MODEL_ENCODER_CLASSIFIER_H
#define MODEL_ENCODER_CLASSIFIER_H

#include "model/encoder_head.h"
#include "model/model.h"

/* Its model->trained is an encoder_head; the encoder is model->encoder. */
extern const classifier_class encoder_classifier;

/* The head of a model; NULL if it is of another kind. */
const encoder_head *model_encoder_head(const heed_model *model);
/* The line of a summary that says which encoder a model has, and what it reads. */
void encoder_print(writer *out, const heed_model *model);

#endif
