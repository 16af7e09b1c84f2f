/* The special tokens around a text: what a post-processor of tokenizer.json says of single texts. */
#ifndef TOKENIZER_TOKEN_FRAME_H
#define TOKENIZER_TOKEN_FRAME_H

#include "tokenizer/json_section.h"

enum { FRAME_MOST = 16 };

typedef struct token_frame {
    uint32_t id[FRAME_MOST]; /* those before the text, then those after it */
    size_t before, count;
    bool trims;       /* spaces that a token begins or ends with do not belong to its place in the text, */
    bool keeps_first; /* except one space at the begin of the text, which was put there */
} token_frame;

/* Reads "post_processor", which may be null: then there are none. tokens: how many ids there are. */
heed_status token_frame_read(token_frame *out, const json_section *file, uint32_t tokens, heed_error *error);
/* Adds a token at the end; is_before: before the text. */
heed_status token_frame_add(token_frame *frame, uint64_t id, bool is_before, heed_error *error);

#endif
