#include "model/encode.h"

#include <stdlib.h>

#include "base/memory.h"

heed_status text_encoder_init(text_encoder *e, heed_error *error)
{
    *e = (text_encoder){0};
    heed_status status = heed_tokens_new(&e->tokens, error);
    if (status == HEED_OK)
        status = heed_tokens_new(&e->pieces, error);
    if (status != HEED_OK)
        text_encoder_release(e);
    return status;
}

void text_encoder_release(text_encoder *e)
{
    heed_tokens_free(e->tokens);
    heed_tokens_free(e->pieces);
    free(e->ids);
    *e = (text_encoder){0};
}

heed_status text_encode(text_encoder *e, const heed_model *model, heed_bytes text, size_t *count, heed_error *error)
{
    size_t tokens = 0, pieces = 0;
    *count = 0;
    heed_status status = heed_cleaner_run(model->cleaner, text, e->tokens, error);
    const heed_token *token = heed_tokens_items(e->tokens, &tokens);
    if (status == HEED_OK)
        status = vocabulary_pieces(e->pieces, model->words.kind, token, tokens, error);
    const heed_token *piece = heed_tokens_items(e->pieces, &pieces);
    if (status == HEED_OK)
        status = memory_grow(&e->ids, &e->capacity, pieces, sizeof *e->ids, error);
    if (status != HEED_OK)
        return status;
    size_t known = 0, unknown = 0;
    for (size_t i = 0; i < pieces; i++) {
        uint32_t id = vocabulary_id(&model->words, piece[i].text);
        unknown += id == VOCABULARY_DROPPED || (id == 1 && model->words.kind != HEED_VOCABULARY_KERAS);
        if (id != VOCABULARY_DROPPED || model->config.network.window == 0)
            e->ids[known++] = id;
    }
    *count = window_cut(e->ids, known, (text_window){model->config.network.window, model->config.text.cut});
    e->read.texts++;
    e->read.cut += *count < known;
    e->read.tokens += pieces;
    e->read.unknown += unknown;
    return HEED_OK;
}
