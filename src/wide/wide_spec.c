#include "wide/wide_spec.h"

#include <ctype.h>
#include <string.h>

#include "base/names.h"
#include "base/number.h"
#include "base/status.h"
#include "base/suggest.h"
#include "base/writer.h"
#include "network/architecture.h"

#define USAGE WIDE_KEYWORD " [words A-B] [letters A-B] [min-count N] [weight ratio or idf] [C NUMBER]"

/* From how many tokens a mean text is long, and up to how many rows there are few; so few that long texts need letters
 * too. */
static const double LONG_TEXT = 50;
enum { FEW_ROWS = 2000, LETTER_ROWS = 500, SHOWN = 40 };
static const double LEAST_STRENGTH = 0.0001, MOST_STRENGTH = 1e6;

static const names weight_names = NAMES(NULL, "ratio", "idf");

const char *wide_weight_name(wide_weight weight)
{
    return names_of(&weight_names, weight);
}

/* ---- reading: word by word, up to the first failure */

typedef struct spec_reader {
    wide_spec *spec;
    const char *whole, *next; /* next: after the word */
    heed_bytes word;          /* the current one; empty after the last */
    heed_error *error;
} spec_reader;

static void next_word(spec_reader *r)
{
    while (isspace((unsigned char)*r->next))
        r->next++;
    r->word = (heed_bytes){r->next, 0};
    while (*r->next != '\0' && !isspace((unsigned char)*r->next))
        r->next++;
    r->word.size = (size_t)(r->next - r->word.data);
}

static bool word_is(const spec_reader *r, const char *text)
{
    return bytes_same(r->word, bytes_of(text));
}

static heed_status refuse(const spec_reader *r, const char *expected)
{
    int shown = r->word.size < SHOWN ? (int)r->word.size : SHOWN;
    return fail(r->error, HEED_USAGE, "architecture, column %d: found '%.*s', expected %s: " USAGE,
                (int)(r->word.data - r->whole) + 1, shown, r->word.data, expected);
}

static bool parse_whole(uint32_t *out, heed_bytes text, uint32_t most)
{
    uint64_t value;
    if (!number_parse_whole(&value, text) || value < 1 || value > most)
        return false;
    *out = (uint32_t)value;
    return true;
}

static bool parse_range(gram_range *out, heed_bytes text, uint32_t most)
{
    const char *dash = text.size > 0 ? memchr(text.data, '-', text.size) : NULL;
    if (dash == NULL)
        return false;
    size_t first = (size_t)(dash - text.data);
    return parse_whole(&out->least, (heed_bytes){text.data, first}, most) &&
           parse_whole(&out->most, (heed_bytes){dash + 1, text.size - first - 1}, most) && out->least <= out->most;
}

static heed_status read_words(spec_reader *r)
{
    return parse_range(&r->spec->words, r->word, MOST_WORDS) ? HEED_OK : refuse(r, "a range within 1-5, such as 1-3");
}

static heed_status read_letters(spec_reader *r)
{
    return parse_range(&r->spec->letters, r->word, MOST_LETTERS) ? HEED_OK
                                                                 : refuse(r, "a range within 1-8, such as 3-5");
}

static heed_status read_min_count(spec_reader *r)
{
    return parse_whole(&r->spec->min_count, r->word, INT32_MAX) ? HEED_OK : refuse(r, "a whole number from 1");
}

static heed_status read_weight(spec_reader *r)
{
    for (wide_weight w = WIDE_RATIO; w <= WIDE_IDF; w++)
        if (word_is(r, wide_weight_name(w))) {
            r->spec->weight = w;
            return HEED_OK;
        }
    return refuse(r, "ratio or idf");
}

static heed_status read_strength(spec_reader *r)
{
    double value;
    if (!number_parse_decimal(&value, r->word) || value < LEAST_STRENGTH || value > MOST_STRENGTH)
        return refuse(r, "a number from 0.0001 to 1e+06");
    r->spec->strength = value;
    return HEED_OK;
}

/* In the order of the canonical text. */
static const struct {
    const char *name;
    heed_status (*read)(spec_reader *r);
} items[] = {{"words", read_words},
             {"letters", read_letters},
             {"min-count", read_min_count},
             {"weight", read_weight},
             {"C", read_strength}};
enum { ITEMS = sizeof items / sizeof *items };

static heed_status read_item(spec_reader *r, bool seen[ITEMS])
{
    size_t i = 0;
    while (i < ITEMS && !word_is(r, items[i].name))
        i++;
    if (i == ITEMS)
        return refuse(r, "words, letters, min-count, weight or C");
    if (seen[i])
        return refuse(r, "each item once");
    seen[i] = true;
    next_word(r);
    return items[i].read(r);
}

heed_status wide_spec_parse(wide_spec *out, const char *text, heed_error *error)
{
    spec_reader r = {.spec = out, .whole = text, .next = text, .error = error};
    bool seen[ITEMS] = {false};
    heed_status status = HEED_OK;
    *out = (wide_spec){0};
    next_word(&r); /* the keyword */
    for (next_word(&r); r.word.size > 0; next_word(&r))
        TRY(read_item(&r, seen));
done:
    if (status != HEED_OK)
        *out = (wide_spec){0};
    return status;
}

/* ---- printing */

static void print_range(writer *out, const char *name, gram_range range)
{
    if (range.most > 0)
        writer_print(out, " %s %u-%u", name, range.least, range.most);
}

heed_status wide_spec_print(char **out, const wide_spec *s, heed_error *error)
{
    char number[NUMBER_TEXT];
    writer text = {0};
    writer_text(&text, WIDE_KEYWORD);
    print_range(&text, "words", s->words);
    print_range(&text, "letters", s->letters);
    if (s->min_count > 0)
        writer_print(&text, " min-count %u", s->min_count);
    if (s->weight != WIDE_UNSET)
        writer_print(&text, " weight %s", wide_weight_name(s->weight));
    if (s->strength > 0) {
        number_write(number, s->strength, 6, true);
        writer_print(&text, " C %s", number);
    }
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}

/* ---- choosing */

uint32_t wide_min_count(const wide_spec *spec, uint32_t rows)
{
    return spec->min_count > 0 ? spec->min_count : rows < FEW_ROWS ? 1 : 2;
}

heed_status wide_spec_choose(wide_spec *spec, const wide_facts *facts, heed_error *error)
{
    if (spec->weight == WIDE_RATIO && !facts->two_labels)
        return fail(error, HEED_USAGE,
                    "architecture: found 'weight ratio', which compares two labels of which each row has one; expected "
                    "'weight idf' for these rows");
    if (spec->words.most == 0 && spec->letters.most == 0) {
        bool lettered = facts->mean_tokens < LONG_TEXT || facts->rows < LETTER_ROWS;
        spec->words = (gram_range){1, lettered ? 2 : 3};
        spec->letters = lettered ? (gram_range){3, 5} : (gram_range){0, 0};
    }
    spec->min_count = wide_min_count(spec, facts->rows);
    if (spec->weight == WIDE_UNSET)
        spec->weight = facts->two_labels ? WIDE_RATIO : WIDE_IDF;
    return HEED_OK;
}

bool wide_spec_is_full(const wide_spec *s)
{
    return (s->words.most > 0 || s->letters.most > 0) && s->min_count > 0 && s->weight != WIDE_UNSET && s->strength > 0;
}
