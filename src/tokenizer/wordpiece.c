#include "tokenizer/wordpiece.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"
#include "tokenizer/json_section.h"
#include "tokenizer/token_list.h"
#include "tokenizer/token_trie.h"

typedef struct wordpiece {
    token_trie tokens;
    uint32_t count; /* tokens */
    char *prefix;
    uint32_t inside; /* the node of the prefix, below which are the tokens that go on with a word; TRIE_NONE: none */
    uint32_t unknown;
    uint64_t characters;
} wordpiece;

heed_status wordpiece_new(void **out, const intern *vocabulary, wordpiece_rules rules, const char *name,
                          heed_error *error)
{
    heed_status status = HEED_FAILED;
    trie_entry *entries = memory_array(vocabulary->count, sizeof *entries);
    wordpiece *w = memory_array(1, sizeof *w);
    *out = w;
    if (entries == NULL || w == NULL) {
        fail_memory(error, "a vocabulary");
        goto done;
    }
    w->unknown = intern_find(vocabulary, rules.unknown);
    w->characters = rules.characters;
    w->count = vocabulary->count;
    w->prefix = memory_copy(rules.prefix.data, rules.prefix.size);
    if (w->prefix == NULL) {
        fail_memory(error, "a vocabulary");
        goto done;
    }
    if (w->unknown == INTERN_NONE) {
        status = fail(error, HEED_BAD_DATA, "%.200s: the vocabulary lacks '%.*s', the token of unknown words", name,
                      (int)(rules.unknown.size < 60 ? rules.unknown.size : 60), rules.unknown.data);
        goto done;
    }
    for (uint32_t i = 0; i < vocabulary->count; i++)
        entries[i] = (trie_entry){intern_word(vocabulary, i), i, 0};
    TRY(token_trie_build(&w->tokens, entries, vocabulary->count, error));
    w->inside = token_trie_node(&w->tokens, rules.prefix);
done:
    free(entries);
    return status;
}

static heed_status read_model(void **state, intern *vocabulary, const json_t *model, const char *name,
                              heed_error *error)
{
    const json_section s = {model, name, "model"};
    const char *unknown, *prefix;
    wordpiece_rules rules;
    heed_status status;
    TRY(section_only(
        &s,
        (const char *[]){"type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab", NULL},
        error));
    TRY(section_text(&unknown, &s, "unk_token", error));
    TRY(section_text(&prefix, &s, "continuing_subword_prefix", error));
    TRY(section_count(&rules.characters, &s, "max_input_chars_per_word", INT64_MAX, error));
    TRY(token_list_read(vocabulary, &s, error));
    rules.unknown = bytes_of(unknown);
    rules.prefix = bytes_of(prefix);
    TRY(wordpiece_new(state, vocabulary, rules, name, error));
done:
    return status;
}

static void free_model(void *state)
{
    wordpiece *w = state;
    if (w == NULL)
        return;
    token_trie_release(&w->tokens);
    free(w->prefix);
    free(w);
}

static void write_model(const void *state, const intern *vocabulary, json_builder *j)
{
    const wordpiece *w = state;
    json_put_bytes(j, "unk_token", intern_word(vocabulary, w->unknown));
    json_put_text(j, "continuing_subword_prefix", w->prefix);
    json_put_count(j, "max_input_chars_per_word", w->characters);
    token_list_write(j, "vocab", vocabulary, w->count);
}

static size_t divide(const void *state, heed_bytes word, size_t characters, word_piece *out, void *scratch)
{
    (void)scratch;
    const wordpiece *w = state;
    size_t count = 0, at = 0;
    uint32_t node = 0;
    while (at < word.size && characters <= w->characters) {
        heed_bytes rest = {word.data + at, word.size - at};
        size_t size;
        uint32_t id = token_trie_longest(&w->tokens, node, rest, &size);
        if (id == TRIE_NONE)
            break;
        out[count++] = (word_piece){id, (uint32_t)size};
        at += size;
        node = w->inside;
    }
    if (at == word.size)
        return count;
    out[0] = (word_piece){w->unknown, (uint32_t)word.size};
    return 1;
}

static uint32_t unknown(const void *state)
{
    return ((const wordpiece *)state)->unknown;
}

static size_t mark(const void *state, heed_bytes token)
{
    const char *prefix = ((const wordpiece *)state)->prefix;
    size_t size = strlen(prefix);
    return token.size > size && memcmp(token.data, prefix, size) == 0 ? size : 0;
}

const token_model wordpiece_model = {"WordPiece", read_model, free_model, write_model, divide, unknown, mark, 0};
