#include "text/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "text/characters.h"
#include "text/tokens.h"
#include "text/unicode.h"

static uint32_t first_id(heed_vocabulary kind)
{
    return kind == HEED_VOCABULARY_KERAS ? 1 : 2;
}

static heed_status start(vocabulary *out, heed_vocabulary kind, heed_error *error)
{
    *out = (vocabulary){.kind = kind, .first = first_id(kind)};
    return intern_init(&out->words, error);
}

void vocabulary_release(vocabulary *v)
{
    intern_release(&v->words);
    *v = (vocabulary){0};
}

typedef struct counted_word {
    uint64_t count;
    uint32_t word;
} counted_word;

static int compare_ranked(const void *a, const void *b)
{
    const counted_word *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->word < y->word ? -1 : x->word > y->word;
}

/* The words of the vocabulary, most frequent first; returns how many. */
static uint32_t rank_words(counted_word *ranks, const intern *words, const uint64_t *counts, uint32_t most,
                           uint32_t min_count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < words->count; i++)
        if (counts[i] > 0 && counts[i] >= min_count)
            ranks[kept++] = (counted_word){counts[i], i};
    qsort(ranks, kept, sizeof *ranks, compare_ranked);
    return kept < most ? kept : most;
}

heed_status vocabulary_build(vocabulary *out, heed_vocabulary kind, const intern *words, const uint64_t *counts,
                             uint32_t max_words, uint32_t min_count, heed_error *error)
{
    *out = (vocabulary){0};
    if (max_words != 0 && max_words <= first_id(kind))
        return fail(error, HEED_USAGE, "max_words: found %u, expected 0 for no limit or at least %u, as %s come first",
                    max_words, first_id(kind) + 1, kind == HEED_VOCABULARY_KERAS ? "pads" : "pads and <unk>");
    heed_status status;
    uint32_t number;
    counted_word *ranks = memory_array(words->count, sizeof *ranks);
    if (ranks == NULL)
        return fail_memory(error, "a vocabulary");
    TRY(start(out, kind, error));
    uint32_t kept =
        rank_words(ranks, words, counts, max_words == 0 ? UINT32_MAX : max_words - first_id(kind), min_count);
    for (uint32_t i = 0; i < kept; i++)
        TRY(intern_put(&number, &out->words, intern_word(words, ranks[i].word), error));
    out->size = kept + out->first;
done:
    free(ranks);
    if (status != HEED_OK)
        vocabulary_release(out);
    return status;
}

heed_status vocabulary_from_words(vocabulary *out, heed_vocabulary kind, const heed_bytes *words, uint32_t count,
                                  heed_error *error)
{
    heed_status status;
    TRY(start(out, kind, error));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number;
        TRY(intern_put(&number, &out->words, words[i], error));
        if (number != i)
            TRY(fail(error, HEED_BAD_DATA, "vocabulary: found word %u again as word %u, expected every word once",
                     number, i));
    }
    out->size = count + out->first;
    return HEED_OK;
done:
    vocabulary_release(out);
    return status;
}

heed_status vocabulary_join(vocabulary *out, const vocabulary *const *all, size_t count, heed_error *error)
{
    heed_status status;
    TRY(start(out, all[0]->kind, error));
    for (size_t v = 0; v < count; v++)
        for (uint32_t i = 0; i < all[v]->words.count; i++) {
            uint32_t number;
            TRY(intern_put(&number, &out->words, intern_word(&all[v]->words, i), error));
        }
    out->size = out->words.count + out->first;
    return HEED_OK;
done:
    vocabulary_release(out);
    return status;
}

heed_status vocabulary_copy(vocabulary *out, const vocabulary *v, heed_error *error)
{
    return vocabulary_join(out, &v, 1, error);
}

uint32_t vocabulary_id(const vocabulary *v, heed_bytes word)
{
    uint32_t number = intern_find(&v->words, word);
    if (number != INTERN_NONE)
        return number + v->first;
    return v->kind == HEED_VOCABULARY_KERAS ? VOCABULARY_DROPPED : 1;
}

/* Adds bytes [begin, end) of the changed text of a token. */
static void add_piece(heed_tokens *out, heed_bytes changed, size_t begin, size_t end, const heed_token *token,
                      bool first)
{
    heed_token piece = {{changed.data + begin, end - begin}, token->begin, token->end};
    if (end - begin < changed.size) {
        bool same = changed.size == token->end - token->begin;
        piece.begin = same ? token->begin + begin : first ? token->begin : token->end;
        piece.end = same ? token->begin + end : token->end;
    }
    tokens_add(out, piece);
}

