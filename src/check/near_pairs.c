#include "check/near_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/min_hash.h"

enum {
    BAND = 5,
    BANDS = SKETCH / BAND,
    CROWD = 32,       /* texts that share a band and are all compared */
    CROWD_BEFORE = 3, /* of more, how many before each are */
    AGREE_LEAST = 60, /* places: five standard deviations (4) below what a similarity of 0.8 has on average */
    DIGIT_BITS = 11,  /* of the radix sort */
    DIGITS = 1 << DIGIT_BITS,
    TASK_PAIRS = 64
};

/* Pairs as one number each: the first text in the upper half. */
typedef struct candidates {
    uint64_t *items;
    size_t count, capacity;
    heed_status status;
    heed_error error;
} candidates;

typedef struct band_search {
    const near_source *source;
    candidates of_band[BANDS];
} band_search;

/* ---- candidates */

static uint32_t band_key(const uint32_t *places)
{
    uint64_t h = 0;
    for (unsigned i = 0; i < BAND; i++)
        h = (h ^ places[i]) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(h >> 32);
}

/* Sorts numbers by their upper halves and keeps the order of equal ones; spare: [count]. Returns where the result is.
 */
static uint64_t *sort_by_key(uint64_t *items, uint64_t *spare, size_t count)
{
    for (unsigned shift = 32; shift < 64; shift += DIGIT_BITS) {
        size_t first[DIGITS] = {0};
        for (size_t i = 0; i < count; i++)
            first[items[i] >> shift & (DIGITS - 1)]++;
        for (size_t digit = 0, at = 0; digit < DIGITS; digit++) {
            size_t size = first[digit];
            first[digit] = at;
            at += size;
        }
        for (size_t i = 0; i < count; i++)
            spare[first[items[i] >> shift & (DIGITS - 1)]++] = items[i];
        uint64_t *sorted = spare;
        spare = items;
        items = sorted;
    }
    return items;
}

static heed_status consider(candidates *c, const near_source *s, uint32_t one, uint32_t other)
{
    if (min_hash_agree(s->sketches + (size_t)one * SKETCH, s->sketches + (size_t)other * SKETCH) < AGREE_LEAST)
        return HEED_OK;
    heed_status status = memory_grow(&c->items, &c->capacity, c->count + 1, sizeof *c->items, &c->error);
    if (status == HEED_OK)
        c->items[c->count++] = (uint64_t)one << 32 | other;
    return status;
}

/* Texts that share a band, in their order. */
static heed_status consider_run(candidates *c, const near_source *s, const uint64_t *run, size_t size)
{
    heed_status status = HEED_OK;
    for (size_t i = 1; i < size && status == HEED_OK; i++) {
        size_t from = size > CROWD && i > CROWD_BEFORE ? i - CROWD_BEFORE : 0;
        if (from > 0)
            status = consider(c, s, (uint32_t)run[0], (uint32_t)run[i]);
        for (size_t k = from; k < i && status == HEED_OK; k++)
            status = consider(c, s, (uint32_t)run[k], (uint32_t)run[i]);
    }
    return status;
}

