#include "tokenizer/token_trie.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"

/* The entries below a node: those with the same first `depth` bytes. */
typedef struct trie_span {
    size_t from, to;
    uint32_t depth;
} trie_span;

static int by_text(const void *a, const void *b)
{
    const trie_entry *x = a, *y = b;
    int order = bytes_compare(x->text, y->text);
    return order != 0 ? order : (x->rank > y->rank) - (x->rank < y->rank);
}

static size_t shared_bytes(heed_bytes a, heed_bytes b)
{
    size_t i = 0;
    while (i < a.size && i < b.size && a.data[i] == b.data[i])
        i++;
    return i;
}

/* Nodes of all entries, which are sorted: one for each byte that the entry before does not share, and the root. */
static size_t count_nodes(const trie_entry *entries, size_t count)
{
    size_t nodes = 1;
    for (size_t i = 0; i < count; i++)
        nodes += entries[i].text.size - (i == 0 ? 0 : shared_bytes(entries[i - 1].text, entries[i].text));
    return nodes;
}

/* Adds the children of a node, whose entries are `span`, after all nodes that are there. */
static void add_children(token_trie *trie, trie_span *spans, uint32_t node, const trie_entry *entries)
{
    trie_span span = spans[node];
    trie_node *n = &trie->nodes[node];
    *n = (trie_node){trie->count, TRIE_NONE, 0};
    size_t at = span.from;
    for (; at < span.to && entries[at].text.size == span.depth; at++)
        if (span.depth > 0 && n->value == TRIE_NONE)
            n->value = entries[at].value;
    while (at < span.to) {
        char byte = entries[at].text.data[span.depth];
        size_t from = at;
        while (at < span.to && entries[at].text.data[span.depth] == byte)
            at++;
        spans[trie->count] = (trie_span){from, at, span.depth + 1};
        trie->bytes[trie->count++] = (uint8_t)byte;
        n->count++;
    }
}

heed_status token_trie_build(token_trie *out, trie_entry *entries, size_t count, heed_error *error)
{
    heed_status status = HEED_OK;
    *out = (token_trie){0};
    qsort(entries, count, sizeof *entries, by_text);
    size_t nodes = count_nodes(entries, count);
    if (nodes >= TRIE_NONE)
        return fail(error, HEED_BAD_DATA, "tokens of %zu bytes, expected less than %u", nodes, TRIE_NONE);
    out->nodes = memory_array(nodes, sizeof *out->nodes);
    out->bytes = memory_array(nodes, 1);
    trie_span *spans = memory_array(nodes, sizeof *spans);
    if (out->nodes == NULL || out->bytes == NULL || spans == NULL) {
        token_trie_release(out);
        status = fail_memory(error, "a table of tokens");
    } else {
        out->count = 1;
        spans[0] = (trie_span){0, count, 0};
        for (uint32_t node = 0; node < out->count; node++)
            add_children(out, spans, node, entries);
    }
    free(spans);
    return status;
}

void token_trie_release(token_trie *trie)
{
    free(trie->nodes);
    free(trie->bytes);
    *trie = (token_trie){0};
}

uint32_t token_trie_node(const token_trie *trie, heed_bytes text)
{
    uint32_t node = trie->count > 0 ? 0 : TRIE_NONE;
    for (size_t i = 0; i < text.size && node != TRIE_NONE; i++)
        node = token_trie_step(trie, node, text.data[i]);
    return node;
}
