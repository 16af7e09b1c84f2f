#include "tokenizer/subwords.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "tokenizer/piece_cache.h"
#include "tokenizer/token_trim.h"
#include "tokenizer/tokenizer_parts.h"

struct subwords {
    const tokenizer *t;
    subword *items;
    size_t count, capacity;
    size_t most; /* tokens that are wanted; looking ends when there are more */
    bool failed; /* memory was not available */
    bool cut;
    heed_bytes text; /* while its tokens are found */
    size_t first;    /* the first token of the text itself */
    normal_text normal;
    word_list words;
    writer word, whole; /* a word, and a normalized text in which tokens are looked for, as bytes */
    word_piece *pieces; /* of a word that the cache does not keep */
    size_t piece_capacity;
    char *scratch; /* the model's, for such a word */
    size_t scratch_capacity;
    piece_cache cache;
};

heed_status subwords_new(subwords **out, const tokenizer *t, heed_error *error)
{
    subwords *list = *out = memory_array(1, sizeof *list);
    if (list == NULL)
        return fail_memory(error, "a list of tokens");
    list->t = t;
    heed_status status = piece_cache_prepare(&list->cache, error);
    if (status != HEED_OK) {
        subwords_free(list);
        *out = NULL;
    }
    return status;
}

void subwords_free(subwords *list)
{
    if (list == NULL)
        return;
    free(list->items);
    normal_text_release(&list->normal);
    word_list_release(&list->words);
    writer_release(&list->word);
    writer_release(&list->whole);
    free(list->pieces);
    free(list->scratch);
    piece_cache_release(&list->cache);
    free(list);
}

/* ---- tokens */

/* Whether to go on. */
static bool goes_on(const subwords *list)
{
    return list->count <= list->most && !list->failed;
}

/* Room for so many more tokens; NULL without memory. */
static subword *reserve(subwords *list, size_t count)
{
    if (list->capacity - list->count < count &&
        memory_grow(&list->items, &list->capacity, list->count + count, sizeof *list->items, NULL) != HEED_OK) {
        list->failed = true;
        return NULL;
    }
    return list->items + list->count;
}

static void add(subwords *list, subword token)
{
    subword *room = reserve(list, 1);
    if (room != NULL) {
        *room = token;
        list->count++;
    }
}

/* Trims a token of the text that is written so, where the tokenizer does that; it will be token number `place`. */
static void trim(const subwords *list, subword *token, heed_bytes written, size_t place)
{
    const token_frame *frame = &list->t->frame;
    if (frame->trims)
        token_trim(&token->begin, &token->end, written, list->text,
                   frame->keeps_first && (place == list->first || token->begin == 0));
}

/* Adds a token that was found in the text, where it is written so. */
static void add_found(subwords *list, subword token, heed_bytes written)
{
    trim(list, &token, written, list->count);
    add(list, token);
}

/* The pieces of a word that the cache does not know. */
static const word_piece *divide(subwords *list, heed_bytes word, size_t characters, size_t *count)
{
    const tokenizer *t = list->t;
    *count = 0;
    if (word.size <= UINT32_MAX &&
        memory_grow(&list->pieces, &list->piece_capacity, word.size, sizeof *list->pieces, NULL) == HEED_OK &&
        memory_grow(&list->scratch, &list->scratch_capacity, (word.size + 1) * t->model->scratch, 1, NULL) == HEED_OK)
        *count = t->model->divide(t->state, word, characters, list->pieces, list->scratch);
    else
        list->failed = true;
    return list->pieces;
}

/* The pieces of a word of at least one byte; WORD_CACHE_LONGEST bytes can be read from its beginning on. Valid until
 * the next call. */
static const word_piece *find_pieces(subwords *list, heed_bytes word, size_t characters, size_t *count)
{
    if (word.size > WORD_CACHE_LONGEST)
        return divide(list, word, characters, count);
    word_key key = word_key_of(word);
    piece_entry *entry = piece_cache_find(&list->cache, &key);
    if (entry->size != 0) {
        *count = entry->count;
        return entry->pieces;
    }
    const word_piece *pieces = divide(list, word, characters, count);
    if (*count > 0 && *count <= PIECES_KEPT) {
        memcpy(entry->pieces, pieces, *count * sizeof *pieces);
        entry->count = (unsigned char)*count;
        entry->size = (unsigned char)word.size;
    }
    return pieces;
}

/* ---- normalized text */

