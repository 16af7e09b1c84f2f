#include "data/group_order.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/random.h"

static int by_group(const void *a, const void *b)
{
    const grouped_row *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int by_label_and_order(const void *a, const void *b)
{
    const grouped_row *x = a, *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return by_group(a, b);
}

uint64_t group_order(uint64_t seed, uint64_t group)
{
    uint32_t words[4];
    random_block(words, (random_key){seed, RANDOM_SPLIT, 0, 0, (uint32_t)group}, (uint32_t)(group >> 32));
    return (uint64_t)words[0] << 32 | words[1];
}

uint32_t group_stratum(const uint32_t *labels, size_t count, const uint32_t *rank, const uint64_t *rows, uint32_t none)
{
    uint32_t best = none;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = rank[labels[i]];
        bool rarer = best == none || rows[at] < rows[best] || (rows[at] == rows[best] && at < best);
        best = rarer ? at : best;
    }
    return best;
}

/* The most frequent label of members [0, count) of one group, sorted by label; the first on a tie. */
static uint32_t commonest_label(const grouped_row *m, size_t count)
{
    uint32_t best = m[0].label;
    size_t most = 0;
    for (size_t i = 0; i < count;) {
        size_t end = group_label_end(m, count, i);
        if (end - i > most) {
            most = end - i;
            best = m[i].label;
        }
        i = end;
    }
    return best;
}

void grouped_rows_sort(grouped_row *m, size_t count)
{
    qsort(m, count, sizeof *m, by_group);
    for (size_t i = 0; i < count;) {
        size_t end = grouped_rows_end(m, count, i);
        uint32_t label = commonest_label(m + i, end - i);
        for (; i < end; i++)
            m[i].label = label;
    }
    qsort(m, count, sizeof *m, by_label_and_order);
}

size_t group_label_end(const grouped_row *m, size_t count, size_t first)
{
    size_t end = first;
    while (end < count && m[end].label == m[first].label)
        end++;
    return end;
}

size_t grouped_rows_end(const grouped_row *m, size_t count, size_t first)
{
    size_t end = first;
    while (end < count && m[end].group == m[first].group)
        end++;
    return end;
}
