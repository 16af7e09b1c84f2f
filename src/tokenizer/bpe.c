#include "tokenizer/bpe.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "tokenizer/byte_level.h"
#include "tokenizer/json_section.h"
#include "tokenizer/token_list.h"

#define NO_TOKEN UINT32_MAX

enum { SMALL_POINTS = 0x180 };

/* Two neighbours, and what they become; rank: its place in the list. */
typedef struct bpe_merge {
    uint32_t left, right, made, rank;
} bpe_merge;

typedef struct bpe {
    const intern *vocabulary; /* borrowed; tokens that were added to it are behind the model's own */
    uint32_t count;           /* tokens of the model */
    bpe_merge *merges;        /* [merge_count], in their order */
    uint32_t merge_count;
    uint32_t *slots;   /* places in merges, open addressing; NO_TOKEN is free */
    size_t slot_count; /* a power of two */
    uint32_t unknown;
    bool fuses;                       /* unknown characters that stand together are one token */
    bool whole;                       /* a word that is a token is not divided */
    bool spaced;                      /* a token of a merge has a space: merges are written as pairs */
    uint32_t character[SMALL_POINTS]; /* the tokens of the first characters, among which are those of bytes */
} bpe;

/* ---- the table of merges */

static size_t first_slot(const bpe *b, uint32_t left, uint32_t right)
{
    uint64_t key = ((uint64_t)left << 32 | right) * 0x9E3779B97F4A7C15u;
    return (size_t)((key ^ key >> 32) * 0xD6E8FEB86659FD93u >> 24) & (b->slot_count - 1);
}

static const bpe_merge *find_merge(const bpe *b, uint32_t left, uint32_t right)
{
    for (size_t slot = first_slot(b, left, right); b->slots[slot] != NO_TOKEN;
         slot = (slot + 1) & (b->slot_count - 1)) {
        const bpe_merge *merge = &b->merges[b->slots[slot]];
        if (merge->left == left && merge->right == right)
            return merge;
    }
    return NULL;
}

/* Adds the next one of the list; false if it is there already. */
static bool add_merge(bpe *b, uint32_t left, uint32_t right, uint32_t made)
{
    if (find_merge(b, left, right) != NULL)
        return false;
    size_t slot = first_slot(b, left, right);
    while (b->slots[slot] != NO_TOKEN)
        slot = (slot + 1) & (b->slot_count - 1);
    b->slots[slot] = b->merge_count;
    b->merges[b->merge_count] = (bpe_merge){left, right, made, b->merge_count};
    b->merge_count++;
    return true;
}

/* ---- reading */

static uint32_t token_of(const bpe *b, heed_bytes text)
{
    uint32_t id = intern_find(b->vocabulary, text);
    return id < b->count ? id : NO_TOKEN; /* INTERN_NONE is larger, too */
}

/* The two halves of "a b" or ["a", "b"]; false if it is neither. */
static bool read_halves(heed_bytes half[2], const json_t *item)
{
    const char *text = json_string_value(item), *space = text == NULL ? NULL : strchr(text, ' ');
    for (size_t i = 0; i < 2 && text == NULL; i++) {
        const json_t *part = json_array_get(item, i);
        half[i] = (heed_bytes){json_string_value(part), json_string_length(part)};
    }
    if (text == NULL)
        return json_array_size(item) == 2 && half[0].data != NULL && half[1].data != NULL;
    half[0] = (heed_bytes){text, space == NULL ? 0 : (size_t)(space - text)};
    half[1] = bytes_of(space == NULL ? "" : space + 1);
    return half[0].size > 0 && half[1].size > 0 && strchr(half[1].data, ' ') == NULL;
}

static heed_status refuse_merge(const json_section *s, size_t number, const char *what, heed_error *error)
{
    return fail(error, HEED_BAD_DATA, "%.200s: model: merges: item %zu %s", s->file, number, what);
}

