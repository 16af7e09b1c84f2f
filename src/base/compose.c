#include "base/compose.h"

#include <string.h>
#include <utf8proc.h>

#include "base/points.h"
#include "base/utf8.h"

/* A character as the walk sees it. */
typedef struct seen {
    size_t length;
    bool begins;    /* a part: no character before it changes, or changes places, by it */
    bool composes;  /* NFC may change it, or the characters before it */
    unsigned class; /* canonical combining class: marks after a character are sorted by it */
} seen;

static seen look(heed_bytes text, size_t at)
{
    uint32_t point;
    size_t length = utf8_decode(text.data + at, text.size - at, &point);
    if (length == 0)
        return (seen){.length = 1, .begins = true};
    unsigned bits = point_bits(point);
    if ((bits & (POINT_COMPOSES | POINT_ORDERED)) == 0)
        return (seen){.length = length, .begins = true};
    return (seen){.length = length,
                  .composes = (bits & POINT_COMPOSES) != 0,
                  .class = (unsigned)utf8proc_get_property((utf8proc_int32_t)point)->combining_class};
}

/* The end of the part that begins at `from`: before the next character that begins one. */
static size_t part_end(heed_bytes text, size_t from)
{
    size_t at = from + look(text, from).length;
    for (unsigned count = 1; at < text.size && count < COMPOSE_CHARACTERS; count++) {
        seen c = look(text, at);
        if (c.begins)
            break;
        at += c.length;
    }
    return at;
}

/* Composes [part->from, part->to); false if that changes nothing. */
static bool compose_part(composed_part *part, heed_bytes text)
{
    utf8proc_int32_t points[4 * COMPOSE_CHARACTERS];
    const char *data = text.data + part->from;
    size_t size = part->to - part->from;
    utf8proc_option_t form = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
    utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)data, (utf8proc_ssize_t)size, points,
                                                4 * COMPOSE_CHARACTERS, form);
    if (count <= 0 || count > 4 * COMPOSE_CHARACTERS)
        return false;
    count = utf8proc_normalize_utf32(points, count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    part->size = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        part->size += utf8_encode((uint32_t)points[i], part->bytes + part->size);
    return part->size != size || memcmp(part->bytes, data, size) != 0;
}

bool compose_next(composed_part *part, heed_bytes text, size_t *at)
{
    size_t begin = *at; /* of the part that the next character may belong to, which has so many characters */
    unsigned class = 0, count = 0;
    while (*at < text.size) {
        if ((unsigned char)text.data[*at] < 0x80) {
            *at += utf8_ascii(text.data + *at, text.size - *at);
            begin = *at - 1;
            class = 0;
            count = 1;
            continue;
        }
        seen c = look(text, *at);
        if (c.begins || count == COMPOSE_CHARACTERS) {
            begin = *at;
            class = count = 0;
        }
        if (c.composes || (c.class != 0 && c.class < class)) {
            part->from = begin;
            part->to = *at = part_end(text, begin);
            if (compose_part(part, text))
                return true;
            begin = *at;
            class = count = 0;
            continue;
        }
        class = c.class;
        count++;
        *at += c.length;
    }
    return false;
}

heed_bytes compose(writer *out, heed_bytes text)
{
    composed_part part;
    size_t at = 0, copied = 0, begin = out->size;
    while (compose_next(&part, text, &at)) {
        writer_bytes(out, text.data + copied, part.from - copied);
        writer_bytes(out, part.bytes, part.size);
        copied = part.to;
    }
    if (copied == 0)
        return text;
    writer_bytes(out, text.data + copied, text.size - copied);
    return out->problem == 0 ? (heed_bytes){out->data + begin, out->size - begin} : text;
}

bool compose_same(heed_bytes name, heed_bytes typed)
{
    writer out = {0};
    bool same = bytes_same(name, typed) || bytes_same(name, compose(&out, typed));
    writer_release(&out);
    return same;
}

uint32_t compose_find(const intern *words, heed_bytes word)
{
    uint32_t number = intern_find(words, word);
    if (number != INTERN_NONE || utf8_ascii(word.data, word.size) == word.size)
        return number;
    writer out = {0};
    heed_bytes composed = compose(&out, word);
    if (composed.data != word.data)
        number = intern_find(words, composed);
    writer_release(&out);
    return number;
}
