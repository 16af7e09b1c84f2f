/* A tokenizer as the JSON that tokenizer_json.h reads. */
#ifndef TOKENIZER_TOKENIZER_WRITE_H
#define TOKENIZER_TOKENIZER_WRITE_H

#include "base/json.h"
#include "tokenizer/tokenizer_parts.h"

/* Puts all of it as the root. */
void tokenizer_write(json_builder *j, const struct tokenizer *t);

#endif
