#include "encoder/flat_weights.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

static heed_status allocate(encoder *to, const encoder *e, heed_error *error)
{
    encoder_weights *w = &to->weights;
    to->config = e->config;
    w->word_rows = e->weights.word_rows;
    memcpy(w->digest, e->weights.digest, sizeof w->digest);
    w->flat_count = encoder_weights_numbers(&e->config, ENCODER_ALL_WEIGHTS);
    w->blocks = memory_array((size_t)e->config.layers, sizeof *w->blocks);
    w->copies = memory_array(1, sizeof *w->copies);
    w->flat = memory_aligned(w->flat_count, sizeof *w->flat);
    if (w->copies != NULL && w->flat != NULL)
        w->copies[w->copy_count++] = w->flat;
    return w->blocks == NULL || w->copies == NULL || w->flat == NULL ? fail_memory(error, "an encoder's weights")
                                                                     : HEED_OK;
}

heed_status encoder_copy(encoder **out, const encoder *e, heed_error *error)
{
    encoder *to = memory_array(1, sizeof *to);
    heed_status status = to == NULL ? fail_memory(error, "an encoder") : allocate(to, e, error);
    *out = NULL;
    if (status != HEED_OK) {
        encoder_free(to);
        return status;
    }
    real *at = to->weights.flat;
    for (size_t i = 0; i < encoder_weights_count(&e->config); i++) {
        table_tensor t;
        encoder_weights_at(&t, &e->config, i);
        encoder_weights_set(&to->weights, &t, at);
        if (i > 0)
            memcpy(at, encoder_weights_get(&e->weights, &t), table_tensor_numbers(&t) * sizeof *at);
        at += table_tensor_numbers(&t);
    }
    for (int id = 0; id < e->config.vocabulary; id++) /* which may lie in bfloat16 */
        encoder_word(e, (uint32_t)id, to->weights.flat + (size_t)id * (size_t)e->config.width);
    *out = to;
    return HEED_OK;
}

size_t encoder_flat_after_words(const encoder *e)
{
    return (size_t)e->config.vocabulary * (size_t)e->config.width;
}

heed_status encoder_flat_digest(encoder *e, heed_error *error)
{
    encoder_weights *w = &e->weights;
    for (size_t i = 0; i < w->flat_count; i++)
        if (!isfinite(w->flat[i]))
            return fail(error, HEED_BAD_DATA, "an encoder: weight %zu is not finite after training", i);
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return fail_memory(error, "a digest");
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, w->flat, w->flat_count * sizeof *w->flat);
    digest_digits(w->digest, XXH3_128bits_digest(state));
    XXH3_freeState(state);
    return HEED_OK;
}
