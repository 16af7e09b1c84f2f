/* A model as a safetensors file: its tensors, and its configuration in the metadata. */
#ifndef MODEL_MODEL_WRITE_H
#define MODEL_MODEL_WRITE_H

#include "model/model.h"

/* All bytes of the file, with zeros for its digest. */
heed_status model_write(writer *out, const heed_model *model, heed_error *error);

/* The text of its configuration in that file; free() releases it. */
heed_status model_print_config(char **out, const heed_model *model, heed_error *error);

#endif
