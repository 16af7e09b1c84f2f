#include "model/encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

heed_status text_encoder_init(text_encoder *e, heed_error *error)
{
    heed_status status;
    *e = (text_encoder){0};
    TRY(heed_tokens_new(&e->tokens, error));
    TRY(heed_tokens_new(&e->words, error));
    TRY(heed_tokens_new(&e->mixed, error));
    TRY(intern_init(&e->spelling, error));
    return HEED_OK;
done:
    text_encoder_release(e);
    return status;
}

void text_encoder_release(text_encoder *e)
{
    heed_tokens_free(e->tokens);
    heed_tokens_free(e->words);
    heed_tokens_free(e->mixed);
    subwords_free(e->subwords);
    free(e->subword);
    free(e->ids);
    free(e->cut);
    free(e->cut_scratch);
    intern_release(&e->spelling);
    *e = (text_encoder){0};
}

void text_encoder_forget(text_encoder *e)
{
    intern_clear(&e->spelling);
}

const intern *text_encoder_spelling(const text_encoder *e, const heed_model *model)
{
    return model->class->spells_words ? &e->spelling : NULL;
}

text_window model_window(const heed_model *model)
{
    const uint32_t window = model->config.network.window;
    text_window w = {model->class->whole_texts ? 0 : window, model->config.text.cut, model->class->spells_words,
                     READS_WORDS};
    if (model->encoder == NULL)
        return w;
    if (model->class->has_parts)
        w.reads = model->class->parts_read(model);
    if (!model->class->reads_subwords)
        return w;
    w.reads = READS_SUBWORDS;
    w.length = shared_encoder_reads(model->encoder, window, model->config.text.stretches);
    return w;
}

void text_trace_release(text_trace *trace)
{
    free(trace->piece);
    free(trace->unknown);
    *trace = (text_trace){0};
}

static heed_status copy_spelling(intern **out, const intern *from, heed_error *error)
{
    uint32_t number;
    intern *copy = *out = memory_array(1, sizeof *copy);
    heed_status status = copy == NULL ? fail_memory(error, "a text") : intern_init(copy, error);
    for (uint32_t i = 0; i < from->count && status == HEED_OK; i++)
        status = intern_put(&number, copy, intern_word(from, i), error);
    return status;
}

heed_status encoded_text_copy(encoded_text *out, const text_encoder *e, heed_error *error)
{
    heed_status status;
    *out = (encoded_text){.ids = memory_array(e->count, sizeof *out->ids), .length = e->count};
    TRY(out->ids == NULL ? fail_memory(error, "a text") : HEED_OK);
    if (e->count > 0)
        memcpy(out->ids, e->ids, e->count * sizeof *out->ids);
    if (e->spelling.count > 0)
        TRY(copy_spelling(&out->spelling, &e->spelling, error));
    return HEED_OK;
done:
    encoded_text_release(out);
    return status;
}

void encoded_text_release(encoded_text *t)
{
    if (t->spelling != NULL)
        intern_release(t->spelling);
    free(t->spelling);
    free(t->ids);
    *t = (encoded_text){0};
}

/* The id of a spelled word. */
static heed_status spell(uint32_t *id, text_encoder *e, const vocabulary *words, heed_bytes word, heed_error *error)
{
    heed_status status = intern_put(id, &e->spelling, word, error);
    *id += words->size;
    return status;
}

/* Puts the sub-words, and the words before or with them, into one list in the order of the text. A sub-word's text is
 * its bytes. */
static heed_status mix(text_encoder *e, heed_bytes text, bool words, heed_error *error)
{
    size_t word_count = 0, count, next = 0, at = 0;
    const heed_token *word = words ? tokens_items(e->words, &word_count) : NULL;
    const subword *item = subwords_items(e->subwords, &count);
    text_origin origin;
    heed_status status;
    TRY(memory_grow(&e->subword, &e->subword_capacity, word_count + count, sizeof *e->subword, error));
    origin_begin(&origin, e->tokens->stages, STAGE_CHARACTERS);
    tokens_begin(e->mixed);
    for (size_t i = 0; i < count; i++) {
        heed_token piece = {{text.data + item[i].begin, item[i].end - item[i].begin}, item[i].begin, item[i].end};
        origin_find(&origin, &piece.begin, &piece.end);
        for (; next < word_count && word[next].begin <= piece.begin; e->subword[at++] = 0)
            tokens_add(e->mixed, word[next++]);
        tokens_add(e->mixed, piece);
        e->subword[at++] = item[i].id | SUBWORD_BIT;
    }
    for (; next < word_count; e->subword[at++] = 0)
        tokens_add(e->mixed, word[next++]);
    status = tokens_finish(e->mixed, error);
done:
    return status;
}

