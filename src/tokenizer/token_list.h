/* The tokens of a vocabulary, in the order of their ids, from an untrusted list. */
#ifndef TOKENIZER_TOKEN_LIST_H
#define TOKENIZER_TOKEN_LIST_H

#include "base/intern.h"
#include "tokenizer/json_section.h"

struct json_builder;

enum { TOKEN_LONGEST = 1023, TOKENS_MOST = 1 << 20 };

/* Reads the model's member "vocab", an object of tokens and ids: the ids are 0, 1, 2 ..., each once. The vocabulary is
 * empty before. */
heed_status token_list_read(intern *vocabulary, const json_section *model, heed_error *error);
/* Puts the first tokens of a vocabulary as such an object. */
void token_list_write(struct json_builder *j, const char *key, const intern *vocabulary, uint32_t count);
/* Reads vocab.txt: a token a line, the first has id 0. */
heed_status token_list_read_lines(intern *vocabulary, heed_bytes file, const char *name, heed_error *error);
/* Adds the next token; where: for messages. HEED_BAD_DATA: it is empty, too long, has a NUL, is there already, or is
 * one too many. */
heed_status token_list_add(intern *vocabulary, heed_bytes token, const char *name, const char *where,
                           heed_error *error);

#endif
