#include "network/layer_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/suggest.h"

enum { SHOWN = 40 };

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && isspace((unsigned char)*p))
        p++;
    return p;
}

static const char *word_end(const char *p, const char *end)
{
    while (p < end && !isspace((unsigned char)*p))
        p++;
    return p;
}

const char *layer_text_match(const layer_text *t, const layer_class *class)
{
    const char *p = t->text;
    for (const char *k = class->keyword; *k != '\0'; k++) {
        if (*k == ' ') {
            if (p == t->end || !isspace((unsigned char)*p))
                return NULL;
            p = skip_space(p, t->end);
        } else if (p == t->end || *p++ != *k) {
            return NULL;
        }
    }
    return p == t->end || isspace((unsigned char)*p) ? p : NULL;
}

/* ---- reading: word by word, up to the first failure */

typedef struct reader {
    layer_spec *layer;
    const layer_text *text;
    const char *word, *end; /* the current word; word is the text's end after the last one, and after a failure */
    bool seen[LAYER_NAMED]; /* which names have been read */
    heed_status status;
    heed_error *error;
} reader;

static void read_from(reader *r, const char *p)
{
    r->word = skip_space(p, r->text->end);
    r->end = word_end(r->word, r->text->end);
}

static int shown_length(const reader *r)
{
    return r->end - r->word < SHOWN ? (int)(r->end - r->word) : SHOWN;
}

/* "lstm UNITS [recurrent-dropout RATE]" */
static void write_usage(char *out, size_t size, const layer_class *c)
{
    int length =
        snprintf(out, size, "%s%s%s", c->keyword, c->usage == NULL ? "" : " ", c->usage == NULL ? "" : c->usage);
    for (int i = 0; i < LAYER_NAMED && c->named[i].name != NULL; i++)
        length += snprintf(out + length, size - (size_t)length, " [%s %s]", c->named[i].name, c->named[i].unit);
}

/* Fails at a place of the text; the message ends with the layer's usage. */
static void refuse(reader *r, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void refuse(reader *r, const char *at, const char *format, ...)
{
    char wrong[sizeof r->error->message], usage[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(wrong, sizeof wrong, format, arguments);
    va_end(arguments);
    write_usage(usage, sizeof usage, r->layer->class);
    r->status = fail(r->error, HEED_USAGE, "architecture, column %d: %s: %s",
                     r->text->column + (int)(at - r->text->text), wrong, usage);
    r->word = r->end = r->text->end;
}

static void read_number(reader *r, double *out, double min, double max)
{
    bool whole = min >= 1; /* sizes are whole, rates are not */
    double value;
    if (!number_parse_decimal(&value, (heed_bytes){r->word, (size_t)(r->end - r->word)})) {
        refuse(r, r->word, "found '%.*s', expected a number", shown_length(r), r->word);
    } else if (value < min || value > max || (whole && value != (double)(long)value)) {
        refuse(r, r->word, "found %.*s, expected a%s number from %g to %g", shown_length(r), r->word,
               whole ? " whole" : "", min, max);
    } else {
        *out = value;
        read_from(r, r->end);
    }
}

/* The next of the numbers without a name. */
static void read_next(reader *r)
{
    layer_spec *l = r->layer;
    if (l->number_count == l->class->max_numbers)
        refuse(r, r->word, "found an extra '%.*s'", (int)(r->text->end - r->word), r->word);
    else
        read_number(r, &l->numbers[l->number_count++], l->class->min, l->class->max);
}

/* What follows a keyword that takes a name. */
static void read_name(reader *r)
{
    size_t size = (size_t)(r->text->end - r->word);
    if (size < sizeof r->layer->name)
        memcpy(r->layer->name, r->word, size);
    else
        refuse(r, r->word, "found a name of %zu bytes, expected fewer than %zu", size, sizeof r->layer->name);
    r->word = r->end = r->text->end;
}

/* A name and its number. */
static void read_named(reader *r)
{
    const named_number *named = r->layer->class->named;
    heed_bytes word = {r->word, (size_t)(r->end - r->word)};
    const char *known[LAYER_NAMED], *at = r->word;
    size_t count = 0, found = LAYER_NAMED;
    for (; count < LAYER_NAMED && named[count].name != NULL; count++) {
        known[count] = named[count].name;
        if (strlen(known[count]) == word.size && memcmp(known[count], word.data, word.size) == 0)
            found = count;
    }
    if (found == LAYER_NAMED) {
        refuse(r, at, "found '%.*s', expected a number or '%s'", shown_length(r), at,
               suggest_nearest(word, known, count));
        return;
    }
    if (r->seen[found]) {
        refuse(r, at, "found '%s' twice", known[found]);
        return;
    }
    r->seen[found] = true;
    read_from(r, r->end);
    if (r->word == r->text->end)
        refuse(r, at, "'%s' needs a number", known[found]);
    else
        read_number(r, &r->layer->named[found], named[found].min, named[found].max);
}

heed_status layer_text_read(layer_spec *out, const layer_text *t, heed_error *error)
{
    const layer_class *class = out->class;
    reader r = {.layer = out, .text = t, .error = error};
    read_from(&r, layer_text_match(t, class));
    if (class->takes_name)
        read_name(&r);
    while (r.word < t->end)
        if (class->named[0].name != NULL && isalpha((unsigned char)*r.word))
            read_named(&r);
        else
            read_next(&r);
    if (out->number_count == 0 && class->default_number > 0)
        out->numbers[out->number_count++] = class->default_number;
    if (r.status == HEED_OK && out->number_count < class->min_numbers)
        refuse(&r, t->text, "'%s' needs a number", class->keyword);
    return r.status;
}

/* ---- printing */

static void print_number(writer *out, double value)
{
    char text[NUMBER_TEXT];
    number_write(text, value, 6, true);
    writer_byte(out, ' ');
    writer_text(out, text);
}

void layer_text_print(writer *out, const layer_spec *l)
{
    writer_text(out, l->class->keyword);
    if (*l->name != '\0')
        writer_print(out, " %s", l->name);
    for (int i = 0; i < l->number_count; i++)
        print_number(out, l->numbers[i]);
    for (int i = 0; i < LAYER_NAMED; i++)
        if (l->named[i] != 0) {
            writer_byte(out, ' ');
            writer_text(out, l->class->named[i].name);
            print_number(out, l->named[i]);
        }
}
