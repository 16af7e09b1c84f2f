#include "data/likeness.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/group_set.h"

enum { NEAREST = 3, RARE_SHARE = 100, RARE_MOST = 250, GROUP_SHARE = 400, GROUP_LEAST = 5 };

/* A rare word in a row. */
typedef struct term {
    uint32_t row, word;
    float weight; /* how often, at first */
} term;

/* Terms word by word, each word's in the order of the rows; and the places of each row's terms. */
typedef struct term_table {
    term *terms;
    size_t *of_word; /* [words + 1] */
    size_t *of_row;  /* [rows + 1] into places */
    size_t *places;
    uint32_t *seen; /* [words]: the last row, from 1, that had the word */
    size_t words, rows;
} term_table;

typedef struct tie {
    float strength;
    uint32_t one, other;
} tie;

typedef struct tie_list {
    tie *ties; /* [rows * NEAREST] */
    size_t count;
    float *strength; /* [rows]: to the row in hand; 0: they share nothing */
    uint32_t *met;   /* [rows]: the rows that share something with it */
} tie_list;

/* ---- terms */

/* In how many rows each word is: in of_word[word + 1]. */
static void count_rows(term_table *t, const heed_corpus *c, const uint32_t *rows)
{
    for (size_t i = 0; i < t->rows; i++) {
        size_t count;
        const uint32_t *words = corpus_words(c, rows[i], &count);
        for (size_t k = 0; k < count; k++)
            if (t->seen[words[k]] != i + 1) {
                t->seen[words[k]] = (uint32_t)i + 1;
                t->of_word[words[k] + 1]++;
            }
    }
}

/* Leaves the rare words alone, and turns counts into places. Returns how many terms there are. */
static size_t keep_rare(term_table *t)
{
    double most = fmin(fmax(sqrt((double)t->rows), (double)t->rows / RARE_SHARE), RARE_MOST);
    for (size_t w = 0; w < t->words; w++) {
        size_t in_rows = t->of_word[w + 1];
        t->of_word[w + 1] = t->of_word[w] + (in_rows >= 2 && (double)in_rows <= most ? in_rows : 0);
    }
    return t->of_word[t->words];
}

/* next [words]: where the next term of each word goes. */
static void fill_terms(term_table *t, size_t *next, const heed_corpus *c, const uint32_t *rows)
{
    size_t placed = 0;
    for (size_t w = 0; w < t->words; w++) {
        next[w] = t->of_word[w];
        t->seen[w] = 0;
    }
    for (size_t i = 0; i < t->rows; i++) {
        size_t count;
        const uint32_t *words = corpus_words(c, rows[i], &count);
        t->of_row[i] = placed;
        for (size_t k = 0; k < count; k++) {
            uint32_t w = words[k];
            if (t->of_word[w] == t->of_word[w + 1])
                continue;
            if (t->seen[w] != i + 1) {
                t->seen[w] = (uint32_t)i + 1;
                t->places[placed++] = next[w];
                t->terms[next[w]++] = (term){(uint32_t)i, w, 0};
            }
            t->terms[next[w] - 1].weight++;
        }
    }
    t->of_row[t->rows] = placed;
}

/* Weighs the terms of each row, divided by the root of the row's length. */
static void weigh_terms(term_table *t)
{
    for (size_t i = 0; i < t->rows; i++) {
        double squares = 0;
        for (size_t p = t->of_row[i]; p < t->of_row[i + 1]; p++) {
            term *one = &t->terms[t->places[p]];
            double in_rows = (double)(t->of_word[one->word + 1] - t->of_word[one->word]);
            double weight = log((double)t->rows / in_rows) * (1 + log((double)one->weight));
            squares += weight * weight;
            one->weight = (float)weight;
        }
        float root = (float)sqrt(sqrt(squares));
        for (size_t p = t->of_row[i]; p < t->of_row[i + 1] && root > 0; p++)
            t->terms[t->places[p]].weight /= root;
    }
}

static void term_table_release(term_table *t)
{
    free(t->terms);
    free(t->of_word);
    free(t->of_row);
    free(t->places);
    free(t->seen);
}

