#include "tokenizer/pre_tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "tokenizer/byte_level.h"

void word_list_release(word_list *words)
{
    free(words->characters);
    free(words->other);
    free(words->ends);
    free(words->other_ends);
    *words = (word_list){0};
}

/* ---- what a step writes */

/* Room for so many characters, each of which may be a word. */
static bool make_room(word_list *l, size_t characters)
{
    l->put = l->put_words = 0;
    if (memory_grow(&l->other, &l->other_capacity, characters, sizeof *l->other, NULL) != HEED_OK ||
        memory_grow(&l->other_ends, &l->other_end_capacity, characters, sizeof *l->other_ends, NULL) != HEED_OK)
        l->failed = true;
    return !l->failed;
}

static void put(word_list *l, normal_character from, uint32_t point)
{
    l->other[l->put++] = (normal_character){from.begin, from.end, point};
}

/* Ends a word, if it has characters. */
static void end_word(word_list *l)
{
    if (l->put > (l->put_words == 0 ? 0 : l->other_ends[l->put_words - 1]))
        l->other_ends[l->put_words++] = l->put;
}

/* What was written becomes the list. */
static void take_room(word_list *l)
{
    word_list old = *l;
    l->characters = old.other;
    l->ends = old.other_ends;
    l->capacity = old.other_capacity;
    l->end_capacity = old.other_end_capacity;
    l->other = old.characters;
    l->other_ends = old.ends;
    l->other_capacity = old.capacity;
    l->other_end_capacity = old.end_capacity;
    l->count = old.put_words;
}

/* ---- the steps: each writes the words that a word becomes */

static void divide_bert(word_list *l, const pre_step *step, const normal_character *c, size_t count)
{
    (void)step;
    for (size_t i = 0; i < count; i++) {
        word_kind kind = word_kind_of(c[i].point);
        if (kind != KIND_LETTER)
            end_word(l);
        if (kind != KIND_SPACE)
            put(l, c[i], c[i].point);
        if (kind == KIND_PUNCTUATION)
            end_word(l);
    }
    end_word(l);
}

static void divide_blanks(word_list *l, const pre_step *step, const normal_character *c, size_t count)
{
    (void)step;
    for (size_t i = 0; i < count; i++)
        if ((token_point_bits(c[i].point) & TOKEN_SPACE) != 0)
            end_word(l);
        else
            put(l, c[i], c[i].point);
    end_word(l);
}

/* Whether a word begins with what stands for a space, which it does not have itself: that comes from its first
 * character then. */
static bool is_prepended(const pre_step *step, normal_character first, uint32_t space)
{
    return first.point != space &&
           (step->prepend == PREPEND_ALWAYS || (step->prepend == PREPEND_FIRST && first.begin == 0));
}

static void divide_metaspace(word_list *l, const pre_step *step, const normal_character *c, size_t count)
{
    uint32_t first = c[0].point == ' ' ? step->replacement : c[0].point;
    if (is_prepended(step, (normal_character){c[0].begin, c[0].end, first}, step->replacement))
        put(l, c[0], step->replacement);
    for (size_t i = 0; i < count; i++) {
        uint32_t point = c[i].point == ' ' ? step->replacement : c[i].point;
        if (step->split && point == step->replacement)
            end_word(l);
        put(l, c[i], point);
    }
    end_word(l);
}

static void put_bytes(word_list *l, const normal_character *c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[4];
        size_t size = utf8_encode(c[i].point, bytes);
        for (size_t k = 0; k < size; k++)
            put(l, c[i], byte_level_point((unsigned char)bytes[k]));
    }
}

static void prepend_space(word_list *l, const pre_step *step, const normal_character *c, size_t count)
{
    if (is_prepended(step, c[0], ' '))
        put(l, c[0], ' ');
    for (size_t i = 0; i < count; i++)
        put(l, c[i], c[i].point);
    end_word(l);
}

static void divide_bytes(word_list *l, const pre_step *step, const normal_character *c, size_t count)
{
    for (size_t at = 0, end; at < count; at = end) {
        end = step->split ? byte_level_word(c, at, count) : count;
        put_bytes(l, c + at, end - at);
        end_word(l);
    }
}

