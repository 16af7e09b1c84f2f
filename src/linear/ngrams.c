#include "linear/ngrams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

#define NO_BIGRAM UINT32_MAX

/* Two adjacent known words, and their row. */
typedef struct word_pair {
    uint32_t word[2];
    uint32_t row;
} word_pair;

/* The word of an id; W or more if it is not in the vocabulary. */
static uint32_t word_of(const ngrams *n, uint32_t id)
{
    return id - n->first_id; /* <unk> wraps around to the largest numbers */
}

float ngrams_idf(uint32_t rows, uint32_t rows_with_it)
{
    return (float)(log((1.0 + rows) / (1.0 + rows_with_it)) + 1);
}

/* Room for the features, after words and bigrams are counted. */
static heed_status allocate(ngrams *n, heed_error *error)
{
    n->begin = memory_array((size_t)n->words + 1, sizeof *n->begin);
    n->second = memory_array(n->bigrams, sizeof *n->second);
    n->idf = memory_array(ngrams_count(n), sizeof *n->idf);
    return n->begin && n->second && n->idf ? HEED_OK : fail_memory(error, "features");
}

/* The features that are words of a vocabulary; bigrams come later. */
static ngrams words_of(const vocabulary *words)
{
    return (ngrams){.words = words->words.count, .first_id = words->first};
}

void ngrams_release(ngrams *n)
{
    free(n->begin);
    free(n->second);
    free(n->idf);
    *n = (ngrams){0};
}

/* ---- learning */

/* Scratch. */
typedef struct ngrams_scratch {
    word_pair *pairs, *sorted; /* [pair_count] */
    size_t pair_count;
    size_t *place;           /* [W + 1] */
    uint32_t *having, *last; /* [W]: the rows that have a word, and the last of them, counted from 1 */
} ngrams_scratch;

/* Pairs in the order of the rows; returns how many (out NULL: only counts them). */
static size_t list_pairs(word_pair *out, const ngrams *n, const examples *rows)
{
    size_t count = 0;
    for (uint32_t r = 0; r < rows->count; r++)
        for (size_t i = rows->first[r]; i + 1 < rows->first[r + 1]; i++) {
            word_pair pair = {{word_of(n, rows->ids[i]), word_of(n, rows->ids[i + 1])}, r};
            if (pair.word[0] >= n->words || pair.word[1] >= n->words)
                continue;
            if (out != NULL)
                out[count] = pair;
            count++;
        }
    return count;
}

static heed_status scratch_init(ngrams_scratch *l, const ngrams *n, const examples *rows, heed_error *error)
{
    *l = (ngrams_scratch){.pair_count = list_pairs(NULL, n, rows)};
    l->pairs = memory_array(l->pair_count, sizeof *l->pairs);
    l->sorted = memory_array(l->pair_count, sizeof *l->sorted);
    l->place = memory_array((size_t)n->words + 1, sizeof *l->place);
    l->having = memory_array(n->words, sizeof *l->having);
    l->last = memory_array(n->words, sizeof *l->last);
    return l->pairs && l->sorted && l->place && l->having && l->last ? HEED_OK : fail_memory(error, "features");
}

static void scratch_release(ngrams_scratch *l)
{
    free(l->pairs);
    free(l->sorted);
    free(l->place);
    free(l->having);
    free(l->last);
}

/* A stable counting sort by the first (0) or second (1) word. place: [W + 1]. */
static void sort_pairs(word_pair *out, const word_pair *in, size_t count, int by, size_t *place, uint32_t words)
{
    memset(place, 0, ((size_t)words + 1) * sizeof *place);
    for (size_t i = 0; i < count; i++)
        place[in[i].word[by] + 1]++;
    for (uint32_t w = 0; w < words; w++)
        place[w + 1] += place[w];
    for (size_t i = 0; i < count; i++)
        out[place[in[i].word[by]]++] = in[i];
}

/* Two stable sorts, by the second and then the first word, leave pairs sorted by both, with increasing rows within each
 * pair. */
static void list_sorted_pairs(ngrams_scratch *l, const ngrams *n, const examples *rows)
{
    list_pairs(l->pairs, n, rows);
    sort_pairs(l->sorted, l->pairs, l->pair_count, 1, l->place, n->words);
    sort_pairs(l->pairs, l->sorted, l->pair_count, 0, l->place, n->words);
}

/* The next run of one bigram, from *at: moves *at past it and returns the number of rows that have it. */
static uint32_t take_run(const word_pair *pairs, size_t count, size_t *at)
{
    word_pair first = pairs[*at];
    uint32_t rows = 1;
    for (++*at; *at < count; ++*at) {
        const word_pair *p = &pairs[*at];
        if (p->word[0] != first.word[0] || p->word[1] != first.word[1])
            break;
        rows += p->row != p[-1].row;
    }
    return rows;
}

/* Counts the bigrams that at least so many rows have, and makes room for all features. */
static heed_status count_bigrams(ngrams *n, const ngrams_scratch *l, uint32_t least, heed_error *error)
{
    size_t kept = 0;
    for (size_t at = 0; at < l->pair_count;)
        kept += take_run(l->pairs, l->pair_count, &at) >= least;
    if (kept > INT32_MAX - (size_t)n->words)
        return fail(error, HEED_BAD_DATA, "%zu bigrams and %u words, expected at most %d; raise --min-count", kept,
                    n->words, INT32_MAX);
    n->bigrams = (uint32_t)kept;
    return allocate(n, error);
}

