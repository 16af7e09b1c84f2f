/* Sub-word tokenizers as pretrained encoders have them: a text becomes ids, the same as those of Hugging Face's library
 * `tokenizers`. subwords.h runs one. */
#ifndef TOKENIZER_TOKENIZER_H
#define TOKENIZER_TOKENIZER_H

#include "base/writer.h"
#include "heed.h"

/* Read-only, shared by threads. */
typedef struct tokenizer tokenizer;

/* Reads the tokenizer of a folder in Hugging Face's layout: tokenizer.json, or else vocab.txt with
 * tokenizer_config.json if that is there; or a file: a tokenizer.json if its name ends with .json, else a vocab.txt by
 * itself. HEED_BAD_DATA: it is not there, is broken, or needs what heed does not know, which the message names.
 * HEED_FAILED: reading or memory failed. */
heed_status tokenizer_load(tokenizer **out, const char *path, heed_error *error);
/* Reads the bytes of a tokenizer.json; name is used in messages. */
heed_status tokenizer_parse(tokenizer **out, heed_bytes json, const char *name, heed_error *error);
/* Reads the bytes of a vocab.txt and of a tokenizer_config.json; config: data NULL if there is none. */
heed_status tokenizer_parse_vocabulary(tokenizer **out, heed_bytes vocabulary, heed_bytes config, heed_error *error);
void tokenizer_free(tokenizer *t);

/* Ids are below this: the tokens of its vocabulary and those added to it. At least 1. */
uint32_t tokenizer_size(const tokenizer *t);
/* How a token is written, as in "##ing"; id < tokenizer_size. Borrowed. */
heed_bytes tokenizer_token(const tokenizer *t, uint32_t id);
/* How many special tokens stand around each text, such as [CLS] and [SEP]. */
size_t tokenizer_around(const tokenizer *t);
/* Those tokens: the ids before the text, *before of them, then those after it, to tokenizer_around. Borrowed. */
const uint32_t *tokenizer_frame(const tokenizer *t, size_t *before);
/* Whether a token goes on with a word, as "##ing" does; id < tokenizer_size. */
bool tokenizer_goes_on(const tokenizer *t, uint32_t id);
/* The same of a token as it is written. */
bool tokenizer_goes_on_as(const tokenizer *t, heed_bytes token);
/* A token as it stands in a text: without what says that it goes on with a word, or a space before it. */
void tokenizer_write_text(writer *to, const tokenizer *t, uint32_t id);
/* The token that stands for what the vocabulary does not have; UINT32_MAX: there is none. */
uint32_t tokenizer_unknown(const tokenizer *t);

/* The tokenizer as a tokenizer.json, which tokenizer_parse reads as the same one: what a model file keeps. It is the
 * same text for the same tokenizer, however its files said it. free() releases it. HEED_FAILED: memory. */
heed_status tokenizer_json(char **out, const tokenizer *t, heed_error *error);

#endif
