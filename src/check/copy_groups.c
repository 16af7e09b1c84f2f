#include "check/copy_groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/row_words.h"
#include "check/shingles.h"

/* ---- equal texts */

static int by_exact(const void *a, const void *b, void *rows)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint64_t p = ((const checked *)rows)[x].exact, q = ((const checked *)rows)[y].exact;
    return p != q ? (p > q ? 1 : -1) : (x > y) - (x < y);
}

static void group_fill(copy_group *out, const heed_check *c, const uint32_t *rows, size_t count)
{
    *out = (copy_group){.first = {NO_ROW, NO_ROW, NO_ROW}, .other_label = NO_ROW, .labelled = NO_ROW, .empty = true};
    for (size_t i = 0; i < count; i++) {
        const checked *row = &c->rows[rows[i]];
        uint32_t *first = &out->first[part_of(row)];
        *first = rows[i] < *first ? rows[i] : *first;
        out->empty = out->empty && row_is_empty(row);
        if (row->label != NO_LABEL)
            out->labelled = rows[i] < out->labelled ? rows[i] : out->labelled;
    }
    for (size_t i = 0; i < count && out->labelled != NO_ROW; i++) {
        uint32_t label = c->rows[rows[i]].label;
        if (label != NO_LABEL && label != c->rows[out->labelled].label && rows[i] < out->other_label)
            out->other_label = rows[i];
    }
}

/* ---- nearly equal ones */

typedef struct comparing {
    const heed_check *check;
    const copy_groups *groups;
    row_words *words;  /* of each thread */
    shingles *sets[2]; /* likewise */
} comparing;

/* Any row of a group has the words of its first: what they differ by is no word. */
static heed_status set_make(shingles *out, comparing *c, uint32_t group, unsigned worker, heed_error *error)
{
    const heed_token *words;
    size_t count;
    uint32_t row = UINT32_MAX;
    for (unsigned part = 0; part < PARTS; part++)
        row = c->groups->of[group].first[part] < row ? c->groups->of[group].first[part] : row;
    heed_status status = row_words_read(&words, &count, &c->words[worker], c->check, row, error);
    if (status == HEED_OK)
        status = shingles_make(out, words, count, error);
    if (status == HEED_OK)
        shingles_sort(out);
    return status;
}

static heed_status similarity(double *out, void *user, uint32_t one, uint32_t other, unsigned worker, heed_error *error)
{
    comparing *c = user;
    shingles *a = &c->sets[0][worker], *b = &c->sets[1][worker];
    heed_status status;
    *out = 0;
    TRY(set_make(a, c, one, worker, error));
    TRY(set_make(b, c, other, worker, error));
    *out = a->count > 0 && b->count > 0 ? shingles_similarity(a, b) : 0;
done:
    return status;
}

static void sets_free(shingles *sets, unsigned threads)
{
    for (unsigned i = 0; sets != NULL && i < threads; i++)
        shingles_release(&sets[i]);
    free(sets);
}

static heed_status near_find(copy_groups *g, pool *workers, heed_error *error)
{
    unsigned threads = pool_threads(workers);
    comparing c = {.check = g->check, .groups = g};
    near_source source = {g->check->sketches, g->check->groups.count, similarity, &c};
    heed_status status;
    TRY(row_words_all(&c.words, threads, error));
    for (unsigned i = 0; i < 2; i++) {
        c.sets[i] = memory_array(threads, sizeof *c.sets[i]);
        TRY(c.sets[i] == NULL ? fail_memory(error, "near duplicates") : HEED_OK);
    }
    status = near_pairs_find(&g->near, &source, workers, error);
done:
    row_words_free_all(c.words, threads);
    sets_free(c.sets[0], threads);
    sets_free(c.sets[1], threads);
    return status;
}

static void near_mark(copy_groups *g)
{
    for (size_t i = 0; i < g->near.count; i++) {
        copy_group *one = &g->of[g->near.items[i].one], *other = &g->of[g->near.items[i].other];
        for (unsigned part = 0; part < PARTS; part++) {
            bool in_one = one->first[part] != NO_ROW, in_other = other->first[part] != NO_ROW;
            one->near[part] |= in_other;
            other->near[part] |= in_one;
            other->near_before[part] |= in_one && in_other;
        }
    }
}

heed_status copy_groups_init(copy_groups *out, heed_check *check, pool *workers, heed_error *error)
{
    const row_groups *by = &check->by_group;
    *out = (copy_groups){.check = check, .of = memory_array(check->groups.count, sizeof *out->of)};
    if (out->of == NULL)
        return fail_memory(error, "copies");
    for (uint32_t g = 0; g < check->groups.count; g++) {
        uint32_t *rows = by->rows + by->first[g];
        size_t count = by->first[g + 1] - by->first[g];
        if (count > 1)
            qsort_r(rows, count, sizeof *rows, by_exact, check->rows);
        group_fill(&out->of[g], check, rows, count);
    }
    heed_status status = near_find(out, workers, error);
    if (status == HEED_OK)
        near_mark(out);
    return status;
}

void copy_groups_release(copy_groups *g)
{
    free(g->of);
    near_pairs_release(&g->near);
}
