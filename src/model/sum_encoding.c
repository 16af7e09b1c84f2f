#include "model/sum_encoding.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"
#include "model/network_classifier.h"

struct sum_encoding {
    const sum_part *part; /* the one on features */
    size_t width;
    text_features *pass;
    /* of the rows that are computed: */
    uint32_t *ids;
    text_ids *texts;
    real *features, *values, **states; /* values: of all states; states: where each text's begin */
    size_t id_room, text_room, feature_room, value_room, state_room;
};

/* The only part on features, if it reads one stretch of a text; NULL: there is none, or more than one. */
static const sum_part *part_on_features(const model_sum *sum)
{
    const sum_part *found = NULL;
    for (uint32_t i = 0; i < sum->count; i++)
        if (model_encoder_head(sum->parts[i].model) != NULL) {
            const feature_key *key = &model_encoder_head(sum->parts[i].model)->key;
            if (found != NULL || key->length != key->rule.room)
                return NULL;
            found = &sum->parts[i];
        }
    return found;
}

/* Whether there are parts on states, and all of them read this part's stretch. */
static bool states_are_of(const model_sum *sum, const sum_part *part)
{
    const text_window window = model_window(part->model);
    bool any = false;
    for (uint32_t i = 0; i < sum->count; i++)
        if (model_states_encoder(sum->parts[i].model) != NULL) {
            const text_window own = model_window(sum->parts[i].model);
            if (own.length != window.length || own.cut != window.cut)
                return false;
            any = true;
        }
    return any;
}

heed_status sum_encoding_new(sum_encoding **out, const model_sum *sum, pool *workers, heed_error *error)
{
    const sum_part *part = part_on_features(sum);
    *out = NULL;
    if (part == NULL || !states_are_of(sum, part))
        return HEED_OK;
    sum_encoding *s = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a classifier");
    const shared_encoder *e = part->model->encoder;
    *s = (sum_encoding){.part = part, .width = shared_encoder_width(e)};
    heed_status status = text_features_new(&s->pass, e, model_encoder_head(part->model)->key.rule, workers, error);
    if (status == HEED_OK)
        *out = s;
    else
        sum_encoding_free(s);
    return status;
}

void sum_encoding_free(sum_encoding *s)
{
    if (s == NULL)
        return;
    text_features_free(s->pass);
    free(s->ids);
    free(s->texts);
    free(s->features);
    free(s->values);
    free(s->states);
    free(s);
}

static bool is_known(const batch_row *row)
{
    return row->features != NULL && row->states != NULL;
}

static heed_status make_room(sum_encoding *s, size_t rows, size_t tokens, heed_error *error)
{
    heed_status status;
    TRY(memory_grow(&s->ids, &s->id_room, tokens, sizeof *s->ids, error));
    TRY(memory_grow(&s->texts, &s->text_room, rows, sizeof *s->texts, error));
    TRY(memory_grow(&s->states, &s->state_room, rows, sizeof *s->states, error));
    TRY(memory_grow(&s->features, &s->feature_room, rows * s->width, sizeof *s->features, error));
done:
    return status;
}

/* The sub-words that the parts read of rows that are not known, in s->texts. Returns how many texts there are; *tokens:
 * of all of them. */
static size_t read_texts(sum_encoding *s, const batch_row *rows, size_t count, size_t *tokens)
{
    size_t texts = 0;
    *tokens = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_known(&rows[i]))
            continue;
        uint32_t *ids = s->ids + *tokens;
        size_t length = sum_part_read(ids, NULL, s->part, &rows[i]);
        for (size_t t = 0; t < length; t++)
            ids[t] &= ~SUBWORD_BIT;
        s->texts[texts++] = (text_ids){ids, length};
        *tokens += length;
    }
    return texts;
}

heed_status sum_encoding_give(sum_encoding *s, batch_row *rows, size_t count, heed_error *error)
{
    size_t all = 0, tokens, at = 0, given = 0;
    heed_status status;
    for (size_t i = 0; i < count; i++)
        all += (size_t)rows[i].length;
    TRY(make_room(s, count, all, error));
    size_t texts = read_texts(s, rows, count, &tokens);
    TRY(memory_grow(&s->values, &s->value_room, (tokens + 1) * s->width, sizeof *s->values, error));
    for (size_t i = 0; i < texts; at += s->texts[i++].count)
        s->states[i] = s->values + at * s->width;
    if (texts > 0)
        TRY(text_features_run_with_states(s->pass, s->texts, texts, s->features, s->states, error));
    for (size_t i = 0; i < count; i++)
        if (!is_known(&rows[i])) {
            rows[i].features = s->features + given * s->width;
            rows[i].states = s->states[given++];
        }
done:
    return status;
}
