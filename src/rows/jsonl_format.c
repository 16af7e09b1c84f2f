/* JSON lines: an object is a record, its keys are the columns. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/spelling.h"
#include "base/status.h"
#include "rows/columns.h"
#include "rows/formats.h"
#include "rows/json_line.h"
#include "rows/line_records.h"
#include "rows/record_build.h"

/* Which of jsonl_state.number has the digits of a number that is used as text. */
enum { NUMBER_LABEL, NUMBER_ID, NUMBER_SPLIT, NUMBER_GROUP, NUMBER_FURTHER_LABEL, NUMBERS };

typedef struct jsonl_state {
    heed_bytes text_keys[COLUMNS_TEXT]; /* text columns that the options name; none: the default names */
    size_t text_key_count;
    json_t *object;       /* of the current record */
    json_numbers numbers; /* that it cannot hold */
    char number[NUMBERS][JSON_NUMBER];
} jsonl_state;

/* ---- keys */

/* A key that was looked for, and its value; NULL if the object does not have it. */
typedef struct found_key {
    heed_bytes name;
    const json_t *value;
} found_key;

/* Whatever its capitals, if no key is this one. */
static const json_t *find_alike(const json_t *object, heed_bytes name)
{
    json_t *all = (json_t *)(uintptr_t)object; /* an iterator of jansson's changes nothing */
    for (void *at = json_object_iter(all); at != NULL; at = json_object_iter_next(all, at))
        if (spelled_alike(bytes_of(json_object_iter_key(at)), name))
            return json_object_iter_value(at);
    return NULL;
}

static found_key find_key(const json_t *object, heed_bytes name)
{
    const json_t *found = json_object_getn(object, name.data, name.size);
    return (found_key){name, found != NULL ? found : find_alike(object, name)};
}

/* The first of these names that is a key as it is, or else in other capitals. */
static found_key find_first(const json_t *object, const char *const *names)
{
    for (const char *const *name = names; *name != NULL; name++) {
        const json_t *value = json_object_get(object, *name);
        if (value != NULL)
            return (found_key){bytes_of(*name), value};
    }
    found_key found = find_key(object, bytes_of(*names));
    for (size_t i = 1; found.value == NULL && names[i] != NULL; i++) {
        found_key next = find_key(object, bytes_of(names[i]));
        found = next.value != NULL ? next : found;
    }
    return found;
}

/* column_there of an object. */
static bool has_key(const void *object, heed_bytes name)
{
    return find_key(object, name).value != NULL;
}

static found_key find_label(const record_draft *r, const json_t *object)
{
    if (r->rules.rated.data != NULL)
        return find_key(object, r->rules.rated);
    if (!record_wants_label(r))
        return (found_key){{NULL, 0}, NULL};
    if (r->options->label_column != NULL)
        return find_key(object, bytes_of(r->options->label_column));
    found_key found = find_first(object, columns_default_label);
    return found.value != NULL ? found : find_key(object, bytes_of("labels"));
}

/* What a message has room for. */
enum { KEYS_LISTED = 400 };

static void list_keys(writer *list, json_t *object)
{
    bool first = true;
    for (void *at = json_object_iter(object); at != NULL && list->size < KEYS_LISTED;
         at = json_object_iter_next(object, at), first = false)
        writer_print(list, "%s'%.60s'", first ? "" : ", ", json_object_iter_key(at));
}

/* Of a key with an object, whose own keys were perhaps meant. */
static void write_nested(writer *out, heed_bytes key, json_t *inner)
{
    writer_print(out, "; the object in '%.*s' has ", record_shown(key), key.data);
    list_keys(out, inner);
    writer_print(out, ", and heed reads keys of the row itself, where jq -c '. + .\"%.*s\"' puts these",
                 record_shown(key), key.data);
}

static heed_status fail_key(const input_file *f, json_t *object, const char *expected)
{
    writer list = {0}, nested = {0};
    const char *key;
    json_t *value;
    list_keys(&list, object);
    json_object_foreach(object, key, value) if (nested.size == 0 && json_object_size(value) > 0)
        write_nested(&nested, bytes_of(key), value);
    fail(f->record.error, HEED_BAD_DATA, "%s: found the keys %.*s in the first row, expected %s%.*s", f->name,
         (int)list.size, list.size == 0 ? "" : list.data, expected, (int)nested.size,
         nested.size == 0 ? "" : nested.data);
    writer_release(&list);
    writer_release(&nested);
    return HEED_BAD_DATA;
}

