#include "model/encode.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status text_encoder_init(text_encoder *e, heed_error *error)
{
    heed_status status;
    *e = (text_encoder){0};
    TRY(heed_tokens_new(&e->tokens, error));
    TRY(heed_tokens_new(&e->pieces, error));
    return HEED_OK;
done:
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

void text_trace_release(text_trace *trace)
{
    free(trace->piece);
    free(trace->unknown);
    *trace = (text_trace){0};
}

/* Ids of the pieces, before cutting to the window; returns how many. */
static size_t look_up(text_encoder *e, const heed_model *model, text_trace *trace, size_t *unknown)
{
    size_t pieces, known = 0;
    const heed_token *piece = tokens_items(e->pieces, &pieces);
    bool whole = model->config.network.window == 0; /* dropped words keep their places */
    *unknown = 0;
    for (size_t i = 0; i < pieces; i++) {
        uint32_t id = vocabulary_id(&model->words, piece[i].text);
        bool is_unknown = vocabulary_is_unknown(&model->words, id);
        *unknown += is_unknown;
        if (trace != NULL) {
            trace->unknown[i] = is_unknown;
            trace->piece[known] = (uint32_t)i;
        }
        e->ids[known] = id;
        known += id != VOCABULARY_DROPPED || whole;
    }
    return known;
}

heed_status text_encode(text_encoder *e, const heed_model *model, heed_bytes text, text_trace *trace, heed_error *error)
{
    const text_window window = {model->config.network.window, model->config.text.cut};
    size_t tokens, pieces, unknown;
    heed_status status;
    e->count = 0;
    TRY(heed_cleaner_run(e->tokens, model->cleaner, text, error));
    const heed_token *token = tokens_items(e->tokens, &tokens);
    TRY(vocabulary_pieces(e->pieces, model->words.kind, token, tokens, error));
    tokens_items(e->pieces, &pieces);
    TRY(memory_grow(&e->ids, &e->capacity, pieces, sizeof *e->ids, error));
    if (trace != NULL) {
        TRY(memory_grow(&trace->piece, &trace->capacity, pieces, sizeof *trace->piece, error));
        TRY(memory_grow(&trace->unknown, &trace->unknown_capacity, pieces, sizeof *trace->unknown, error));
    }
    size_t known = look_up(e, model, trace, &unknown);
    e->count = window_cut(e->ids, known, window);
    if (trace != NULL)
        window_cut(trace->piece, known, window);
    e->read.texts++;
    e->read.cut += e->count < known;
    e->read.tokens += pieces;
    e->read.unknown += unknown;
done:
    return status;
}
