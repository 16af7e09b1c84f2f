/* The tensors of a wide model in a model file. */
#ifndef MODEL_WIDE_TENSORS_H
#define MODEL_WIDE_TENSORS_H

#include "model/model.h"
#include "wide/wide.h"

/* For classifier_class. */
void wide_tensors_list(tensor_list *l, const heed_model *model);
void wide_tensors_list_bytes(tensor_list *l, const heed_model *model);
void wide_tensors_read(tensor_reader *r, heed_model *model);

#endif