/* Divides the list of text columns by the keys of the first object. */
static heed_status name_texts(input_file *f, const json_t *object)
{
    jsonl_state *s = f->state;
    const char *list = f->options.text_columns;
    return list == NULL ? HEED_OK
                        : column_names_split(s->text_keys, &s->text_key_count, list, has_key, object, f->record.error);
}

/* Whether the first object has the keys that the options need, by which their list is divided. If not, the message
 * lists its keys. */
static heed_status check_keys(input_file *f, json_t *object)
{
    jsonl_state *s = f->state;
    char expected[160];
    heed_status status = name_texts(f, object);
    if (status != HEED_OK)
        return status;
    for (size_t i = 0; i < s->text_key_count; i++)
        if (find_key(object, s->text_keys[i]).value == NULL) {
            snprintf(expected, sizeof expected, "'%.*s'; see --text-column", record_shown(s->text_keys[i]),
                     s->text_keys[i].data);
            return fail_key(f, object, expected);
        }
    if (s->text_key_count == 0 && find_first(object, columns_default_text).value == NULL)
        return fail_key(f, object, "text, review or sentence; name another by --text-column");
    if (!f->options.need_label || f->options.drop_unlabelled || find_label(&f->record, object).value != NULL)
        return HEED_OK;
    heed_bytes rated = f->record.rules.rated;
    if (rated.data == NULL && f->options.label_column == NULL)
        return fail_key(f, object, "label, labels, sentiment or class; name another by --label-column");
    if (rated.data != NULL)
        snprintf(expected, sizeof expected, "'%.*s'; see --label-from", record_shown(rated), rated.data);
    else
        snprintf(expected, sizeof expected, "'%.60s'; see --label-column", f->options.label_column);
    return fail_key(f, object, expected);
}

/* ---- a record */

/* One message for every value that cannot be used: the key, what it holds, and what it should. */
static void refuse_value(const jsonl_state *s, record_draft *r, heed_bytes key, const json_t *value,
                         const char *expected)
{
    char shown[JSON_SHOWN];
    writer nested = {0};
    json_line_describe(shown, value, &s->numbers);
    if (json_object_size(value) > 0)
        write_nested(&nested, key, (json_t *)(uintptr_t)value);
    record_refuse(r, "found %s %s '%.*s', expected %s%.*s", shown, value == NULL ? "for" : "in", record_shown(key),
                  key.data, expected, (int)nested.size, nested.size == 0 ? "" : nested.data);
    writer_release(&nested);
}

static const char expected_name[] = "a string or a whole number";

static void take_text(const jsonl_state *s, record_draft *r)
{
    for (size_t i = 0; i < s->text_key_count || i == 0; i++) {
        found_key key =
            s->text_key_count == 0 ? find_first(s->object, columns_default_text) : find_key(s->object, s->text_keys[i]);
        if (json_is_string(key.value))
            record_text(r, (heed_bytes){json_string_value(key.value), json_string_length(key.value)});
        else
            refuse_value(s, r, key.name, key.value, "a string");
    }
    record_check_text(r);
}

/* Each element of an array is a label; a string is a cell. */
static void take_labels(jsonl_state *s, record_draft *r)
{
    found_key key = find_label(r, s->object);
    heed_bytes label;
    for (size_t i = 0; i < json_array_size(key.value) && r->outcome == RECORD_TAKEN; i++) {
        char *number = s->number[i == 0 ? NUMBER_LABEL : NUMBER_FURTHER_LABEL]; /* the message shows the first ones */
        const json_t *item = json_array_get(key.value, i);
        if (json_line_value(&label, number, item, &s->numbers) && label.data != NULL)
            record_label(r, label);
        else
            refuse_value(s, r, key.name, item, "a list of strings or whole numbers");
    }
    if (json_is_array(key.value))
        return;
    if (json_line_value(&label, s->number[NUMBER_LABEL], key.value, &s->numbers))
        record_label_by_rules(r, label, label);
    else
        refuse_value(s, r, key.name, key.value, expected_name);
}

static void take_named(jsonl_state *s, record_draft *r, heed_bytes *out, unsigned number, const char *name)
{
    const json_t *value = name == NULL ? NULL : find_key(s->object, bytes_of(name)).value;
    if (!json_line_value(out, s->number[number], value, &s->numbers))
        refuse_value(s, r, bytes_of(name), value, expected_name);
}

