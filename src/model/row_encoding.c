#include "model/row_encoding.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/processor.h"
#include "text/vocabulary.h"

enum { TOKENS_AT_ONCE = 16384 };

struct row_encoding {
    const shared_encoder *e;
    feature_rule rule;
    encoding_kind kind;
    pool *workers;
    text_encoding *pass;          /* made when a row first needs it */
    const encoder_halves *halves; /* NULL: its weights are read as floats */
    /* of the rows that are computed: */
    uint32_t *ids;
    text_ids *texts;
    real *features;
    real *values, **states; /* values: of all states; states: where those of each row begin */
    size_t id_room, text_room, feature_room, value_room, state_room;
};

heed_status row_encoding_new(row_encoding **out, const shared_encoder *e, feature_rule rule, encoding_kind kind,
                             pool *workers, heed_error *error)
{
    row_encoding *r = *out = memory_array(1, sizeof *r);
    if (r == NULL)
        return fail_memory(error, "an encoder's rows");
    *r = (row_encoding){.e = e, .rule = rule, .kind = kind, .workers = workers};
    return HEED_OK;
}

void row_encoding_free(row_encoding *r)
{
    if (r == NULL)
        return;
    text_encoding_free(r->pass);
    free(r->ids);
    free(r->texts);
    free(r->features);
    free(r->values);
    free(r->states);
    free(r);
}

heed_status row_encoding_set_weights(row_encoding *r, heed_precision weights, heed_error *error)
{
    const encoder_halves *halves = NULL;
    heed_status status = weights == HEED_PRECISION_BFLOAT16 ? shared_encoder_halves(&halves, r->e, error) : HEED_OK;
    if (status != HEED_OK)
        return status;
    r->halves = halves;
    if (r->pass != NULL)
        text_encoding_round(r->pass, halves);
    return HEED_OK;
}

heed_precision row_encoding_best_weights(const shared_encoder *e)
{
    const processor here = processor_here();
    return e != NULL && encoder_has_attention(e->net) && processor_gains_bf16(&here, BF16_ENCODER, kernels_choose())
               ? HEED_PRECISION_BFLOAT16
               : HEED_PRECISION_FLOAT32;
}

static bool is_known(const row_encoding *r, const batch_row *row)
{
    return (!(r->kind & ENCODING_FEATURES) || row->features != NULL) &&
           (!(r->kind & ENCODING_STATES) || row->states.of != NULL);
}

/* Room for so many rows with so many tokens. */
static heed_status make_room(row_encoding *r, size_t rows, size_t tokens, heed_error *error)
{
    const size_t width = shared_encoder_width(r->e);
    heed_status status;
    TRY(memory_grow(&r->ids, &r->id_room, tokens + 1, sizeof *r->ids, error));
    TRY(memory_grow(&r->texts, &r->text_room, rows, sizeof *r->texts, error));
    if (r->kind & ENCODING_FEATURES)
        TRY(memory_grow(&r->features, &r->feature_room, rows * width, sizeof *r->features, error));
    if (r->kind & ENCODING_STATES) {
        TRY(memory_grow(&r->states, &r->state_room, rows, sizeof *r->states, error));
        TRY(memory_grow(&r->values, &r->value_room, (tokens + rows) * width, sizeof *r->values, error));
    }
    if (r->pass == NULL) {
        TRY(text_encoding_new(&r->pass, r->e, r->rule, r->workers, error));
        text_encoding_round(r->pass, r->halves);
    }
done:
    return status;
}

/* The tokenizer's numbers of a row's sub-words, at `to`. */
static text_ids subwords_of(const batch_row *row, uint32_t *to)
{
    for (int t = 0; t < row->length; t++)
        to[t] = subword_number(row->ids[t]);
    return (text_ids){to, (size_t)row->length};
}

/* Tells a row where its encoding will be: as text number i, after `at` tokens and i first ones of others. */
static void place(row_encoding *r, batch_row *row, size_t i, size_t at)
{
    const size_t width = shared_encoder_width(r->e);
    r->texts[i] = subwords_of(row, r->ids + at);
    if (r->kind & ENCODING_FEATURES)
        row->features = r->features + i * width;
    if (r->kind & ENCODING_STATES) {
        r->states[i] = r->values + (at + i) * width;
        row->states = row_states_of(r->states[i], width);
    }
}

heed_status row_encoding_give(row_encoding *r, batch_row *rows, size_t count, heed_error *error)
{
    size_t tokens = 0, texts = 0, at = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        texts += !is_known(r, &rows[i]);
        tokens += is_known(r, &rows[i]) ? 0 : (size_t)rows[i].length;
    }
    if (texts == 0)
        return HEED_OK;
    TRY(make_room(r, texts, tokens, error));
    texts = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_known(r, &rows[i])) {
            place(r, &rows[i], texts++, at);
            at += (size_t)rows[i].length;
        }
    status = text_encoding_run(r->pass, r->texts, texts, r->kind & ENCODING_FEATURES ? r->features : NULL,
                               r->kind & ENCODING_STATES ? r->states : NULL, error);
done:
    return status;
}

size_t row_encoding_block(const batch_row *rows, size_t count)
{
    size_t tokens = 0, i = 0;
    for (; i < count && (i == 0 || tokens + (size_t)rows[i].length <= TOKENS_AT_ONCE); i++)
        tokens += (size_t)rows[i].length;
    return i;
}
