/* A model from a safetensors file whose digest was checked: configuration, texts, the classifier, its history. */
#ifndef MODEL_MODEL_READ_H
#define MODEL_MODEL_READ_H

#include "model/model.h"

/* Fills a model of zeros, which is to be freed in any case. Sizes are checked before anything is allocated. */
heed_status model_read(heed_model *out, const safetensors *file, heed_error *error);

#endif
