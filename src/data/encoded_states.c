#include "data/encoded_states.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

enum { ROWS_AT_ONCE = 128 };

/* Some rows that are computed together. */
typedef struct state_block {
    const state_query *query;
    text_encoding *texts;
    text_ids text[ROWS_AT_ONCE];
    real *states[ROWS_AT_ONCE]; /* in the table */
    size_t count;
    uint32_t *ids; /* of all of them, cut: [ROWS_AT_ONCE][query->key.length] */
} state_block;

bool encoded_states_fit(const heed_corpus *corpus, const state_key *key)
{
    const size_t most = corpus->states->most / (shared_encoder_width(corpus->encoder) * sizeof(real));
    size_t tokens = 0, ids;
    for (size_t i = 0; i < corpus->row_count && tokens <= most; i++) {
        corpus_subwords(corpus, i, &ids);
        tokens += 1 + (ids < key->length ? ids : key->length);
    }
    return tokens <= most;
}

/* Adds a row, as a model reads it, and room for its states. */
static heed_status add_row(state_block *b, uint32_t row, heed_error *error)
{
    const state_query *q = b->query;
    const size_t width = shared_encoder_width(q->corpus->encoder);
    size_t count;
    const uint32_t *found = corpus_subwords(q->corpus, row, &count);
    uint32_t *ids = b->ids + b->count * q->key.length;
    count = window_copy(ids, found, count, (text_window){q->key.length, q->key.cut, false, READS_SUBWORDS});
    real *states = memory_array((1 + count) * width, sizeof *states);
    if (states == NULL)
        return fail_memory(error, "states");
    b->text[b->count] = (text_ids){ids, count};
    b->states[b->count++] = q->corpus->states->of[row] = states;
    return HEED_OK;
}

static heed_status compute_all(state_block *b, const feature_listener *listener, heed_error *error)
{
    const state_query *q = b->query;
    real **known = q->corpus->states->of;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < q->count;) {
        b->count = 0;
        for (; i < q->count && b->count < ROWS_AT_ONCE; i++)
            if (known[q->rows[i]] == NULL)
                TRY(add_row(b, q->rows[i], error));
        TRY(text_encoding_run(b->texts, b->text, b->count, NULL, b->states, error));
        b->count = 0;
        if (listener != NULL && listener->tell(listener->user, i, q->count) != 0)
            return fail(error, HEED_STOPPED, "stopped while texts were encoded");
    }
done:
    if (status != HEED_OK) /* what was not computed is not there */
        state_table_empty(q->corpus->states);
    return status;
}

heed_status encoded_states_find(real *const **out, const state_query *q, pool *workers,
                                const feature_listener *listener, heed_error *error)
{
    state_block b = {.query = q};
    state_table *table = q->corpus->states;
    size_t known = 0;
    heed_status status = HEED_OK;
    *out = NULL;
    if (!encoded_states_fit(q->corpus, &q->key))
        return HEED_OK;
    TRY(state_table_begin(table, q->key, q->corpus->row_count, error));
    for (size_t i = 0; i < q->count; i++)
        known += table->of[q->rows[i]] != NULL;
    if (known < q->count) {
        b.ids = memory_array((size_t)ROWS_AT_ONCE * q->key.length, sizeof *b.ids);
        TRY(b.ids == NULL ? fail_memory(error, "states") : HEED_OK);
        TRY(text_encoding_new(&b.texts, q->corpus->encoder, (feature_rule){.room = q->key.length}, workers, error));
        TRY(compute_all(&b, listener, error));
    }
    *out = table->of;
done:
    text_encoding_free(b.texts);
    free(b.ids);
    return status;
}
