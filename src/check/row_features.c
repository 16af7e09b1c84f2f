#include "check/row_features.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/status.h"

/* The features of a text one by one; take returns whether to go on. */
typedef struct walk {
    bool (*take)(void *context, const feature *f);
    void *context;
    unsigned kinds;
} walk;

static bool give(const walk *w, feature_kind kind, heed_bytes text, heed_bytes second)
{
    enum { KIND_BITS = 7 };
    if ((w->kinds & 1u << kind) == 0)
        return true;
    uint64_t digest = XXH3_64bits_withSeed(text.data, text.size, kind);
    if (second.size > 0)
        digest = XXH3_64bits_withSeed(second.data, second.size, digest);
    feature f = {(digest | KIND_BITS) ^ (KIND_BITS - kind), kind, text, second};
    return w->take(w->context, &f);
}

static bool is_white(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool walk_pieces(const walk *w, heed_bytes text)
{
    heed_bytes piece = {0}, none = {0};
    bool first = true;
    for (size_t at = 0; at < text.size;) {
        size_t begin = at;
        while (at < text.size && !is_white(text.data[at]))
            at++;
        piece = at > begin ? (heed_bytes){text.data + begin, at - begin} : piece;
        if (at > begin && (!give(w, FEATURE_PIECE, piece, none) || (first && !give(w, FEATURE_FIRST, piece, none))))
            return false;
        first = first && at == begin;
        at++;
    }
    return piece.size == 0 || give(w, FEATURE_LAST, piece, none);
}

static bool walk_words(const walk *w, const heed_token *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!give(w, FEATURE_WORD, words[i].text, (heed_bytes){0}))
            return false;
        if (i > 0 && !give(w, FEATURE_PAIR, words[i - 1].text, words[i].text))
            return false;
    }
    return true;
}

static heed_status walk_row(const walk *w, row_words *words, const heed_check *check, size_t row, heed_error *error)
{
    const heed_token *items;
    size_t count;
    heed_status status = row_words_read(&items, &count, words, check, row, error);
    if (status != HEED_OK)
        return status;
    if (walk_pieces(w, (heed_bytes){words->text.data, check->rows[row].size}))
        walk_words(w, items, count);
    return HEED_OK;
}

/* ---- all */

typedef struct gathering {
    row_features *features;
    heed_status status;
    heed_error *error;
} gathering;

/* Whether the digest is new. */
static bool slot_take(row_features *f, uint64_t digest)
{
    size_t at = digest & (f->slot_count - 1);
    while (f->slots[at] != 0 && f->slots[at] != digest)
        at = (at + 1) & (f->slot_count - 1);
    bool free = f->slots[at] == 0;
    f->slots[at] = digest;
    return free;
}

/* At most half of the slots are taken. */
static heed_status slots_grow(row_features *f, heed_error *error)
{
    enum { FEWEST = 1024 };
    if (f->count * 2 < f->slot_count)
        return HEED_OK;
    free(f->slots);
    f->slot_count = f->slot_count > 0 ? f->slot_count * 2 : FEWEST;
    f->slots = memory_array(f->slot_count, sizeof *f->slots);
    if (f->slots == NULL) {
        f->slot_count = 0;
        return fail_memory(error, "features");
    }
    for (size_t i = 0; i < f->count; i++)
        slot_take(f, f->items[i]);
    return HEED_OK;
}

static bool gather(void *context, const feature *f)
{
    gathering *g = context;
    row_features *list = g->features;
    g->status = memory_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items, g->error);
    if (g->status == HEED_OK)
        g->status = slots_grow(list, g->error);
    if (g->status == HEED_OK && slot_take(list, f->digest))
        list->items[list->count++] = f->digest;
    return g->status == HEED_OK;
}

heed_status row_features_read(row_features *out, row_words *w, const heed_check *check, size_t row, unsigned kinds,
                              heed_error *error)
{
    gathering g = {out, HEED_OK, error};
    walk all = {gather, &g, kinds};
    out->count = 0;
    if (out->slot_count > 0)
        memset(out->slots, 0, out->slot_count * sizeof *out->slots);
    heed_status status = walk_row(&all, w, check, row, error);
    return status != HEED_OK ? status : g.status;
}

void row_features_shrink(row_features *f)
{
    free(f->slots);
    f->slots = NULL;
    f->slot_count = 0;
}

void row_features_release(row_features *f)
{
    row_features_shrink(f);
    free(f->items);
    *f = (row_features){0};
}

/* ---- one */

typedef struct looking {
    uint64_t digest;
    feature *out;
    bool found;
} looking;

static bool look(void *context, const feature *f)
{
    looking *l = context;
    l->found = f->digest == l->digest;
    if (l->found)
        *l->out = *f;
    return !l->found;
}

heed_status row_feature_find(feature *out, bool *found, uint64_t digest, row_words *w, const heed_check *check,
                             size_t row, heed_error *error)
{
    looking l = {.digest = digest, .out = out};
    walk all = {look, &l, FEATURES_ALL};
    heed_status status = walk_row(&all, w, check, row, error);
    *found = l.found;
    return status;
}
