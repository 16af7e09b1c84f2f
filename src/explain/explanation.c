#include "explain/explanation.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

static bool same_segment(const token_map *r, size_t at, size_t next)
{
    return r->status[at] == r->status[next] && r->word[at] == r->word[next];
}

static size_t count_segments(const token_map *r, size_t size)
{
    size_t count = size > 0;
    for (size_t i = 1; i < size; i++)
        count += !same_segment(r, i - 1, i);
    return count;
}

/* Whether a word has a piece that is no sub-word. */
static bool has_words(const token_map *r, const token_map_word *word)
{
    uint32_t number;
    for (size_t i = word->first_piece; i < word->first_piece + word->pieces; i++)
        if (!token_map_subword(r, i, &number))
            return true;
    return false;
}

/* The pieces of a word, joined by a space; or its sub-words as they are, if it has nothing else. Returns their size in
 * bytes. */
static size_t write_word(char *to, const token_map *r, const token_map_word *word)
{
    size_t size = 0, count;
    const heed_token *piece = tokens_items(r->pieces, &count);
    bool words = has_words(r, word);
    for (size_t i = word->first_piece; i < word->first_piece + word->pieces; i++) {
        uint32_t number;
        if (token_map_subword(r, i, &number) == words)
            continue;
        if (size > 0 && words)
            to[size++] = ' ';
        memcpy(to + size, piece[i].text.data, piece[i].text.size);
        size += piece[i].text.size;
    }
    return size;
}

static void fill_segments(heed_explanation *e, const token_map *r, size_t size)
{
    size_t count = 0, written = 0;
    for (size_t i = 0; i < size; i++) {
        if (i == 0 || !same_segment(r, i - 1, i)) {
            heed_segment *s = &e->segments[count++];
            *s = (heed_segment){.status = (heed_token_status)r->status[i], .begin = i, .end = i};
            if (r->word[i] > 0) {
                const token_map_word *word = &r->words[r->word[i] - 1];
                s->word = (heed_bytes){e->words + written, write_word(e->words + written, r, word)};
                written += s->word.size;
                s->first_token = word->first_token;
                s->tokens = word->tokens;
            }
        }
        e->segments[count - 1].end = i + 1;
    }
    e->info.segment_count = count;
}

/* A piece as the model knows it, borrowed from its vocabulary or tokenizer. */
static heed_bytes known_text(const heed_model *model, const token_map *r, size_t piece, heed_bytes text)
{
    static const char unknown[] = "<unk>";
    uint32_t number;
    if (token_map_subword(r, piece, &number))
        return tokenizer_token(model->encoder->words, number);
    number = intern_find(&model->words.words, text);
    return number != INTERN_NONE ? intern_word(&model->words.words, number) : (heed_bytes){unknown, sizeof unknown - 1};
}

static void fill_tokens(heed_explanation *e, const token_map *r, const heed_model *model)
{
    size_t pieces;
    const heed_token *piece = tokens_items(r->pieces, &pieces);
    for (size_t i = 0; i < e->info.segment_count; i++) {
        heed_segment *s = &e->segments[i];
        for (size_t j = s->first_token; j < s->first_token + s->tokens; j++) {
            const heed_token *p = &piece[r->piece[j]];
            heed_bytes text = known_text(model, r, r->piece[j], p->text);
            e->tokens[j] = (heed_explained_token){.text = text, .begin = s->begin, .end = s->end, .segment = i};
            if (p->begin < p->end && s->tokens > 1)
                e->tokens[j].begin = p->begin, e->tokens[j].end = p->end;
        }
    }
}

heed_status explanation_new(heed_explanation **out, const heed_model *model, const token_map *r, heed_bytes text,
                            heed_error *error)
{
    *out = NULL;
    heed_explanation *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an explanation");
    size_t pieces, bytes = 0;
    const heed_token *piece = tokens_items(r->pieces, &pieces);
    for (size_t i = 0; i < pieces; i++)
        bytes += piece[i].text.size + 1;
    e->text = memory_copy(text.data == NULL ? "" : text.data, text.size);
    e->segments = memory_array(count_segments(r, text.size), sizeof *e->segments);
    e->tokens = memory_array(r->count, sizeof *e->tokens);
    e->ids = memory_array(r->count, sizeof *e->ids);
    e->words = memory_array(bytes, 1);
    e->probabilities = memory_array(model->config.labels.count, sizeof *e->probabilities);
    if (!e->text || !e->segments || !e->tokens || !e->ids || !e->words || !e->probabilities) {
        heed_explanation_free(e);
        return fail_memory(error, "an explanation");
    }
    for (size_t i = 0; i < r->count; i++) /* the numbers of spelled words are those of this text alone */
        e->ids[i] = r->ids[i] < model->words.size || id_is_subword(r->ids[i]) ? r->ids[i] : VOCABULARY_DROPPED;
    fill_segments(e, r, text.size);
    fill_tokens(e, r, model);
    e->info.text = (heed_bytes){e->text, text.size};
    e->info.token_count = r->count;
    e->info.labels = model_labels(model);
    e->info.label_count = model->config.labels.count;
    e->info.probabilities = e->probabilities;
    *out = e;
    return HEED_OK;
}

