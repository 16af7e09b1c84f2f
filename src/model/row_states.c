#include "model/row_states.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "text/vocabulary.h"

enum { TOKENS_AT_ONCE = 16384 };

struct row_states {
    const shared_encoder *e;
    uint32_t longest;
    pool *workers;
    text_states *pass; /* made when a row first needs it */
    /* of the rows whose states are computed: */
    uint32_t *ids;
    text_ids *texts;
    real *values, **states; /* values: of all of them; states: where each begins */
    size_t id_room, text_room, value_room, state_room;
};

heed_status row_states_new(row_states **out, const shared_encoder *e, uint32_t longest, pool *workers,
                           heed_error *error)
{
    row_states *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "states");
    *s = (row_states){.e = e, .longest = longest, .workers = workers};
    return HEED_OK;
}

void row_states_free(row_states *s)
{
    if (s == NULL)
        return;
    text_states_free(s->pass);
    free(s->ids);
    free(s->texts);
    free(s->values);
    free(s->states);
    free(s);
}

/* Room for so many rows with so many tokens. */
static heed_status make_room(row_states *s, size_t rows, size_t tokens, heed_error *error)
{
    heed_status status;
    TRY(memory_grow(&s->ids, &s->id_room, tokens, sizeof *s->ids, error));
    TRY(memory_grow(&s->texts, &s->text_room, rows, sizeof *s->texts, error));
    TRY(memory_grow(&s->states, &s->state_room, rows, sizeof *s->states, error));
    TRY(memory_grow(&s->values, &s->value_room, tokens * shared_encoder_width(s->e), sizeof *s->values, error));
    if (s->pass == NULL)
        status = text_states_new(&s->pass, s->e, s->longest, s->workers, error);
done:
    return status;
}

heed_status row_states_give(row_states *s, batch_row *rows, size_t count, heed_error *error)
{
    size_t tokens = 0, texts = 0, at = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        texts += rows[i].states == NULL;
        tokens += rows[i].states == NULL ? (size_t)rows[i].length : 0;
    }
    if (texts == 0)
        return HEED_OK;
    TRY(make_room(s, texts, tokens + 1, error)); /* a row without tokens has states, too: none */
    texts = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].states != NULL)
            continue;
        const size_t length = (size_t)rows[i].length;
        for (size_t t = 0; t < length; t++)
            s->ids[at + t] = rows[i].ids[t] & ~SUBWORD_BIT;
        s->texts[texts] = (text_ids){s->ids + at, length};
        rows[i].states = s->states[texts++] = s->values + at * shared_encoder_width(s->e);
        at += length;
    }
    status = text_states_run(s->pass, s->texts, texts, s->states, error);
done:
    return status;
}

size_t row_states_block(const batch_row *rows, size_t count)
{
    size_t tokens = 0, i = 0;
    for (; i < count && (i == 0 || tokens + (size_t)rows[i].length <= TOKENS_AT_ONCE); i++)
        tokens += (size_t)rows[i].length;
    return i;
}
