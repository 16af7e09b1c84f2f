#include "explain/token_map.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "text/tokenize.h"

heed_status token_map_init(token_map *r, heed_error *error)
{
    *r = (token_map){0};
    return text_encoder_init(&r->encoder, error);
}

void token_map_release(token_map *r)
{
    text_encoder_release(&r->encoder);
    text_trace_release(&r->trace);
    free(r->words);
    free(r->status);
    free(r->word);
    *r = (token_map){0};
}

/* ---- words */

/* A changed word may have been divided anywhere; the shown part begins and ends with whole characters. */
static heed_token whole_characters(heed_token piece, heed_bytes text)
{
    while (piece.begin > 0 && piece.begin < text.size && ((unsigned char)text.data[piece.begin] & 0xC0) == 0x80)
        piece.begin--;
    while (piece.end < text.size && ((unsigned char)text.data[piece.end] & 0xC0) == 0x80)
        piece.end++;
    return piece;
}

bool token_map_subword(const token_map *r, size_t piece, uint32_t *number)
{
    const text_encoder *e = &r->encoder;
    bool is_subword = text_encoder_is_subword(e, piece);
    *number = is_subword ? subword_number(e->subword[piece]) : 0;
    return is_subword;
}

/* Whether a piece is a sub-word such as "##ing". */
static bool goes_on_with_word(const token_map *r, const heed_model *model, heed_bytes written, size_t piece)
{
    uint32_t number;
    if (token_map_subword(r, piece, &number))
        return tokenizer_goes_on(model->encoder->words, number);
    const shared_tokenizer *own = model->cleaner->tokenizer;
    return own != NULL && tokenizer_goes_on_as(own->words, written);
}

/* Pieces that share bytes, or have none of their own, and those that go on with a word, are one word. Its status is
 * that of any piece, in the order read, unknown, cut off. */
static void join_pieces(token_map *r, const heed_model *model, heed_bytes text)
{
    size_t pieces, token = 0;
    const heed_token *piece = tokens_items(r->pieces, &pieces);
    r->word_count = 0;
    for (size_t i = 0; i < pieces; i++) {
        heed_token place = whole_characters(piece[i], text);
        bool seen = token < r->count && r->piece[token] == i, unknown = r->trace.unknown[i];
        bool left_out = unknown && model->words.kind == HEED_VOCABULARY_KERAS;
        heed_token_status status = seen && !unknown   ? HEED_TOKEN_READ
                                   : seen || left_out ? HEED_TOKEN_UNKNOWN
                                                      : HEED_TOKEN_CUT;
        token_map_word *last = r->word_count > 0 ? &r->words[r->word_count - 1] : NULL;
        bool goes_on = last != NULL && place.begin == last->end && goes_on_with_word(r, model, piece[i].text, i);
        if (last == NULL || (place.begin >= last->end && place.begin < place.end && !goes_on)) {
            last = &r->words[r->word_count++];
            *last = (token_map_word){place.begin, place.end, status, i, 0, token, 0};
        }
        last->status = status < last->status ? status : last->status;
        if (place.end > last->end && place.begin < place.end) /* not over what is between them */
            last->end = place.end;
        last->pieces++;
        last->tokens += seen;
        token += seen;
    }
}

/* ---- the status of each byte: later calls of paint overwrite earlier ones */

static void paint(token_map *r, size_t begin, size_t end, heed_token_status status, uint32_t word)
{
    for (size_t i = begin; i < end; i++) {
        r->status[i] = (unsigned char)status;
        r->word[i] = word;
    }
}

