/* For tests: parts of clean rows whose rows can be changed: the demo's definitions of six categories, four of one
 * category in a text. */
#ifndef UNIT_MADE_PARTS_H
#define UNIT_MADE_PARTS_H

#include "unit/made_check.h"

enum { JOINED = 4, MOST_ROWS = 8000, MOST_LABELS = 32, LABEL_BYTES = 64 };

typedef struct made_row {
    char label[LABEL_BYTES];
    char *text; /* owned; NULL: a row without one, which is bad */
} made_row;

typedef struct made_part {
    made_row rows[MOST_ROWS];
    size_t count;
} made_part;

/* ---- clean rows */

static inline char *text_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline char *text_print(const char *format, ...)
{
    char *out = NULL;
    va_list arguments;
    va_start(arguments, format);
    assert_true(vasprintf(&out, format, arguments) >= 0);
    va_end(arguments);
    return out;
}

/* The commonest categories. */
static inline bool is_taken(const char *label)
{
    return strstr("noun.artifact noun.person noun.plant noun.animal noun.act noun.communication", label) != NULL;
}

/* Texts wait until there are four of their label. */
static inline void part_make(made_part *part, const char *name)
{
    static struct {
        char label[LABEL_BYTES];
        char *text;
        unsigned count;
    } waiting[MOST_LABELS];
    char *data = NULL, *rest = NULL;
    size_t size = 0, labels = 0;
    must(heed_demo_data(&data, &size, name, &made_error));
    strtok_r(data, "\n", &rest); /* the header */
    for (char *line; (line = strtok_r(NULL, "\n", &rest)) != NULL;) {
        char *tab = strchr(line, '\t');
        size_t at = 0;
        *tab = '\0';
        if (!is_taken(line))
            continue;
        while (at < labels && strcmp(waiting[at].label, line) != 0)
            at++;
        if (at == labels) {
            waiting[labels].text = text_print("%s", "");
            waiting[labels].count = 0;
            snprintf(waiting[labels++].label, LABEL_BYTES, "%s", line);
        }
        char *longer = text_print("%s%s%s", waiting[at].text, waiting[at].count > 0 ? " ; " : "", tab + 1);
        free(waiting[at].text);
        waiting[at].text = longer;
        if (++waiting[at].count == JOINED) {
            assert_true(part->count < MOST_ROWS);
            snprintf(part->rows[part->count].label, LABEL_BYTES, "%s", line);
            part->rows[part->count++].text = longer;
            waiting[at].text = text_print("%s", "");
            waiting[at].count = 0;
        }
    }
    for (size_t i = 0; i < labels; i++)
        free(waiting[i].text);
    heed_free(data);
}

static inline void part_free(made_part *part)
{
    for (size_t i = 0; i < part->count; i++)
        free(part->rows[i].text);
    part->count = 0;
}

static inline void part_copy(made_part *to, const made_part *from)
{
    *to = *from;
    for (size_t i = 0; i < to->count; i++)
        to->rows[i].text = text_print("%s", from->rows[i].text);
}

static inline char *part_print(const made_part *part)
{
    writer w = {0};
    char *out = NULL;
    writer_text(&w, "label\ttext\n");
    for (size_t i = 0; i < part->count; i++) {
        writer_text(&w, part->rows[i].label);
        if (part->rows[i].text != NULL) {
            writer_byte(&w, '\t');
            writer_text(&w, part->rows[i].text);
        }
        writer_byte(&w, '\n');
    }
    must(writer_take(&w, &out, NULL, &made_error));
    return out;
}

#endif
