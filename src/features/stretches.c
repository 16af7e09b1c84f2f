#include "features/stretches.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

/* So many tokens are computed at a time, so that all threads have work; one stretch may have more. */
enum { TOKENS_AT_ONCE = 1024 };

struct stretches {
    const shared_encoder *e;
    encoder_pass *pass;
    size_t capacity; /* tokens */
    uint32_t *ids;   /* [capacity] */
    int *lengths;    /* [capacity]: of the stretches */
    size_t *text;    /* [capacity]: the text of each */
    real *states;    /* [capacity][E] */
    size_t tokens, count;
    stretch_sink sink;
};

heed_status stretches_new(stretches **out, const shared_encoder *e, uint32_t room, pool *workers, heed_error *error)
{
    stretches *s = memory_array(1, sizeof *s);
    size_t longest = room + tokenizer_around(e->words);
    heed_status status;
    *out = NULL;
    if (s == NULL)
        return fail_memory(error, "states");
    *s = (stretches){.e = e, .capacity = longest > TOKENS_AT_ONCE ? longest : TOKENS_AT_ONCE};
    s->ids = memory_array(s->capacity, sizeof *s->ids);
    s->lengths = memory_array(s->capacity, sizeof *s->lengths);
    s->text = memory_array(s->capacity, sizeof *s->text);
    s->states = memory_scratch(s->capacity * shared_encoder_width(e), sizeof *s->states);
    TRY(!s->ids || !s->lengths || !s->text || !s->states ? fail_memory(error, "states") : HEED_OK);
    TRY(encoder_pass_new(&s->pass, e->net, workers, (int)s->capacity, KEEP_NOTHING, error));
    *out = s;
    return HEED_OK;
done:
    stretches_free(s);
    return status;
}

void stretches_free(stretches *s)
{
    if (s == NULL)
        return;
    encoder_pass_free(s->pass);
    free(s->ids);
    free(s->lengths);
    free(s->text);
    free(s->states);
    free(s);
}

void stretches_round(stretches *s, const encoder_halves *h)
{
    encoder_pass_round(s->pass, h);
}

void stretches_begin(stretches *s, stretch_sink sink)
{
    s->tokens = s->count = 0;
    s->sink = sink;
}

heed_status stretches_finish(stretches *s, heed_error *error)
{
    const encoder_texts group = {.ids = s->ids, .lengths = s->lengths, .count = s->count};
    size_t before, around = tokenizer_around(s->e->words);
    const real *states = s->states;
    heed_status status = s->count == 0 ? HEED_OK : encoder_pass_run(s->pass, &group, s->states, error);
    tokenizer_frame(s->e->words, &before);
    for (size_t i = 0; i < s->count && status == HEED_OK; i++) {
        const size_t length = (size_t)s->lengths[i];
        s->sink.take(s->sink.self, &(stretch){s->text[i], states, length, before, length - around});
        states += length * shared_encoder_width(s->e);
    }
    s->tokens = s->count = 0;
    return status;
}

heed_status stretches_add(stretches *s, const uint32_t *ids, size_t count, size_t text, heed_error *error)
{
    heed_status status = HEED_OK;
    if (s->tokens + count + tokenizer_around(s->e->words) > s->capacity || s->count == s->capacity)
        TRY(stretches_finish(s, error));
    size_t length = shared_encoder_frame(s->e, ids, count, s->ids + s->tokens);
    s->lengths[s->count] = (int)length;
    s->text[s->count++] = text;
    s->tokens += length;
done:
    return status;
}