static void take_weight(const jsonl_state *s, record_draft *r, const char *name)
{
    if (name == NULL || *name == '\0')
        return;
    const json_t *value = find_key(s->object, bytes_of(name)).value;
    if (json_is_string(value)) {
        record_weight(r, (heed_bytes){json_string_value(value), json_string_length(value)});
        return;
    }
    heed_bytes digits = json_is_number(value) ? json_number_text(&s->numbers, value) : (heed_bytes){NULL, 0};
    if (digits.data != NULL) { /* more of them than a number of JSON holds here */
        record_weight(r, digits);
        return;
    }
    double weight = json_is_number(value) ? json_number_value(value) : -1;
    if (!(weight >= 0))
        refuse_value(s, r, bytes_of(name), value, "a number from 0; see --weight-column");
    else if (!weight_fits(weight))
        refuse_value(s, r, bytes_of(name), value, WEIGHT_RANGE "; see --weight-column");
    else
        r->out->weight = weight;
}

static void parse_object(input_file *f, heed_bytes line)
{
    static const char hint[] =
        "one JSON object per line; for an object over several lines: jq -c . FILE; for an array: jq -c '.[]' FILE";
    jsonl_state *s = f->state;
    record_draft *r = &f->record;
    char why[JSON_ERROR_TEXT_LENGTH];
    heed_status status = HEED_OK;
    json_decref(s->object);
    switch (json_line_parse(&s->object, &s->numbers, why, line, r->error)) {
    case JSON_LINE_OBJECT:
        if (r->row == 1)
            status = check_keys(f, s->object);
        else if (s->text_key_count == 0) /* no line before was an object */
            status = name_texts(f, s->object);
        if (status != HEED_OK)
            record_fail(r, status);
        break;
    case JSON_LINE_BROKEN:
        record_refuse(r, "found broken JSON (%s), expected %s", why, r->row == 1 ? hint : "one JSON object per line");
        break;
    case JSON_LINE_OTHER:
        record_refuse(r, "found JSON that is not an object, expected %s", hint);
        break;
    case JSON_LINE_FAILED:
        record_fail(r, HEED_FAILED);
        break;
    case JSON_LINE_PIECE:
        record_refuse(r, "found a line with only a bracket, expected %s", hint);
        break;
    }
}

/* ---- the class */

static record_outcome jsonl_next(input_file *f, bool wait)
{
    jsonl_state *s = f->state;
    record_draft *r = &f->record;
    const heed_rows_options *o = &f->options;
    heed_bytes line;
    record_outcome outcome = line_records_next(f, wait, &line);
    if (outcome != RECORD_TAKEN)
        return outcome;
    parse_object(f, line);
    if (r->outcome != RECORD_TAKEN)
        return r->outcome;
    take_text(s, r);
    take_labels(s, r);
    take_named(s, r, &r->out->id, NUMBER_ID, o->id_column == NULL ? "id" : o->id_column);
    take_named(s, r, &r->out->split, NUMBER_SPLIT, o->split_column);
    take_named(s, r, &r->out->group, NUMBER_GROUP, o->group_column);
    take_weight(s, r, o->weight_column);
    return record_finish(r);
}

static heed_status jsonl_open(input_file *f)
{
    heed_status status;
    heed_bytes first;
    char why[JSON_ERROR_TEXT_LENGTH];
    json_t *object = NULL;
    json_numbers numbers = {0};
    TRY(line_records_open(f, &first));
    if (first.data == NULL)
        goto done;
    json_line_result read = json_line_parse(&object, &numbers, why, first, f->record.error);
    if (read == JSON_LINE_OBJECT)
        status = check_keys(f, object);
    else if (read == JSON_LINE_FAILED)
        status = HEED_FAILED;
done:
    json_decref(object);
    json_numbers_release(&numbers);
    return status;
}

static void jsonl_release(void *state)
{
    jsonl_state *s = state;
    json_decref(s->object);
    json_numbers_release(&s->numbers);
}

const format_class jsonl_format = {
    .state_size = sizeof(jsonl_state),
    .open = jsonl_open,
    .next = jsonl_next,
    .ready = line_records_ready,
    .release = jsonl_release,
};