static heed_status read_merge(bpe *b, const json_section *s, const json_t *item, size_t number, heed_error *error)
{
    heed_bytes half[2];
    char text[2 * TOKEN_LONGEST];
    if (!read_halves(half, item))
        return refuse_merge(s, number, "is no pair, expected \"a b\" or [\"a\", \"b\"]", error);
    uint32_t left = token_of(b, half[0]), right = token_of(b, half[1]);
    if (left == NO_TOKEN || right == NO_TOKEN)
        return refuse_merge(s, number, "has a token that the vocabulary lacks", error);
    memcpy(text, half[0].data, half[0].size);
    memcpy(text + half[0].size, half[1].data, half[1].size);
    uint32_t made = token_of(b, (heed_bytes){text, half[0].size + half[1].size});
    if (made == NO_TOKEN)
        return refuse_merge(s, number, "makes a token that the vocabulary lacks", error);
    if (!add_merge(b, left, right, made))
        return refuse_merge(s, number, "is there twice", error);
    b->spaced = b->spaced || memchr(text, ' ', half[0].size + half[1].size) != NULL;
    return HEED_OK;
}

/* Old lists may begin with a line on their version. */
static bool is_version(const json_t *item)
{
    static const char version[] = "#version";
    const char *text = json_string_value(item);
    return text != NULL && strncmp(text, version, sizeof version - 1) == 0;
}

static heed_status read_merges(bpe *b, const json_section *s, heed_error *error)
{
    const json_t *list;
    heed_status status;
    TRY(section_list(&list, s, "merges", error));
    size_t count = json_array_size(list);
    if (count > TOKENS_MOST)
        TRY(fail(error, HEED_BAD_DATA, "%.200s: model: merges: %zu items, expected at most %d", s->file, count,
                 TOKENS_MOST));
    for (b->slot_count = 16; b->slot_count < 2 * count;)
        b->slot_count *= 2;
    b->merges = memory_array(count, sizeof *b->merges);
    b->slots = memory_array(b->slot_count, sizeof *b->slots);
    if (b->merges == NULL || b->slots == NULL)
        TRY(fail_memory(error, "merges"));
    memset(b->slots, 0xFF, b->slot_count * sizeof *b->slots);
    for (size_t i = 0; i < count; i++)
        if (!is_version(json_array_get(list, i)))
            TRY(read_merge(b, s, json_array_get(list, i), i, error));
done:
    return status;
}

/* What heed knows one value of: null, or what means the same. */
static heed_status check_unused(const json_section *s, heed_error *error)
{
    static const char *const texts[] = {"continuing_subword_prefix", "end_of_word_suffix"};
    const json_t *dropout = section_find(s, "dropout"), *fallback = section_find(s, "byte_fallback");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const json_t *text = section_find(s, texts[i]);
        if (text != NULL && (!json_is_string(text) || json_string_length(text) > 0))
            return fail(error, HEED_BAD_DATA, "%.200s: model: '%s' is something that heed does not know, expected none",
                        s->file, texts[i]);
    }
    if (dropout != NULL && !(json_is_number(dropout) && json_number_value(dropout) == 0))
        return fail(error, HEED_BAD_DATA,
                    "%.200s: model: 'dropout' is something that heed does not know, expected none", s->file);
    return fallback == NULL || json_is_false(fallback)
               ? HEED_OK
               : fail(error, HEED_BAD_DATA,
                      "%.200s: model: 'byte_fallback' is something that heed does not know, expected false", s->file);
}

static heed_status read_flag(bool *out, const json_section *s, const char *key, heed_error *error)
{
    *out = false;
    return section_find(s, key) == NULL ? HEED_OK : section_flag(out, s, key, error);
}

/* Without a token for unknown characters there is one for each byte that UTF-8 has. */
static heed_status read_unknown(bpe *b, const json_section *s, heed_error *error)
{
    const char *text;
    b->unknown = NO_TOKEN;
    if (section_find(s, "unk_token") != NULL) {
        heed_status status = section_text(&text, s, "unk_token", error);
        if (status != HEED_OK)
            return status;
        b->unknown = token_of(b, bytes_of(text));
        return b->unknown != NO_TOKEN
                   ? HEED_OK
                   : fail(error, HEED_BAD_DATA, "%.200s: the vocabulary lacks '%.60s', the token of unknown characters",
                          s->file, text);
    }
    for (unsigned byte = 0; byte < 0xF5; byte++)
        if (byte != 0xC0 && byte != 0xC1 && b->character[byte_level_point((unsigned char)byte)] == NO_TOKEN)
            return fail(error, HEED_BAD_DATA,
                        "%.200s: model: no unk_token, and the vocabulary lacks byte %u, expected all bytes", s->file,
                        byte);
    return HEED_OK;
}

