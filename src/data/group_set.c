#include "data/group_set.h"

#include <stdlib.h>

#include "base/memory.h"

/* ---- rows in the order of a number */

typedef struct numbered_row {
    uint64_t number;
    uint32_t place;
} numbered_row;

static int by_number(const void *a, const void *b)
{
    const numbered_row *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static uint64_t own_group(const corpus_row *row)
{
    return row->group;
}

static uint64_t own_text(const corpus_row *row)
{
    return row->digest;
}

/* NULL: memory. */
static numbered_row *order_rows(const heed_corpus *c, const uint32_t *rows, size_t count,
                                uint64_t number(const corpus_row *row))
{
    numbered_row *order = memory_array(count, sizeof *order);
    for (size_t i = 0; i < count && order != NULL; i++)
        order[i] = (numbered_row){number(&c->rows[rows[i]]), (uint32_t)i};
    if (order != NULL)
        qsort(order, count, sizeof *order, by_number);
    return order;
}

static bool join_equal(group_set *g, const heed_corpus *c, const uint32_t *rows, size_t count,
                       uint64_t number(const corpus_row *row))
{
    numbered_row *order = order_rows(c, rows, count, number);
    for (size_t i = 1; i < count && order != NULL; i++)
        if (order[i].number == order[i - 1].number)
            group_set_join(g, order[i - 1].place, order[i].place, count);
    free(order);
    return order != NULL;
}

/* ---- the sets */

bool group_set_init(group_set *g, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    *g = (group_set){memory_array(count, sizeof *g->parent), memory_array(count, sizeof *g->size)};
    bool fine = g->parent != NULL && g->size != NULL;
    for (size_t i = 0; i < count && fine; i++) {
        g->parent[i] = (uint32_t)i;
        g->size[i] = 1;
    }
    return fine && join_equal(g, c, rows, count, own_group);
}

void group_set_release(group_set *g)
{
    free(g->parent);
    free(g->size);
}

static uint32_t group_first(const group_set *g, uint32_t row)
{
    while (g->parent[row] != row) {
        g->parent[row] = g->parent[g->parent[row]];
        row = g->parent[row];
    }
    return row;
}

void group_set_join(group_set *g, uint32_t one, uint32_t other, size_t most)
{
    uint32_t a = group_first(g, one), b = group_first(g, other);
    if (a == b || g->size[a] > most || g->size[b] > most - g->size[a])
        return;
    uint32_t first = a < b ? a : b, second = a < b ? b : a;
    g->parent[second] = first;
    g->size[first] += g->size[second];
}

bool group_set_join_texts(group_set *g, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    return join_equal(g, c, rows, count, own_text);
}

uint64_t *group_set_groups(group_set *g, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    uint64_t *group = memory_array(count, sizeof *group);
    for (size_t i = 0; i < count && group != NULL; i++)
        group[i] = c->rows[rows[group_first(g, (uint32_t)i)]].group;
    return group;
}

bool group_set_shared(size_t *out, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    numbered_row *order = order_rows(c, rows, count, own_text);
    *out = 0;
    for (size_t i = 0, end; i < count && order != NULL; i = end) {
        bool shared = false;
        for (end = i + 1; end < count && order[end].number == order[i].number; end++)
            shared |= c->rows[rows[order[end].place]].group != c->rows[rows[order[i].place]].group;
        *out += shared ? end - i : 0;
    }
    free(order);
    return order != NULL;
}