/* Bit maps over all bytes: space, !"#$%&()*+,-./:;<=>?@[\]^_`{|}~, tab and newline; ' is not among them. */
static const uint64_t separators[4] = {0xFC00FF7F00000600u, 0x78000001F8000001u};
/* What lower case may change: capitals and all beyond ASCII. */
static const uint64_t changeable[4] = {0, 0x0000000007FFFFFEu, UINT64_MAX, UINT64_MAX};

/* Bit 0 of each says whether there is such a byte. */
static void look_at_bytes(heed_bytes text, uint64_t *separator, uint64_t *change)
{
    *separator = *change = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        *separator |= separators[byte >> 6] >> (byte & 63);
        *change |= changeable[byte >> 6] >> (byte & 63);
    }
}

/* Splits at separators. */
static void add_keras_pieces(heed_tokens *out, heed_bytes changed, const heed_token *token)
{
    bool first = true;
    for (size_t begin = 0, at = 0; at <= changed.size; at++) {
        if (at < changed.size) {
            unsigned char byte = (unsigned char)changed.data[at];
            if ((separators[byte >> 6] >> (byte & 63) & 1) == 0)
                continue;
        }
        if (at > begin) {
            add_piece(out, changed, begin, at, token, first);
            first = false;
        }
        begin = at + 1;
    }
}

/* Room for the bytes of all tokens in any form, so that pieces can point into it while it is filled. */
static void reserve_pieces(heed_tokens *out, const heed_token *tokens, size_t count)
{
    size_t room = TOKENS_SLACK;
    for (size_t i = 0; i < count; i++) {
        size_t more = characters_room(tokens[i].text.size);
        room = more <= SIZE_MAX - room ? room + more : SIZE_MAX;
    }
    writer_reserve(&stage_begin(out->stages, STAGE_CHARACTERS, (heed_bytes){NULL, 0})->out, room);
}

/* The pieces of a token that may need lower case. */
static void add_pieces_in_lower_case(heed_tokens *out, const heed_token *token)
{
    writer *lower = &out->stages[STAGE_CHARACTERS].out;
    size_t begin = lower->size;
    const character_stages keras = {HEED_TEXT_RULES_PYTHON, HEED_PUNCTUATION_KEEP, HEED_LETTERS_LOWER};
    characters_clean(lower, NULL, token->text, keras);
    add_keras_pieces(out, (heed_bytes){lower->data + begin, lower->size - begin}, token);
}

static void add_filtered_tokens(heed_tokens *out, const heed_token *tokens, size_t count)
{
    const writer *lower = &out->stages[STAGE_CHARACTERS].out;
    reserve_pieces(out, tokens, count);
    for (size_t i = 0; i < count && lower->problem == 0; i++) {
        uint64_t separator, change;
        look_at_bytes(tokens[i].text, &separator, &change);
        if ((change & 1) != 0)
            add_pieces_in_lower_case(out, &tokens[i]);
        else if ((separator & 1) != 0 || tokens[i].text.size == 0)
            add_keras_pieces(out, tokens[i].text, &tokens[i]);
        else
            tokens_add(out, tokens[i]);
    }
}

static void add_whole_tokens(heed_tokens *out, const heed_token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tokens[i].text.size > 0)
            tokens_add(out, tokens[i]);
}

heed_status vocabulary_pieces(heed_tokens *out, heed_vocabulary kind, const heed_token *tokens, size_t count,
                              heed_error *error)
{
    tokens_begin(out);
    (kind == HEED_VOCABULARY_KERAS ? add_filtered_tokens : add_whole_tokens)(out, tokens, count);
    return tokens_finish(out, error);
}

/* How many of the first of so many ids stay, and *removed of those after them do not. */
static size_t window_head(size_t count, text_window window, size_t *removed)
{
    *removed = window.length == 0 || count <= window.length ? 0 : count - window.length;
    if (*removed == 0)
        return count;
    return window.cut == HEED_CUT_PRE ? 0 : window.cut == HEED_CUT_POST ? window.length : window.length / 4;
}

size_t window_cut(uint32_t *ids, size_t count, text_window window)
{
    size_t removed, head = window_head(count, window, &removed);
    if (removed > 0)
        memmove(ids + head, ids + head + removed, (count - removed - head) * sizeof *ids);
    return count - removed;
}

size_t window_copy(uint32_t *to, const uint32_t *ids, size_t count, text_window window)
{
    size_t removed, head = window_head(count, window, &removed), tail = count - removed - head;
    if (head > 0)
        memcpy(to, ids, head * sizeof *ids);
    if (tail > 0)
        memcpy(to + head, ids + head + removed, tail * sizeof *ids);
    return count - removed;
}
