/* A pre-tokenizer as tokenizer.json has it. */
#ifndef TOKENIZER_PRE_TOKENIZER_JSON_H
#define TOKENIZER_PRE_TOKENIZER_JSON_H

#include "tokenizer/json_section.h"
#include "tokenizer/pre_tokenizer.h"

struct json_builder;

/* Reads the member "pre_tokenizer". */
heed_status pre_tokenizer_json_read(pre_tokenizer *out, const json_section *file, heed_error *error);
/* Puts that member, so that reading it gives the same. */
void pre_tokenizer_json_write(struct json_builder *j, const pre_tokenizer *p);

#endif