heed_status heed_explanation_skipped(heed_explanation **out, const char *problem, heed_error *error)
{
    heed_explanation *e = *out = memory_array(1, sizeof *e);
    if (e != NULL)
        e->problem = memory_copy(problem, strlen(problem));
    if (e == NULL || e->problem == NULL) {
        heed_explanation_free(e);
        *out = NULL;
        return fail_memory(error, "an explanation");
    }
    e->info.text = (heed_bytes){"", 0};
    e->info.problem = e->problem;
    return HEED_OK;
}

void heed_explanation_free(heed_explanation *e)
{
    if (e == NULL)
        return;
    free(e->text);
    free(e->segments);
    free(e->tokens);
    free(e->ids);
    free(e->words);
    free(e->probabilities);
    free(e->problem);
    free(e);
}

const heed_explanation_info *heed_explanation_describe(const heed_explanation *e)
{
    return e == NULL ? NULL : &e->info;
}

const heed_explained_token *heed_explanation_token(const heed_explanation *e, size_t i)
{
    return &e->tokens[i];
}

const heed_segment *heed_explanation_segment(const heed_explanation *e, size_t i)
{
    return &e->segments[i];
}

void explanation_sum(heed_explanation *e)
{
    for (size_t i = 0; i < e->info.segment_count; i++)
        e->segments[i].score = 0;
    for (size_t i = 0; i < e->info.token_count; i++)
        e->segments[e->tokens[i].segment].score += e->tokens[i].score;
}

/* ---- two texts */

enum { MAX_CELLS = 1 << 25 };

/* The lengths of longest common subsequences after each pair of places, [rows + 1][columns + 1]. */
static heed_status fill_table(uint32_t **out, const uint32_t *a, size_t rows, const uint32_t *b, size_t columns,
                              heed_error *error)
{
    *out = NULL;
    if (rows + 1 > MAX_CELLS / (columns + 1))
        return fail(error, HEED_BAD_DATA,
                    "two texts: %zu tokens of one and %zu of the other differ, expected fewer than %d pairs to align; "
                    "compare shorter texts",
                    rows, columns, (int)MAX_CELLS);
    uint32_t *table = *out = memory_array((rows + 1) * (columns + 1), sizeof *table);
    if (table == NULL)
        return fail_memory(error, "the alignment of two texts");
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint32_t *here = table + i * (columns + 1) + j, below = here[columns + 1], right = here[1];
            *here = a[i] == b[j] ? here[columns + 2] + 1 : below > right ? below : right;
        }
    return HEED_OK;
}

static void take_difference(heed_explained_token *a, heed_explained_token *b)
{
    double difference = a->score - b->score;
    a->score = difference;
    b->score = -difference;
}

/* Common prefixes and suffixes are aligned directly; they are always part of a longest common subsequence. */
heed_status explanation_align(heed_explanation *a, heed_explanation *b, heed_error *error)
{
    size_t rows = a->info.token_count, columns = b->info.token_count, head = 0;
    while (head < rows && head < columns && a->ids[head] == b->ids[head])
        head++;
    while (rows > head && columns > head && a->ids[rows - 1] == b->ids[columns - 1])
        take_difference(&a->tokens[--rows], &b->tokens[--columns]);
    for (size_t i = 0; i < head; i++)
        take_difference(&a->tokens[i], &b->tokens[i]);
    const uint32_t *x = a->ids + head, *y = b->ids + head;
    rows -= head;
    columns -= head;
    uint32_t *table = NULL;
    heed_status status = fill_table(&table, x, rows, y, columns, error);
    for (size_t i = 0, j = 0; status == HEED_OK && i < rows && j < columns;) {
        const uint32_t *here = table + i * (columns + 1) + j;
        if (x[i] == y[j])
            take_difference(&a->tokens[head + i++], &b->tokens[head + j++]);
        else if (here[columns + 1] >= here[1])
            i++;
        else
            j++;
    }
    free(table);
    a->info.compared = b->info.compared = true;
    explanation_sum(a);
    explanation_sum(b);
    return status;
}
