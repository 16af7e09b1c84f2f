#include "features/text_features.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

const names feature_pooling_names = NAMES("mean", "first", "max");

struct text_features {
    const shared_encoder *e;
    uint32_t room;
    feature_pooling pooling;
    stretches *pass;
    double *pooled; /* [E]: of a stretch */
    /* the work in progress */
    const text_ids *texts;
    real *features;
    real *const *states; /* NULL: they are not wanted */
};

heed_status text_features_new(text_features **out, const shared_encoder *e, feature_rule rule, pool *workers,
                              heed_error *error)
{
    text_features *f = memory_array(1, sizeof *f);
    heed_status status;
    *out = NULL;
    if (f == NULL)
        return fail_memory(error, "features");
    *f = (text_features){.e = e, .room = rule.room, .pooling = rule.pooling};
    f->pooled = memory_array(shared_encoder_width(e), sizeof *f->pooled);
    TRY(f->pooled == NULL ? fail_memory(error, "features") : HEED_OK);
    TRY(stretches_new(&f->pass, e, rule.room, workers, error));
    *out = f;
    return HEED_OK;
done:
    text_features_free(f);
    return status;
}

void text_features_free(text_features *f)
{
    if (f == NULL)
        return;
    stretches_free(f->pass);
    free(f->pooled);
    free(f);
}

/* ---- pooling: one stretch */

/* pooled [E] of states [length][E], at least one. */
static void pool_states(double *pooled, const real *states, size_t length, size_t width, feature_pooling pooling)
{
    for (size_t j = 0; j < width; j++)
        pooled[j] = (double)states[j];
    for (size_t t = 1; t < length && pooling != FEATURES_FIRST; t++)
        for (size_t j = 0; j < width; j++) {
            double next = (double)states[t * width + j];
            pooled[j] = pooling == FEATURES_MEAN ? pooled[j] + next : next > pooled[j] ? next : pooled[j];
        }
    for (size_t j = 0; j < width && pooling == FEATURES_MEAN; j++)
        pooled[j] /= (double)length;
}

/* ---- stretches */

/* How many a text of so many ids has; an empty text has one, of what stands around it. */
static size_t stretches_of(const text_features *f, size_t ids)
{
    return ids == 0 ? 1 : (ids + f->room - 1) / f->room;
}

/* stretch_sink.take of features: adds a stretch's share of its text's features. */
static void add_features(void *self, const stretch *s)
{
    text_features *f = self;
    const size_t width = shared_encoder_width(f->e);
    const double share = 1.0 / (double)stretches_of(f, f->texts[s->text].count);
    real *features = f->features + s->text * width;
    if (f->states != NULL && s->own > 0)
        memcpy(f->states[s->text], s->states + s->before * width, s->own * width * sizeof(real));
    if (s->length == 0)
        return;
    pool_states(f->pooled, s->states, s->length, width, f->pooling);
    for (size_t j = 0; j < width; j++)
        features[j] += (real)(share * f->pooled[j]);
}

heed_status text_features_run_with_states(text_features *f, const text_ids *texts, size_t count, real *features,
                                          real *const *states, heed_error *error)
{
    f->states = states;
    heed_status status = text_features_run(f, texts, count, features, error);
    f->states = NULL;
    return status;
}

heed_status text_features_run(text_features *f, const text_ids *texts, size_t count, real *features, heed_error *error)
{
    heed_status status = HEED_OK;
    memset(features, 0, count * shared_encoder_width(f->e) * sizeof *features);
    f->texts = texts;
    f->features = features;
    stretches_begin(f->pass, (stretch_sink){add_features, f});
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at == 0 || at < texts[i].count; at += f->room) {
            size_t rest = texts[i].count - at, ids = rest < f->room ? rest : f->room;
            TRY(stretches_add(f->pass, texts[i].ids == NULL ? NULL : texts[i].ids + at, ids, i, error));
        }
    status = stretches_finish(f->pass, error);
done:
    return status;
}
