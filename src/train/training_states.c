#include "train/training_states.h"

#include "base/status.h"
#include "data/encoded_states.h"
#include "train/encoding_progress.h"

static heed_status keep(training_states *s, const examples *e, training_progress *p, pool *workers, heed_error *error)
{
    const text_window window = p->context->data->window;
    const state_query query = {e->corpus, {window.length, window.cut}, e->row, e->count};
    encoding_progress work = encoding_begin(p, e->corpus->encoder);
    const feature_listener listener = encoding_listener(&work);
    return encoded_states_find(&s->kept, &query, workers, &listener, error);
}

heed_status training_states_of(training_states *out, const shared_encoder *e, uint32_t room, pool *workers,
                               heed_error *error)
{
    *out = (training_states){0};
    return row_encoding_new(&out->computed, e, (feature_rule){.room = room}, ENCODING_STATES, workers, error);
}

heed_status training_states_init(training_states *out, training_progress *p, pool *workers, heed_error *error)
{
    const training_data *d = p->context->data;
    const examples *all[] = {&d->train, &d->validation, &d->unknown};
    heed_status status = HEED_OK;
    *out = (training_states){0};
    if (d->window.reads != READS_SUBWORDS)
        return HEED_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        TRY(keep(out, all[i], p, workers, error));
    out->width = shared_encoder_width(p->context->corpus->encoder);
    if (out->kept == NULL)
        status = training_states_of(out, p->context->corpus->encoder, d->window.length, workers, error);
done:
    return status;
}

void training_states_release(training_states *s)
{
    row_encoding_free(s->computed);
    *s = (training_states){0};
}

bool training_states_used(const training_states *s)
{
    return s->kept != NULL || s->computed != NULL;
}

heed_status training_states_give(training_states *s, batch_row *rows, size_t count, heed_error *error)
{
    for (size_t i = 0; i < count && s->kept != NULL; i++)
        rows[i].states = row_states_of(s->kept[rows[i].number], s->width);
    return s->computed != NULL ? row_encoding_give(s->computed, rows, count, error) : HEED_OK;
}
