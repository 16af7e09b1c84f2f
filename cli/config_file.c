#include "config_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_memory.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"
#include "command_options.h"
#include "options/option_json.h"
#include "output.h"

enum { MAX_CONFIG = 1 << 20 };

/* ---------------------------------------------------------------- keys */

/* Options that a file may contain: not --config or --help, and of a flag and its opposite only the flag. */
static bool is_key(const option *o)
{
    static const char *const others[] = {"config", "show-config", "help"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(o->name, others[i]) == 0)
            return false;
    return o->kind != OPTION_NO_FLAG;
}

static heed_status key_refuse(const settings *s, const char *path, const char *key, heed_error *error)
{
    const char *command = s->command->name, *near = command_option_suggest(s->command, key, strlen(key));
    const option *o = command_option_named(s->command, key, strlen(key));
    if (o != NULL && o->kind == OPTION_NO_FLAG) /* "no-mask" */
        return fail(error, HEED_USAGE, "%.300s: found \"%s\", expected \"%s\": false", path, key, key + 3);
    if (o != NULL || any_option_named(key, strlen(key)) != NULL)
        return fail(error, HEED_USAGE,
                    "%.300s: %s does not take option \"%s\" from a file; 'heed %s --help' lists them", path, command,
                    key, command);
    if (near != NULL)
        return fail(error, HEED_USAGE, "%.300s: unknown option \"%.300s\"; did you mean \"%s\"?", path, key, near);
    return fail(error, HEED_USAGE, "%.300s: unknown option \"%.300s\"; 'heed %s --help' lists the known ones", path,
                key, command);
}

/* Whether the command line overrides this option of the file; s->namings has only those of the command line so far. */
static bool line_replaces(const settings *s, const option *o)
{
    for (const option_pair *pair = option_rivals(); pair->one != NULL; pair++)
        if ((strcmp(o->name, pair->one) == 0 && settings_named(s, pair->other)) ||
            (strcmp(o->name, pair->other) == 0 && settings_named(s, pair->one)))
            return true;
    return (o->kind == OPTION_LIST || o->kind == OPTION_JOINED) && settings_named(s, o->name);
}

/* ---------------------------------------------------------------- read */

/* The namings of a file, to be put before those of the command line. */
typedef struct joining {
    settings *s;
    const char *path;
    naming *namings;
    size_t count;
} joining;

static heed_status value_add(joining *j, const option *o, const json_t *value, heed_error *error)
{
    if (line_replaces(j->s, o))
        return HEED_OK;
    char *text = option_json_text(value);
    if (text == NULL)
        return fail(error, HEED_FAILED, "out of memory for %.300s", j->path);
    j->s->config_texts.items[j->s->config_texts.count++] = text;
    j->namings[j->count++] = (naming){.option = o, .value = text, .from_config = true};
    return HEED_OK;
}

static heed_status array_add(joining *j, const option *o, const json_t *array, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        if (!json_is_string(item))
            return fail(error, HEED_USAGE, "%.300s: %s: found %s among the strings of the array", j->path, o->name,
                        json_kind_name(item));
        TRY(value_add(j, o, item, error));
    }
done:
    return status;
}

/* What --show-config writes for options that are not set, including those that another command does not take. */
static bool asks_for_nothing(const char *key, const json_t *value)
{
    const option *o = any_option_named(key, strlen(key));
    return o != NULL && is_key(o) && (json_is_null(value) || json_is_false(value));
}

static heed_status member_add(joining *j, const char *key, const json_t *value, heed_error *error)
{
    const option *o = command_option_named(j->s->command, key, strlen(key));
    if (o == NULL && asks_for_nothing(key, value))
        return HEED_OK;
    if (o == NULL || !is_key(o))
        return key_refuse(j->s, j->path, key, error);
    if (json_is_null(value)) /* the same as leaving it out */
        return HEED_OK;
    heed_status status = option_json_check(o, value, j->path, error);
    if (status != HEED_OK)
        return status;
    return json_is_array(value) ? array_add(j, o, value, error) : value_add(j, o, value, error);
}

static size_t values_count(json_t *root)
{
    size_t count = 0;
    for (void *at = json_object_iter(root); at != NULL; at = json_object_iter_next(root, at)) {
        const json_t *value = json_object_iter_value(at);
        count += json_is_array(value) ? json_array_size(value) : 1;
    }
    return count;
}

static heed_status namings_join(settings *s, const char *path, json_t *root, heed_error *error)
{
    size_t most = values_count(root);
    joining j = {.s = s, .path = path, .namings = calloc(most + s->naming_count + 1, sizeof(naming))};
    heed_status status = HEED_FAILED;
    s->config_texts.items = calloc(most + 1, sizeof(char *));
    if (j.namings == NULL || s->config_texts.items == NULL) {
        fail_memory(error, path);
        goto done;
    }
    for (void *at = json_object_iter(root); at != NULL; at = json_object_iter_next(root, at))
        TRY(member_add(&j, json_object_iter_key(at), json_object_iter_value(at), error));
    memcpy(j.namings + j.count, s->namings, s->naming_count * sizeof *s->namings);
    free(s->namings);
    s->namings = j.namings;
    s->naming_count += j.count;
    return HEED_OK;
done:
    free(j.namings);
    return status;
}

/* ---------------------------------------------------------------- the file */

