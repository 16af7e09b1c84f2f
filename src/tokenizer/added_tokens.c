#include "tokenizer/added_tokens.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "tokenizer/token_list.h"
#include "tokenizer/token_points.h"

void added_tokens_release(added_tokens *list)
{
    free(list->tokens);
    token_trie_release(&list->raw.trie);
    token_trie_release(&list->normal.trie);
    *list = (added_tokens){0};
}

heed_status added_tokens_add(added_tokens *list, added_token token, heed_error *error)
{
    heed_status status = memory_grow(&list->tokens, &list->capacity, list->count + 1, sizeof *list->tokens, error);
    if (status == HEED_OK)
        list->tokens[list->count++] = token;
    return status;
}

static heed_status read_token(added_tokens *list, intern *vocabulary, const json_section *s, heed_error *error)
{
    added_token token = {0};
    const char *content;
    uint64_t id;
    heed_status status;
    TRY(section_only(
        s, (const char *[]){"id", "content", "single_word", "lstrip", "rstrip", "normalized", "special", NULL}, error));
    TRY(section_text(&content, s, "content", error));
    TRY(section_count(&id, s, "id", UINT32_MAX, error));
    TRY(section_flag(&token.single_word, s, "single_word", error));
    TRY(section_flag(&token.lstrip, s, "lstrip", error));
    TRY(section_flag(&token.rstrip, s, "rstrip", error));
    TRY(section_flag(&token.normalized, s, "normalized", error));
    TRY(section_flag(&token.special, s, "special", error));
    uint32_t known = intern_find(vocabulary, bytes_of(content));
    uint32_t expected = known == INTERN_NONE ? vocabulary->count : known;
    if (id != expected) {
        status = fail(error, HEED_BAD_DATA, "%.200s: added_tokens: '%.60s' has id %llu, expected %u", s->file, content,
                      (unsigned long long)id, expected);
        goto done;
    }
    if (known == INTERN_NONE)
        TRY(token_list_add(vocabulary, bytes_of(content), s->file, s->where, error));
    token.id = expected;
    TRY(added_tokens_add(list, token, error));
done:
    return status;
}

heed_status added_tokens_read(added_tokens *list, intern *vocabulary, const json_section *file, heed_error *error)
{
    const json_t *tokens = NULL;
    heed_status status =
        section_find(file, "added_tokens") == NULL ? HEED_OK : section_list(&tokens, file, "added_tokens", error);
    for (size_t i = 0; i < json_array_size(tokens) && status == HEED_OK; i++)
        status =
            read_token(list, vocabulary, &(json_section){json_array_get(tokens, i), file->file, "added_tokens"}, error);
    return status;
}

/* ---- what is looked for */

/* Writes a content as it is looked for: itself, or normalized by these steps. */
static void write_content(writer *out, normal_text *scratch, heed_bytes content, const normalizer *steps)
{
    char bytes[4];
    if (steps == NULL) {
        writer_bytes(out, content.data, content.size);
        return;
    }
    normalize(scratch, steps, content, 0, content.size);
    if (scratch->failed)
        writer_fail(out, ENOMEM);
    for (size_t i = 0; i < scratch->count; i++)
        writer_bytes(out, bytes, utf8_encode(scratch->characters[i].point, bytes));
}

static void note_first_bytes(token_finder *finder)
{
    const trie_node *root = &finder->trie.nodes[0];
    for (uint32_t i = 0; i < root->count; i++)
        finder->begins[finder->trie.bytes[root->first + i]] = true;
    finder->only = root->count == 1 ? finder->trie.bytes[root->first] : -1;
}

/* The contents do not move any more, so that entries, which have their sizes, can point to them. */
static heed_status build(token_finder *finder, trie_entry *entries, size_t count, const writer *contents,
                         heed_error *error)
{
    size_t at = 0;
    heed_status status = writer_check(contents, error);
    if (status != HEED_OK || count == 0)
        return status;
    for (size_t i = 0; i < count; i++) {
        entries[i].text.data = contents->data + at;
        at += entries[i].text.size;
    }
    status = token_trie_build(&finder->trie, entries, count, error);
    if (status == HEED_OK)
        note_first_bytes(finder);
    return status;
}

/* steps: those of tokens that are looked for in the normalized text; NULL: of the others. Of tokens that are the same
 * after normalization the first special one is found, as in `tokenizers`, or else the first. */
