#include "text/characters.h"

#include <string.h>

#include "base/utf8.h"
#include "text/unicode.h"

#define NO_SIGMA SIZE_MAX

/* Bit maps over all bytes: those of ASCII, and among them \w and \s, which a punctuation stage keeps. */
static const uint64_t ascii[4] = {UINT64_MAX, UINT64_MAX}, ascii_kept[4] = {0x03FF0001F0003E00u, 0x07FFFFFE87FFFFFEu};

/* A walk over one text. The bytes read since the run began were copied one to one. */
typedef struct character_walk {
    const char *in;
    size_t size, at;
    char *out;             /* with room for the whole result */
    size_t begin, written; /* of out: where this text begins, and its current end */
    size_t run_in, run_out;
    size_t to_remove; /* punctuation characters still to remove */
    bool lower, unicode;
    bool after_word; /* the character before, if it is not ASCII, is one of a word, and was kept */
    size_t sigma;    /* place in out of a sigma that is final unless a cased character follows */
    trace *from;
} character_walk;

size_t characters_room(size_t size)
{
    return size < SIZE_MAX / 2 ? size + size / 2 + 8 : SIZE_MAX;
}

static void end_run(character_walk *w)
{
    trace_piece piece = {w->run_out, w->written, w->run_in, w->at};
    if (w->from != NULL)
        trace_add(w->from, piece);
}

static void begin_run(character_walk *w)
{
    w->run_in = w->at;
    w->run_out = w->written;
}

static void remove_character(character_walk *w, size_t length)
{
    end_run(w);
    w->at += length;
    begin_run(w);
}

/* A character whose lower case has another length. */
static void replace_character(character_walk *w, size_t length, size_t size)
{
    end_run(w);
    trace_piece piece = {w->written, w->written + size, w->at, w->at + length};
    if (w->from != NULL)
        trace_add(w->from, piece);
    w->at += length;
    w->written += size;
    begin_run(w);
}

/* Whether what was written so far ends in a cased character, case-ignorable ones after it not counted. Lowering changes
 * neither property, so it makes no difference if the text is lowered already. */
static bool is_after_cased(const character_walk *w)
{
    size_t at = w->written;
    while (at > w->begin) {
        size_t end = at--;
        while (at > w->begin && ((unsigned char)w->out[at] & 0xC0) == 0x80)
            at--;
        uint32_t point;
        if (utf8_decode(w->out + at, end - at, &point) == 0)
            return false;
        if (!unicode_is_case_ignorable(point))
            return unicode_is_cased(point);
    }
    return false;
}

/* A character follows an open sigma: if it is cased, the sigma was not final. */
static void settle_sigma(character_walk *w, uint32_t point)
{
    if (unicode_is_case_ignorable(point))
        return;
    if (unicode_is_cased(point))
        w->out[w->sigma + 1] = (char)0x83; /* U+03C3 is CF 83, the final U+03C2 is CF 82 */
    w->sigma = NO_SIGMA;
}

/* Writes the lower-case form; returns its length. */
static size_t lower_character(character_walk *w, uint32_t point)
{
    char *out = w->out + w->written;
    if (point == UNICODE_CAPITAL_I_WITH_DOT) {
        *out = 'i';
        return 1 + utf8_encode(UNICODE_COMBINING_DOT, out + 1);
    }
    if (point == UNICODE_CAPITAL_SIGMA) {
        bool open = is_after_cased(w);
        w->sigma = open ? w->written : NO_SIGMA;
        memcpy(out, open ? "\xCF\x82" : "\xCF\x83", 2);
        return 2;
    }
    return utf8_encode(unicode_lower(point), out);
}

static bool is_after_word(const character_walk *w)
{
    unsigned char before = w->at > 0 ? (unsigned char)w->in[w->at - 1] : ' ';
    return before < 0x80 ? ascii_is_word(before) : w->after_word;
}

/* Whether a word goes on at `at`. */
static bool is_before_word(const character_walk *w, size_t at)
{
    uint32_t point;
    return at < w->size && utf8_decode(w->in + at, w->size - at, &point) > 0 &&
           (unicode_is_word(point) || unicode_is_mark(point));
}