static void fill_bigrams(ngrams *n, const ngrams_scratch *l, uint32_t rows, uint32_t least)
{
    uint32_t next = 0;
    for (size_t at = 0; at < l->pair_count;) {
        const word_pair *p = &l->pairs[at];
        uint32_t having = take_run(l->pairs, l->pair_count, &at);
        if (having < least)
            continue;
        n->begin[p->word[0] + 1]++;
        n->second[next] = p->word[1];
        n->idf[n->words + next++] = ngrams_idf(rows, having);
    }
    for (uint32_t w = 0; w < n->words; w++)
        n->begin[w + 1] += n->begin[w];
}

static void fill_words(ngrams *n, ngrams_scratch *l, const examples *rows)
{
    for (uint32_t r = 0; r < rows->count; r++)
        for (size_t i = rows->first[r]; i < rows->first[r + 1]; i++) {
            uint32_t word = word_of(n, rows->ids[i]);
            if (word >= n->words)
                continue;
            l->having[word] += l->last[word] != r + 1;
            l->last[word] = r + 1;
        }
    for (uint32_t w = 0; w < n->words; w++)
        n->idf[w] = ngrams_idf(rows->count, l->having[w]);
}

heed_status ngrams_learn(ngrams *out, const examples *rows, const vocabulary *words, uint32_t min_count,
                         heed_error *error)
{
    uint32_t least = min_count > 1 ? min_count : 1;
    ngrams_scratch l;
    heed_status status;
    *out = words_of(words);
    TRY(scratch_init(&l, out, rows, error));
    list_sorted_pairs(&l, out, rows);
    TRY(count_bigrams(out, &l, least, error));
    fill_bigrams(out, &l, rows->count, least);
    fill_words(out, &l, rows);
done:
    scratch_release(&l);
    if (status != HEED_OK)
        ngrams_release(out);
    return status;
}

/* ---- reading */

static heed_status read_pairs(ngrams *n, const char *pairs, heed_error *error)
{
    uint32_t before[2] = {0}, pair[2];
    for (uint32_t i = 0; i < n->bigrams; i++, memcpy(before, pair, sizeof pair)) {
        memcpy(pair, pairs + (size_t)i * sizeof pair, sizeof pair);
        bool rises = i == 0 || pair[0] > before[0] || (pair[0] == before[0] && pair[1] > before[1]);
        if (pair[0] >= n->words || pair[1] >= n->words || !rises)
            return fail(error, HEED_BAD_DATA,
                        "bigram %u: found words %u and %u, expected sorted pairs of words below %u", i, pair[0],
                        pair[1], n->words);
        n->begin[pair[0] + 1]++;
        n->second[i] = pair[1];
    }
    for (uint32_t w = 0; w < n->words; w++)
        n->begin[w + 1] += n->begin[w];
    return HEED_OK;
}

static heed_status read_idf(ngrams *n, const char *idf, heed_error *error)
{
    memcpy(n->idf, idf, ngrams_count(n) * sizeof *n->idf);
    for (size_t i = 0; i < ngrams_count(n); i++)
        if (!(isfinite(n->idf[i]) && n->idf[i] > 0))
            return fail(error, HEED_BAD_DATA, "feature %zu: its idf is not a finite number above 0", i);
    return HEED_OK;
}

heed_status ngrams_read(ngrams *out, const vocabulary *words, const char *pairs, uint32_t bigrams, const char *idf,
                        heed_error *error)
{
    heed_status status;
    *out = words_of(words);
    out->bigrams = bigrams;
    TRY(allocate(out, error));
    TRY(read_pairs(out, pairs, error));
    TRY(read_idf(out, idf, error));
    return HEED_OK;
done:
    ngrams_release(out);
    return status;
}

/* ---- features of a row */

uint32_t ngrams_first(const ngrams *n, uint32_t bigram)
{
    uint32_t low = 0, high = n->words; /* begin[low] <= bigram < begin[high] */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        *(n->begin[middle] <= bigram ? &low : &high) = middle;
    }
    return low;
}

static uint32_t find_bigram(const ngrams *n, uint32_t first, uint32_t second)
{
    uint32_t low = n->begin[first], high = n->begin[first + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (n->second[middle] < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n->begin[first + 1] && n->second[low] == second ? low : NO_BIGRAM;
}

static int compare_features(const void *a, const void *b)
{
    uint32_t x = ((const sparse_value *)a)->index, y = ((const sparse_value *)b)->index;
    return x < y ? -1 : x > y;
}

size_t ngrams_ending(const ngrams *n, const uint32_t *ids, size_t at, uint32_t out[2])
{
    uint32_t word = word_of(n, ids[at]), before = at > 0 ? word_of(n, ids[at - 1]) : n->words;
    if (word >= n->words)
        return 0;
    out[0] = word;
    uint32_t bigram = before < n->words ? find_bigram(n, before, word) : NO_BIGRAM;
    if (bigram == NO_BIGRAM)
        return 1;
    out[1] = n->words + bigram;
    return 2;
}

/* One entry of value 1 for every occurrence of a feature in the row. */
static size_t list_features(const ngrams *n, const uint32_t *ids, size_t length, sparse_value *out)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t ending[2];
        size_t found = ngrams_ending(n, ids, i, ending);
        for (size_t j = 0; j < found; j++)
            out[count++] = (sparse_value){ending[j], 1};
    }
    return count;
}

size_t ngrams_row(const ngrams *n, const uint32_t *ids, size_t length, sparse_value *out)
{
    size_t listed = list_features(n, ids, length, out), count = 0;
    if (listed > 0)
        qsort(out, listed, sizeof *out, compare_features);
    for (size_t i = 0; i < listed; i++)
        if (count > 0 && out[count - 1].index == out[i].index)
            out[count - 1].value++;
        else
            out[count++] = out[i];
    for (size_t i = 0; i < count; i++)
        out[i].value *= n->idf[out[i].index];
    sparse_to_length_one(out, count);
    return count;
}
