/* vocab.txt, BERT's older layout, with what tokenizer_config.json says of it. */
#ifndef TOKENIZER_VOCAB_FOLDER_H
#define TOKENIZER_VOCAB_FOLDER_H

#include "tokenizer/tokenizer_parts.h"

/* Reads the bytes of both files into a new tokenizer, as transformers' BertTokenizer does; config: data NULL if
 * there is no such file. What it got belongs to the caller, even after a failure. */
heed_status vocab_folder_read(struct tokenizer *out, heed_bytes vocabulary, heed_bytes config, heed_error *error);

#endif