static void note_characters(bpe *b)
{
    for (uint32_t point = 0; point < SMALL_POINTS; point++) {
        char bytes[4];
        size_t size = utf8_encode(point, bytes);
        b->character[point] = token_of(b, (heed_bytes){bytes, size});
    }
}

static heed_status read_model(void **state, intern *vocabulary, const json_t *model, const char *name,
                              heed_error *error)
{
    const json_section s = {model, name, "model"};
    heed_status status;
    bpe *b = *state = memory_array(1, sizeof *b);
    TRY(b == NULL ? fail_memory(error, "a vocabulary") : HEED_OK);
    TRY(section_only(&s,
                     (const char *[]){"type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
                                      "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges", NULL},
                     error));
    TRY(check_unused(&s, error));
    TRY(read_flag(&b->fuses, &s, "fuse_unk", error));
    TRY(read_flag(&b->whole, &s, "ignore_merges", error));
    TRY(token_list_read(vocabulary, &s, error));
    b->vocabulary = vocabulary;
    b->count = vocabulary->count;
    note_characters(b);
    TRY(read_unknown(b, &s, error));
    TRY(read_merges(b, &s, error));
done:
    return status;
}

static void free_model(void *state)
{
    bpe *b = state;
    if (b == NULL)
        return;
    free(b->merges);
    free(b->slots);
    free(b);
}

/* ---- writing */

static void put_merge(json_builder *j, const bpe *b, const bpe_merge *merge)
{
    heed_bytes left = intern_word(b->vocabulary, merge->left), right = intern_word(b->vocabulary, merge->right);
    char text[2 * TOKEN_LONGEST + 1];
    if (b->spaced) {
        json_open_list(j, NULL);
        json_put_bytes(j, NULL, left);
        json_put_bytes(j, NULL, right);
        json_close(j);
        return;
    }
    memcpy(text, left.data, left.size);
    text[left.size] = ' ';
    memcpy(text + left.size + 1, right.data, right.size);
    json_put_bytes(j, NULL, (heed_bytes){text, left.size + 1 + right.size});
}

static void write_model(const void *state, const intern *vocabulary, json_builder *j)
{
    const bpe *b = state;
    json_put_null(j, "dropout");
    if (b->unknown == NO_TOKEN)
        json_put_null(j, "unk_token");
    else
        json_put_bytes(j, "unk_token", intern_word(vocabulary, b->unknown));
    json_put_null(j, "continuing_subword_prefix");
    json_put_null(j, "end_of_word_suffix");
    json_put_flag(j, "fuse_unk", b->fuses);
    json_put_flag(j, "byte_fallback", false);
    json_put_flag(j, "ignore_merges", b->whole);
    token_list_write(j, "vocab", vocabulary, b->count);
    json_open_list(j, "merges");
    for (uint32_t i = 0; i < b->merge_count; i++)
        put_merge(j, b, &b->merges[i]);
    json_close(j);
}

/* ---- dividing: a list of symbols, and a heap of the merges that may be next. Of the merges found earlier some are no
 * longer there: their symbols have become others. */

typedef struct bpe_symbol {
    uint32_t id, size;      /* size 0: it was merged into the one before it */
    uint32_t before, after; /* NO_TOKEN: none */
} bpe_symbol;

typedef struct bpe_candidate {
    uint32_t rank, at, made;
} bpe_candidate;

typedef struct bpe_work {
    const bpe *b;
    bpe_symbol *symbol;
    bpe_candidate *heap; /* the first one is the next */
    size_t symbols, waiting;
} bpe_work;

static bool is_before(bpe_candidate a, bpe_candidate b)
{
    return a.rank != b.rank ? a.rank < b.rank : a.at < b.at;
}

