/* A normalizer as tokenizer.json has it. */
#ifndef TOKENIZER_NORMALIZER_JSON_H
#define TOKENIZER_NORMALIZER_JSON_H

#include "tokenizer/json_section.h"
#include "tokenizer/normalizer.h"

struct json_builder;

/* Adds the steps of the object; what was added belongs to the caller, even after a failure. */
heed_status normalizer_json_read(normalizer *out, const json_section *s, heed_error *error);
/* Puts the member "normalizer", so that reading it gives the same steps. */
void normalizer_json_write(struct json_builder *j, const normalizer *steps);

#endif