static void search_band(void *context, size_t band, unsigned worker)
{
    (void)worker;
    band_search *b = context;
    const near_source *s = b->source;
    candidates *c = &b->of_band[band];
    uint64_t *keys = memory_scratch(s->count, sizeof *keys), *spare = memory_scratch(s->count, sizeof *spare);
    c->status = keys == NULL || spare == NULL ? fail_memory(&c->error, "near duplicates") : HEED_OK;
    for (uint32_t i = 0; i < s->count && c->status == HEED_OK; i++)
        keys[i] = (uint64_t)band_key(s->sketches + (size_t)i * SKETCH + band * BAND) << 32 | i;
    const uint64_t *sorted = c->status == HEED_OK ? sort_by_key(keys, spare, s->count) : NULL;
    for (size_t i = 0, size; i < s->count && c->status == HEED_OK; i += size) {
        for (size = 1; i + size < s->count && sorted[i + size] >> 32 == sorted[i] >> 32;)
            size++;
        c->status = consider_run(c, s, sorted + i, size);
    }
    free(keys);
    free(spare);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The candidates of all bands, sorted, each once. */
static heed_status candidates_join(candidates *out, band_search *b, heed_error *error)
{
    heed_status status = HEED_OK;
    for (unsigned band = 0; band < BANDS; band++) {
        candidates *c = &b->of_band[band];
        TRY(c->status == HEED_OK ? HEED_OK : fail(error, c->status, "%s", c->error.message));
        TRY(memory_grow(&out->items, &out->capacity, out->count + c->count + 1, sizeof *out->items, error));
        if (c->count > 0)
            memcpy(out->items + out->count, c->items, c->count * sizeof *c->items);
        out->count += c->count;
        free(c->items);
        c->items = NULL;
    }
    qsort(out->items, out->count, sizeof *out->items, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || out->items[i] != out->items[kept - 1])
            out->items[kept++] = out->items[i];
    out->count = kept;
done:
    return status;
}

static heed_status candidates_find(candidates *out, const near_source *source, pool *workers, heed_error *error)
{
    band_search *b = memory_array(1, sizeof *b);
    if (b == NULL)
        return fail_memory(error, "near duplicates");
    b->source = source;
    pool_run(workers, BANDS, search_band, b);
    heed_status status = candidates_join(out, b, error);
    for (unsigned band = 0; band < BANDS; band++)
        free(b->of_band[band].items);
    free(b);
    return status;
}

/* ---- verification */

typedef struct verification {
    const near_source *source;
    const candidates *candidates;
    double *similarity;  /* of each */
    heed_status *status; /* of each task */
    heed_error *error;   /* [tasks] */
} verification;

static void verify_some(void *context, size_t task, unsigned worker)
{
    const verification *v = context;
    const near_source *s = v->source;
    size_t end = (task + 1) * TASK_PAIRS < v->candidates->count ? (task + 1) * TASK_PAIRS : v->candidates->count;
    for (size_t i = task * TASK_PAIRS; i < end && v->status[task] == HEED_OK; i++) {
        uint64_t pair = v->candidates->items[i];
        v->status[task] =
            s->similarity(&v->similarity[i], s->user, (uint32_t)(pair >> 32), (uint32_t)pair, worker, &v->error[task]);
    }
}

static heed_status pairs_keep(near_pairs *out, const verification *v, heed_error *error)
{
    out->items = memory_array(v->candidates->count, sizeof *out->items);
    if (out->items == NULL)
        return fail_memory(error, "near duplicates");
    for (size_t i = 0; i < v->candidates->count; i++) {
        uint64_t pair = v->candidates->items[i];
        if (v->similarity[i] >= NEAR_LEAST)
            out->items[out->count++] = (near_pair){(uint32_t)(pair >> 32), (uint32_t)pair, v->similarity[i]};
    }
    return HEED_OK;
}

static heed_status candidates_verify(near_pairs *out, const near_source *source, const candidates *c, pool *workers,
                                     heed_error *error)
{
    size_t tasks = (c->count + TASK_PAIRS - 1) / TASK_PAIRS;
    verification v = {source, c, memory_array(c->count, sizeof *v.similarity), memory_array(tasks, sizeof *v.status),
                      memory_array(tasks, sizeof *v.error)};
    heed_status status = HEED_OK;
    if (v.similarity == NULL || v.status == NULL || v.error == NULL)
        TRY(fail_memory(error, "near duplicates"));
    pool_run(workers, tasks, verify_some, &v);
    for (size_t i = 0; i < tasks; i++)
        TRY(v.status[i] == HEED_OK ? HEED_OK : fail(error, v.status[i], "%s", v.error[i].message));
    status = pairs_keep(out, &v, error);
done:
    free(v.similarity);
    free(v.status);
    free(v.error);
    return status;
}

heed_status near_pairs_find(near_pairs *out, const near_source *source, pool *workers, heed_error *error)
{
    candidates c = {0};
    *out = (near_pairs){0};
    heed_status status;
    TRY(candidates_find(&c, source, workers, error));
    status = candidates_verify(out, source, &c, workers, error);
done:
    free(c.items);
    return status;
}

void near_pairs_release(near_pairs *pairs)
{
    free(pairs->items);
    *pairs = (near_pairs){0};
}