static void push(bpe_work *w, bpe_candidate candidate)
{
    size_t at = w->waiting++;
    for (; at > 0 && is_before(candidate, w->heap[(at - 1) / 2]); at = (at - 1) / 2)
        w->heap[at] = w->heap[(at - 1) / 2];
    w->heap[at] = candidate;
}

static bpe_candidate pop(bpe_work *w)
{
    bpe_candidate first = w->heap[0], last = w->heap[--w->waiting];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < w->waiting; at = child) {
        child += child + 1 < w->waiting && is_before(w->heap[child + 1], w->heap[child]);
        if (!is_before(w->heap[child], last))
            break;
        w->heap[at] = w->heap[child];
    }
    w->heap[at] = last;
    return first;
}

/* Notes the merge of a symbol with the one after it, if there is one. */
static void consider(bpe_work *w, uint32_t at)
{
    uint32_t after = at == NO_TOKEN ? NO_TOKEN : w->symbol[at].after;
    const bpe_merge *merge = after == NO_TOKEN ? NULL : find_merge(w->b, w->symbol[at].id, w->symbol[after].id);
    if (merge != NULL)
        push(w, (bpe_candidate){merge->rank, at, merge->made});
}

static void take(bpe_work *w, bpe_candidate next)
{
    bpe_symbol *left = &w->symbol[next.at];
    if (left->size == 0 || left->after == NO_TOKEN)
        return;
    bpe_symbol *right = &w->symbol[left->after];
    const bpe_merge *merge = find_merge(w->b, left->id, right->id);
    if (merge == NULL || merge->made != next.made)
        return;
    left->id = next.made;
    left->size += right->size;
    left->after = right->after;
    right->size = 0;
    if (left->after != NO_TOKEN)
        w->symbol[left->after].before = next.at;
    consider(w, left->before);
    consider(w, next.at);
}

/* The symbols of the word's characters. */
static void begin(bpe_work *w, heed_bytes word)
{
    const bpe *b = w->b;
    bool fuses = false;
    for (size_t at = 0, size; at < word.size; at += size) {
        uint32_t point, number = (uint32_t)w->symbols;
        size = utf8_decode(word.data + at, word.size - at, &point);
        uint32_t id = size > 0 && point < SMALL_POINTS ? b->character[point]
                      : size > 0                       ? token_of(b, (heed_bytes){word.data + at, size})
                                                       : NO_TOKEN;
        size += size == 0; /* words are UTF-8 */
        if (id == NO_TOKEN && fuses) {
            w->symbol[number - 1].size += (uint32_t)size;
            continue;
        }
        fuses = id == NO_TOKEN && b->fuses;
        w->symbol[w->symbols++] =
            (bpe_symbol){id == NO_TOKEN ? b->unknown : id, (uint32_t)size, number - 1, number + 1};
    }
    w->symbol[w->symbols - 1].after = NO_TOKEN; /* before of the first one is it already */
}

/* scratch: symbols, then the heap. A merge takes one candidate away and may add two, so there are fewer than two for
 * each symbol at any time. */
static size_t divide(const void *state, heed_bytes word, size_t characters, word_piece *out, void *scratch)
{
    const bpe *b = state;
    bpe_work w = {b, scratch, (bpe_candidate *)(void *)((bpe_symbol *)scratch + word.size), 0, 0};
    size_t count = 0;
    uint32_t whole = b->whole ? token_of(b, word) : NO_TOKEN;
    (void)characters;
    if (whole != NO_TOKEN) {
        out[0] = (word_piece){whole, (uint32_t)word.size};
        return 1;
    }
    begin(&w, word);
    for (uint32_t i = 0; i + 1 < w.symbols; i++)
        consider(&w, i);
    while (w.waiting > 0)
        take(&w, pop(&w));
    for (uint32_t at = 0; at != NO_TOKEN; at = w.symbol[at].after)
        out[count++] = (word_piece){w.symbol[at].id, w.symbol[at].size};
    return count;
}

static uint32_t unknown(const void *state)
{
    return ((const bpe *)state)->unknown;
}

const token_model bpe_model = {"BPE",  read_model, free_model, write_model,
                               divide, unknown,    NULL,       sizeof(bpe_symbol) + 2 * sizeof(bpe_candidate)};
