#include "data/split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "data/group_order.h"
#include "data/group_set.h"
#include "data/likeness.h"

/* Which rows are kept together. */
typedef enum grouping {
    BY_GROUP,    /* the corpus's own groups: of one text, or of one value of the group column */
    BY_LIKENESS, /* also those that likeness_groups joins */
    BY_TEXT,     /* the own groups, joined where they have the same text_digest, unless a column says what a group is */
    BY_ALL       /* BY_TEXT and BY_LIKENESS */
} grouping;

/* The label by which a row is stratified; without labels it is their number. */
static uint32_t row_stratum(const heed_corpus *c, size_t row)
{
    size_t count;
    const uint32_t *labels = corpus_labels(c, row, &count);
    return group_stratum(labels, count, c->label_rank, c->label_rows, c->label_names.count);
}

/* Joined groups of rows; NULL: memory. */
static uint64_t *join_groups(const heed_corpus *c, const uint32_t *rows, size_t count, grouping by)
{
    if (by == BY_LIKENESS || by == BY_ALL)
        return likeness_groups(c, rows, count, by == BY_ALL && !c->grouped);
    disjoint_sets set;
    bool fine = group_set_init(&set, c, rows, count) && (c->grouped || group_set_join_texts(&set, c, rows, count));
    uint64_t *groups = fine ? group_set_groups(&set, c, rows, count) : NULL;
    disjoint_sets_release(&set);
    return groups;
}

/* These rows, group by group; NULL: memory. */
static grouped_row *order_groups(const heed_corpus *c, const uint32_t *rows, size_t count, grouping by, uint64_t seed)
{
    grouped_row *m = memory_array(count, sizeof *m);
    uint64_t *joined = by != BY_GROUP ? join_groups(c, rows, count, by) : NULL;
    bool fine = m != NULL && (by == BY_GROUP || joined != NULL);
    for (size_t i = 0; i < count && fine; i++) {
        uint64_t group = joined != NULL ? joined[i] : c->rows[rows[i]].group;
        m[i] = (grouped_row){group_order(seed, group), group, rows[i], row_stratum(c, rows[i])};
    }
    free(joined);
    if (fine) {
        grouped_rows_sort(m, count);
        return m;
    }
    free(m);
    return NULL;
}

/* Rows whose part is not set by a file or column. */
static grouped_row *order_open_groups(heed_corpus *c, grouping by, uint64_t seed, size_t *count)
{
    uint32_t *open = memory_array(c->row_count, sizeof *open);
    *count = 0;
    for (size_t i = 0; i < c->row_count && open != NULL; i++)
        if (c->rows[i].part == HEED_PART_ANY)
            open[(*count)++] = (uint32_t)i;
    grouped_row *m = open == NULL ? NULL : order_groups(c, open, *count, by, seed);
    free(open);
    return m;
}

static heed_status allocate(split *out, const heed_corpus *c, heed_error *error)
{
    out->train = memory_array(c->row_count, sizeof(uint32_t));
    out->validation = memory_array(c->row_count, sizeof(uint32_t));
    if (out->train == NULL || out->validation == NULL) {
        split_release(out);
        return fail_memory(error, "a split");
    }
    return HEED_OK;
}

/* The rows in order, each to the part in chosen[row], unless its part is set. */
static void fill(split *out, const heed_corpus *c, const bool *chosen, bool with_fixed)
{
    for (size_t i = 0; i < c->row_count; i++) {
        heed_part part = c->rows[i].part;
        if (part == HEED_PART_ANY)
            part = chosen[i] ? HEED_PART_VALIDATION : HEED_PART_TRAIN;
        if (part == HEED_PART_TRAIN)
            out->train[out->train_count++] = (uint32_t)i;
        else if (part == HEED_PART_VALIDATION && (with_fixed || c->rows[i].part == HEED_PART_ANY))
            out->validation[out->validation_count++] = (uint32_t)i;
    }
}

/* ---- a label that no training row has is not learnt */

static void mark_trained(bool *learnt, const heed_corpus *c, const bool *chosen)
{
    for (size_t i = 0; i < c->row_count; i++) {
        size_t count;
        const uint32_t *labels = corpus_labels(c, i, &count);
        bool trains = c->rows[i].part == HEED_PART_TRAIN || (c->rows[i].part == HEED_PART_ANY && !chosen[i]);
        for (size_t k = 0; k < count && trains; k++)
            learnt[c->label_rank[labels[k]]] = true;
    }
}

