#include "model/encode.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

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

heed_status text_check(heed_bytes text, const char *what, size_t number, heed_error *error)
{
    char place[32] = "";
    size_t fine = text.size == 0 ? 0 : utf8_check(text.data, text.size);
    if (fine == text.size && text.size < INT32_MAX)
        return HEED_OK;
    if (number > 0)
        snprintf(place, sizeof place, " %zu", number);
    if (fine < text.size)
        return fail(error, HEED_BAD_DATA, "%s%s: byte %zu is not UTF-8 (found 0x%02X), expected UTF-8", what, place,
                    fine + 1, (unsigned)(unsigned char)text.data[fine]);
    return fail(error, HEED_BAD_DATA, "%s%s: found %zu bytes, expected fewer than 2 GiB", what, place, text.size);
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