/* False: memory. */
static bool term_table_init(term_table *t, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    *t = (term_table){.words = c->words.count, .rows = count};
    t->of_word = memory_array(t->words + 1, sizeof *t->of_word);
    t->of_row = memory_array(count + 1, sizeof *t->of_row);
    t->seen = memory_array(t->words, sizeof *t->seen);
    size_t *next = memory_array(t->words, sizeof *next);
    bool fine = t->of_word != NULL && t->of_row != NULL && t->seen != NULL && next != NULL;
    if (fine) {
        count_rows(t, c, rows);
        size_t terms = keep_rare(t);
        t->terms = memory_array(terms, sizeof *t->terms);
        t->places = memory_array(terms, sizeof *t->places);
        fine = t->terms != NULL && t->places != NULL;
    }
    if (fine) {
        fill_terms(t, next, c, rows);
        weigh_terms(t);
    }
    free(next);
    return fine;
}

/* ---- ties */

/* The strongest first; of equal ones that of the first rows, so that the order is complete. */
static int by_strength(const void *a, const void *b)
{
    const tie *x = a, *y = b;
    if (x->strength != y->strength)
        return x->strength > y->strength ? -1 : 1;
    if (x->one != y->one)
        return x->one < y->one ? -1 : 1;
    return x->other < y->other ? -1 : x->other > y->other;
}

/* Keeps a tie if it is among the strongest of its row. */
static size_t keep_nearest(tie *nearest, size_t count, tie t)
{
    size_t place = count;
    while (place > 0 && by_strength(&t, &nearest[place - 1]) < 0)
        place--;
    if (place == NEAREST)
        return count;
    size_t kept = count < NEAREST ? count + 1 : NEAREST;
    for (size_t i = kept - 1; i > place; i--)
        nearest[i] = nearest[i - 1];
    nearest[place] = t;
    return kept;
}

static void tie_row(tie_list *out, const term_table *t, uint32_t row, float least)
{
    size_t met = 0, kept = 0;
    tie *nearest = out->ties + out->count;
    for (size_t p = t->of_row[row]; p < t->of_row[row + 1]; p++) {
        const term *own = &t->terms[t->places[p]];
        for (size_t i = t->of_word[own->word]; i < t->of_word[own->word + 1]; i++) {
            const term *other = &t->terms[i];
            if (out->strength[other->row] == 0)
                out->met[met++] = other->row;
            out->strength[other->row] += own->weight * other->weight;
        }
    }
    for (size_t i = 0; i < met; i++) {
        uint32_t other = out->met[i];
        if (other != row && out->strength[other] >= least)
            kept = keep_nearest(nearest, kept, (tie){out->strength[other], row, other});
        out->strength[other] = 0;
    }
    out->count += kept;
}

static void tie_list_release(tie_list *list)
{
    free(list->ties);
    free(list->strength);
    free(list->met);
}

static bool tie_list_init(tie_list *out, const heed_corpus *c, const uint32_t *rows, size_t count)
{
    term_table t;
    *out = (tie_list){.ties = memory_array(count, NEAREST * sizeof *out->ties),
                      .strength = memory_array(count, sizeof *out->strength),
                      .met = memory_array(count, sizeof *out->met)};
    bool fine = term_table_init(&t, c, rows, count) && out->ties != NULL && out->strength != NULL && out->met != NULL;
    for (size_t i = 0; i < count && fine; i++)
        tie_row(out, &t, (uint32_t)i, (float)(log((double)count) / 2));
    term_table_release(&t);
    if (fine)
        qsort(out->ties, out->count, sizeof *out->ties, by_strength);
    return fine;
}

/* ---- groups */

uint64_t *likeness_groups(const heed_corpus *c, const uint32_t *rows, size_t count, bool with_texts)
{
    uint64_t *group = NULL;
    size_t most = count / GROUP_SHARE > GROUP_LEAST ? count / GROUP_SHARE : GROUP_LEAST;
    disjoint_sets set;
    tie_list list;
    bool fine = group_set_init(&set, c, rows, count) && (!with_texts || group_set_join_texts(&set, c, rows, count));
    fine = tie_list_init(&list, c, rows, count) && fine;
    for (size_t i = 0; i < list.count && fine; i++)
        disjoint_sets_join(&set, list.ties[i].one, list.ties[i].other, most);
    if (fine)
        group = group_set_groups(&set, c, rows, count);
    tie_list_release(&list);
    disjoint_sets_release(&set);
    return group;
}