/* Lets a group train that has labels which nothing learns so far. */
static void keep_group(split *out, bool *chosen, bool *learnt, const heed_corpus *c, const grouped_row *m,
                       size_t members)
{
    uint32_t before = out->kept_label_count;
    for (size_t i = 0; i < members; i++) {
        size_t count;
        const uint32_t *labels = corpus_labels(c, m[i].row, &count);
        for (size_t k = 0; k < count; k++)
            if (!learnt[c->label_rank[labels[k]]]) {
                learnt[c->label_rank[labels[k]]] = true;
                out->kept_labels[out->kept_label_count++] = c->label_rank[labels[k]];
            }
    }
    for (size_t i = 0; i < members && out->kept_label_count > before; i++) {
        chosen[m[i].row] = false;
        out->kept_rows++;
    }
}

/* m: the rows that may be chosen, group by group. */
static heed_status keep_labels(split *out, bool *chosen, const heed_corpus *c, const grouped_row *m, size_t count,
                               heed_error *error)
{
    bool *learnt = memory_array(c->label_names.count, sizeof *learnt);
    out->kept_labels = memory_array(c->label_names.count, sizeof *out->kept_labels);
    if (learnt == NULL || out->kept_labels == NULL) {
        free(learnt);
        return fail_memory(error, "a split");
    }
    mark_trained(learnt, c, chosen);
    for (size_t first = 0, next; first < count; first = next) {
        next = grouped_rows_end(m, count, first);
        if (chosen[m[first].row])
            keep_group(out, chosen, learnt, c, m + first, next - first);
    }
    free(learnt);
    return HEED_OK;
}

bool split_is_fixed(const heed_corpus *c)
{
    for (size_t i = 0; i < c->row_count; i++)
        if (c->rows[i].part == HEED_PART_VALIDATION)
            return true;
    return false;
}

uint64_t split_last_begins(uint64_t rows, double fraction)
{
    return (uint64_t)floor((1 - fraction) * (double)rows);
}

static void choose_last(bool *chosen, const heed_corpus *c, double fraction)
{
    size_t open = 0, place = 0;
    for (size_t i = 0; i < c->row_count; i++)
        open += c->rows[i].part == HEED_PART_ANY;
    size_t first = (size_t)split_last_begins(open, fraction);
    for (size_t i = 0; i < c->row_count; i++)
        chosen[i] = c->rows[i].part == HEED_PART_ANY && place++ >= first;
}

/* m: the open rows, group by group. */
static void choose_fraction(bool *chosen, const grouped_row *m, size_t count, double fraction)
{
    for (size_t first = 0; first < count;) {
        size_t end = group_label_end(m, count, first);
        size_t quota = (size_t)floor(fraction * (double)(end - first) + 0.5), taken = 0;
        if (quota == end - first) /* a label that only validates is not learnt */
            quota--;
        for (size_t i = first, next; i < end && taken < quota; i = next) {
            next = grouped_rows_end(m, end, i);
            if (next - i > quota - taken) /* a group that is too large for the rest of the share trains */
                continue;
            taken += next - i;
            for (size_t j = i; j < next; j++)
                chosen[m[j].row] = true;
        }
        first = end;
    }
}

static heed_status choose_groups(split *out, bool *chosen, heed_corpus *c, grouping by, double fraction, uint64_t seed,
                                 heed_error *error)
{
    size_t count;
    grouped_row *m = order_open_groups(c, by, seed, &count);
    if (m == NULL)
        return fail_memory(error, "a split");
    choose_fraction(chosen, m, count, fraction);
    heed_status status = keep_labels(out, chosen, c, m, count, error);
    free(m);
    return status;
}

heed_status split_rows(split *out, heed_corpus *corpus, heed_validation kind, double fraction, uint64_t seed,
                       heed_error *error)
{
    *out = (split){0};
    bool *chosen = memory_array(corpus->row_count, sizeof *chosen);
    if (chosen == NULL)
        return fail_memory(error, "a split");
    heed_status status = HEED_OK;
    if (!split_is_fixed(corpus) && kind == HEED_VALIDATION_LAST)
        choose_last(chosen, corpus, fraction);
    else if (!split_is_fixed(corpus) && (kind == HEED_VALIDATION_FRACTION || kind == HEED_VALIDATION_GROUPED))
        status = choose_groups(out, chosen, corpus, kind == HEED_VALIDATION_GROUPED ? BY_LIKENESS : BY_GROUP, fraction,
                               seed, error);
    if (status == HEED_OK)
        status = allocate(out, corpus, error);
    if (status == HEED_OK)
        fill(out, corpus, chosen, true);
    free(chosen);
    return status;
}

/* The fold with the fewest rows of this label, on a tie the one with the fewest rows in total, then the first. */
static unsigned emptiest_fold(const size_t *of_label, const size_t *in_all, unsigned folds)
{
    unsigned best = 0;
    for (unsigned i = 1; i < folds; i++)
        if (of_label[i] < of_label[best] || (of_label[i] == of_label[best] && in_all[i] < in_all[best]))
            best = i;
    return best;
}

