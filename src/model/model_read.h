/* A model from a safetensors file with a checked digest: configuration, texts, the classifier, its history. */
#ifndef MODEL_MODEL_READ_H
#define MODEL_MODEL_READ_H

#include "model/model.h"

/* Fills a zeroed model, which is to be freed in any case. Sizes are checked before anything is allocated. */
heed_status model_read(heed_model *out, const safetensors *file, heed_error *error);

#endif
