#include "model/tokenizer_tensor.h"

#include <string.h>

#define TOKENIZER_TENSOR "heed.tokenizer"

void tokenizer_tensor_list(tensor_list *l, const heed_model *model)
{
    if (model->config.text.tokens != HEED_TOKENS_WORDPIECE)
        return;
    const char *json = model->cleaner->tokenizer->json;
    tensor_list_add(l, tensor_vector(TOKENIZER_TENSOR, TENSOR_U8, strlen(json)), json);
}

shared_tokenizer *tokenizer_tensor_read(tensor_reader *r, const heed_model *model)
{
    shared_tokenizer *shared = NULL;
    tokenizer *words = NULL;
    const stored_tensor *t = model->config.text.tokens == HEED_TOKENS_WORDPIECE && r->status == HEED_OK
                                 ? tensor_reader_need(r, tensor_vector(TOKENIZER_TENSOR, TENSOR_U8, 0))
                                 : NULL;
    if (t == NULL)
        return NULL;
    r->status = tokenizer_parse(&words, (heed_bytes){t->data, t->size}, TOKENIZER_TENSOR, r->error);
    if (r->status == HEED_OK)
        r->status = shared_tokenizer_of(&shared, words, r->error);
    return shared;
}