/* Assigns group by group to the fold that needs it most: fold[row]. counts [2 * folds]: zeros. */
static void assign_folds(uint32_t *fold, const grouped_row *m, size_t count, unsigned folds, size_t *counts)
{
    size_t *of_label = counts, *in_all = counts + folds;
    for (size_t first = 0; first < count;) {
        size_t end = group_label_end(m, count, first);
        memset(of_label, 0, folds * sizeof *of_label);
        for (size_t i = first, next; i < end; i = next) {
            next = grouped_rows_end(m, end, i);
            unsigned place = emptiest_fold(of_label, in_all, folds);
            of_label[place] += next - i;
            in_all[place] += next - i;
            for (size_t j = i; j < next; j++)
                fold[m[j].row] = place;
        }
        first = end;
    }
}

heed_status split_fold(split *out, heed_corpus *corpus, unsigned fold, unsigned folds, uint64_t seed, heed_error *error)
{
    *out = (split){0};
    bool *chosen = memory_array(corpus->row_count, sizeof *chosen);
    uint32_t *of_row = memory_array(corpus->row_count, sizeof *of_row);
    size_t *counts = memory_array((size_t)folds * 2, sizeof *counts), count = 0;
    grouped_row *m = order_open_groups(corpus, BY_TEXT, seed, &count);
    heed_status status;
    TRY(!chosen || !of_row || !counts || !m ? fail_memory(error, "a split") : HEED_OK);
    assign_folds(of_row, m, count, folds, counts);
    for (size_t i = 0; i < count; i++)
        chosen[m[i].row] = of_row[m[i].row] == fold;
    TRY(keep_labels(out, chosen, corpus, m, count, error));
    TRY(allocate(out, corpus, error));
    fill(out, corpus, chosen, false);
done:
    if (status != HEED_OK)
        split_release(out);
    free(m);
    free(counts);
    free(of_row);
    free(chosen);
    return status;
}

/* The folds of groups in this order. Releases m; NULL: memory. */
static heed_status fold_groups(uint32_t *fold, grouped_row *m, const heed_corpus *corpus, const uint32_t *rows,
                               uint32_t count, unsigned folds, heed_error *error)
{
    uint32_t *of_row = memory_array(corpus->row_count, sizeof *of_row);
    size_t *counts = memory_array((size_t)folds * 2, sizeof *counts);
    bool fine = of_row != NULL && counts != NULL && m != NULL;
    if (fine)
        assign_folds(of_row, m, count, folds, counts);
    for (uint32_t i = 0; i < count && fine; i++)
        fold[i] = of_row[rows[i]];
    free(m);
    free(counts);
    free(of_row);
    return fine ? HEED_OK : fail_memory(error, "folds");
}

heed_status split_within(uint32_t *fold, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                         unsigned folds, uint64_t seed, heed_error *error)
{
    return fold_groups(fold, order_groups(corpus, rows, count, BY_TEXT, seed), corpus, rows, count, folds, error);
}

heed_status split_within_grouped(uint32_t *fold, const heed_corpus *corpus, const uint32_t *rows, uint32_t count,
                                 unsigned folds, uint64_t seed, heed_error *error)
{
    return fold_groups(fold, order_groups(corpus, rows, count, BY_ALL, seed), corpus, rows, count, folds, error);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The first groups of a label, up to its share. */
static size_t keep_share(uint32_t *kept, const grouped_row *m, size_t count, double share)
{
    size_t taken = 0;
    for (size_t next; (double)taken < share * (double)count; taken = next) {
        next = grouped_rows_end(m, count, taken);
        for (size_t i = taken; i < next; i++)
            kept[i] = m[i].row;
    }
    return taken;
}

heed_status split_thin(split *s, const heed_corpus *corpus, double share, uint64_t seed, heed_error *error)
{
    if (!(share > 0 && share <= 1))
        return fail(error, HEED_USAGE, "--train-share: found %g, expected more than 0, at most 1", share);
    size_t count = s->train_count, kept = 0;
    grouped_row *m = order_groups(corpus, s->train, count, BY_GROUP, seed);
    if (m == NULL)
        return fail_memory(error, "a part of the training rows");
    for (size_t first = 0, end; first < count; first = end) {
        end = group_label_end(m, count, first);
        kept += keep_share(s->train + kept, m + first, end - first, share);
    }
    free(m);
    qsort(s->train, kept, sizeof *s->train, by_number);
    s->train_count = (uint32_t)kept;
    return HEED_OK;
}

void split_release(split *s)
{
    free(s->train);
    free(s->validation);
    free(s->kept_labels);
    *s = (split){0};
}
