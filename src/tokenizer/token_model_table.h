/* The models that heed knows. A new one is a class in a file of its own, and a row of the table. */
#ifndef TOKENIZER_TOKEN_MODEL_TABLE_H
#define TOKENIZER_TOKEN_MODEL_TABLE_H

#include "tokenizer/token_model.h"

/* The model of this type; NULL: heed does not know it. */
const token_model *token_model_of(const char *type);
/* The types that it knows, for messages. */
void token_models_list(char *out, size_t size);

#endif
