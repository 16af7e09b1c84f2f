#include "explain/erased_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const size_t percents[ERASED_SHARES] = {10, 20, 50};

bool erased_rows_init(erased_rows *e, const token_map *text, const token_map_word *words, size_t word_count,
                      size_t orders, heed_erase erase)
{
    size_t rows = orders * ERASED_VARIANTS;
    *e = (erased_rows){.text = text,
                       .words = words,
                       .word_count = word_count,
                       .erase = erase,
                       .rows = memory_array(rows, sizeof *e->rows),
                       .ids = memory_array(rows * text->count, sizeof *e->ids),
                       .ranked = memory_array(word_count, sizeof *e->ranked),
                       .ties = memory_array(word_count, sizeof *e->ties),
                       .marked = memory_array(text->count, sizeof *e->marked)};
    return e->rows != NULL && e->ids != NULL && e->ranked != NULL && e->ties != NULL && e->marked != NULL;
}

void erased_rows_release(erased_rows *e)
{
    free(e->rows);
    free(e->ids);
    free(e->ranked);
    free(e->ties);
    free(e->marked);
}

static int compare_ranked(const void *a, const void *b)
{
    const ranked_word *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->tie > y->tie) - (x->tie < y->tie);
}

static void rank_words(erased_rows *e, const double *scores, random_key key)
{
    for (uint32_t i = 0; i < e->word_count; i++)
        e->ties[i] = i;
    random_shuffle(e->ties, (uint32_t)e->word_count, key);
    for (uint32_t i = 0; i < e->word_count; i++)
        e->ranked[i] = (ranked_word){scores == NULL ? 0 : scores[i], e->ties[i], i};
    qsort(e->ranked, e->word_count, sizeof *e->ranked, compare_ranked);
}

static void mark_word(erased_rows *e, const token_map_word *word)
{
    for (size_t t = word->first_token; t < word->first_token + word->tokens; t++)
        e->marked[t] = true;
}

/* The tokens whose mark is `kept`; the others are removed, or <unk>. Returns how many tokens there are. */
static int keep_tokens(const erased_rows *e, bool kept, uint32_t *ids)
{
    enum { UNKNOWN_ID = 1 };
    int length = 0;
    for (size_t t = 0; t < e->text->count; t++) {
        if (e->marked[t] == kept)
            ids[length++] = e->text->ids[t];
        else if (e->erase == HEED_ERASE_UNK)
            ids[length++] = id_is_subword(e->text->ids[t]) ? e->text->unknown_subword : UNKNOWN_ID;
    }
    return length;
}

void erased_rows_write(erased_rows *e, size_t order, const double *scores, random_key key)
{
    size_t tokens = e->text->count, top = 0;
    rank_words(e, scores, key);
    memset(e->marked, 0, tokens * sizeof *e->marked);
    for (size_t s = 0; s < ERASED_SHARES; s++) {
        for (; top < (e->word_count * percents[s] + 99) / 100; top++)
            mark_word(e, &e->words[e->ranked[top].word]);
        for (size_t kept = 0; kept < 2; kept++) {
            size_t row = order * ERASED_VARIANTS + kept * ERASED_SHARES + s;
            uint32_t *ids = e->ids + row * tokens;
            e->rows[row] =
                (batch_row){.ids = ids, .length = keep_tokens(e, kept == 1, ids), .spelling = e->text->spelling};
        }
    }
}
