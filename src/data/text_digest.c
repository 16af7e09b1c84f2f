#define XXH_STATIC_LINKING_ONLY /* its state as a plain struct */

#include "data/text_digest.h"

#include <utf8proc.h>
#include <xxhash.h>

#include "base/utf8.h"
#include "text/html_entities.h"
#include "text/unicode.h"

/* The longest compatibility form has 18 characters (U+FDFA). More marks than MOST_MARKS on one character are sorted in
 * parts. */
enum { BLOCK = 1024, LONGEST_FOLD = 4, LONGEST_FORM = 32, MOST_MARKS = 64 };

typedef struct mark {
    uint32_t point;
    unsigned class; /* canonical combining class, never 0 */
} mark;

/* The characters that count go to the digest in blocks, so that a text of any length needs no storage. */
typedef struct folding {
    XXH3_state_t state;
    char block[BLOCK];
    size_t size;
    bool symbols;           /* all but white space counts, not only words */
    bool within;            /* the last character counts, and so do marks after it */
    mark marks[MOST_MARKS]; /* after the last character, sorted by class */
    size_t mark_count;
} folding;

typedef void put_character(folding *f, uint32_t point);

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

static void put_folded_word(folding *f, uint32_t point)
{
    if (unicode_is_word(point))
        put_folded(f, point);
}

static void put_marks(folding *f)
{
    for (size_t i = 0; i < f->mark_count; i++)
        put_folded(f, f->marks[i].point);
    f->mark_count = 0;
}

/* Marks of one class stay in their order. */
static void keep_mark(folding *f, uint32_t point, unsigned class)
{
    if (f->mark_count == MOST_MARKS)
        put_marks(f);
    size_t at = f->mark_count++;
    for (; at > 0 && f->marks[at - 1].class > class; at--)
        f->marks[at] = f->marks[at - 1];
    f->marks[at] = (mark){point, class};
}

/* A character that decomposes no further. */
static void put_decomposed(folding *f, uint32_t point)
{
    if (unicode_is_mark(point) && !f->symbols && !f->within)
        return;
    unsigned class = (unsigned)utf8proc_get_property((utf8proc_int32_t)point)->combining_class;
    if (class != 0) {
        keep_mark(f, point, class);
        return;
    }
    put_marks(f);
    if (!unicode_is_mark(point) || f->symbols)
        f->within = f->symbols ? !unicode_is_space(point) : unicode_is_word(point);
    if (f->within)
        put_folded(f, point);
}

/* Case is folded last: U+0345 folds to a letter, but is sorted among the marks. */
static void put_compatible(folding *f, uint32_t point)
{
    utf8proc_int32_t form[LONGEST_FORM];
    int boundary = 0;
    utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)point, form, LONGEST_FORM, options, &boundary);
    if (count < 0 || count > LONGEST_FORM)
        put_decomposed(f, point);
    for (utf8proc_ssize_t i = 0; i < count && count <= LONGEST_FORM; i++)
        put_decomposed(f, (uint32_t)form[i]);
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

static void put_words(folding *f, heed_bytes text, put_character *put)
{
    for (size_t i = 0; i < text.size;) {
        if ((unsigned char)text.data[i] < 0x80 && !f->symbols) {
            put_marks(f);
            make_room(f);
            i = put_ascii(f, text, i);
            f->within = ascii_is_word((unsigned char)text.data[i - 1]);
            continue;
        }
        uint32_t point = 0;
        size_t length = utf8_decode(text.data + i, text.size - i, &point);
        if (length > 0)
            put(f, point);
        i += length > 0 ? length : 1;
    }
}

static uint64_t finish(folding *f)
{
    put_marks(f);
    XXH3_64bits_update(&f->state, f->block, f->size);
    return XXH3_64bits_digest(&f->state);
}

uint64_t group_digest(heed_bytes text)
{
    folding f;
    f.size = f.mark_count = 0;
    f.symbols = false;
    XXH3_64bits_reset(&f.state);
    put_words(&f, text, put_folded_word);
    return finish(&f);
}

/* The next "&" or the end. */
static heed_bytes up_to_reference(heed_bytes text)
{
    const char *found = text.size > 0 ? memchr(text.data, '&', text.size) : NULL;
    return (heed_bytes){text.data, found != NULL ? (size_t)(found - text.data) : text.size};
}

/* Returns how many bytes the reference has: an "&" that begins none is a character. */
static size_t put_reference(folding *f, heed_bytes text)
{
    html_markup entity = html_entity_at(text);
    if (entity.size == 0)
        put_compatible(f, '&');
    for (size_t i = 0; i < entity.count; i++)
        put_compatible(f, entity.points[i]);
    return entity.size > 0 ? entity.size : 1;
}

/* Returns whether anything counts. */
static bool digest_compatible(uint64_t *out, heed_bytes text, bool symbols)
{
    folding f;
    f.size = f.mark_count = 0;
    f.symbols = symbols;
    f.within = false;
    XXH3_64bits_reset(&f.state);
    while (text.size > 0) {
        heed_bytes plain = up_to_reference(text);
        put_words(&f, plain, put_compatible);
        size_t done = plain.size;
        if (done < text.size)
            done += put_reference(&f, (heed_bytes){text.data + done, text.size - done});
        text.data += done;
        text.size -= done;
    }
    *out = finish(&f);
    return f.state.totalLen > 0;
}

uint64_t text_digest(heed_bytes text)
{
    uint64_t digest;
    if (!digest_compatible(&digest, text, false))
        digest_compatible(&digest, text, true);
    return digest;
}

uint64_t text_digest_after(heed_bytes text, uint64_t group)
{
    bool plain = utf8_ascii(text.data, text.size) == text.size && up_to_reference(text).size == text.size;
    return plain && group != XXH3_64bits("", 0) ? group : text_digest(text);
}
