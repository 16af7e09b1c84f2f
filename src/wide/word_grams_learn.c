/* Level by level, as an n-gram is in no more rows than the one without its last word, and the one without its first: an
 * occurrence is only counted where both were kept. So memory grows with the tokens, never with all distinct n-grams. */
#include "wide/word_grams_learn.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

/* An n-gram that becomes one longer, at a place of the rows. */
typedef struct occurrence {
    uint32_t key[2]; /* node, and the word after it */
    uint32_t row, place;
} occurrence;

typedef struct learning {
    word_grams *grams;
    const examples *rows;
    uint32_t min_count, level, level_begin; /* level_begin: the first node of the level */
    uint32_t *node;                         /* [tokens]: the n-gram of the level that begins there, or NO_NODE */
    occurrence *found, *sorted;             /* [room] */
    size_t room, *place;                    /* place [keys + 1] */
    size_t begin_room, last_room, place_room;
} learning;

static uint32_t tokens_of(const examples *rows)
{
    return (uint32_t)rows->first[rows->count];
}

static void begin_with_words(learning *l)
{
    for (uint32_t i = 0; i < tokens_of(l->rows); i++) {
        uint32_t word = word_grams_word(l->grams, l->rows->ids[i]);
        l->node[i] = word < l->grams->words ? word : NO_NODE;
    }
}

/* Fills l->found unless it is NULL; returns how many. */
static size_t list_occurrences(const learning *l)
{
    const examples *e = l->rows;
    size_t count = 0;
    for (uint32_t r = 0; r < e->count; r++)
        for (size_t i = e->first[r]; i + l->level < e->first[r + 1]; i++) {
            if (l->node[i] == NO_NODE || l->node[i + 1] == NO_NODE)
                continue;
            if (l->found != NULL) {
                uint32_t word = word_grams_word(l->grams, e->ids[i + l->level]);
                l->found[count] = (occurrence){{l->node[i], word}, r, (uint32_t)i};
            }
            count++;
        }
    return count;
}

/* A stable counting sort by a key that is from first to first + keys - 1. */
static void sort_by(occurrence *out, const occurrence *in, size_t count, int by, uint32_t first, size_t *place,
                    uint32_t keys)
{
    memset(place, 0, ((size_t)keys + 1) * sizeof *place);
    for (size_t i = 0; i < count; i++)
        place[in[i].key[by] - first + 1]++;
    for (uint32_t k = 0; k < keys; k++)
        place[k + 1] += place[k];
    for (size_t i = 0; i < count; i++)
        out[place[in[i].key[by] - first]++] = in[i];
}

static bool same_gram(const occurrence *a, const occurrence *b)
{
    return a->key[0] == b->key[0] && a->key[1] == b->key[1];
}

/* Adds a node for the run found [first, end) of one n-gram, if enough rows have it. */
static heed_status take_run(learning *l, size_t first, size_t end, heed_error *error)
{
    word_grams *g = l->grams;
    uint32_t rows = 1, node = NO_NODE, new = g->nodes - g->words;
    for (size_t i = first + 1; i < end; i++)
        rows += l->found[i].row != l->found[i - 1].row;
    if (rows >= l->min_count) {
        heed_status status = memory_grow(&g->last, &l->last_room, (size_t) new + 1, sizeof *g->last, error);
        if (status != HEED_OK)
            return status;
        if (g->nodes == INT32_MAX)
            return fail(error, HEED_BAD_DATA, "more than %d n-grams of words; raise min-count", INT32_MAX);
        g->last[new] = l->found[first].key[1];
        g->begin[l->found[first].key[0] + 1]++;
        node = g->nodes++;
    }
    for (size_t i = first; i < end; i++)
        l->sorted[i] = (occurrence){{node, 0}, 0, l->found[i].place};
    return HEED_OK;
}

/* The children of the nodes from level_begin to level_end - 1, and where they are. Their numbers of children become
 * where these begin. */
static heed_status take_children(learning *l, size_t count, uint32_t level_end, heed_error *error)
{
    word_grams *g = l->grams;
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && same_gram(&l->found[first], &l->found[end]);)
            end++;
        heed_status status = take_run(l, first, end, error);
        if (status != HEED_OK)
            return status;
    }
    for (uint32_t i = l->level_begin; i < level_end; i++)
        g->begin[i + 1] += g->begin[i];
    memset(l->node, 0xFF, tokens_of(l->rows) * sizeof *l->node);
    for (size_t i = 0; i < count; i++)
        l->node[l->sorted[i].place] = l->sorted[i].key[0];
    return HEED_OK;
}

/* Room for the occurrences and for the new nodes' begins. */
static heed_status make_room(learning *l, size_t count, uint32_t level_end, heed_error *error)
{
    word_grams *g = l->grams;
    uint32_t level = level_end - l->level_begin, keys = level > g->words ? level : g->words;
    heed_status status;
    free(l->sorted);
    l->found = memory_scratch(count, sizeof *l->found);
    l->sorted = memory_scratch(count, sizeof *l->sorted);
    TRY(l->found == NULL || l->sorted == NULL ? fail_memory(error, "n-grams") : HEED_OK);
    TRY(memory_grow(&l->place, &l->place_room, (size_t)keys + 1, sizeof *l->place, error));
    TRY(memory_grow(&g->begin, &l->begin_room, (size_t)level_end + 1, sizeof *g->begin, error));
    memset(g->begin + l->level_begin + 1, 0, level * sizeof *g->begin);
    g->begin[l->level_begin] = level_end;
done:
    return status;
}

static heed_status add_level(learning *l, heed_error *error)
{
    word_grams *g = l->grams;
    uint32_t level_end = g->nodes;
    heed_status status;
    if (l->level < g->range.least)
        g->skipped = level_end;
    free(l->found);
    l->found = NULL;
    size_t count = list_occurrences(l);
    TRY(make_room(l, count, level_end, error));
    list_occurrences(l);
    sort_by(l->sorted, l->found, count, 1, 0, l->place, g->words);
    sort_by(l->found, l->sorted, count, 0, l->level_begin, l->place, level_end - l->level_begin);
    TRY(take_children(l, count, level_end, error));
    g->inner = l->level_begin = level_end;
done:
    return status;
}

heed_status word_grams_learn(word_grams *out, const examples *rows, const vocabulary *words, gram_range range,
                             uint32_t min_count, heed_error *error)
{
    uint32_t count = words->words.count;
    learning l = {.grams = out, .rows = rows, .min_count = min_count};
    heed_status status = HEED_OK;
    *out = (word_grams){.range = range, .words = count, .first_id = words->first, .nodes = count};
    if (rows->first[rows->count] >= UINT32_MAX)
        TRY(fail(error, HEED_BAD_DATA, "%zu tokens, expected fewer than %u", rows->first[rows->count], UINT32_MAX));
    l.node = memory_array(tokens_of(rows), sizeof *l.node);
    TRY(l.node == NULL ? fail_memory(error, "n-grams") : HEED_OK);
    begin_with_words(&l);
    for (l.level = 1; l.level < range.most; l.level++)
        TRY(add_level(&l, error));
done:
    free(l.node);
    free(l.found);
    free(l.sorted);
    free(l.place);
    if (status != HEED_OK)
        word_grams_release(out);
    return status;
}