/* Whether a character that is part of a word only by what is around it is part of one. */
static bool joins_word(const character_walk *w, uint32_t point, size_t length)
{
    return w->unicode && is_after_word(w) &&
           (unicode_is_mark(point) || (unicode_is_joiner(point) && is_before_word(w, w->at + length)));
}

static bool is_removed(character_walk *w, uint32_t point, size_t length)
{
    if (w->unicode && unicode_is_layout(point)) {
        w->after_word = is_after_word(w);
        return true;
    }
    if (w->to_remove == 0)
        return false;
    bool in_word = unicode_is_word(point) || joins_word(w, point, length);
    w->after_word = in_word;
    if (in_word || unicode_is_space(point))
        return false;
    w->to_remove--;
    return true;
}

/* Any character, the slow way. */
static void take_character(character_walk *w)
{
    uint32_t point;
    size_t length = utf8_decode(w->in + w->at, w->size - w->at, &point);
    if (length == 0) { /* not UTF-8, which the caller excluded: the byte is copied unchanged */
        w->out[w->written++] = w->in[w->at++];
        return;
    }
    if ((w->to_remove > 0 || w->unicode) && is_removed(w, point, length)) {
        remove_character(w, length);
        return;
    }
    if (w->sigma != NO_SIGMA)
        settle_sigma(w, point);
    size_t size = length;
    if (w->lower)
        size = lower_character(w, point);
    else
        memcpy(w->out + w->written, w->in + w->at, length);
    if (size != length) {
        replace_character(w, length, size);
        return;
    }
    w->at += length;
    w->written += length;
}

/* Eight ASCII bytes in lower case, computed side by side: bit 7 of each byte says "is a capital". */
static uint64_t lower_eight(uint64_t eight)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t from_a = eight + ones * (0x80 - 'A');
    uint64_t after_z = eight + ones * (0x7F - 'Z');
    return eight | ((from_a & ~after_z & ones * 0x80) >> 2);
}

/* The ASCII bytes ahead, as far as nothing has to be removed or settled. */
static void take_ascii(character_walk *w)
{
    while (w->to_remove == 0 && w->size - w->at >= 8) {
        uint64_t eight;
        memcpy(&eight, w->in + w->at, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0)
            break;
        eight = w->lower ? lower_eight(eight) : eight;
        memcpy(w->out + w->written, &eight, sizeof eight);
        w->at += 8;
        w->written += 8;
    }
    const uint64_t *passing = w->to_remove > 0 ? ascii_kept : ascii;
    const char *in = w->in + w->at, *end = w->in + w->size; /* a local copy: by C's rules each store might change w's */
    char *out = w->out + w->written;
    unsigned char a = w->lower ? 'A' : 0x80;
    for (; in < end && (passing[(unsigned char)*in >> 6] >> (*in & 63) & 1) != 0; in++) {
        unsigned char byte = (unsigned char)*in;
        *out++ = (char)(byte | (byte >= a && byte <= 'Z') << 5);
    }
    w->at = (size_t)(in - w->in);
    w->written = (size_t)(out - w->out);
}

void characters_clean(writer *out, trace *from, heed_bytes text, character_stages stages)
{
    static const size_t to_remove[] = {
        [HEED_PUNCTUATION_KEEP] = 0, [HEED_PUNCTUATION_FIRST32] = 32, [HEED_PUNCTUATION_ALL] = SIZE_MAX};
    if (writer_reserve(out, characters_room(text.size)) == NULL)
        return;
    character_walk w = {.in = text.data,
                        .size = text.size,
                        .out = out->data,
                        .begin = out->size,
                        .written = out->size,
                        .run_out = out->size,
                        .to_remove = to_remove[stages.punctuation],
                        .lower = stages.letters == HEED_LETTERS_LOWER,
                        .unicode = stages.rules == HEED_TEXT_RULES_UNICODE,
                        .sigma = NO_SIGMA,
                        .from = from};
    while (w.at < w.size) {
        if (w.sigma == NO_SIGMA)
            take_ascii(&w);
        if (w.at < w.size)
            take_character(&w);
    }
    end_run(&w);
    out->size = w.written;
}
