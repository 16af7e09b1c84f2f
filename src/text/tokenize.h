/* Text to tokens. */
#ifndef TEXT_TOKENIZE_H
#define TEXT_TOKENIZE_H

#include "heed.h"

/* The token that begins at or behind *at of the text, as [*begin, *end); *at is moved behind it. False where no more
 * is left. Begin with *at = 0. */
typedef bool (*token_next)(heed_bytes text, size_t *at, size_t *begin, size_t *end);

token_next tokenizer(heed_tokenizer kind);

#endif
