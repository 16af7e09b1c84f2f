#include "rows/row_build.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"
#include "rows/row_labels.h"
#include "rows/text_lines.h"

row_outcome row_bad(const row_file *f, heed_error *error, const char *format, ...)
{
    char detail[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    fail(error, HEED_BAD_DATA, "%.300s:%" PRIu64 ": row %" PRIu64 ": %s",
         f->format == HEED_FORMAT_FOLDER ? f->path : f->name, f->line, f->row, detail);
    return ROW_BAD;
}

/* How much of some bytes a message shows: whole characters, a line's worth. */
int row_shown(heed_bytes b)
{
    size_t most = 60, size = b.size < most ? b.size : most;
    while (size > 0 && size < b.size && ((unsigned char)b.data[size] & 0xC0) == 0x80)
        size--;
    return (int)size;
}

static row_outcome check_utf8(const row_file *f, heed_bytes bytes, heed_error *error)
{
    size_t at = utf8_check(bytes.data, bytes.size);
    if (at == bytes.size)
        return ROW_TAKEN;
    return row_bad(f, error,
                   "found invalid UTF-8 (byte 0x%02X at byte %zu of the row), expected UTF-8; other encodings: "
                   "--encoding windows-1252 or latin-1",
                   (unsigned)(unsigned char)bytes.data[at], at + 1);
}

static row_outcome check_text_size(const row_file *f, size_t size, heed_error *error)
{
    if (size <= ROW_TEXT)
        return ROW_TAKEN;
    return row_bad(f, error, "found a text of %zu bytes, expected at most %d", size, ROW_TEXT);
}

/* The label that label_from makes of an id. */
static heed_status rate(row_file *f, heed_bytes id, row_outcome *outcome, heed_error *error)
{
    heed_bytes label;
    if (id.data == NULL)
        return HEED_OK;
    if (label_rules_rate(&f->rules, id, &label))
        return row_labels_add(f, label, outcome, error);
    *outcome = row_bad(f, error, "found '%.*s', expected a rating: a number after the last underscore", row_shown(id),
                       id.data);
    return HEED_OK;
}

static row_outcome weigh(const row_file *f, heed_bytes text, heed_record *out, heed_error *error)
{
    if (number_parse(&out->weight, text) && out->weight >= 0)
        return ROW_TAKEN;
    return row_bad(f, error, "found the weight '%.*s', expected a number from 0; see --weight-column", row_shown(text),
                   text.data == NULL ? "" : text.data);
}

static heed_status join_text(buffer *out, heed_bytes part, bool first, heed_error *error)
{
    if (first)
        buffer_clear(out);
    heed_status status = first ? HEED_OK : buffer_byte(out, ' ', error);
    return status == HEED_OK ? buffer_append(out, part.data, part.size, error) : status;
}

static heed_bytes written(const buffer *b)
{
    return (heed_bytes){b->data == NULL ? "" : b->data, b->size};
}

static void begin_record(row_file *f, heed_bytes line, heed_record *out)
{
    *out = (heed_record){.line = line, .weight = 1, .file = f->name, .row = f->row, .line_number = f->line};
    row_labels_clear(f);
}

/* ---------------------------------------------------------------- delimited */

static row_outcome check_delimited(const row_file *f, heed_bytes line, heed_error *error)
{
    const delimited_record *parsed = &f->parsed;
    if (line.size > ROW_BYTES)
        return row_bad(f, error, "found a row of %zu bytes, expected at most %d", line.size, ROW_BYTES);
    const char *nul = memchr(line.data, '\0', line.size);
    if (nul != NULL)
        return row_bad(
            f, error,
            "found a NUL byte at byte %zu of the row, expected text; UTF-16? convert it: iconv -f UTF-16 -t UTF-8",
            (size_t)(nul - line.data) + 1);
    row_outcome outcome = check_utf8(f, line, error);
    if (outcome != ROW_TAKEN)
        return outcome;
    if (parsed->field_count != f->column_count)
        return row_bad(f, error,
                       "found %zu field%s, expected %zu; a delimiter or a quote inside a field? see --quoting",
                       parsed->field_count, parsed->field_count == 1 ? "" : "s", f->column_count);
    for (size_t i = 0; line.size > ROW_TEXT && i < parsed->field_count; i++)
        if (parsed->field[i].size > ROW_TEXT)
            return row_bad(f, error,
                           "found a field of %zu bytes, expected at most %d; a quote that is not closed? see --quoting",
                           parsed->field[i].size, ROW_TEXT);
    return ROW_TAKEN;
}

static heed_bytes column(const row_file *f, size_t index)
{
    return index == COLUMN_NONE ? (heed_bytes){NULL, 0} : f->parsed.field[index];
}

heed_status row_build_delimited(row_file *f, const char *data, row_outcome *outcome, heed_record *out,
                                heed_error *error)
{
    const delimited_record *parsed = &f->parsed;
    const columns *c = &f->columns;
    begin_record(f, (heed_bytes){data + parsed->begin, parsed->end - parsed->begin}, out);
    *outcome = check_delimited(f, out->line, error);
    if (*outcome != ROW_TAKEN)
        return HEED_OK;
    out->fields = parsed->field;
    out->field_count = parsed->field_count;
    out->text = column(f, c->text[0]);
    for (size_t i = 0; i < c->text_count && c->text_count > 1; i++) {
        heed_status status = join_text(&f->text, column(f, c->text[i]), i == 0, error);
        if (status != HEED_OK)
            return status;
        out->text = written(&f->text);
    }
    out->id = column(f, c->id);
    out->split = column(f, c->split);
    out->group = column(f, c->group);
    if (c->weight != COLUMN_NONE)
        *outcome = weigh(f, column(f, c->weight), out, error);
    heed_status status = HEED_OK;
    if (*outcome == ROW_TAKEN)
        status = c->rated != COLUMN_NONE ? rate(f, column(f, c->rated), outcome, error)
                                         : row_labels_split(f, column(f, c->label), outcome, error);
    if (status == HEED_OK && *outcome == ROW_TAKEN)
        *outcome = row_labels_finish(f, out, error);
    return status;
}

/* ---------------------------------------------------------------- lines and fastText */

/* "": the options want no label, whatever stands there. */
static bool wants_label(const row_file *f)
{
    return f->options.label_column == NULL || *f->options.label_column != '\0';
}

static heed_status build_fasttext(row_file *f, row_outcome *outcome, heed_record *out, heed_error *error)
{
    heed_bytes label;
    heed_status status = HEED_OK;
    out->text = out->line;
    while (status == HEED_OK && fasttext_take_label(&label, &out->text))
        if (*outcome == ROW_TAKEN && wants_label(f))
            status = row_labels_add(f, label, outcome, error);
    return status;
}

/* ---------------------------------------------------------------- JSON lines */

static const json_t *find_key(const json_t *object, heed_bytes name)
{
    return json_object_getn(object, name.data, name.size);
}

static const json_t *find_first(const json_t *object, const char *const *names)
{
    const json_t *found = NULL;
    for (; *names != NULL && found == NULL; names++)
        found = json_object_get(object, *names);
    return found;
}

static const json_t *find_label(const row_file *f, const json_t *object)
{
    if (f->rules.rated.data != NULL)
        return find_key(object, f->rules.rated);
    if (!wants_label(f))
        return NULL;
    if (f->options.label_column != NULL)
        return json_object_get(object, f->options.label_column);
    const json_t *found = find_first(object, columns_default_label);
    return found != NULL ? found : json_object_get(object, "labels");
}

static heed_status fail_key(const row_file *f, heed_status status, json_t *object, const char *expected,
                            heed_error *error)
{
    buffer list = {0};
    for (void *at = json_object_iter(object); at != NULL && list.size < 400; at = json_object_iter_next(object, at))
        buffer_print(&list, NULL, "%s'%.60s'", list.size == 0 ? "" : ", ", json_object_iter_key(at));
    fail(error, status, "%s: found the keys %.*s, expected %s", f->name, (int)list.size,
         list.size == 0 ? "" : list.data, expected);
    buffer_release(&list);
    return status;
}

heed_status row_build_check_keys(const row_file *f, json_t *object, heed_error *error)
{
    char expected[160];
    for (size_t i = 0; i < f->text_key_count; i++)
        if (find_key(object, f->text_keys[i]) == NULL) {
            snprintf(expected, sizeof expected, "'%.*s'; see --text-column", row_shown(f->text_keys[i]),
                     f->text_keys[i].data);
            return fail_key(f, HEED_BAD_DATA, object, expected, error);
        }
    if (f->text_key_count == 0 && find_first(object, columns_default_text) == NULL)
        return fail_key(f, HEED_USAGE, object, "text, review or sentence; name another by --text-column", error);
    if (!f->options.need_label || find_label(f, object) != NULL)
        return HEED_OK;
    heed_bytes rated = f->rules.rated;
    if (rated.data == NULL && f->options.label_column == NULL)
        return fail_key(f, HEED_USAGE, object, "label, labels, sentiment or class; name another by --label-column",
                        error);
    if (rated.data != NULL)
        snprintf(expected, sizeof expected, "'%.*s'; see --label-from", row_shown(rated), rated.data);
    else
        snprintf(expected, sizeof expected, "'%.60s'; see --label-column", f->options.label_column);
    return fail_key(f, HEED_BAD_DATA, object, expected, error);
}

static heed_status build_json_text(row_file *f, row_outcome *outcome, heed_record *out, heed_error *error)
{
    size_t count = f->text_key_count == 0 ? 1 : f->text_key_count;
    for (size_t i = 0; i < count; i++) {
        const json_t *value =
            f->text_key_count == 0 ? find_first(f->object, columns_default_text) : find_key(f->object, f->text_keys[i]);
        if (!json_is_string(value)) {
            heed_bytes key = f->text_key_count == 0 ? (heed_bytes){"text", 4} : f->text_keys[i];
            *outcome = row_bad(f, error, "found %s for '%.*s', expected a string",
                               value == NULL ? "nothing" : "another type", row_shown(key), key.data);
            return HEED_OK;
        }
        out->text = (heed_bytes){json_string_value(value), json_string_length(value)};
        heed_status status = count > 1 ? join_text(&f->text, out->text, i == 0, error) : HEED_OK;
        if (status != HEED_OK)
            return status;
    }
    if (count > 1)
        out->text = written(&f->text);
    *outcome = check_text_size(f, out->text.size, error);
    return HEED_OK;
}

static bool named(const char *column)
{
    return column != NULL && *column != '\0';
}

static bool json_named(row_file *f, heed_bytes *out, size_t slot, const char *name)
{
    return name == NULL || json_line_value(out, f->number[slot], json_object_get(f->object, name));
}

static row_outcome json_bad_type(const row_file *f, heed_error *error)
{
    return row_bad(f, error, "found a label, id, split or group of another type, expected strings or integers");
}

/* An array's elements are labels as they stand; a string is a cell. */
static heed_status build_json_labels(row_file *f, row_outcome *outcome, heed_error *error)
{
    const json_t *value = find_label(f, f->object);
    heed_status status = HEED_OK;
    heed_bytes label;
    for (size_t i = 0; i < json_array_size(value) && status == HEED_OK && *outcome == ROW_TAKEN; i++) {
        char *number = f->number[i == 0 ? 0 : NUMBER_MORE]; /* of the first the message will tell */
        if (json_line_value(&label, number, json_array_get(value, i)) && label.data != NULL)
            status = row_labels_add(f, label, outcome, error);
        else
            *outcome = json_bad_type(f, error);
    }
    if (json_is_array(value))
        return status;
    if (!json_line_value(&label, f->number[0], value)) {
        *outcome = json_bad_type(f, error);
        return HEED_OK;
    }
    return f->rules.rated.data != NULL ? rate(f, label, outcome, error) : row_labels_split(f, label, outcome, error);
}

static row_outcome build_json_weight(const row_file *f, heed_record *out, heed_error *error)
{
    const json_t *value = json_object_get(f->object, f->options.weight_column);
    if (json_is_string(value))
        return weigh(f, (heed_bytes){json_string_value(value), json_string_length(value)}, out, error);
    out->weight = json_is_number(value) ? json_number_value(value) : -1;
    return out->weight >= 0 ? ROW_TAKEN
                            : row_bad(f, error,
                                      "found no number from 0 for '%.60s', expected a weight; see "
                                      "--weight-column",
                                      f->options.weight_column);
}

static heed_status build_json(row_file *f, row_outcome *outcome, heed_record *out, heed_error *error)
{
    heed_status status = build_json_text(f, outcome, out, error);
    if (status == HEED_OK && *outcome == ROW_TAKEN)
        status = build_json_labels(f, outcome, error);
    if (status != HEED_OK || *outcome != ROW_TAKEN)
        return status;
    bool fine = json_named(f, &out->id, 1, f->options.id_column == NULL ? "id" : f->options.id_column) &&
                json_named(f, &out->split, 2, f->options.split_column) &&
                json_named(f, &out->group, 3, f->options.group_column);
    if (!fine)
        *outcome = json_bad_type(f, error);
    else if (named(f->options.weight_column))
        *outcome = build_json_weight(f, out, error);
    return HEED_OK;
}

static heed_status parse_json(row_file *f, heed_bytes line, row_outcome *outcome, heed_error *error)
{
    static const char hint[] =
        "one JSON object on each line; laid out over several lines? jq -c . FILE, and jq -c '.[]' FILE for an array";
    char why[JSON_ERROR_TEXT_LENGTH];
    json_decref(f->object);
    switch (json_line_parse(&f->object, why, line)) {
    case JSON_LINE_OBJECT:
        return f->row == 1 ? row_build_check_keys(f, f->object, error) : HEED_OK;
    case JSON_LINE_BROKEN:
        *outcome = row_bad(f, error, "found broken JSON (%s), expected %s", why,
                           f->row == 1 ? hint : "one JSON object on each line");
        return HEED_OK;
    case JSON_LINE_OTHER:
        *outcome = row_bad(f, error, "found JSON that is no object, expected %s", hint);
        return HEED_OK;
    case JSON_LINE_PIECE:
        break;
    }
    *outcome = row_bad(f, error, "found a lone bracket, expected %s", hint);
    return HEED_OK;
}

/* ---------------------------------------------------------------- */

heed_status row_build_line(row_file *f, heed_bytes line, row_outcome *outcome, heed_record *out, heed_error *error)
{
    heed_status status = HEED_OK;
    begin_record(f, line, out);
    *outcome = line.size <= ROW_BYTES
                   ? check_utf8(f, line, error)
                   : row_bad(f, error, "found a line of more than %d bytes, expected fewer", ROW_BYTES);
    if (*outcome != ROW_TAKEN)
        return HEED_OK;
    if (f->format == HEED_FORMAT_JSONL) {
        status = parse_json(f, line, outcome, error);
        if (status == HEED_OK && *outcome == ROW_TAKEN)
            status = build_json(f, outcome, out, error);
    } else {
        out->text = line;
        if (f->format == HEED_FORMAT_FASTTEXT)
            status = build_fasttext(f, outcome, out, error);
        if (status == HEED_OK && *outcome == ROW_TAKEN)
            *outcome = check_text_size(f, out->text.size, error);
    }
    if (status == HEED_OK && *outcome == ROW_TAKEN)
        *outcome = row_labels_finish(f, out, error);
    return status;
}

heed_status row_build_text(row_file *f, heed_bytes text, heed_bytes label, heed_bytes id, row_outcome *outcome,
                           heed_record *out, heed_error *error)
{
    begin_record(f, text, out);
    out->text = text;
    out->id = id;
    heed_status status = HEED_OK;
    *outcome = check_text_size(f, text.size, error);
    if (*outcome == ROW_TAKEN)
        *outcome = check_utf8(f, text, error);
    if (*outcome == ROW_TAKEN)
        status = f->rules.rated.data != NULL ? rate(f, id, outcome, error) : row_labels_split(f, label, outcome, error);
    if (status == HEED_OK && *outcome == ROW_TAKEN)
        *outcome = row_labels_finish(f, out, error);
    return status;
}
