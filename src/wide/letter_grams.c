#include "wide/letter_grams.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

enum { GRAM_BYTES = 4 * MOST_LETTERS };

void letter_grams_release(letter_grams *g)
{
    intern_release(&g->grams);
    free(g->begin);
    free(g->of_word);
    *g = (letter_grams){0};
}

/* ---- the n-grams of a word */

/* Moves through a word with its blanks. */
typedef struct letter_walk {
    heed_bytes word;
    size_t at; /* 0: the blank before the word; i: its byte i - 1; size + 1: the blank after it */
} letter_walk;

/* The letter at this place; returns its length, 0 after the last one. */
static size_t letter_at(const letter_walk *w, size_t at, const char **letter)
{
    uint32_t point;
    *letter = " ";
    if (at == 0 || at == w->word.size + 1)
        return 1;
    if (at > w->word.size)
        return 0;
    *letter = w->word.data + at - 1;
    size_t length = utf8_decode(*letter, w->word.size - (at - 1), &point);
    return length > 0 ? length : 1;
}

/* The letters from the walk's place on, at most `most`: ends[i] bytes are the first i + 1. Returns how many. */
static uint32_t take_letters(const letter_walk *w, uint32_t most, char bytes[GRAM_BYTES], uint8_t ends[MOST_LETTERS])
{
    uint32_t count = 0;
    size_t size = 0, length;
    const char *letter;
    while (count < most && (length = letter_at(w, w->at + size, &letter)) > 0) {
        memcpy(bytes + size, letter, length);
        size += length;
        ends[count++] = (uint8_t)size;
    }
    return count;
}

typedef heed_status (*gram_sink)(void *context, heed_bytes gram, heed_error *error);

/* Each occurrence of an n-gram, by place and then by length. */
static heed_status each_gram(heed_bytes word, gram_range range, gram_sink sink, void *context, heed_error *error)
{
    letter_walk w = {.word = word};
    char bytes[GRAM_BYTES];
    uint8_t ends[MOST_LETTERS];
    heed_status status = HEED_OK;
    for (uint32_t count; (count = take_letters(&w, range.most, bytes, ends)) > 0; w.at += ends[0]) {
        uint32_t least = w.at == 0 && count < range.least ? count : range.least;
        for (uint32_t n = least; n <= count; n++)
            TRY(sink(context, (heed_bytes){bytes, ends[n - 1]}, error));
    }
done:
    return status;
}

typedef struct gram_search {
    const letter_grams *grams;
    void (*take)(void *context, uint32_t feature);
    void *context;
} gram_search;

static heed_status find_gram(void *context, heed_bytes gram, heed_error *error)
{
    const gram_search *s = context;
    uint32_t number = intern_find(&s->grams->grams, gram);
    (void)error;
    if (number != INTERN_NONE)
        s->take(s->context, number);
    return HEED_OK;
}

void letter_grams_of(const letter_grams *g, heed_bytes word, void (*take)(void *context, uint32_t feature),
                     void *context)
{
    gram_search s = {g, take, context};
    each_gram(word, g->range, find_gram, &s, NULL);
}

size_t letter_grams_room(const letter_grams *g, heed_bytes word)
{
    return (word.size + 2) * (g->range.most - g->range.least + 1);
}

/* ---- those of many words, one after the other */

typedef struct word_features {
    size_t *begin;     /* [words + 1] */
    uint32_t *numbers; /* [begin[words]] */
    size_t capacity;
} word_features;

/* Makes room for the n-grams of a word, whose first one is number `begin`. */
static heed_status room_for_word(word_features *w, const letter_grams *g, size_t begin, heed_bytes word,
                                 heed_error *error)
{
    return memory_grow(&w->numbers, &w->capacity, begin + letter_grams_room(g, word), sizeof *w->numbers, error);
}

/* The places from *next on are filled. */
typedef struct word_filling {
    uint32_t *numbers;
    size_t next;
} word_filling;

static void add_number(void *context, uint32_t feature)
{
    word_filling *f = context;
    f->numbers[f->next++] = feature;
}

static heed_status list_vocabulary(letter_grams *g, const vocabulary *words, heed_error *error)
{
    uint32_t count = words->words.count;
    word_features w = {.begin = memory_array((size_t)count + 1, sizeof *w.begin)};
    heed_status status = w.begin == NULL ? fail_memory(error, "n-grams of letters") : HEED_OK;
    for (uint32_t i = 0; i < count && status == HEED_OK; i++) {
        heed_bytes word = intern_word(&words->words, i);
        status = room_for_word(&w, g, w.begin[i], word, error);
        if (status != HEED_OK)
            break;
        word_filling f = {w.numbers, w.begin[i]};
        letter_grams_of(g, word, add_number, &f);
        w.begin[i + 1] = f.next;
    }
    g->begin = w.begin;
    g->of_word = w.numbers;
    return status;
}

/* ---- reading */