/* Adds the tokens of a word, whose characters keep their own places. */
static void add_normal_word(subwords *list, const normal_character *characters, size_t length)
{
    writer_clear(&list->word);
    char *bytes = writer_reserve(&list->word, 4 * length + WORD_CACHE_LONGEST);
    size_t size = 0, count;
    if (bytes == NULL) {
        list->failed = true;
        return;
    }
    for (size_t i = 0; i < length; i++)
        size += utf8_encode(characters[i].point, bytes + size);
    const word_piece *pieces = find_pieces(list, (heed_bytes){bytes, size}, length, &count);
    subword *room = reserve(list, count);
    if (room == NULL)
        return;
    size_t from = 0, to = 0, next = 0; /* bytes of the piece, and of the characters before `next` */
    for (size_t i = 0; i < count; i++) {
        size_t first = next;
        from += pieces[i].size;
        for (char unused[4]; to < from; next++)
            to += utf8_encode(characters[next].point, unused);
        room[i] = (subword){characters[first].begin, characters[next - 1].end, pieces[i].id};
        trim(list, &room[i], intern_word(&list->t->vocabulary, pieces[i].id), list->count + i);
    }
    list->count += count;
}

/* Adds the tokens of [from, to) of the normalized text by the steps of the tokenizer. */
static void add_other_words(subwords *list, size_t from, size_t to)
{
    word_list *words = &list->words;
    pre_tokenizer_run(words, &list->t->words, list->normal.characters + from, to - from);
    list->failed = list->failed || words->failed;
    for (size_t i = 0, begin = 0; i < words->count && goes_on(list); begin = words->ends[i++])
        add_normal_word(list, words->characters + begin, words->ends[i] - begin);
}

/* Adds the tokens of the words in [from, to) of the normalized text. */
static void add_normal_words(subwords *list, size_t from, size_t to)
{
    const normal_character *c = list->normal.characters;
    if (!pre_tokenizer_is_bert(&list->t->words)) {
        if (goes_on(list))
            add_other_words(list, from, to);
        return;
    }
    while (from < to && goes_on(list)) {
        word_kind kind = word_kind_of(c[from].point);
        size_t end = from + 1;
        while (kind == KIND_LETTER && end < to && word_kind_of(c[end].point) == KIND_LETTER)
            end++;
        if (kind != KIND_SPACE)
            add_normal_word(list, c + from, end - from);
        from = end;
    }
}

/* A place in the normalized text: so many characters, which are so many bytes. */
typedef struct normal_place {
    size_t characters, bytes;
} normal_place;

static normal_place place_at(const normal_text *n, normal_place place, size_t bytes)
{
    char unused[4];
    if (bytes < place.bytes)
        place = (normal_place){0, 0};
    while (place.bytes < bytes)
        place.bytes += utf8_encode(n->characters[place.characters++].point, unused);
    return place;
}

/* The same for all of it, with tokens that are looked for in the normalized text. */
static void add_with_normal_tokens(subwords *list)
{
    const added_tokens *added = &list->t->added;
    const normal_text *n = &list->normal;
    normal_place after = {0, 0};
    size_t at = 0;
    found_token found;
    writer_clear(&list->whole);
    for (size_t i = 0; i < n->count; i++) {
        char bytes[4];
        writer_bytes(&list->whole, bytes, utf8_encode(n->characters[i].point, bytes));
    }
    list->failed = list->failed || list->whole.problem != 0;
    heed_bytes whole = {list->whole.data, list->whole.size};
    while (goes_on(list) && added_tokens_next(&found, added, &added->normal, whole, after.bytes, &at)) {
        normal_place begin = place_at(n, after, found.begin);
        if (after.bytes < found.begin)
            add_normal_words(list, after.characters, begin.characters);
        after = place_at(n, begin, found.end);
        add_found(list,
                  (subword){n->characters[begin.characters].begin, n->characters[after.characters - 1].end, found.id},
                  (heed_bytes){whole.data + found.begin, found.end - found.begin});
    }
    add_normal_words(list, after.characters, n->count);
}

static void add_normalized(subwords *list, heed_bytes text, size_t begin, size_t end)
{
    normalize(&list->normal, &list->t->steps, text, begin, end);
    list->failed = list->failed || list->normal.failed;
    if (list->t->added.normal.trie.count > 0)
        add_with_normal_tokens(list);
    else
        add_normal_words(list, 0, list->normal.count);
}

/* ---- the text as it is, as long as it is ASCII */

