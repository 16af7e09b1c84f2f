#include "tokenizer/unigram.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "tokenizer/json_section.h"
#include "tokenizer/token_list.h"
#include "tokenizer/token_trie.h"

/* How far an unknown character is below the token with the least score. */
static const double PENALTY = 10;

typedef struct unigram {
    token_trie tokens;
    double *score;  /* [count] */
    uint32_t count; /* tokens */
    uint32_t unknown;
    double unknown_score;
} unigram;

/* ---- reading */

/* ["token", score] */
static heed_status read_token(unigram *u, intern *vocabulary, const json_section *s, const json_t *item,
                              heed_error *error)
{
    const json_t *token = json_array_get(item, 0), *score = json_array_get(item, 1);
    uint32_t number = vocabulary->count;
    if (json_array_size(item) != 2 || !json_is_string(token) || !json_is_number(score))
        return fail(error, HEED_BAD_DATA,
                    "%.200s: model: vocab: item %u is something else, expected a token and a score", s->file, number);
    heed_status status = token_list_add(vocabulary, (heed_bytes){json_string_value(token), json_string_length(token)},
                                        s->file, "model: vocab", error);
    if (status == HEED_OK)
        u->score[number] = json_number_value(score);
    return status;
}

static heed_status read_tokens(unigram *u, intern *vocabulary, const json_section *s, heed_error *error)
{
    const json_t *list;
    heed_status status;
    TRY(section_list(&list, s, "vocab", error));
    size_t count = json_array_size(list);
    if (count > TOKENS_MOST)
        TRY(fail(error, HEED_BAD_DATA, "%.200s: model: vocab: %zu tokens, expected at most %d", s->file, count,
                 TOKENS_MOST));
    u->score = memory_array(count, sizeof *u->score);
    if (u->score == NULL)
        TRY(fail_memory(error, "a vocabulary"));
    for (size_t i = 0; i < count; i++)
        TRY(read_token(u, vocabulary, s, json_array_get(list, i), error));
    u->count = vocabulary->count;
done:
    return status;
}

static heed_status read_unknown(unigram *u, const json_section *s, heed_error *error)
{
    uint64_t id;
    heed_status status = section_count(&id, s, "unk_id", UINT32_MAX, error);
    if (status != HEED_OK)
        return status;
    if (id >= u->count)
        return fail(error, HEED_BAD_DATA, "%.200s: model: unk_id %llu of %u tokens, expected the id of one", s->file,
                    (unsigned long long)id, u->count);
    u->unknown = (uint32_t)id;
    u->unknown_score = u->score[0];
    for (uint32_t i = 1; i < u->count; i++)
        if (u->score[i] < u->unknown_score)
            u->unknown_score = u->score[i];
    u->unknown_score -= PENALTY;
    return HEED_OK;
}

static heed_status build_trie(unigram *u, const intern *vocabulary, heed_error *error)
{
    trie_entry *entries = memory_array(u->count, sizeof *entries);
    if (entries == NULL)
        return fail_memory(error, "a vocabulary");
    for (uint32_t i = 0; i < u->count; i++)
        entries[i] = (trie_entry){intern_word(vocabulary, i), i, 0};
    heed_status status = token_trie_build(&u->tokens, entries, u->count, error);
    free(entries);
    return status;
}

static heed_status read_model(void **state, intern *vocabulary, const json_t *model, const char *name,
                              heed_error *error)
{
    const json_section s = {model, name, "model"};
    bool fallback = false;
    heed_status status;
    unigram *u = *state = memory_array(1, sizeof *u);
    TRY(u == NULL ? fail_memory(error, "a vocabulary") : HEED_OK);
    TRY(section_only(&s, (const char *[]){"type", "unk_id", "vocab", "byte_fallback", NULL}, error));
    if (section_find(&s, "byte_fallback") != NULL)
        TRY(section_flag(&fallback, &s, "byte_fallback", error));
    if (fallback)
        TRY(fail(error, HEED_BAD_DATA,
                 "%.200s: model: 'byte_fallback' is something that heed does not know, expected false", name));
    TRY(read_tokens(u, vocabulary, &s, error));
    TRY(read_unknown(u, &s, error));
    TRY(build_trie(u, vocabulary, error));
done:
    return status;
}

