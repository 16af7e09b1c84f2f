#include "rows/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/spelling.h"
#include "base/status.h"

const char *const columns_default_text[] = {"text", "review", "sentence", NULL};
const char *const columns_default_label[] = {"label", "sentiment", "class", NULL};

void columns_list(writer *out, const heed_bytes *names, size_t count)
{
    enum { LONGEST = 400 };
    for (size_t i = 0; i < count; i++) { /* a list cut short without memory is still good for a message */
        if (out->size > LONGEST) {
            writer_text(out, ", ...");
            return;
        }
        writer_print(out, "%s'%.*s'", i == 0 ? "" : ", ", names[i].size < 60 ? (int)names[i].size : 60, names[i].data);
    }
}

/* A search for all columns, which keeps its first failure. */
typedef struct column_search {
    column_names has;
    const heed_rows_options *options;
    heed_bytes rated;
    heed_error *error;
    heed_status status;
} column_search;

static bool begins_with(heed_bytes name, const char *begin)
{
    size_t size = strlen(begin);
    return name.size >= size && memcmp(name.data, begin, size) == 0;
}

/* If the first line is of another format, or the only column contains another delimiter, the file was read as the wrong
 * one. */
static const char *format_hint(column_names has)
{
    if (has.count > 0 && begins_with(has.name[0], "{\""))
        return "; its lines seem to be JSON: --format jsonl";
    if (has.count > 0 && begins_with(has.name[0], "__label__"))
        return "; its lines seem to be fastText's: --format fasttext";
    if (has.count != 1)
        return "";
    static const struct {
        char delimiter;
        const char *hint;
    } known[] = {{'\t', "; its fields seem to be separated by tabs: --delimiter tab"},
                 {';', "; its fields seem to be separated by semicolons: --delimiter ';'"},
                 {'|', "; its fields seem to be separated by bars: --delimiter '|'"},
                 {',', "; its fields seem to be separated by commas: --delimiter ','"},
                 {':', "; its fields seem to be separated by colons: --delimiter ':'"},
                 {'~', "; its fields seem to be separated by tildes: --delimiter '~'"},
                 {'^', "; its fields seem to be separated by carets: --delimiter '^'"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (has.name[0].size > 0 && memchr(has.name[0].data, known[i].delimiter, has.name[0].size) != NULL)
            return known[i].hint;
    return "";
}

static void fail_missing(column_search *s, const char *what, const char *option)
{
    const heed_status status = HEED_BAD_DATA;
    column_names has = s->has;
    if (s->status != HEED_OK)
        return;
    s->status = status;
    if (has.name == NULL) {
        fail(s->error, status,
             "%s: found %zu columns without names, expected %s; give the number of the column, from 1, by %s", has.file,
             has.count, what, option);
        return;
    }
    writer list = {0};
    columns_list(&list, has.name, has.count);
    fail(s->error, status,
         "%s:1: found the columns %.*s, expected %s; name the column by %s, or use --no-header if the first row is "
         "data%s",
         has.file, (int)list.size, list.size == 0 ? "" : list.data, what, option, format_hint(has));
    writer_release(&list);
}

static size_t number_of(heed_bytes wanted, size_t count)
{
    size_t number = 0;
    for (size_t i = 0; i < wanted.size; i++) {
        if (wanted.data[i] < '0' || wanted.data[i] > '9' || number > count)
            return COLUMN_NONE;
        number = number * 10 + (size_t)(wanted.data[i] - '0');
    }
    return number >= 1 && number <= count ? number - 1 : COLUMN_NONE;
}

/* The column of this name, exactly or nearly so; COLUMN_NONE if there is none. One that occurs twice is an error. */
static size_t find_by(column_search *s, heed_bytes wanted, bool same(heed_bytes, heed_bytes))
{
    size_t found = COLUMN_NONE;
    column_names has = s->has;
    for (size_t i = 0; has.name != NULL && i < has.count; i++) {
        if (!same(has.name[i], wanted))
            continue;
        if (found != COLUMN_NONE && s->status == HEED_OK)
            s->status = fail(
                s->error, HEED_USAGE,
                "%s:1: found the column '%.*s' twice, as number %zu and %zu; name the column by its number instead",
                has.file, (int)wanted.size, wanted.data, found + 1, i + 1);
        found = i;
    }
    return found;
}

static bool names_same(heed_bytes a, heed_bytes b)
{
    return bytes_same(a, b);
}

/* By name, else by number; COLUMN_NONE if there is neither. */
static size_t find(column_search *s, heed_bytes wanted)
{
    size_t found = find_by(s, wanted, names_same);
    if (found == COLUMN_NONE)
        found = find_by(s, wanted, spelled_alike);
    return found == COLUMN_NONE ? number_of(wanted, s->has.count) : found;
}

static size_t find_default(column_search *s, const char *const *names)
{
    static bool (*const same[])(heed_bytes, heed_bytes) = {names_same, spelled_alike};
    size_t found = COLUMN_NONE;
    for (size_t i = 0; i < 2; i++)
        for (const char *const *name = names; *name != NULL && found == COLUMN_NONE; name++)
            found = find_by(s, bytes_of(*name), same[i]);
    return found;
}

/* A column that the options name, or nothing. */
static size_t find_named(column_search *s, const char *name, bool needed, const char *option)
{
    if (name == NULL || (*name == '\0' && !needed))
        return COLUMN_NONE;
    size_t found = find(s, bytes_of(name));
    if (found == COLUMN_NONE && needed) {
        char what[128];
        snprintf(what, sizeof what, "a column '%s'", name);
        fail_missing(s, what, option);
    }
    return found;
}

static void find_known_text(columns *out, column_search *s)
{
    out->text_count = 1;
    out->text[0] = find_default(s, columns_default_text);
    if (s->has.name == NULL && s->has.count == 1)
        out->text[0] = 0;
    if (out->text[0] == COLUMN_NONE)
        fail_missing(s, "text, review or sentence", "--text-column");
}

/* column_there of a search. */
static bool has_name(const void *search, heed_bytes name)
{
    const column_search *s = search;
    for (size_t i = 0; s->has.name != NULL && i < s->has.count; i++)
        if (spelled_alike(s->has.name[i], name))
            return true;
    return false;
}

static void find_named_texts(columns *out, column_search *s)
{
    heed_bytes names[COLUMNS_TEXT];
    const char *list = s->options->text_columns;
    s->status = column_names_split(names, &out->text_count, list, has_name, s, s->error);
    for (size_t i = 0; i < out->text_count && s->status == HEED_OK; i++) {
        out->text[i] = find(s, names[i]);
        if (out->text[i] == COLUMN_NONE) {
            char what[128];
            snprintf(what, sizeof what, "a text column '%.*s'", names[i].size < 80 ? (int)names[i].size : 80,
                     names[i].data);
            fail_missing(s, what, "--text-column");
        }
    }
}

static void find_label(columns *out, column_search *s)
{
    const heed_rows_options *options = s->options;
    out->rated = out->label = COLUMN_NONE;
    if (s->rated.data != NULL) {
        out->rated = find(s, s->rated);
        if (out->rated == COLUMN_NONE && (options->need_label || options->need_columns))
            fail_missing(s, "the column of the rating", "--label-from");
    } else if (options->label_column != NULL) {
        bool needed = options->need_label || (options->need_columns && *options->label_column != '\0');
        out->label = find_named(s, options->label_column, needed, "--label-column");
    } else {
        out->label = find_default(s, columns_default_label);
        if (out->label == COLUMN_NONE && options->need_label)
            fail_missing(s, "label, sentiment or class", "--label-column");
    }
}

heed_status columns_resolve(columns *out, const heed_rows_options *options, heed_bytes rated, column_names has,
                            heed_error *error)
{
    static const char *const default_id[] = {"id", NULL};
    column_search s = {has, options, rated, error, HEED_OK};
    bool needed = options->need_label || options->need_columns;
    if (options->text_columns == NULL)
        find_known_text(out, &s);
    else
        find_named_texts(out, &s);
    find_label(out, &s);
    out->id = options->id_column != NULL ? find_named(&s, options->id_column, true, "--id-column")
                                         : find_default(&s, default_id);
    out->split = find_named(&s, options->split_column, needed, "--split-column");
    out->group = find_named(&s, options->group_column, needed, "--group-column");
    out->weight = find_named(&s, options->weight_column, needed, "--weight-column");
    return s.status;
}
