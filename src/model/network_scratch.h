/* Scratch for the outputs of a model that is a network: the functions of its classifier_class. */
#ifndef MODEL_NETWORK_SCRATCH_H
#define MODEL_NETWORK_SCRATCH_H

#include "model/model.h"

heed_status network_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error);
void network_scratch_free(void *scratch);
heed_status network_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                  heed_error *error);
heed_status network_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                   heed_error *error);
heed_status network_scratch_set_storage(void *scratch, heed_precision storage, heed_error *error);
heed_status network_scratch_set_weights(void *scratch, heed_precision weights, heed_error *error);

#endif