static void free_model(void *state)
{
    unigram *u = state;
    if (u == NULL)
        return;
    token_trie_release(&u->tokens);
    free(u->score);
    free(u);
}

static void write_model(const void *state, const intern *vocabulary, json_builder *j)
{
    const unigram *u = state;
    json_put_count(j, "unk_id", u->unknown);
    json_open_list(j, "vocab");
    for (uint32_t i = 0; i < u->count; i++) {
        json_open_list(j, NULL);
        json_put_bytes(j, NULL, intern_word(vocabulary, i));
        json_put_exact(j, NULL, u->score[i]);
        json_close(j);
    }
    json_close(j);
    json_put_flag(j, "byte_fallback", false);
}

/* ---- dividing */

/* The best way to a place between two bytes of a word: where its last token begins, and the sum of all scores. */
typedef struct unigram_way {
    double score;
    uint32_t from, id;
} unigram_way;

#define NO_WAY UINT32_MAX

/* Of ways with the same sum the one that was found first stays. */
static void offer(unigram_way *way, double score, uint32_t from, uint32_t id)
{
    if (way->from == NO_WAY || score > way->score)
        *way = (unigram_way){score, from, id};
}

/* Offers the tokens that begin at a place, where a character of this size begins. */
static void go_on(const unigram *u, unigram_way *ways, heed_bytes word, uint32_t from, size_t character)
{
    bool is_known = false;
    uint32_t node = 0;
    for (size_t at = from; at < word.size; at++) {
        node = token_trie_step(&u->tokens, node, word.data[at]);
        if (node == TRIE_NONE)
            break;
        uint32_t id = u->tokens.nodes[node].value;
        if (id == TRIE_NONE)
            continue;
        offer(&ways[at + 1], u->score[id] + ways[from].score, from, id);
        is_known = is_known || at + 1 - from == character;
    }
    if (!is_known)
        offer(&ways[from + character], u->unknown_score + ways[from].score, from, u->unknown);
}

/* The token of these bytes: unknown ones that stand together may be a token after all. */
static uint32_t joined(const unigram *u, heed_bytes bytes)
{
    uint32_t node = token_trie_node(&u->tokens, bytes);
    return node == TRIE_NONE || u->tokens.nodes[node].value == TRIE_NONE ? u->unknown : u->tokens.nodes[node].value;
}

/* The pieces of the best way, from its end, so the last one first; then turned round. */
static size_t take_pieces(const unigram *u, const unigram_way *ways, heed_bytes word, word_piece *out)
{
    size_t count = 0;
    for (size_t end = word.size; end > 0;) {
        size_t begin = ways[end].from;
        uint32_t id = ways[end].id;
        while (id == u->unknown && begin > 0 && ways[begin].id == u->unknown)
            begin = ways[begin].from;
        if (id == u->unknown)
            id = joined(u, (heed_bytes){word.data + begin, end - begin});
        out[count++] = (word_piece){id, (uint32_t)(end - begin)};
        end = begin;
    }
    for (size_t i = 0; i < count / 2; i++) {
        word_piece piece = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = piece;
    }
    return count;
}

/* scratch: a way to each place of the word. Tokens are UTF-8, so that all of these are between characters. */
static size_t divide(const void *state, heed_bytes word, size_t characters, word_piece *out, void *scratch)
{
    const unigram *u = state;
    unigram_way *ways = scratch;
    (void)characters;
    ways[0] = (unigram_way){0, 0, NO_WAY};
    for (size_t i = 1; i <= word.size; i++)
        ways[i].from = NO_WAY;
    for (size_t at = 0, size; at < word.size; at += size) {
        uint32_t point;
        size = utf8_decode(word.data + at, word.size - at, &point);
        size += size == 0; /* words are UTF-8 */
        go_on(u, ways, word, (uint32_t)at, size);
    }
    return take_pieces(u, ways, word, out);
}

static uint32_t unknown(const void *state)
{
    return ((const unigram *)state)->unknown;
}

const token_model unigram_model = {"Unigram", read_model, free_model, write_model,
                                   divide,    unknown,    NULL,       sizeof(unigram_way)};