/* What the html stage replaced is a tag or comment, or an entity if it begins with &. */
static void paint_tags(token_map *r, heed_bytes text)
{
    const text_stage *stages = r->encoder.tokens->stages;
    const trace *t = &stages[STAGE_HTML].from;
    text_origin origin;
    origin_begin(&origin, stages, STAGE_HTML);
    for (size_t i = 0; i < t->count; i++) {
        size_t begin = t->pieces[i].from, end = t->pieces[i].to;
        bool is_copy = t->pieces[i].end - t->pieces[i].begin == end - begin;
        origin_find(&origin, &begin, &end);
        if (!is_copy && text.data[begin] == '<')
            paint(r, begin, end, HEED_TOKEN_TAG, 0);
    }
}

/* What the character stage left out is punctuation: between its pieces, and after the last. */
static void paint_punctuation(token_map *r)
{
    const text_stage *stages = r->encoder.tokens->stages;
    const trace *t = &stages[STAGE_CHARACTERS].from;
    text_origin origin;
    origin_begin(&origin, stages, STAGE_CHARACTERS);
    size_t after = 0;
    for (size_t i = 0; i <= t->count; i++) {
        size_t begin = after, end = i < t->count ? t->pieces[i].from : t->source_size;
        after = i < t->count ? t->pieces[i].to : end;
        if (begin >= end)
            continue;
        origin_find(&origin, &begin, &end);
        paint(r, begin, end, HEED_TOKEN_PUNCTUATION, 0);
    }
}

/* Words of the cleaned text: stop words are no longer tokens; of the others the filter keeps pieces. */
static void paint_cleaned_words(token_map *r, const heed_cleaner *cleaner)
{
    const heed_tokens *tokens = r->encoder.tokens;
    text_origin origin;
    origin_begin(&origin, tokens->stages, TEXT_STAGES);
    bool drops = cleaner->stop_words.count > 0;
    token_finder find = token_finder_of(cleaner->tokens, cleaner->rules);
    segmenter *segmenter = cleaner_segmenter(cleaner, tokens);
    token_place places[TOKENS_AT_ONCE];
    size_t at = 0;
    for (size_t count; (count = find(tokens->cleaned, &at, places, segmenter)) > 0;)
        for (size_t i = 0; i < count; i++) {
            size_t begin = places[i].begin, end = places[i].end;
            heed_bytes word = {tokens->cleaned.data + begin, end - begin};
            bool stops = drops && cleaner_word(cleaner, word).data == NULL;
            origin_find(&origin, &begin, &end);
            if (word.size > 0)
                paint(r, begin, end, stops ? HEED_TOKEN_STOP_WORD : HEED_TOKEN_FILTERED, 0);
        }
}

static void paint_all(token_map *r, const heed_cleaner *cleaner, heed_bytes text)
{
    paint(r, 0, text.size, HEED_TOKEN_BETWEEN, 0);
    paint_tags(r, text);
    paint_punctuation(r);
    paint_cleaned_words(r, cleaner);
    for (size_t i = 0; i < r->word_count; i++)
        paint(r, r->words[i].begin, r->words[i].end, r->words[i].status, (uint32_t)i + 1);
}

heed_status token_map_run(token_map *r, const heed_model *model, heed_bytes text, heed_error *error)
{
    size_t pieces;
    heed_status status;
    text_encoder_forget(&r->encoder);
    TRY(text_encode(&r->encoder, model, text, &r->trace, error));
    tokens_items(r->encoder.pieces, &pieces);
    TRY(memory_grow(&r->words, &r->word_capacity, pieces, sizeof *r->words, error));
    TRY(memory_grow(&r->status, &r->status_capacity, text.size, sizeof *r->status, error));
    TRY(memory_grow(&r->word, &r->byte_capacity, text.size, sizeof *r->word, error));
    r->pieces = r->encoder.pieces;
    r->ids = r->encoder.ids;
    r->unknown_subword = model->encoder == NULL ? 0 : tokenizer_unknown(model->encoder->words) | SUBWORD_BIT;
    r->spelling = text_encoder_spelling(&r->encoder, model);
    r->count = r->encoder.count;
    r->piece = r->trace.piece;
    join_pieces(r, model, text);
    paint_all(r, model->cleaner, text);
done:
    return status;
}
