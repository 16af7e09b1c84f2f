#include "base/compose.h"

#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* Characters that NFC may change, by themselves or after the character before them (UAX #15, NFC_Quick_Check No and
 * Maybe), and some that it never does, which makes the list shorter. Unicode guarantees that the form of a character
 * does not change once it is assigned. */
static const struct {
    uint32_t first, last;
} unsettled[] = {
    {0x0300, 0x036F},   {0x0374, 0x0374},   {0x037E, 0x037E},   {0x0387, 0x0387},   {0x0653, 0x0655},
    {0x093C, 0x093C},   {0x0958, 0x095F},   {0x09BE, 0x09BE},   {0x09D7, 0x09DF},   {0x0A33, 0x0A36},
    {0x0A59, 0x0A5E},   {0x0B3E, 0x0B3E},   {0x0B56, 0x0B5D},   {0x0BBE, 0x0BBE},   {0x0BD7, 0x0BD7},
    {0x0C56, 0x0C56},   {0x0CC2, 0x0CC2},   {0x0CD5, 0x0CD6},   {0x0D3E, 0x0D3E},   {0x0D57, 0x0D57},
    {0x0DCA, 0x0DDF},   {0x0F43, 0x0FB9},   {0x102E, 0x102E},   {0x1161, 0x1175},   {0x11A8, 0x11C2},
    {0x1B35, 0x1B35},   {0x1F71, 0x1FFD},   {0x2000, 0x2001},   {0x2126, 0x212B},   {0x2329, 0x232A},
    {0x2ADC, 0x2ADC},   {0x3099, 0x309A},   {0xF900, 0xFAD9},   {0xFB1D, 0xFB4E},   {0x110BA, 0x110BA},
    {0x11127, 0x11127}, {0x1133E, 0x1133E}, {0x11357, 0x11357}, {0x11382, 0x113C9}, {0x114B0, 0x114BD},
    {0x115AF, 0x115AF}, {0x11930, 0x11930}, {0x1611E, 0x16129}, {0x16D63, 0x16D6A}, {0x1D15E, 0x1D1C0},
    {0x2F800, 0x2FA1D},
};

static bool is_unsettled(uint32_t point)
{
    size_t low = 0, high = sizeof unsettled / sizeof *unsettled;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > unsettled[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof unsettled / sizeof *unsettled && point >= unsettled[low].first;
}

/* A character as the walk sees it. */
typedef struct seen {
    size_t length;
    unsigned class; /* canonical combining class: marks are sorted by it */
    bool unsettled;
} seen;

static seen look(heed_bytes text, size_t at)
{
    uint32_t point;
    size_t length = utf8_decode(text.data + at, text.size - at, &point);
    if (length == 0)
        return (seen){1, 0, false};
    if (point < 0x300 || (point >= 0x3400 && point < 0xA000)) /* Latin; Han */
        return (seen){length, 0, false};
    return (seen){length, (unsigned)utf8proc_get_property((utf8proc_int32_t)point)->combining_class,
                  is_unsettled(point)};
}

static bool begins_part(seen c)
{
    return c.class == 0 && !c.unsettled;
}

static size_t skip_ascii(heed_bytes text, size_t at)
{
    for (uint64_t eight; text.size - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, text.data + at, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0)
            break;
    }
    while (at < text.size && (unsigned char)text.data[at] < 0x80)
        at++;
    return at;
}

/* The end of the part that begins at `from`: before the next character that begins one. */
static size_t part_end(heed_bytes text, size_t from)
{
    size_t at = from + look(text, from).length;
    for (unsigned count = 1; at < text.size && count < COMPOSE_CHARACTERS; count++) {
        seen c = look(text, at);
        if (begins_part(c))
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
        size_t ascii = skip_ascii(text, *at);
        if (ascii > *at) {
            begin = ascii - 1;
            class = 0;
            count = 1;
            *at = ascii;
            continue;
        }
        seen c = look(text, *at);
        if (begins_part(c) || count == COMPOSE_CHARACTERS) {
            begin = *at;
            class = count = 0;
        }
        if (c.unsettled || (c.class != 0 && c.class < class)) {
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
