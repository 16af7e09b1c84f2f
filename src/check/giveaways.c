#include "check/giveaways.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/check_sample.h"
#include "check/row_features.h"
#include "check/sample_features.h"
#include "check/wording.h"

enum {
    SAMPLE_ROWS = 3000, /* in which candidates are looked for: 90 rows of a feature that 3% have */
    FEW_ROWS = 100,
    MOST_LABELS = 256,
    MOST_CANDIDATES = 64,
    MOST_SAID = 8,
    SLOTS = 1 << 20,
    TASK_ROWS = 256
};

#define SHARE_LEAST 0.03  /* of the rows */
#define PURITY_LEAST 0.97 /* of those: one label */
#define SURPRISE 4.0      /* other labels are so many times rarer than in all rows */
#define ALIKE 0.9
#define SAMPLE_SLACK 0.7 /* what a sample shows may be less by chance */

/* A feature, and how many rows of each label have it. */
typedef struct candidate {
    uint64_t digest;
    uint64_t rows, most;   /* most: with the label that most of them have */
    uint32_t label, first; /* first: the first row that has it */
    uint32_t number;       /* in counts.together */
} candidate;

typedef struct giveaways {
    const heed_check *check;
    uint64_t rows; /* training rows with one label */
    candidate found[MOST_CANDIDATES];
    size_t count;
    uint64_t together[MOST_CANDIDATES][MOST_CANDIDATES]; /* rows that have both */
} giveaways;

static uint32_t label_of(const heed_check *c, size_t row)
{
    return part_of(&c->rows[row]) == 0 ? label_table_only(&c->labels, c->rows[row].label) : NO_LABEL;
}

static uint32_t class_of(const void *context, size_t row)
{
    return label_of(context, row);
}

/* ---- candidates */

static int by_digest(const void *a, const void *b)
{
    uint64_t x = ((const candidate *)a)->digest, y = ((const candidate *)b)->digest;
    return (x > y) - (x < y);
}

static double purity_of(const candidate *f)
{
    return (double)f->most / (double)f->rows;
}

/* Purest first, as a field that leaked has no exceptions; of equally pure ones a piece as it is before its words. */
static int by_purity(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    unsigned kind_x = feature_kind_of(x->digest), kind_y = feature_kind_of(y->digest);
    if (purity_of(x) != purity_of(y))
        return purity_of(x) < purity_of(y) ? 1 : -1;
    if (kind_x != kind_y)
        return kind_x > kind_y ? 1 : -1;
    return x->rows != y->rows ? (x->rows < y->rows ? 1 : -1) : by_digest(a, b);
}

static bool is_giveaway(const heed_check *c, const candidate *f, double of, double slack)
{
    double purity = (double)f->most / (double)f->rows,
           share = (double)c->labels.rows[f->label][0] / (double)c->rows_of[0];
    return (double)f->rows >= SHARE_LEAST * of * slack && purity >= 1 - (1 - PURITY_LEAST) / slack &&
           1 - purity <= (1 - share) / (SURPRISE * slack);
}

typedef struct occurrence {
    uint64_t digest;
    uint32_t label;
} occurrence;

static int by_occurrence(const void *a, const void *b)
{
    const occurrence *x = a, *y = b;
    return x->digest != y->digest ? (x->digest > y->digest ? 1 : -1) : (x->label > y->label) - (x->label < y->label);
}

/* The occurrences of one feature, sorted by label. */
static candidate occurrences_count(const occurrence *o, size_t count)
{
    candidate f = {.digest = o->digest, .rows = count};
    for (size_t i = 0, size; i < count; i += size) {
        for (size = 1; i + size < count && o[i + size].label == o[i].label;)
            size++;
        if (size > f.most) {
            f.most = size;
            f.label = o[i].label;
        }
    }
    return f;
}

static void count_up(uint16_t *count)
{
    if (*count < UINT16_MAX)
        (*count)++;
}

/* The occurrences of features that are common enough: how many rows have each is first counted by parts of their
 * digests. */
static heed_status occurrences_make(occurrence **out, size_t *count, const check_sample *s, const row_features *all,
                                    heed_error *error)
{
    uint16_t *slots = memory_array(SLOTS, sizeof *slots);
    size_t capacity = 0, least = (size_t)(SHARE_LEAST * SAMPLE_SLACK * (double)s->count);
    heed_status status = slots == NULL ? fail_memory(error, "features") : HEED_OK;
    for (uint32_t i = 0; i < s->count && status == HEED_OK; i++)
        for (size_t k = 0; k < all[i].count; k++)
            count_up(&slots[all[i].items[k] % SLOTS]);
    for (uint32_t i = 0; i < s->count && status == HEED_OK; i++)
        for (size_t k = 0; k < all[i].count && status == HEED_OK; k++) {
            if (slots[all[i].items[k] % SLOTS] < least)
                continue;
            status = memory_grow(out, &capacity, *count + 1, sizeof **out, error);
            if (status == HEED_OK)
                (*out)[(*count)++] = (occurrence){all[i].items[k], s->classes[i]};
        }
    free(slots);
    return status;
}

