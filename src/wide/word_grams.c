#include "wide/word_grams.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

void word_grams_release(word_grams *g)
{
    free(g->begin);
    free(g->last);
    *g = (word_grams){0};
}

/* ---- reading */

static heed_status check_begin(const word_grams *g, heed_error *error)
{
    for (uint32_t i = 0; i <= g->inner; i++) {
        uint32_t least = i == 0 ? g->words : g->begin[i - 1], most = i == 0 ? g->words : g->nodes;
        if (g->begin[i] < least || g->begin[i] > most)
            return fail(error, HEED_BAD_DATA, "n-gram %u: found its children from %u on, expected from %u to %u", i,
                        g->begin[i], least, most);
    }
    return g->begin[g->inner] == g->nodes
               ? HEED_OK
               : fail(error, HEED_BAD_DATA, "n-grams: found children up to %u, expected up to %u", g->begin[g->inner],
                      g->nodes);
}

static heed_status check_last(const word_grams *g, heed_error *error)
{
    for (uint32_t i = 0; i < g->inner; i++)
        for (uint32_t child = g->begin[i]; child < g->begin[i + 1]; child++) {
            uint32_t word = g->last[child - g->words];
            if (word >= g->words || (child > g->begin[i] && word <= g->last[child - g->words - 1]))
                return fail(error, HEED_BAD_DATA, "n-gram %u: found the last word %u, expected sorted words below %u",
                            child, word, g->words);
        }
    return HEED_OK;
}

/* Follows the levels: level B - 1 ends where the inner nodes do. Sets how many nodes are too short. */
static heed_status check_levels(word_grams *g, heed_error *error)
{
    uint32_t end = g->words; /* of the level */
    for (uint32_t length = 1; length < g->range.most; length++) {
        if (length < g->range.least)
            g->skipped = end;
        if (length + 1 == g->range.most ? end != g->inner : end > g->inner)
            return fail(error, HEED_BAD_DATA, "n-grams: found %u with children, expected those of up to %u words",
                        g->inner, g->range.most - 1);
        /* the children of this level's last node end the next level */
        end = g->begin[end];
    }
    return HEED_OK;
}

heed_status word_grams_read(word_grams *out, const vocabulary *words, gram_range range, const char *begin,
                            uint64_t inner, heed_bytes last, heed_error *error)
{
    uint32_t count = words->words.count;
    heed_status status;
    *out = (word_grams){.range = range, .words = count, .first_id = words->first, .nodes = count};
    if (range.most == 1)
        return HEED_OK;
    if (inner > INT32_MAX || last.size / sizeof *out->last > INT32_MAX - (size_t)count)
        return fail(error, HEED_BAD_DATA, "n-grams: more than a model can have");
    out->inner = (uint32_t)inner;
    out->nodes = count + (uint32_t)(last.size / sizeof *out->last);
    out->begin = memory_array((size_t)inner + 1, sizeof *out->begin);
    out->last = memory_array(out->nodes - count, sizeof *out->last);
    TRY(out->begin == NULL || out->last == NULL ? fail_memory(error, "n-grams") : HEED_OK);
    memcpy(out->begin, begin, ((size_t)inner + 1) * sizeof *out->begin);
    if (last.size > 0)
        memcpy(out->last, last.data, last.size);
    TRY(check_begin(out, error));
    TRY(check_last(out, error));
    TRY(check_levels(out, error));
    return HEED_OK;
done:
    word_grams_release(out);
    return status;
}

/* ---- looking up */

uint32_t word_grams_child(const word_grams *g, uint32_t node, uint32_t word)
{
    uint32_t low = g->begin[node], high = g->begin[node + 1], end = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (g->last[middle - g->words] < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && g->last[low - g->words] == word ? low : NO_NODE;
}

/* The node whose child this is. */
static uint32_t parent_of(const word_grams *g, uint32_t node)
{
    uint32_t low = 0, high = g->inner; /* begin[low] <= node < begin[high] */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        *(g->begin[middle] <= node ? &low : &high) = middle;
    }
    return low;
}

uint32_t word_grams_words(const word_grams *g, uint32_t feature, uint32_t words[MOST_WORDS])
{
    uint32_t reversed[MOST_WORDS], count = 0, node = feature + g->skipped;
    for (; node >= g->words; node = parent_of(g, node))
        reversed[count++] = g->last[node - g->words];
    reversed[count++] = node;
    for (uint32_t i = 0; i < count; i++)
        words[i] = reversed[count - 1 - i];
    return count;
}