/* Adds the tokens of a word of bytes that the normalizer changes one by one. */
static void add_plain_word(subwords *list, heed_bytes text, size_t begin, size_t end)
{
    const unsigned char *letter = list->t->letter;
    char shorter[WORD_CACHE_LONGEST] = {0}, *bytes = shorter;
    size_t size = end - begin, count;
    if (size > sizeof shorter) {
        writer_clear(&list->word);
        bytes = writer_reserve(&list->word, size);
    }
    if (bytes == NULL) {
        list->failed = true;
        return;
    }
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)letter[(unsigned char)text.data[begin + i]];
    const word_piece *pieces = find_pieces(list, (heed_bytes){bytes, size}, size, &count);
    subword *room = reserve(list, count);
    if (room == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        room[i] = (subword){begin, begin + pieces[i].size, pieces[i].id};
        begin += pieces[i].size;
    }
    list->count += count;
}

/* Adds the tokens of [begin, end). A word with other bytes is normalized together with what follows it up to a space or
 * a punctuation mark of ASCII: no step of the normalizer looks beyond those. */
static void add_segment(subwords *list, heed_bytes text, size_t begin, size_t end)
{
    const unsigned char *kind = list->t->kind;
    const unsigned char *data = (const unsigned char *)text.data;
    for (size_t at = begin; at < end && goes_on(list);) {
        size_t from = at;
        while (at < end && kind[data[at]] == KIND_LETTER)
            at++;
        if (at < end && kind[data[at]] == KIND_OTHER) {
            while (at < end && kind[data[at]] != KIND_SPACE && kind[data[at]] != KIND_PUNCTUATION)
                at++;
            add_normalized(list, text, from, at);
            continue;
        }
        if (at > from)
            add_plain_word(list, text, from, at);
        if (at < end && kind[data[at]] == KIND_PUNCTUATION)
            add_plain_word(list, text, at, at + 1);
        at += at < end;
    }
}

static void add_text(subwords *list, heed_bytes text)
{
    const added_tokens *added = &list->t->added;
    size_t after = 0, at = 0;
    found_token found;
    while (goes_on(list) && added_tokens_next(&found, added, &added->raw, text, after, &at)) {
        if (after < found.begin)
            add_segment(list, text, after, found.begin);
        add_found(list, (subword){found.begin, found.end, found.id},
                  (heed_bytes){text.data + found.begin, found.end - found.begin});
        after = found.end;
    }
    if (after < text.size)
        add_segment(list, text, after, text.size);
}

/* A space that was put before a part of the text, and trimmed, is behind the first character of that part, from which
 * it came; it begins with it then. `tokenizers` leaves it there. */
static void order_places(subwords *list)
{
    for (size_t i = list->count; i > list->first + 1; i--)
        if (list->items[i - 2].begin > list->items[i - 1].begin)
            list->items[i - 2].begin = list->items[i - 1].begin;
}

static void add_special(subwords *list, size_t from, size_t to, size_t at)
{
    for (size_t i = from; i < to; i++)
        add(list, (subword){at, at, list->t->frame.id[i]});
}

/* ---- a text */

static heed_status check(const subwords *list, heed_bytes text, size_t longest, bool around, heed_error *error)
{
    enum { LARGEST = 1 << 30 };
    size_t special = around ? list->t->frame.count : 0, bad;
    if (longest != 0 && longest < special)
        return fail(error, HEED_USAGE, "at most %zu tokens of a text, expected at least the %zu around it", longest,
                    special);
    if (text.size > LARGEST)
        return fail(error, HEED_BAD_DATA, "a text of %zu bytes, expected at most %d", text.size, LARGEST);
    bad = utf8_check(text.data, text.size);
    return bad == text.size ? HEED_OK : fail(error, HEED_BAD_DATA, "byte %zu of a text is not UTF-8", bad);
}

heed_status subwords_find(subwords *list, heed_bytes text, size_t longest, bool around, heed_error *error)
{
    const token_frame *frame = &list->t->frame;
    size_t before = around ? frame->before : 0, behind = around ? frame->count - frame->before : 0;
    list->count = 0;
    list->cut = list->failed = false;
    heed_status status = check(list, text, longest, around, error);
    if (status != HEED_OK)
        return status;
    list->most = longest == 0 ? SIZE_MAX : longest - behind;
    add_special(list, 0, before, 0);
    list->text = text;
    list->first = list->count;
    add_text(list, text);
    if (list->t->frame.trims)
        order_places(list);
    list->cut = list->count > list->most;
    if (list->cut)
        list->count = list->most;
    add_special(list, before, before + behind, text.size);
    if (!list->failed)
        return HEED_OK;
    list->count = 0;
    return fail_memory(error, "the tokens of a text");
}

const subword *subwords_items(const subwords *list, size_t *count)
{
    *count = list->count;
    return list->items;
}

bool subwords_were_cut(const subwords *list)
{
    return list->cut;
}