static heed_status candidates_find(giveaways *g, const check_sample *s, pool *workers, heed_error *error)
{
    row_features *all = NULL;
    occurrence *o = NULL;
    candidate *list = NULL;
    size_t count = 0, capacity = 0, listed = 0;
    heed_status status;
    TRY(sample_features_read(&all, s, g->check, FEATURES_ALL, workers, error));
    TRY(occurrences_make(&o, &count, s, all, error));
    if (count > 0)
        qsort(o, count, sizeof *o, by_occurrence);
    for (size_t i = 0, size; i < count; i += size) {
        for (size = 1; i + size < count && o[i + size].digest == o[i].digest;)
            size++;
        candidate f = occurrences_count(o + i, size);
        if (!is_giveaway(g->check, &f, s->count, SAMPLE_SLACK))
            continue;
        TRY(memory_grow(&list, &capacity, listed + 1, sizeof *list, error));
        list[listed++] = f;
    }
    if (listed > 0)
        qsort(list, listed, sizeof *list, by_purity);
    g->count = listed < MOST_CANDIDATES ? listed : MOST_CANDIDATES;
    if (listed > 0)
        memcpy(g->found, list, g->count * sizeof *list);
done:
    sample_features_free(all, s);
    free(o);
    free(list);
    return status;
}

/* ---- all rows */

typedef struct counts {
    uint64_t rows[MOST_CANDIDATES][MOST_LABELS], together[MOST_CANDIDATES][MOST_CANDIDATES];
    uint32_t first[MOST_CANDIDATES];
    row_features features;
    heed_status status;
    heed_error error;
} counts;

typedef struct counting {
    giveaways *g;     /* its candidates sorted by digest */
    row_words *words; /* both of each thread */
    counts *counts;
} counting;

static void row_count(counts *c, const giveaways *g, size_t row)
{
    uint32_t label = label_of(g->check, row);
    size_t has[MOST_CANDIDATES], count = 0;
    for (size_t k = 0; k < c->features.count; k++) {
        candidate key = {.digest = c->features.items[k]};
        const candidate *f = bsearch(&key, g->found, g->count, sizeof key, by_digest);
        if (f != NULL)
            has[count++] = (size_t)(f - g->found);
    }
    for (size_t i = 0; i < count; i++) {
        c->rows[has[i]][label]++;
        c->first[has[i]] = row < c->first[has[i]] ? (uint32_t)row : c->first[has[i]];
        for (size_t k = 0; k < count; k++)
            c->together[has[i]][has[k]]++;
    }
}

static void rows_count(void *context, size_t task, unsigned worker)
{
    counting *all = context;
    const heed_check *check = all->g->check;
    counts *c = &all->counts[worker];
    for (size_t i = task * TASK_ROWS; i < (task + 1) * TASK_ROWS && i < check->row_count; i++) {
        if (c->status != HEED_OK || label_of(check, i) == NO_LABEL)
            continue;
        c->status = row_features_read(&c->features, &all->words[worker], check, i, FEATURES_ALL, &c->error);
        if (c->status == HEED_OK)
            row_count(c, all->g, i);
    }
}

/* Sums over the threads, which are whole numbers: the same in any order. */
static heed_status counts_join(giveaways *g, const counts *all, unsigned threads, heed_error *error)
{
    for (unsigned t = 0; t < threads; t++)
        if (all[t].status != HEED_OK)
            return fail(error, all[t].status, "%s", all[t].error.message);
    for (size_t i = 0; i < g->count; i++) {
        candidate *f = &g->found[i];
        *f = (candidate){.digest = f->digest, .first = UINT32_MAX, .number = (uint32_t)i};
        for (uint32_t label = 0; label < MOST_LABELS; label++) {
            uint64_t rows = 0;
            for (unsigned t = 0; t < threads; t++)
                rows += all[t].rows[i][label];
            f->rows += rows;
            if (rows > f->most) {
                f->most = rows;
                f->label = label;
            }
        }
        for (unsigned t = 0; t < threads; t++)
            f->first = all[t].first[i] < f->first ? all[t].first[i] : f->first;
        for (unsigned t = 0; t < threads; t++)
            for (size_t k = 0; k < g->count; k++)
                g->together[i][k] += all[t].together[i][k];
    }
    return HEED_OK;
}

