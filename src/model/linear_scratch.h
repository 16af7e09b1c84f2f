/* Scratch for the outputs of a linear model: the functions of its classifier_class. */
#ifndef MODEL_LINEAR_SCRATCH_H
#define MODEL_LINEAR_SCRATCH_H

#include "model/model.h"

heed_status linear_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error);
void linear_scratch_free(void *scratch);
heed_status linear_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                 heed_error *error);
heed_status linear_scratch_logits(void *scratch, const batch_row *rows, size_t count, uint32_t output, double *logits,
                                  heed_error *error);

#endif
