#include "features/text_encoding.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

const names feature_pooling_names = NAMES("mean", "first", "max");

struct text_encoding {
    const shared_encoder *e;
    feature_rule rule;
    stretches *pass;
    double *pooled; /* [E]: of a stretch */
    /* the work in progress */
    const text_ids *texts;
    real *features;      /* NULL: they are not wanted */
    real *const *states; /* the same */
};

heed_status text_encoding_new(text_encoding **out, const shared_encoder *e, feature_rule rule, pool *workers,
                              heed_error *error)
{
    text_encoding *t = memory_array(1, sizeof *t);
    heed_status status;
    *out = NULL;
    if (t == NULL)
        return fail_memory(error, "texts for an encoder");
    *t = (text_encoding){.e = e, .rule = rule};
    t->pooled = memory_array(shared_encoder_width(e), sizeof *t->pooled);
    TRY(t->pooled == NULL ? fail_memory(error, "texts for an encoder") : HEED_OK);
    TRY(stretches_new(&t->pass, e, rule.room, workers, error));
    *out = t;
    return HEED_OK;
done:
    text_encoding_free(t);
    return status;
}

void text_encoding_free(text_encoding *t)
{
    if (t == NULL)
        return;
    stretches_free(t->pass);
    free(t->pooled);
    free(t);
}

void text_encoding_round(text_encoding *t, const encoder_halves *h)
{
    stretches_round(t->pass, h);
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
static size_t stretches_of(const text_encoding *t, size_t ids)
{
    return ids == 0 ? 1 : (ids + t->rule.room - 1) / t->rule.room;
}

/* Adds a stretch's share of its text's features. */
static void add_features(text_encoding *t, const stretch *s)
{
    const size_t width = shared_encoder_width(t->e);
    const double share = 1.0 / (double)stretches_of(t, t->texts[s->text].count);
    real *features = t->features + s->text * width;
    pool_states(t->pooled, s->states, s->length, width, t->rule.pooling);
    for (size_t j = 0; j < width; j++)
        features[j] += (real)(share * t->pooled[j]);
}

/* to [1 + own][width] */
static void copy_states(real *to, const stretch *s, size_t width)
{
    if (s->length > 0)
        memcpy(to, s->states, width * sizeof *to);
    else
        memset(to, 0, width * sizeof *to);
    memcpy(to + width, s->states + s->before * width, s->own * width * sizeof *to);
}

/* stretch_sink.take. */
static void take(void *self, const stretch *s)
{
    text_encoding *t = self;
    const size_t width = shared_encoder_width(t->e);
    if (t->states != NULL)
        copy_states(t->states[s->text], s, width);
    if (t->features != NULL && s->length > 0)
        add_features(t, s);
}

heed_status text_encoding_run(text_encoding *t, const text_ids *texts, size_t count, real *features,
                              real *const *states, heed_error *error)
{
    heed_status status = HEED_OK;
    if (features != NULL)
        memset(features, 0, count * shared_encoder_width(t->e) * sizeof *features);
    t->texts = texts;
    t->features = features;
    t->states = states;
    stretches_begin(t->pass, (stretch_sink){take, t});
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at == 0 || at < texts[i].count; at += t->rule.room) { /* an empty text has one, too */
            size_t rest = texts[i].count - at, ids = rest < t->rule.room ? rest : t->rule.room;
            TRY(stretches_add(t->pass, texts[i].ids == NULL ? NULL : texts[i].ids + at, ids, i, error));
        }
    status = stretches_finish(t->pass, error);
done:
    return status;
}