static void each_word(word_list *l, const pre_step *step,
                      void (*divide)(word_list *l, const pre_step *step, const normal_character *c, size_t count))
{
    size_t begin = 0, characters = l->count == 0 ? 0 : l->ends[l->count - 1];
    if (!make_room(l, 4 * characters + l->count)) /* four bytes of each, and what is put before a word */
        return;
    for (size_t i = 0; i < l->count; begin = l->ends[i++])
        divide(l, step, l->characters + begin, l->ends[i] - begin);
    take_room(l);
}

static void run_step(word_list *l, const pre_step *step)
{
    switch (step->kind) {
    case PRE_BERT:
        each_word(l, step, divide_bert);
        break;
    case PRE_BLANKS:
        each_word(l, step, divide_blanks);
        break;
    case PRE_METASPACE:
        each_word(l, step, divide_metaspace);
        break;
    case PRE_BYTE_LEVEL:
        if (step->prepend != PREPEND_NEVER)
            each_word(l, step, prepend_space);
        if (!l->failed)
            each_word(l, step, divide_bytes);
        break;
    }
}

/* ---- all of it */

void pre_tokenizer_run(word_list *out, const pre_tokenizer *p, const normal_character *characters, size_t count)
{
    out->count = 0;
    out->failed = false;
    if (count == 0 || !make_room(out, count))
        return;
    memcpy(out->other, characters, count * sizeof *characters);
    out->put = count;
    end_word(out);
    take_room(out);
    for (size_t i = 0; i < p->count && !out->failed; i++)
        run_step(out, &p->step[i]);
    if (out->failed)
        out->count = 0;
}

bool pre_tokenizer_is_bert(const pre_tokenizer *p)
{
    return p->count == 1 && p->step[0].kind == PRE_BERT;
}

bool pre_tokenizer_gives_bytes(const pre_tokenizer *p)
{
    return p->count > 0 && p->step[p->count - 1].kind == PRE_BYTE_LEVEL;
}

/* The first character of a token; 0: it begins within one. */
static uint32_t first_point(const pre_tokenizer *p, heed_bytes token)
{
    char bytes[4] = {0};
    uint32_t point = 0;
    size_t count = 0;
    if (token.size == 0)
        return 0;
    if (!pre_tokenizer_gives_bytes(p))
        return utf8_decode(token.data, token.size, &point) == 0 ? 0 : point;
    for (size_t at = 0, size; at < token.size && count < sizeof bytes; at += size) {
        size = utf8_decode(token.data + at, token.size - at, &point);
        int byte = size == 0 ? -1 : byte_level_byte(point);
        if (byte < 0)
            break;
        bytes[count++] = (char)byte;
    }
    return count == 0 || utf8_decode(bytes, count, &point) == 0 ? 0 : point;
}

bool pre_tokenizer_goes_on(const pre_tokenizer *p, heed_bytes token)
{
    unsigned bits = token_point_bits(first_point(p, token));
    return (bits & (TOKEN_LETTER | TOKEN_NUMBER)) != 0 && (bits & TOKEN_IDEOGRAPH) == 0;
}

/* The character that stands for a space; ' ': none does. */
static uint32_t space_of(const pre_tokenizer *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->step[i].kind == PRE_METASPACE)
            return p->step[i].replacement;
    return ' ';
}

void pre_tokenizer_write_text(writer *to, const pre_tokenizer *p, heed_bytes token)
{
    const bool bytes = pre_tokenizer_gives_bytes(p);
    const uint32_t space = space_of(p);
    bool begun = false;
    for (size_t at = 0, size; at < token.size; at += size) {
        uint32_t point;
        size = utf8_decode(token.data + at, token.size - at, &point);
        int byte = size == 0 || !bytes ? -1 : byte_level_byte(point);
        if (size == 0)
            return;
        begun = begun || (byte >= 0 ? byte != ' ' : point != space);
        if (begun && byte >= 0)
            writer_byte(to, (char)byte);
        else if (begun)
            writer_bytes(to, token.data + at, size);
    }
}
