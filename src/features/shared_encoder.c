#include "features/shared_encoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/safetensors.h"
#include "base/status.h"
#include "options/choices.h"
#include "text/vocabulary.h"

/* The tokenizer's text is the same for the same tokenizer, however its files say it. */
heed_status shared_encoder_settle(shared_encoder *e, heed_error *error)
{
    char *words = NULL;
    heed_status status = tokenizer_json(&words, e->words, error);
    if (status != HEED_OK)
        return status;
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        free(words);
        return fail_memory(error, "a digest");
    }
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, e->net->weights.digest, strlen(e->net->weights.digest));
    XXH3_128bits_update(state, words, strlen(words));
    XXH128_hash_t digest = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    free(words);
    digest_digits(e->digest, digest);
    return HEED_OK;
}

static heed_status check_ids(const shared_encoder *e, heed_error *error)
{
    uint32_t ids = tokenizer_size(e->words), rows = (uint32_t)e->net->config.vocabulary;
    int window = e->net->config.window;
    if (ids > rows)
        return fail(error, HEED_BAD_DATA,
                    "an encoder: its tokenizer has %u tokens, expected at most the %u of the weights", ids, rows);
    if (window > 0 && tokenizer_around(e->words) >= (size_t)window)
        return fail(error, HEED_BAD_DATA,
                    "an encoder: %zu tokens stand around each text, expected fewer than the %d that it reads",
                    tokenizer_around(e->words), window);
    return HEED_OK;
}

heed_status shared_encoder_join(shared_encoder **out, encoder *net, tokenizer *words, heed_error *error)
{
    shared_encoder *e = memory_array(1, sizeof *e);
    heed_status status;
    *out = NULL;
    if (e == NULL) {
        encoder_free(net);
        tokenizer_free(words);
        return fail_memory(error, "an encoder");
    }
    e->net = net;
    e->words = words;
    atomic_init(&e->holders, 1);
    atomic_init(&e->halves, NULL);
    TRY(check_ids(e, error));
    TRY(shared_encoder_settle(e, error));
    encoder_describe(net, e->name, sizeof e->name);
    *out = e;
    return HEED_OK;
done:
    shared_encoder_release(e);
    return status;
}

const names save_names = NAMES("float32", "bfloat16");

static heed_status round_weights(encoder **net, heed_error *error)
{
    encoder *rounded;
    heed_status status = encoder_rounded(&rounded, *net, error);
    if (status != HEED_OK)
        return status;
    encoder_free(*net);
    *net = rounded;
    return HEED_OK;
}

heed_status shared_encoder_open(shared_encoder **out, const char *folder, heed_precision precision, heed_error *error)
{
    encoder *net = NULL;
    tokenizer *words = NULL;
    heed_error detail;
    heed_status status;
    *out = NULL;
    TRY(encoder_open(&net, folder, error));
    if (precision == HEED_PRECISION_BFLOAT16)
        TRY(round_weights(&net, error));
    TRY(tokenizer_load(&words, folder, error));
    status = shared_encoder_join(out, net, words, &detail);
    return status == HEED_OK ? status : fail(error, status, "%.200s: %.800s", folder, detail.message);
done:
    encoder_free(net);
    return status;
}

/* The first weight that lies in [begin, end), or end; *after: the first byte after it. */
static char *next_weight(const encoder *net, char *begin, char *end, char **after)
{
    char *first = end;
    *after = end;
    for (size_t i = 0; i < encoder_tensor_count(net); i++) {
        encoder_tensor t;
        encoder_tensor_at(net, i, &t);
        char *data = (char *)(uintptr_t)t.data;
        if (data < begin || data >= first)
            continue;
        first = data;
        *after = data + (size_t)(t.shape[0] * (t.rank == 1 ? 1 : t.shape[1])) * tensor_width(t.type);
    }
    return first;
}

void shared_encoder_keep(shared_encoder *e, char *file, size_t size)
{
    char *end = file + size, *after;
    e->file = file;
    for (char *at = file; at < end; at = after) {
        char *weight = next_weight(e->net, at, end, &after);
        memory_give_back(at, (size_t)(weight - at));
    }
}

heed_status shared_encoder_halves(const encoder_halves **out, const shared_encoder *e, heed_error *error)
{
    shared_encoder *own = (shared_encoder *)(uintptr_t)e;
    encoder_halves *made, *first = atomic_load(&own->halves);
    *out = first;
    if (!encoder_has_attention(e->net))
        return HEED_USAGE;
    if (first != NULL)
        return HEED_OK;
    heed_status status = encoder_halves_new(&made, e->net, error);
    if (status != HEED_OK)
        return status;
    if (atomic_compare_exchange_strong(&own->halves, &first, made))
        first = made;
    else
        encoder_halves_free(made); /* another thread was faster */
    *out = first;
    return HEED_OK;
}

shared_encoder *shared_encoder_hold(const shared_encoder *e)
{
    shared_encoder *held = (shared_encoder *)(uintptr_t)e;
    if (held != NULL)
        atomic_fetch_add(&held->holders, 1);
    return held;
}

void shared_encoder_release(shared_encoder *e)
{
    if (e == NULL || atomic_fetch_sub(&e->holders, 1) > 1)
        return;
    encoder_halves_free(e->halves);
    encoder_free(e->net);
    tokenizer_free(e->words);
    free(e->file);
    free(e);
}

size_t shared_encoder_frame(const shared_encoder *e, const uint32_t *ids, size_t count, uint32_t *to)
{
    size_t before, around = tokenizer_around(e->words);
    const uint32_t *frame = tokenizer_frame(e->words, &before);
    memcpy(to, frame, before * sizeof *to);
    for (size_t i = 0; i < count; i++)
        to[before + i] = subword_number(ids[i]);
    memcpy(to + before + count, frame + before, (around - before) * sizeof *to);
    return count + around;
}

uint32_t shared_encoder_room(const shared_encoder *e, uint32_t wanted)
{
    uint32_t window = (uint32_t)e->net->config.window, around = (uint32_t)tokenizer_around(e->words);
    uint32_t most = window > 0 && (wanted == 0 || window < wanted) ? window : wanted;
    return most > around ? most - around : 1;
}

uint32_t shared_encoder_reads(const shared_encoder *e, uint32_t wanted, uint32_t stretches)
{
    return shared_encoder_room(e, wanted) * (stretches > 1 ? stretches : 1);
}