/* Of the text without its HTML. */
static heed_status find_subwords(text_encoder *e, const heed_model *model, heed_bytes text, heed_error *error)
{
    const heed_bytes plain = stage_input(e->tokens->stages, STAGE_CHARACTERS, text);
    heed_status status;
    if (e->subwords == NULL)
        TRY(subwords_new(&e->subwords, model->encoder->words, error));
    TRY(subwords_find(e->subwords, plain, 0, false, error));
    TRY(mix(e, plain, model_window(model).reads == READS_BOTH, error));
    e->pieces = e->mixed;
done:
    return status;
}

bool text_encoder_is_subword(const text_encoder *e, size_t piece)
{
    return e->pieces == e->mixed && e->subword[piece] != 0;
}

/* The id of a piece, and whether it is unknown. */
static uint32_t id_of(const text_encoder *e, const heed_model *model, heed_bytes piece, size_t number, bool *is_unknown)
{
    if (text_encoder_is_subword(e, number)) {
        *is_unknown = subword_number(e->subword[number]) == tokenizer_unknown(model->encoder->words);
        return e->subword[number];
    }
    uint32_t id = vocabulary_id(&model->words, piece);
    *is_unknown = vocabulary_is_unknown(&model->words, id);
    return id;
}

bool text_encoder_is_unknown(const text_encoder *e, const heed_model *model, size_t piece)
{
    size_t pieces;
    bool is_unknown;
    const heed_token *all = tokens_items(e->pieces, &pieces);
    id_of(e, model, all[piece].text, piece, &is_unknown);
    return is_unknown;
}

/* Ids of the pieces, before cutting to the window; *known: how many. */
static heed_status look_up(text_encoder *e, const heed_model *model, text_trace *trace, size_t *known,
                           heed_error *error)
{
    size_t pieces;
    const heed_token *piece = tokens_items(e->pieces, &pieces);
    const text_window window = model_window(model);
    heed_status status = HEED_OK;
    *known = 0;
    for (size_t i = 0; i < pieces; i++) {
        bool is_unknown;
        uint32_t id = id_of(e, model, piece[i].text, i, &is_unknown);
        e->read.unknown += is_unknown;
        if (trace != NULL) {
            trace->unknown[i] = is_unknown;
            trace->piece[*known] = (uint32_t)i;
        }
        if (is_unknown && window.spelled && !id_is_subword(id))
            TRY(spell(&id, e, &model->words, piece[i].text, error));
        e->ids[*known] = id;
        *known += id != VOCABULARY_DROPPED || window.length == 0; /* of whole texts dropped words keep their places */
    }
done:
    return status;
}

/* Leaves the ids that the model reads, of `known`; *trace follows, unless it is NULL. */
static heed_status cut_to_read(text_encoder *e, const heed_model *model, text_trace *trace, size_t known,
                               heed_error *error)
{
    const text_window window = model_window(model);
    const batch_row row = {.ids = e->ids, .length = (int)known, .spelling = text_encoder_spelling(e, model)};
    heed_status status = HEED_OK;
    if (model->class->has_parts) {
        TRY(memory_grow(&e->cut, &e->cut_capacity, known, sizeof *e->cut, error));
        TRY(memory_grow(&e->cut_scratch, &e->scratch_capacity, 2 * known, sizeof *e->cut_scratch, error));
    }
    e->count = window_cut(e->ids, known, window);
    if (trace != NULL)
        window_cut(trace->piece, known, window);
    if (!model->class->has_parts)
        return HEED_OK;
    model->class->find_cut(e->cut, model, &row, e->cut_scratch);
    e->count = 0;
    for (size_t i = 0; i < known; i++) {
        e->ids[e->count] = e->ids[i];
        if (trace != NULL)
            trace->piece[e->count] = trace->piece[i];
        e->count += !e->cut[i];
    }
done:
    return status;
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
    const text_window window = model_window(model);
    size_t tokens, pieces, known;
    heed_status status;
    e->count = 0;
    TRY(heed_cleaner_run(e->tokens, model->cleaner, text, error));
    const heed_token *token = tokens_items(e->tokens, &tokens);
    if (window.reads != READS_SUBWORDS)
        TRY(vocabulary_pieces(e->words, model->words.kind, token, tokens, error));
    e->pieces = e->words;
    if (window.reads != READS_WORDS)
        TRY(find_subwords(e, model, text, error));
    tokens_items(e->pieces, &pieces);
    TRY(memory_grow(&e->ids, &e->capacity, pieces, sizeof *e->ids, error));
    if (trace != NULL) {
        TRY(memory_grow(&trace->piece, &trace->capacity, pieces, sizeof *trace->piece, error));
        TRY(memory_grow(&trace->unknown, &trace->unknown_capacity, pieces, sizeof *trace->unknown, error));
    }
    TRY(look_up(e, model, trace, &known, error));
    TRY(cut_to_read(e, model, trace, known, error));
    e->read.texts++;
    e->read.cut += e->count < known;
    e->read.tokens += pieces;
done:
    return status;
}
