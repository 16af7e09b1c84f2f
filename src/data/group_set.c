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

static bool join_equal(disjoint_sets *g, const heed_corpus *c, const uint32_t *rows, size_t count,
                       uint64_t number(const corpus_row *row))
{
    numbered_row *order = order_rows(c, rows, count, number);
    for (size_t i = 1; i < count && order != NULL; i++)
        if (order[i].number == order[i - 1].number)
            disjoint_sets_join(g, order[i - 1].place, order[i].place, count);
    free(order);
    return order != NULL;
}

/* ---- the sets */

bool group_set_init(disjoint_sets *g, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    return disjoint_sets_init(g, count) && join_equal(g, c, rows, count, own_group);
}

bool group_set_join_texts(disjoint_sets *g, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    return join_equal(g, c, rows, count, own_text);
}

uint64_t *group_set_groups(disjoint_sets *g, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    uint64_t *group = memory_array(count, sizeof *group);
    for (size_t i = 0; i < count && group != NULL; i++)
        group[i] = c->rows[rows[disjoint_sets_first(g, (uint32_t)i)]].group;
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
