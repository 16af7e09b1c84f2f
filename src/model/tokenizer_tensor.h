/* The tokenizer of a model that reads sub-words in place of words: a tensor that is a tokenizer.json. */
#ifndef MODEL_TOKENIZER_TENSOR_H
#define MODEL_TOKENIZER_TENSOR_H

#include "model/model.h"
#include "model/tensor_list.h"
#include "model/tensor_reader.h"

/* Nothing without one. */
void tokenizer_tensor_list(tensor_list *l, const heed_model *model);
/* The one that the configuration needs, for the caller to release; NULL: it needs none, or the reader has failed. */
shared_tokenizer *tokenizer_tensor_read(tensor_reader *r, const heed_model *model);

#endif
