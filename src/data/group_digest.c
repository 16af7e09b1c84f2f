#define XXH_STATIC_LINKING_ONLY /* its state as a plain struct */

#include "data/group_digest.h"

#include <utf8proc.h>
#include <xxhash.h>

#include "base/utf8.h"
#include "text/unicode.h"

enum { BLOCK = 1024, LONGEST_FOLD = 4 };

/* The folded characters go to the digest in blocks, so that a text of any length needs no storage. */
typedef struct folding {
    XXH3_state_t state;
    char block[BLOCK];
    size_t size;
} folding;

/* Room for a character at least. */
static void make_room(folding *f)
{
    if (f->size > BLOCK - 4) {
        XXH3_64bits_update(&f->state, f->block, f->size);
        f->size = 0;
    }
}

static void put_point(folding *f, uint32_t point)
{
    make_room(f);
    f->size += utf8_encode(point, f->block + f->size);
}

static void put_folded(folding *f, uint32_t point)
{
    utf8proc_int32_t folded[LONGEST_FOLD];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)point, folded, LONGEST_FOLD, UTF8PROC_CASEFOLD, &boundary);
    if (count < 1 || count > LONGEST_FOLD) {
        put_point(f, point);
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++)
        put_point(f, (uint32_t)folded[i]);
}

/* The ASCII bytes from `at` on, as far as the block has room; returns where they end. Each byte is written, and
 * overwritten by the next one if it does not count: this avoids a branch. */
static size_t put_ascii(folding *f, heed_bytes text, size_t at)
{
    char *out = f->block + f->size, *full = f->block + BLOCK;
    for (; at < text.size && out < full && (unsigned char)text.data[at] < 0x80; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        *out = (char)(byte | (byte >= 'A' && byte <= 'Z') << 5);
        out += ascii_is_word(byte);
    }
    f->size = (size_t)(out - f->block);
    return at;
}

uint64_t group_digest(heed_bytes text)
{
    folding f = {.size = 0};
    XXH3_64bits_reset(&f.state);
    for (size_t i = 0; i < text.size;) {
        make_room(&f);
        i = put_ascii(&f, text, i);
        if (i == text.size || (unsigned char)text.data[i] < 0x80)
            continue;
        uint32_t point = 0;
        size_t length = utf8_decode(text.data + i, text.size - i, &point);
        if (length > 0 && unicode_is_word(point))
            put_folded(&f, point);
        i += length > 0 ? length : 1;
    }
    XXH3_64bits_update(&f.state, f.block, f.size);
    return XXH3_64bits_digest(&f.state);
}