static heed_status object_parse(json_t **out, heed_bytes text, const char *path, heed_error *error)
{
    json_error_t found;
    heed_status status = json_parse(out, utf8_unmarked(text), JSON_REJECT_DUPLICATES, &found, error);
    if (status == HEED_BAD_DATA)
        return fail(error, status, "%.300s:%d:%d: %s; expected one JSON object of options", path, found.line,
                    found.column, found.text);
    if (status == HEED_OK && !json_is_object(*out))
        status = fail(error, HEED_BAD_DATA, "%.300s: found %s, expected one JSON object of options", path,
                      json_kind_name(*out));
    return status;
}

static heed_status object_read(json_t **out, const char *path, heed_error *error)
{
    char *text = NULL;
    size_t size = 0;
    heed_status status;
    TRY(file_read_stream(&text, &size, path, MAX_CONFIG, error));
    status = object_parse(out, (heed_bytes){text, size}, path, error);
done:
    free(text);
    return status;
}

heed_status config_read(settings *s, const char *path, heed_error *error)
{
    json_t *root = NULL;
    heed_status status;
    TRY(object_read(&root, path, error));
    status = namings_join(s, path, root, error);
done:
    json_decref(root);
    return status;
}

/* ---------------------------------------------------------------- options laid over others */

/* Contenders are trained and judged on the same rows. */
static bool is_shared(const option *o)
{
    static const char *const names[] = {"validation", "validation-file", "folds"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(o->name, names[i]) == 0)
            return true;
    return false;
}

static heed_status member_lay(settings *s, const char *source, const char *key, const json_t *value, heed_error *error)
{
    const option *o = command_option_named(&train_command, key, strlen(key));
    if (o == NULL || o->group != GROUP_TRAINING || !is_key(o))
        return fail(error, HEED_USAGE, "%.300s: found \"%.100s\", expected options of training such as \"vectors\"",
                    source, key);
    if (is_shared(o))
        return fail(error, HEED_USAGE, "%.300s: found \"%s\", which all contenders share; give it on the command line",
                    source, key);
    if (json_is_null(value) && o->kind == OPTION_TEXT &&
        o->fallback != NULL) { /* as if the command line did not have it */
        *(const char **)option_place(o, settings_home(s, o)) = NULL;
        return HEED_OK;
    }
    heed_status status;
    TRY(option_json_check(o, value, source, error));
    char *text = option_json_text(value);
    if (text == NULL || text_list_add(&s->config_texts, text, NULL) != HEED_OK) {
        free(text);
        return fail_memory(error, source);
    }
    if ((status = option_store(o, settings_home(s, o), text, error)) != HEED_OK)
        status = config_blame(source, status, error);
done:
    return status;
}

heed_status config_lay(settings *s, const char *source, heed_error *error)
{
    json_t *root = NULL;
    heed_status status;
    TRY(source[0] == '{' ? object_parse(&root, bytes_of(source), source, error) : object_read(&root, source, error));
    for (void *at = json_object_iter(root); at != NULL; at = json_object_iter_next(root, at))
        TRY(member_lay(s, source, json_object_iter_key(at), json_object_iter_value(at), error));
done:
    json_decref(root);
    return status;
}

/* ---------------------------------------------------------------- shown */

/* The values given for an option that may be repeated. */
static json_t *namings_json(const settings *s, const option *o)
{
    text_list named = {.items = NULL};
    json_t *array = NULL;
    bool fine = true;
    for (size_t i = 0; i < s->naming_count && fine; i++)
        if (s->namings[i].option == o)
            fine = text_list_add(&named, s->namings[i].value, NULL) == HEED_OK;
    if (fine)
        array = option_json_list(&named);
    text_list_release(&named);
    return array;
}

/* NULL: no memory, or a text that is not UTF-8. */
static json_t *value_json(const settings *s, const option *o)
{
    return o->kind == OPTION_JOINED ? namings_json(s, o) : option_json(o, settings_home_of(s, o));
}

/* The default of an option is not shown if an option that excludes it was given. */
static bool gives_way(const settings *s, const option *o)
{
    return !settings_named(s, o->name) && line_replaces(s, o);
}

static heed_status root_fill(json_t *root, const settings *s, int *digits, heed_error *error)
{
    const size_t failures = json_memory_failures();
    const option *o;
    for (size_t i = 0; (o = command_option(s->command, i)) != NULL; i++) {
        if (!is_key(o))
            continue;
        json_t *value = gives_way(s, o) ? json_null() : value_json(s, o);
        if (value == NULL && json_memory_failures() != failures)
            return fail_memory(error, "the options");
        if (value == NULL)
            return fail(error, HEED_USAGE, "--%s: found a text that is not UTF-8, which JSON cannot contain", o->name);
        if (json_is_real(value) && number_digits(json_real_value(value)) > *digits)
            *digits = number_digits(json_real_value(value));
        if (json_object_set_new(root, o->name, value) != 0)
            return fail_memory(error, "the options");
    }
    return HEED_OK;
}

/* free() releases it. */
static heed_status config_text(char **out, const settings *s, heed_error *error)
{
    const size_t failures = json_memory_failures();
    json_t *root = json_object();
    int digits = 15;
    heed_status status = root_fill(root, s, &digits, error);
    *out = NULL;
    if (status == HEED_OK)
        status =
            json_print(out, root, JSON_INDENT(2) | JSON_REAL_PRECISION((size_t)digits), failures, "the options", error);
    json_decref(root);
    return status;
}

heed_status config_show(const settings *s, heed_error *error)
{
    char *text = NULL;
    heed_status made = config_text(&text, s, error);
    return output_print_made(made, text, false, error);
}

heed_status config_write(const settings *s, const char *path, heed_error *error)
{
    char *text = NULL;
    heed_status made = config_text(&text, s, error);
    return output_write_made(made, text, path, error);
}