heed_status letter_grams_read(letter_grams *out, const vocabulary *words, gram_range range, const heed_bytes *texts,
                              uint32_t count, heed_error *error)
{
    heed_status status;
    uint32_t number;
    *out = (letter_grams){.range = range};
    TRY(intern_init(&out->grams, error));
    for (uint32_t i = 0; i < count; i++) {
        TRY(intern_put(&number, &out->grams, texts[i], error));
        if (number != i)
            TRY(fail(error, HEED_BAD_DATA, "n-grams of letters: found %u again as %u, expected each once", number, i));
    }
    TRY(list_vocabulary(out, words, error));
    return HEED_OK;
done:
    letter_grams_release(out);
    return status;
}

/* ---- learning */

/* All n-grams of the rows' words, whose ids are those of the vocabulary and then those of the rows' own. */
typedef struct letter_learning {
    const examples *rows;
    const vocabulary *words;
    letter_grams all; /* grams of all lengths, however rare */
    word_features of_id;
    uint32_t ids;
    uint32_t *having, *last; /* [grams]: rows that have it, and the last of them, counted from 1 */
} letter_learning;

static heed_status put_gram(void *context, heed_bytes gram, heed_error *error)
{
    letter_learning *l = context;
    uint32_t number;
    heed_status status = intern_put(&number, &l->all.grams, gram, error);
    if (status == HEED_OK)
        l->of_id.numbers[l->of_id.begin[l->ids]++] = number;
    return status;
}

/* The word of an id; nothing for padding, unknown words, and words that no row has. */
static heed_bytes spelled(const letter_learning *l, const bool *used, uint32_t id)
{
    if (!used[id] || id < l->words->first)
        return (heed_bytes){NULL, 0};
    return id < l->words->size ? intern_word(&l->words->words, id - l->words->first)
                               : intern_word(l->rows->spelling, id - l->words->size);
}

static heed_status list_grams(letter_learning *l, const bool *used, uint32_t ids, heed_error *error)
{
    word_features *w = &l->of_id;
    heed_status status = HEED_OK;
    for (l->ids = 1; l->ids <= ids; l->ids++) { /* put_gram moves begin[l->ids] from where the word before ended */
        heed_bytes word = spelled(l, used, l->ids - 1);
        w->begin[l->ids] = w->begin[l->ids - 1];
        if (word.size == 0)
            continue;
        TRY(room_for_word(w, &l->all, w->begin[l->ids], word, error));
        TRY(each_gram(word, l->all.range, put_gram, l, error));
    }
done:
    return status;
}

static heed_status list_all(letter_learning *l, heed_error *error)
{
    const examples *e = l->rows;
    uint32_t ids = l->words->size + (e->spelling != NULL ? e->spelling->count : 0);
    bool *used = memory_array(ids, sizeof *used);
    l->of_id.begin = memory_array((size_t)ids + 1, sizeof *l->of_id.begin);
    heed_status status;
    TRY(used == NULL || l->of_id.begin == NULL ? fail_memory(error, "n-grams of letters") : HEED_OK);
    TRY(intern_init(&l->all.grams, error));
    for (size_t i = 0; i < e->first[e->count]; i++)
        if (e->ids[i] < ids)
            used[e->ids[i]] = true;
    TRY(list_grams(l, used, ids, error));
    l->ids = ids;
done:
    free(used);
    return status;
}

static void count_rows(letter_learning *l)
{
    const examples *e = l->rows;
    for (uint32_t r = 0; r < e->count; r++)
        for (size_t i = e->first[r]; i < e->first[r + 1]; i++) {
            uint32_t id = e->ids[i];
            for (size_t j = id < l->ids ? l->of_id.begin[id] : 0; id < l->ids && j < l->of_id.begin[id + 1]; j++) {
                uint32_t gram = l->of_id.numbers[j];
                l->having[gram] += l->last[gram] != r + 1;
                l->last[gram] = r + 1;
            }
        }
}

static heed_status keep_frequent(letter_grams *out, const letter_learning *l, uint32_t min_count, heed_error *error)
{
    heed_status status = intern_init(&out->grams, error);
    uint32_t number;
    for (uint32_t i = 0; i < l->all.grams.count && status == HEED_OK; i++)
        if (l->having[i] >= min_count)
            status = intern_put(&number, &out->grams, intern_word(&l->all.grams, i), error);
    return status;
}

heed_status letter_grams_learn(letter_grams *out, const examples *rows, const vocabulary *words, gram_range range,
                               uint32_t min_count, heed_error *error)
{
    letter_learning l = {.rows = rows, .words = words, .all = {.range = range}};
    heed_status status;
    *out = (letter_grams){.range = range};
    TRY(list_all(&l, error));
    l.having = memory_array(l.all.grams.count, sizeof *l.having);
    l.last = memory_array(l.all.grams.count, sizeof *l.last);
    TRY(l.having == NULL || l.last == NULL ? fail_memory(error, "n-grams of letters") : HEED_OK);
    count_rows(&l);
    TRY(keep_frequent(out, &l, min_count, error));
    TRY(list_vocabulary(out, words, error));
done:
    letter_grams_release(&l.all);
    free(l.of_id.begin);
    free(l.of_id.numbers);
    free(l.having);
    free(l.last);
    if (status != HEED_OK)
        letter_grams_release(out);
    return status;
}
