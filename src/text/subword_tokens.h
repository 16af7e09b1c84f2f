/* HEED_TOKENS_WORDPIECE: the tokens of a text are the sub-words that a tokenizer finds in it. */
#ifndef TEXT_SUBWORD_TOKENS_H
#define TEXT_SUBWORD_TOKENS_H

#include "text/tokens.h"

/* The tokenizer that options ask for: `given` if it is not NULL, else the one of their file. *out is NULL with other
 * tokens. HEED_USAGE: options that do not go together with a tokenizer. Otherwise errors as tokenizer_load. */
heed_status subword_tokens_take(shared_tokenizer **out, const heed_text_options *options, const shared_tokenizer *given,
                                heed_error *error);
/* Adds the tokens of a text, which is that of the caller's after the stages that ran. A token is written as the
 * tokenizer writes it, "##ing", and borrowed from it. */
heed_status subword_tokens_add(heed_tokens *tokens, const shared_tokenizer *t, heed_bytes text, heed_error *error);

#endif
