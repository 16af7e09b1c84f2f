#include "wide/wide_features.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "wide/word_grams_learn.h"

heed_status wide_features_learn(wide_features *out, const examples *rows, const vocabulary *words,
                                const wide_spec *spec, heed_error *error)
{
    heed_status status = HEED_OK;
    *out = (wide_features){.first_id = words->first, .size = words->size};
    if (spec->words.most > 0)
        TRY(word_grams_learn(&out->words, rows, words, spec->words, spec->min_count, error));
    if (spec->letters.most > 0)
        TRY(letter_grams_learn(&out->letters, rows, words, spec->letters, spec->min_count, error));
    if (wide_features_count(out) == 0)
        TRY(fail(error, HEED_BAD_DATA, "no n-gram is in %u training rows, as min-count asks", spec->min_count));
done:
    if (status != HEED_OK)
        wide_features_release(out);
    return status;
}

void wide_features_release(wide_features *f)
{
    word_grams_release(&f->words);
    letter_grams_release(&f->letters);
    *f = (wide_features){0};
}

/* ---- occurrences in a text */

/* The word of an id beyond the vocabulary; empty for one that says only that the word is unknown. */
static heed_bytes own_word(const wide_features *f, wide_text text, uint32_t id)
{
    uint32_t number = id - f->size;
    return id >= f->size && text.spelling != NULL && number < text.spelling->count ? intern_word(text.spelling, number)
                                                                                   : (heed_bytes){NULL, 0};
}

static bool is_known(const wide_features *f, uint32_t id)
{
    return id >= f->first_id && id < f->size;
}

size_t wide_features_room(const wide_features *f, wide_text text)
{
    size_t room = f->words.range.most > 0 ? text.length * (f->words.range.most - f->words.range.least + 1) : 0;
    const letter_grams *g = &f->letters;
    for (size_t i = 0; i < text.length && g->range.most > 0; i++) {
        uint32_t id = text.ids[i], word = id - f->first_id;
        if (is_known(f, id))
            room += g->begin[word + 1] - g->begin[word];
        else
            room += letter_grams_room(g, own_word(f, text, id));
    }
    return room;
}

/* The n-grams of words that begin at a token. */
static size_t list_words(const word_grams *g, wide_text text, uint32_t at, wide_place *out)
{
    size_t count = 0;
    uint32_t node = word_grams_word(g, text.ids[at]);
    if (node >= g->words)
        return 0;
    for (uint32_t length = 1;; length++) {
        if (length >= g->range.least)
            out[count++] = (wide_place){node - g->skipped, at, length};
        if (length == g->range.most || at + (size_t)length >= text.length)
            return count;
        uint32_t word = word_grams_word(g, text.ids[at + length]);
        node = word < g->words ? word_grams_child(g, node, word) : NO_NODE;
        if (node == NO_NODE)
            return count;
    }
}

/* Where the n-grams of a token's letters go. */
typedef struct letter_places {
    wide_place *out;
    size_t count;
    uint32_t first, token; /* first: the feature of the first n-gram of letters */
} letter_places;

static void add_letters(void *context, uint32_t feature)
{
    letter_places *l = context;
    l->out[l->count++] = (wide_place){l->first + feature, l->token, 1};
}

static size_t list_letters(const wide_features *f, wide_text text, uint32_t at, wide_place *out)
{
    const letter_grams *g = &f->letters;
    uint32_t id = text.ids[at], word = id - f->first_id;
    letter_places l = {out, 0, wide_features_words(f), at};
    for (size_t i = is_known(f, id) ? g->begin[word] : 0; is_known(f, id) && i < g->begin[word + 1]; i++)
        add_letters(&l, g->of_word[i]);
    heed_bytes own = own_word(f, text, id);
    if (own.size > 0)
        letter_grams_of(g, own, add_letters, &l);
    return l.count;
}

static int compare_places(const void *a, const void *b)
{
    const wide_place *x = a, *y = b;
    if (x->feature != y->feature)
        return x->feature < y->feature ? -1 : 1;
    return x->token < y->token ? -1 : x->token > y->token;
}

size_t wide_features_places(const wide_features *f, wide_text text, wide_place *out)
{
    size_t count = 0;
    for (uint32_t i = 0; i < text.length && f->words.range.most > 0; i++)
        count += list_words(&f->words, text, i, out + count);
    for (uint32_t i = 0; i < text.length && f->letters.range.most > 0; i++)
        count += list_letters(f, text, i, out + count);
    if (count > 0)
        qsort(out, count, sizeof *out, compare_places);
    return count;
}

size_t wide_features_row(const wide_features *f, wide_text text, wide_place *places, sparse_value *out)
{
    size_t listed = wide_features_places(f, text, places), count = 0;
    for (size_t i = 0; i < listed; i++)
        if (count == 0 || out[count - 1].index != places[i].feature)
            out[count++] = (sparse_value){places[i].feature, 1};
    return count;
}
