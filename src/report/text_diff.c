#include "report/text_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

enum {
    MOST_WORDS = 2000,    /* of what is compared, of each text: their product is time and memory */
    FIRST_DENSE = 0x2E80, /* Chinese, Japanese, Korean and emoji from here on */
};

typedef enum character { SPACE, LETTER, ALONE } character;

static character kind_of(uint32_t point)
{
    if (point == ' ' || (point >= '\t' && point <= '\r') || point == 0xA0)
        return SPACE;
    bool letter = (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z');
    return letter || (point >= 0xC0 && point < FIRST_DENSE) ? LETTER : ALONE;
}

/* The character at a place, and how many bytes it has. */
static character look(size_t *size, heed_bytes text, size_t at)
{
    uint32_t point = 0;
    size_t length = utf8_decode(text.data + at, text.size - at, &point);
    *size = length > 0 ? length : 1;
    return length > 0 ? kind_of(point) : ALONE;
}

/* The word from `at` on; false if only white space is left. */
static bool next_word(diff_word *out, heed_bytes text, size_t at)
{
    size_t size = 0;
    *out = (diff_word){.space = at};
    while (at < text.size && look(&size, text, at) == SPACE)
        at += size;
    out->begin = at;
    bool letters = at < text.size && look(&size, text, at) == LETTER;
    out->end = at < text.size ? at + size : at;
    while (letters && out->end < text.size && look(&size, text, out->end) == LETTER)
        out->end += size;
    return out->end > out->begin;
}

static heed_status words_find(text_diff *d, size_t side, heed_bytes text, heed_error *error)
{
    size_t capacity = 0;
    diff_word word;
    heed_status status = HEED_OK;
    for (size_t at = 0; next_word(&word, text, at) && status == HEED_OK; at = word.end) {
        status = memory_grow(&d->words[side], &capacity, d->count[side] + 1, sizeof word, error);
        if (status == HEED_OK)
            d->words[side][d->count[side]++] = word;
    }
    return status;
}

/* Equal words have one number. */
static heed_status words_number(uint32_t *out, intern *known, const text_diff *d, size_t side, heed_bytes text,
                                heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < d->count[side] && status == HEED_OK; i++) {
        const diff_word *word = &d->words[side][i];
        status = intern_put(&out[i], known, (heed_bytes){text.data + word->begin, word->end - word->begin}, error);
    }
    return status;
}

/* Words [from, to) of each text are compared. */
typedef struct middle {
    const uint32_t *numbers[2];
    size_t from, to[2];
} middle;

static void mark(text_diff *d, size_t one, size_t other)
{
    d->words[0][one].same = d->words[1][other].same = true;
}

/* What both begin and end with. */
static middle ends_mark(text_diff *d, const uint32_t *one, const uint32_t *other)
{
    middle m = {{one, other}, 0, {d->count[0], d->count[1]}};
    while (m.from < m.to[0] && m.from < m.to[1] && one[m.from] == other[m.from]) {
        mark(d, m.from, m.from);
        m.from++;
    }
    while (m.to[0] > m.from && m.to[1] > m.from && one[m.to[0] - 1] == other[m.to[1] - 1])
        mark(d, --m.to[0], --m.to[1]);
    return m;
}

/* By the table of lengths: that of what is left from word i of one and word k of the other is at [i][k]. */
static heed_status middle_mark(text_diff *d, const middle *m, heed_error *error)
{
    size_t rows = m->to[0] - m->from, columns = m->to[1] - m->from, wide = columns + 1;
    if (rows == 0 || columns == 0 || rows > MOST_WORDS || columns > MOST_WORDS)
        return HEED_OK;
    uint16_t *left = memory_array((rows + 1) * wide, sizeof *left);
    const uint32_t *one = m->numbers[0] + m->from, *other = m->numbers[1] + m->from;
    if (left == NULL)
        return fail_memory(error, "two texts");
    for (size_t i = rows; i-- > 0;)
        for (size_t k = columns; k-- > 0;) {
            uint16_t down = left[(i + 1) * wide + k], right = left[i * wide + k + 1];
            uint16_t next = left[(i + 1) * wide + k + 1];
            left[i * wide + k] = one[i] == other[k] ? (uint16_t)(next + 1) : down > right ? down : right;
        }
    for (size_t i = 0, k = 0; i < rows && k < columns;)
        if (one[i] == other[k])
            mark(d, m->from + i++, m->from + k++);
        else if (left[(i + 1) * wide + k] >= left[i * wide + k + 1])
            i++;
        else
            k++;
    free(left);
    return HEED_OK;
}

heed_status text_diff_make(text_diff *out, heed_bytes one, heed_bytes other, heed_error *error)
{
    const heed_bytes texts[] = {one, other};
    uint32_t *numbers[2] = {NULL, NULL};
    intern known = {0};
    heed_status status;
    *out = (text_diff){0};
    TRY(intern_init(&known, error));
    for (size_t side = 0; side < 2; side++) {
        TRY(words_find(out, side, texts[side], error));
        numbers[side] = memory_array(out->count[side], sizeof *numbers[side]);
        TRY(numbers[side] == NULL ? fail_memory(error, "two texts") : HEED_OK);
        TRY(words_number(numbers[side], &known, out, side, texts[side], error));
    }
    middle m = ends_mark(out, numbers[0], numbers[1]);
    status = middle_mark(out, &m, error);
done:
    intern_release(&known);
    free(numbers[0]);
    free(numbers[1]);
    return status;
}

void text_diff_release(text_diff *d)
{
    free(d->words[0]);
    free(d->words[1]);
    *d = (text_diff){0};
}
