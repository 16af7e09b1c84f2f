/* Scratch for the outputs of a model that is logistic regression on features: the functions of its classifier_class. */
#ifndef MODEL_LOGISTIC_SCRATCH_H
#define MODEL_LOGISTIC_SCRATCH_H

#include "linear/logistic.h"
#include "model/model.h"

/* What differs between kinds; trained is a model's. */
typedef struct feature_reader {
    const logistic *(*fit)(const void *trained);
    size_t place_size; /* bytes of scratch for each value */
    /* At most so many values are in a row. */
    size_t (*room)(const void *trained, const batch_row *row);
    /* The features of a row, sorted; places and out have room. Returns how many. */
    size_t (*read)(const void *trained, const batch_row *row, void *places, sparse_value *out);
} feature_reader;

heed_status logistic_scratch_new(void **out, const heed_model *model, const feature_reader *reader, pool *workers,
                                 heed_error *error);
void logistic_scratch_free(void *scratch);
heed_status logistic_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                   heed_error *error);
heed_status logistic_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                    heed_error *error);

#endif