static heed_status candidates_count(giveaways *g, pool *workers, heed_error *error)
{
    unsigned threads = pool_threads(workers);
    counting c = {.g = g, .counts = memory_array(threads, sizeof *c.counts)};
    heed_status status;
    TRY(c.counts == NULL ? fail_memory(error, "counts") : HEED_OK);
    TRY(row_words_all(&c.words, threads, error));
    for (unsigned t = 0; t < threads; t++)
        memset(c.counts[t].first, 0xFF, sizeof c.counts[t].first);
    qsort(g->found, g->count, sizeof *g->found, by_digest);
    pool_run(workers, (g->check->row_count + TASK_ROWS - 1) / TASK_ROWS, rows_count, &c);
    TRY(counts_join(g, c.counts, threads, error));
    qsort(g->found, g->count, sizeof *g->found, by_purity);
done:
    for (unsigned t = 0; c.counts != NULL && t < threads; t++)
        row_features_release(&c.counts[t].features);
    row_words_free_all(c.words, threads);
    free(c.counts);
    return status;
}

/* ---- what is said */

static void feature_say(writer *w, const feature *f)
{
    static const char *const words[FEATURE_KINDS] = {
        "", "", "the first piece ", "the last piece ", "the word ", "the pair of words "};
    writer text = {0};
    writer_bytes(&text, f->text.data, f->text.size);
    writer_text(&text, f->second.size > 0 ? " " : "");
    writer_bytes(&text, f->second.data, f->second.size);
    if (text.problem != 0)
        writer_fail(w, text.problem);
    writer_text(w, words[f->kind]);
    say_label(w, (heed_bytes){text.data, text.size});
    writer_release(&text);
}

static heed_status giveaway_say(heed_check *c, const giveaways *g, const candidate *f, row_words *words,
                                heed_error *error)
{
    feature text;
    bool found;
    heed_status status = row_feature_find(&text, &found, f->digest, words, c, f->first, error);
    if (status != HEED_OK || !found)
        return status;
    writer *w = finding_begin(&c->found, "giveaway", f->rows, g->rows, f->first);
    finding_parts(&c->found, 0, 0);
    finding_figure(&c->found, "purity", (double)f->most / (double)f->rows);
    feature_say(w, &text);
    writer_print(w, " is in %" PRIu64 " training rows (", f->rows);
    say_share(w, (double)f->rows / (double)g->rows);
    writer_text(w, "), and ");
    say_share(w, (double)f->most / (double)f->rows);
    writer_text(w, " of them are ");
    say_label(w, intern_word(&c->labels.names, f->label));
    writer_text(w, ", which ");
    say_share(w, (double)c->labels.rows[f->label][0] / (double)g->rows);
    writer_text(w, " of all are; the first: ");
    say_place(w, c, f->first);
    writer_text(w, "; if it is no part of the text but a field that leaked into it, take it out");
    return HEED_OK;
}

/* Of features that are mostly in the same rows the first is said. */
static bool is_said(const giveaways *g, const candidate *said, size_t count, const candidate *f)
{
    for (size_t i = 0; i < count; i++)
        if ((double)g->together[said[i].number][f->number] > ALIKE * (double)f->rows)
            return true;
    return false;
}

static heed_status giveaways_say(heed_check *c, const giveaways *g, heed_error *error)
{
    row_words words;
    candidate said[MOST_SAID];
    size_t count = 0;
    heed_status status = row_words_init(&words, error);
    for (size_t i = 0; i < g->count && count < MOST_SAID && status == HEED_OK; i++) {
        const candidate *f = &g->found[i];
        if (f->rows == 0 || !is_giveaway(c, f, (double)g->rows, 1) || is_said(g, said, count, f))
            continue;
        said[count++] = *f;
        status = giveaway_say(c, g, f, &words, error);
    }
    row_words_release(&words);
    return status;
}

heed_status giveaways_find(heed_check *check, pool *workers, heed_error *error)
{
    giveaways *g = memory_array(1, sizeof *g);
    check_sample sample = {0};
    heed_status status = g == NULL ? fail_memory(error, "features") : HEED_OK;
    if (status != HEED_OK || check->labels.names.count < 2 || check->labels.names.count > MOST_LABELS)
        goto done;
    g->check = check;
    for (size_t i = 0; i < check->row_count; i++)
        g->rows += label_of(check, i) != NO_LABEL;
    if (g->rows < FEW_ROWS)
        goto done;
    TRY(check_sample_draw(&sample, check, SAMPLE_ROWS, class_of, check, error));
    TRY(candidates_find(g, &sample, workers, error));
    if (g->count == 0)
        goto done;
    TRY(candidates_count(g, workers, error));
    status = giveaways_say(check, g, error);
done:
    check_sample_release(&sample);
    free(g);
    return status;
}
