#include "data/shares.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

typedef struct sharing {
    const shared_rows *rows;
    const double *shares;
    size_t parts, largest; /* largest: the part with the largest share, the first of equals */
    uint64_t *taken;       /* [parts]: rows so far */
    uint64_t seen;         /* rows so far */
    bool *known;           /* [labels]: a group before this one has it */
} sharing;

static grouped_row *order_rows(const shared_rows *rows, uint64_t seed)
{
    grouped_row *m = memory_array(rows->count, sizeof *m);
    for (size_t i = 0; i < rows->count && m != NULL; i++) {
        size_t first = rows->first_label[i], count = rows->first_label[i + 1] - first;
        uint32_t stratum =
            group_stratum(rows->labels + first, count, rows->label_rank, rows->label_rows, rows->label_count);
        m[i] = (grouped_row){group_order(seed, rows->group[i]), rows->group[i], (uint32_t)i, stratum};
    }
    if (m != NULL)
        grouped_rows_sort(m, rows->count);
    return m;
}

/* Whether the group has a label that none before it had. */
static bool brings_label(sharing *s, const grouped_row *m, size_t members)
{
    bool found = false;
    for (size_t i = 0; i < members; i++) {
        const size_t *first = &s->rows->first_label[m[i].row];
        for (size_t k = first[0]; k < first[1]; k++) {
            bool *known = &s->known[s->rows->labels[k]];
            found = found || !*known;
            *known = true;
        }
    }
    return found;
}

/* The part that is furthest behind its share of all rows up to these; the first of equals. */
static size_t furthest_behind(const sharing *s, size_t members)
{
    size_t best = 0;
    double most = 0;
    for (size_t p = 0; p < s->parts; p++) {
        double behind = s->shares[p] * (double)(s->seen + members) - (double)s->taken[p];
        if (p == 0 || behind > most) {
            best = p;
            most = behind;
        }
    }
    return best;
}

/* A group, as a range of the ordered rows. */
typedef struct row_range {
    size_t first, members;
    uint32_t label;
} row_range;

/* Within a label large groups come first: small ones make up for what those put out of proportion. */
static int by_label_and_size(const void *a, const void *b)
{
    const row_range *x = a, *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    if (x->members != y->members)
        return x->members > y->members ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static size_t ranges_find(row_range *ranges, const grouped_row *m, size_t count)
{
    size_t groups = 0;
    for (size_t first = 0, next; first < count; first = next) {
        next = grouped_rows_end(m, count, first);
        ranges[groups++] = (row_range){first, next - first, m[first].label};
    }
    qsort(ranges, groups, sizeof *ranges, by_label_and_size);
    return groups;
}

static void share_out(uint32_t *part, sharing *s, const grouped_row *m, const row_range *ranges, size_t groups)
{
    for (size_t i = 0; i < groups; i++) {
        size_t first = ranges[i].first, members = ranges[i].members;
        size_t place = brings_label(s, m + first, members) ? s->largest : furthest_behind(s, members);
        s->taken[place] += members;
        s->seen += members;
        for (size_t k = first; k < first + members; k++)
            part[m[k].row] = (uint32_t)place;
    }
}

heed_status shares_assign(uint32_t *part, const shared_rows *rows, const double *shares, size_t parts, uint64_t seed,
                          heed_error *error)
{
    sharing s = {.rows = rows, .shares = shares, .parts = parts};
    for (size_t p = 1; p < parts; p++)
        s.largest = shares[p] > shares[s.largest] ? p : s.largest;
    s.taken = memory_array(parts, sizeof *s.taken);
    s.known = memory_array(rows->label_count, sizeof *s.known);
    grouped_row *m = order_rows(rows, seed);
    row_range *ranges = memory_array(rows->count, sizeof *ranges);
    bool fine = s.taken != NULL && s.known != NULL && m != NULL && ranges != NULL;
    if (fine)
        share_out(part, &s, m, ranges, ranges_find(ranges, m, rows->count));
    free(ranges);
    free(m);
    free(s.known);
    free(s.taken);
    return fine ? HEED_OK : fail_memory(error, "the parts of rows");
}
