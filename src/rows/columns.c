#include "rows/columns.h"

#include <stdio.h>
#include <string.h>

#include "base/status.h"

const char *const columns_default_text[] = {"text", "review", "sentence", NULL};
const char *const columns_default_label[] = {"label", "sentiment", "class", NULL};

heed_status columns_split(heed_bytes *names, size_t *count, const char *list, heed_error *error)
{
    const char *at = list;
    for (*count = 0;; at++) {
        size_t length = strcspn(at, ",");
        if (length == 0 || *count == COLUMNS_TEXT)
            return fail(error, HEED_USAGE, "text columns: found '%s', expected NAME,... of at most %d columns", list,
                        COLUMNS_TEXT);
        names[(*count)++] = (heed_bytes){at, length};
        at += length;
        if (*at == '\0')
            return HEED_OK;
    }
}

void columns_list(buffer *out, const heed_bytes *names, size_t count)
{
    enum { LONGEST = 400 };
    for (size_t i = 0; i < count; i++) { /* a list cut short by want of memory still makes a message */
        if (out->size > LONGEST) {
            buffer_print(out, NULL, ", ...");
            return;
        }
        buffer_print(out, NULL, "%s'%.*s'", i == 0 ? "" : ", ", names[i].size < 60 ? (int)names[i].size : 60,
                     names[i].data);
    }
}

/* The other delimiter in the only column tells a file read with the wrong one. */
static const char *format_hint(column_names has)
{
    if (has.count != 1 || has.name == NULL)
        return "";
    if (memchr(has.name[0].data, '\t', has.name[0].size) != NULL)
        return "; its fields seem to be separated by tabs: --format tsv";
    if (memchr(has.name[0].data, ',', has.name[0].size) != NULL)
        return "; its fields seem to be separated by commas: --format csv";
    return "";
}

/* status: HEED_BAD_DATA for a column that the options name, HEED_USAGE where none is named and none is known. */
static heed_status fail_missing(heed_error *error, heed_status status, column_names has, const char *what,
                                const char *option)
{
    if (has.name == NULL)
        return fail(error, status, "%s: found %zu columns without names, expected %s; give its number from 1 by %s",
                    has.file, has.count, what, option);
    buffer list = {0};
    columns_list(&list, has.name, has.count);
    fail(
        error, status,
        "%s:1: found the columns %.*s, expected %s; name it by %s, or use --no-header where the first row is data%s",
        has.file, (int)list.size, list.size == 0 ? "" : list.data, what, option, format_hint(has));
    buffer_release(&list);
    return status;
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

/* By name, else by number; COLUMN_NONE where neither is there. A name that stands twice is an error. */
static heed_status find(size_t *out, column_names has, heed_bytes wanted, heed_error *error)
{
    *out = COLUMN_NONE;
    for (size_t i = 0; has.name != NULL && i < has.count; i++) {
        if (has.name[i].size != wanted.size || memcmp(has.name[i].data, wanted.data, wanted.size) != 0)
            continue;
        if (*out != COLUMN_NONE)
            return fail(error, HEED_USAGE,
                        "%s:1: found the column '%.*s' twice, as number %zu and %zu; give its number instead", has.file,
                        (int)wanted.size, wanted.data, *out + 1, i + 1);
        *out = i;
    }
    if (*out == COLUMN_NONE)
        *out = number_of(wanted, has.count);
    return HEED_OK;
}

static heed_status find_default(size_t *out, column_names has, const char *const *names, heed_error *error)
{
    *out = COLUMN_NONE;
    heed_status status = HEED_OK;
    for (; has.name != NULL && *names != NULL && *out == COLUMN_NONE && status == HEED_OK; names++)
        status = find(out, has, (heed_bytes){*names, strlen(*names)}, error);
    return status;
}

/* A column that the options name, or nothing. */
static heed_status find_named(size_t *out, column_names has, const char *name, bool needed, const char *option,
                              heed_error *error)
{
    *out = COLUMN_NONE;
    if (name == NULL || (*name == '\0' && !needed))
        return HEED_OK;
    heed_status status = find(out, has, (heed_bytes){name, strlen(name)}, error);
    if (status == HEED_OK && *out == COLUMN_NONE && needed) {
        char what[128];
        snprintf(what, sizeof what, "a column '%s'", name);
        status = fail_missing(error, HEED_BAD_DATA, has, what, option);
    }
    return status;
}

static heed_status find_text(columns *out, const heed_rows_options *options, column_names has, heed_error *error)
{
    heed_status status;
    if (options->text_columns == NULL) {
        status = find_default(&out->text[0], has, columns_default_text, error);
        if (has.name == NULL && has.count == 1)
            out->text[0] = 0;
        out->text_count = 1;
        if (status == HEED_OK && out->text[0] == COLUMN_NONE)
            status = fail_missing(error, HEED_USAGE, has, "text, review or sentence", "--text-column");
        return status;
    }
    heed_bytes names[COLUMNS_TEXT];
    status = columns_split(names, &out->text_count, options->text_columns, error);
    for (size_t i = 0; i < out->text_count && status == HEED_OK; i++) {
        status = find(&out->text[i], has, names[i], error);
        if (status == HEED_OK && out->text[i] == COLUMN_NONE) {
            char what[128];
            snprintf(what, sizeof what, "a text column '%.*s'", names[i].size < 80 ? (int)names[i].size : 80,
                     names[i].data);
            status = fail_missing(error, HEED_BAD_DATA, has, what, "--text-column");
        }
    }
    return status;
}

static heed_status find_label(columns *out, const heed_rows_options *options, heed_bytes rated, column_names has,
                              heed_error *error)
{
    out->rated = out->label = COLUMN_NONE;
    heed_status status;
    if (rated.data != NULL) {
        status = find(&out->rated, has, rated, error);
        if (status == HEED_OK && out->rated == COLUMN_NONE && options->need_label)
            status = fail_missing(error, HEED_BAD_DATA, has, "the column of the rating", "--label-from");
        return status;
    }
    if (options->label_column != NULL)
        return find_named(&out->label, has, options->label_column, options->need_label, "--label-column", error);
    status = find_default(&out->label, has, columns_default_label, error);
    if (status == HEED_OK && out->label == COLUMN_NONE && options->need_label)
        status = fail_missing(error, HEED_USAGE, has, "label, sentiment or class", "--label-column");
    return status;
}

heed_status columns_resolve(columns *out, const heed_rows_options *options, heed_bytes rated, column_names has,
                            heed_error *error)
{
    static const char *const default_id[] = {"id", NULL};
    heed_status status = find_text(out, options, has, error);
    if (status == HEED_OK)
        status = find_label(out, options, rated, has, error);
    if (status == HEED_OK)
        status = options->id_column != NULL ? find_named(&out->id, has, options->id_column, true, "--id-column", error)
                                            : find_default(&out->id, has, default_id, error);
    if (status == HEED_OK)
        status = find_named(&out->split, has, options->split_column, options->need_label, "--split-column", error);
    if (status == HEED_OK)
        status = find_named(&out->group, has, options->group_column, options->need_label, "--group-column", error);
    if (status == HEED_OK)
        status = find_named(&out->weight, has, options->weight_column, options->need_label, "--weight-column", error);
    return status;
}
