#include "features/text_features.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

const names feature_pooling_names = NAMES("mean", "first", "max");

/* So many tokens are computed at a time, so that all threads have work; one text may have more. */
enum { TOKENS_AT_ONCE = 1024 };

struct text_features {
    const shared_encoder *e;
    uint32_t room;
    feature_pooling pooling;
    encoder_pass *pass;
    size_t capacity; /* tokens */
    uint32_t *ids;   /* [capacity] */
    int *lengths;    /* [capacity]: of the stretches */
    size_t *text;    /* [capacity]: the text of each */
    real *states;    /* [capacity][E] */
    double *pooled;  /* [E]: of a stretch */
    size_t tokens, stretches;
};

heed_status text_features_new(text_features **out, const shared_encoder *e, feature_rule rule, pool *workers,
                              heed_error *error)
{
    text_features *f = memory_array(1, sizeof *f);
    size_t longest = rule.room + tokenizer_around(e->words);
    heed_status status;
    *out = NULL;
    if (f == NULL)
        return fail_memory(error, "features");
    *f = (text_features){.e = e,
                         .room = rule.room,
                         .pooling = rule.pooling,
                         .capacity = longest > TOKENS_AT_ONCE ? longest : TOKENS_AT_ONCE};
    f->ids = memory_array(f->capacity, sizeof *f->ids);
    f->lengths = memory_array(f->capacity, sizeof *f->lengths);
    f->text = memory_array(f->capacity, sizeof *f->text);
    f->states = memory_scratch(f->capacity * shared_encoder_width(e), sizeof *f->states);
    f->pooled = memory_array(shared_encoder_width(e), sizeof *f->pooled);
    TRY(!f->ids || !f->lengths || !f->text || !f->states || !f->pooled ? fail_memory(error, "features") : HEED_OK);
    TRY(encoder_pass_new(&f->pass, e->net, workers, (int)f->capacity, false, error));
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
    encoder_pass_free(f->pass);
    free(f->ids);
    free(f->lengths);
    free(f->text);
    free(f->states);
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

static void add_stretch(text_features *f, const uint32_t *ids, size_t count, size_t text)
{
    size_t before, around = tokenizer_around(f->e->words);
    const uint32_t *frame = tokenizer_frame(f->e->words, &before);
    uint32_t *to = f->ids + f->tokens;
    memcpy(to, frame, before * sizeof *to);
    if (count > 0)
        memcpy(to + before, ids, count * sizeof *to);
    memcpy(to + before + count, frame + before, (around - before) * sizeof *to);
    f->lengths[f->stretches] = (int)(count + around);
    f->text[f->stretches++] = text;
    f->tokens += count + around;
}

/* Adds its share of a text's features. */
static void add_features(text_features *f, real *features, const real *states, size_t length, double share)
{
    size_t width = shared_encoder_width(f->e);
    if (length == 0)
        return;
    pool_states(f->pooled, states, length, width, f->pooling);
    for (size_t j = 0; j < width; j++)
        features[j] += (real)(share * f->pooled[j]);
}

/* Computes the stretches so far, and adds them to the features of their texts. */
static heed_status flush(text_features *f, const text_ids *texts, real *features, heed_error *error)
{
    const encoder_texts group = {.ids = f->ids, .lengths = f->lengths, .count = f->stretches};
    size_t width = shared_encoder_width(f->e);
    const real *states = f->states;
    heed_status status = encoder_pass_run(f->pass, &group, f->states, error);
    for (size_t i = 0; i < f->stretches && status == HEED_OK; i++) {
        size_t length = (size_t)f->lengths[i], text = f->text[i];
        add_features(f, features + text * width, states, length, 1.0 / (double)stretches_of(f, texts[text].count));
        states += length * width;
    }
    f->tokens = f->stretches = 0;
    return status;
}

heed_status text_features_run(text_features *f, const text_ids *texts, size_t count, real *features, heed_error *error)
{
    size_t around = tokenizer_around(f->e->words);
    heed_status status = HEED_OK;
    memset(features, 0, count * shared_encoder_width(f->e) * sizeof *features);
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at == 0 || at < texts[i].count; at += f->room) {
            size_t rest = texts[i].count - at, ids = rest < f->room ? rest : f->room;
            if (f->tokens + ids + around > f->capacity || f->stretches == f->capacity)
                TRY(flush(f, texts, features, error));
            add_stretch(f, texts[i].ids == NULL ? NULL : texts[i].ids + at, ids, i);
        }
    status = flush(f, texts, features, error);
done:
    f->tokens = f->stretches = 0;
    return status;
}
