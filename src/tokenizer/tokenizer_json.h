/* tokenizer.json, as `tokenizers` writes it. */
#ifndef TOKENIZER_TOKENIZER_JSON_H
#define TOKENIZER_TOKENIZER_JSON_H

#include "tokenizer/tokenizer_parts.h"

/* Reads all parts that the file has into a new tokenizer; what it got belongs to the caller, even after a failure.
 * The sections "truncation" and "padding" are left out: how long a text may be is said by who runs the tokenizer. */
heed_status tokenizer_json_read(struct tokenizer *out, heed_bytes file, const char *name, heed_error *error);

#endif