static heed_status build_finder(token_finder *finder, const added_tokens *list, const intern *vocabulary,
                                const normalizer *steps, const char *name, heed_error *error)
{
    trie_entry *entries = memory_array(list->count, sizeof *entries);
    normal_text scratch = {0};
    writer contents = {0};
    size_t count = 0;
    heed_status status = entries == NULL ? fail_memory(error, "added tokens") : HEED_OK;
    for (size_t i = 0; i < list->count && status == HEED_OK; i++) {
        const added_token *token = &list->tokens[i];
        size_t begin = contents.size;
        if (token->normalized != (steps != NULL))
            continue;
        write_content(&contents, &scratch, intern_word(vocabulary, token->id), steps);
        uint32_t rank = (uint32_t)(token->special ? i : list->count + i);
        entries[count++] = (trie_entry){{NULL, contents.size - begin}, (uint32_t)i, rank};
        if (contents.size == begin && contents.problem == 0)
            status = fail(error, HEED_BAD_DATA, "%.200s: added_tokens: the normalizer leaves nothing of token %u", name,
                          token->id);
    }
    if (status == HEED_OK)
        status = build(finder, entries, count, &contents, error);
    writer_release(&contents);
    normal_text_release(&scratch);
    free(entries);
    return status;
}

static heed_status refuse_twice(const added_tokens *list, const intern *vocabulary, const char *name, heed_error *error)
{
    bool *seen = memory_array(vocabulary->count, sizeof *seen);
    heed_status status = seen == NULL ? fail_memory(error, "added tokens") : HEED_OK;
    for (size_t i = 0; i < list->count && status == HEED_OK; i++) {
        uint32_t id = list->tokens[i].id;
        if (seen[id])
            status = fail(error, HEED_BAD_DATA, "%.200s: added_tokens: token %u is added twice", name, id);
        seen[id] = true;
    }
    free(seen);
    return status;
}

heed_status added_tokens_finish(added_tokens *list, const intern *vocabulary, const normalizer *steps, const char *name,
                                heed_error *error)
{
    heed_status status;
    TRY(refuse_twice(list, vocabulary, name, error));
    TRY(build_finder(&list->raw, list, vocabulary, NULL, name, error));
    TRY(build_finder(&list->normal, list, vocabulary, steps, name, error));
done:
    return status;
}

/* ---- looking */

/* The properties of the character that ends, or begins, at a byte of the text; 0: there is none. */
static unsigned bits_before(heed_bytes text, size_t at, size_t *length)
{
    size_t begin = at;
    uint32_t point;
    *length = 0;
    if (at == 0)
        return 0;
    do
        begin--;
    while (begin > 0 && ((unsigned char)text.data[begin] & 0xC0) == 0x80);
    *length = at - begin;
    return utf8_decode(text.data + begin, at - begin, &point) == 0 ? 0 : token_point_bits(point);
}

static unsigned bits_behind(heed_bytes text, size_t at, size_t *length)
{
    uint32_t point;
    *length = at == text.size ? 0 : utf8_decode(text.data + at, text.size - at, &point);
    return *length == 0 ? 0 : token_point_bits(point);
}

static bool stands_alone(heed_bytes text, size_t begin, size_t end)
{
    size_t length;
    return ((bits_before(text, begin, &length) | bits_behind(text, end, &length)) & TOKEN_WORD) == 0;
}

static size_t next_candidate(const token_finder *finder, heed_bytes text, size_t at)
{
    if (finder->only >= 0) {
        const char *found = at < text.size ? memchr(text.data + at, finder->only, text.size - at) : NULL;
        return found == NULL ? text.size : (size_t)(found - text.data);
    }
    while (at < text.size && !finder->begins[(unsigned char)text.data[at]])
        at++;
    return at;
}

/* White space next to it becomes part of it. */
static void widen(found_token *found, const added_token *token, heed_bytes text, size_t after)
{
    size_t length;
    while (token->lstrip && found->begin > after && (bits_before(text, found->begin, &length) & TOKEN_SPACE) != 0)
        found->begin -= length;
    while (token->rstrip && (bits_behind(text, found->end, &length) & TOKEN_SPACE) != 0)
        found->end += length;
}

bool added_tokens_next(found_token *out, const added_tokens *list, const token_finder *finder, heed_bytes text,
                       size_t after, size_t *at)
{
    if (finder->trie.count == 0)
        return false;
    while ((*at = next_candidate(finder, text, *at)) < text.size) {
        size_t size;
        uint32_t place = token_trie_longest(&finder->trie, 0, (heed_bytes){text.data + *at, text.size - *at}, &size);
        if (place == TRIE_NONE) {
            ++*at;
            continue;
        }
        const added_token *token = &list->tokens[place];
        *out = (found_token){*at, *at + size, token->id};
        *at += size;
        if (token->single_word && !stands_alone(text, out->begin, out->end))
            continue;
        widen(out, token, text, after);
        return true;
    }
    return false;
}
