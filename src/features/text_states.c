#include "features/text_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

struct text_states {
    const shared_encoder *e;
    stretches *pass;
    real *const *states; /* of the work in progress */
};

heed_status text_states_new(text_states **out, const shared_encoder *e, uint32_t room, pool *workers, heed_error *error)
{
    text_states *s = memory_array(1, sizeof *s);
    *out = NULL;
    if (s == NULL)
        return fail_memory(error, "states");
    s->e = e;
    heed_status status = stretches_new(&s->pass, e, room, workers, error);
    if (status == HEED_OK)
        *out = s;
    else
        text_states_free(s);
    return status;
}

void text_states_free(text_states *s)
{
    if (s == NULL)
        return;
    stretches_free(s->pass);
    free(s);
}

/* stretch_sink.take of states: copies those of the text's own tokens. */
static void copy_states(void *self, const stretch *one)
{
    text_states *s = self;
    const size_t width = shared_encoder_width(s->e);
    if (one->own > 0)
        memcpy(s->states[one->text], one->states + one->before * width, one->own * width * sizeof(real));
}

heed_status text_states_run(text_states *s, const text_ids *texts, size_t count, real *const *states, heed_error *error)
{
    heed_status status = HEED_OK;
    s->states = states;
    stretches_begin(s->pass, (stretch_sink){copy_states, s});
    for (size_t i = 0; i < count; i++)
        if (texts[i].count > 0)
            TRY(stretches_add(s->pass, texts[i].ids, texts[i].count, i, error));
    status = stretches_finish(s->pass, error);
done:
    return status;
}
