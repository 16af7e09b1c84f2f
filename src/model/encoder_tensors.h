/* The encoder of a model in its file: tensors with "encoder." before the names that they have in an encoder's own file,
 * and its config.json and tokenizer.json as texts. */
#ifndef MODEL_ENCODER_TENSORS_H
#define MODEL_ENCODER_TENSORS_H

#include "model/model.h"

/* Nothing without an encoder. Reading: the file's bytes are borrowed as long as the encoder lives. */
void encoder_tensors_read(tensor_reader *r, heed_model *model);
void encoder_tensors_list(tensor_list *l, const heed_model *model);
/* Those of two bytes an element: where bfloat16 keeps every number of a tensor. */
void encoder_tensors_list_halves(tensor_list *l, const heed_model *model);
/* Those of one byte. */
void encoder_tensors_list_bytes(tensor_list *l, const heed_model *model);

#endif
