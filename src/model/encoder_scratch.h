/* Scratch for the outputs of a model on the features of an encoder: the functions of its classifier_class. */
#ifndef MODEL_ENCODER_SCRATCH_H
#define MODEL_ENCODER_SCRATCH_H

#include "model/model.h"

heed_status encoder_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error);
void encoder_scratch_free(void *scratch);
heed_status encoder_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                  heed_error *error);
heed_status encoder_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                   heed_error *error);
heed_status encoder_scratch_set_weights(void *scratch, heed_precision weights, heed_error *error);

#endif
