#include "model/config.h"

#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

typedef enum field_kind { FIELD_CHOICE, FIELD_WHOLE, FIELD_WHOLE64, FIELD_REAL, FIELD_BOOL, FIELD_TEXT } field_kind;

/* A field of a struct: its name in JSON, its type, where it stands, and what it may be. */
typedef struct field {
    const char *name;
    field_kind kind;
    size_t offset;
    const char *choices; /* FIELD_CHOICE: names of an enum's values in their order, divided by '|' */
    double low, high;    /* FIELD_WHOLE, FIELD_REAL */
} field;

#define UINT_MOST 4294967295.0
/* clang-format off */
#define CHOICE(type, name, json, choices) {json, FIELD_CHOICE, offsetof(type, name), choices, 0, 0}
#define WHOLE(type, name, low, high) {#name, FIELD_WHOLE, offsetof(type, name), NULL, low, high}
#define WHOLE64(type, name) {#name, FIELD_WHOLE64, offsetof(type, name), NULL, 0, 0}
#define REAL(type, name, low, high) {#name, FIELD_REAL, offsetof(type, name), NULL, low, high}
#define BOOL(type, name) {#name, FIELD_BOOL, offsetof(type, name), NULL, 0, 0}
#define TEXT(type, name) {#name, FIELD_TEXT, offsetof(type, name), NULL, 0, 0}
#define END {NULL, FIELD_BOOL, 0, NULL, 0, 0}
/* clang-format on */

static const field text_fields[] = {
    CHOICE(heed_text_options, html, "html", "keep|space"),
    CHOICE(heed_text_options, punctuation, "punctuation", "keep|first32|all"),
    CHOICE(heed_text_options, letters, "case", "keep|lower"),
    CHOICE(heed_text_options, tokens, "tokens", "none|split|words"),
    CHOICE(heed_text_options, lemmas, "lemmas", "none|noun|noun,verb"),
    TEXT(heed_text_options, stop_words),
    CHOICE(heed_text_options, vocabulary, "vocabulary", "counts|keras"),
    WHOLE(heed_text_options, max_words, 0, UINT_MOST),
    WHOLE(heed_text_options, min_count, 0, UINT_MOST),
    WHOLE(heed_text_options, max_length, 0, 65536),
    CHOICE(heed_text_options, cut, "cut", "front|behind|middle"),
    CHOICE(heed_text_options, pad, "pad", "front|behind"),
    BOOL(heed_text_options, count_all_rows),
    END,
};
static const field rows_fields[] = {
    CHOICE(heed_rows_options, format, "format", "auto|tsv|csv|jsonl|fasttext|folder|lines"),
    CHOICE(heed_rows_options, encoding, "encoding", "utf-8|windows-1252|latin-1"),
    CHOICE(heed_rows_options, quoting, "quoting", "auto|minimal|backslash|none"),
    BOOL(heed_rows_options, no_header),
    TEXT(heed_rows_options, text_columns),
    TEXT(heed_rows_options, label_column),
    TEXT(heed_rows_options, label_from),
    TEXT(heed_rows_options, label_map),
    TEXT(heed_rows_options, drop_labels),
    TEXT(heed_rows_options, id_column),
    TEXT(heed_rows_options, split_column),
    TEXT(heed_rows_options, group_column),
    TEXT(heed_rows_options, weight_column),
    TEXT(heed_rows_options, label_separator),
    CHOICE(heed_rows_options, on_bad_row, "on_bad_row", "fail|skip"),
    BOOL(heed_rows_options, tutorial),
    END,
};
static const field network_fields[] = {
    TEXT(network_config, architecture),
    BOOL(network_config, mask),
    WHOLE(network_config, window, 0, 65536),
    WHOLE(network_config, outputs, 1, 65536),
    WHOLE(network_config, rows_per_chunk, 1, 65536),
    END,
};
static const field label_fields[] = {
    CHOICE(label_config, task, "task", "binary|multiclass|multilabel"),
    WHOLE(label_config, count, 2, 65536),
    WHOLE(label_config, positive, 0, 65536),
    END,
};
static const field training_fields[] = {
    WHOLE64(training_record, rows),
    WHOLE64(training_record, rows_train),
    WHOLE64(training_record, rows_validation),
    REAL(training_record, mean_tokens, 0, 1e18),
    WHOLE64(training_record, distinct_words),
    TEXT(training_record, data_digest),
    TEXT(training_record, validation),
    REAL(training_record, label_smoothing, 0, 1),
    TEXT(training_record, class_weights),
    WHOLE(training_record, epochs, 0, 65536),
    WHOLE(training_record, epochs_run, 0, 65536),
    WHOLE(training_record, epoch_kept, 0, 65536),
    WHOLE(training_record, batch_size, 1, UINT_MOST),
    WHOLE(training_record, patience, 0, 65536),
    REAL(training_record, learning_rate, 0, 1e6),
    CHOICE(training_record, optimizer, "optimizer", "adam|adamw|sgd"),
    REAL(training_record, weight_decay, 0, 1),
    REAL(training_record, momentum, 0, 1),
    REAL(training_record, clip_norm, 0, 1e9),
    CHOICE(training_record, schedule, "schedule", "constant|cosine|plateau"),
    REAL(training_record, warmup, 0, 65536),
    WHOLE64(training_record, seed),
    BOOL(training_record, keep_best),
    BOOL(training_record, stopped),
    TEXT(training_record, vectors_digest),
    WHOLE64(training_record, vector_words),
    REAL(training_record, vector_tokens, 0, 1),
    WHOLE(training_record, frozen_epochs, 0, UINT_MOST),
    END,
};

static const field explanation_fields[] = {
    CHOICE(explanation_record, method, "method", "auto|attention|gradient|integrated|leave-one-out|weights"),
    CHOICE(explanation_record, erase, "erase", "remove|unk"),
    WHOLE(explanation_record, rows, 1, UINT_MOST),
    REAL(explanation_record, gain, -1, 1),
    REAL(explanation_record, gain_low, -1, 1),
    REAL(explanation_record, gain_high, -1, 1),
    REAL(explanation_record, comprehensiveness, -1, 1),
    REAL(explanation_record, sufficiency, -1, 1),
    END,
};

/* The sections of the JSON object. The last one is there where an explanation was measured. */
static const struct {
    const char *name;
    size_t offset;
    const field *fields;
} sections[] = {
    {"text", offsetof(model_config, text), text_fields},
    {"rows", offsetof(model_config, rows), rows_fields},
    {"network", offsetof(model_config, network), network_fields},
    {"labels", offsetof(model_config, labels), label_fields},
    {"training", offsetof(model_config, training), training_fields},
    {"explanation", offsetof(model_config, explanation), explanation_fields},
};
enum { SECTIONS = sizeof sections / sizeof *sections, ALWAYS = SECTIONS - 1 };

static int sections_of(const model_config *config)
{
    return config->explanation.method == HEED_METHOD_AUTO ? ALWAYS : SECTIONS;
}

/* The number of the choice with this name, or -1. */
static int choice_number(const char *choices, const char *name)
{
    size_t length = strlen(name);
    for (int number = 0; *choices != '\0'; number++) {
        size_t size = strcspn(choices, "|");
        if (size == length && memcmp(choices, name, size) == 0)
            return number;
        choices += size + (choices[size] == '|');
    }
    return -1;
}

/* The name of a choice, as a part of choices. */
static heed_bytes choice_text(const char *choices, unsigned number)
{
    for (; number > 0; number--)
        choices += strcspn(choices, "|") + 1;
    return (heed_bytes){choices, strcspn(choices, "|")};
}

/* ---- printing */

static json_t *print_field(const char *base, const field *f)
{
    const char *at = base + f->offset;
    switch (f->kind) {
    case FIELD_CHOICE: {
        heed_bytes name = choice_text(f->choices, *(const unsigned *)(const void *)at);
        return json_stringn(name.data, name.size);
    }
    case FIELD_WHOLE:
        return json_integer(*(const uint32_t *)(const void *)at);
    case FIELD_WHOLE64:
        return json_integer((json_int_t) * (const uint64_t *)(const void *)at);
    case FIELD_REAL:
        return json_real(*(const double *)(const void *)at);
    case FIELD_BOOL:
        return json_boolean(*(const bool *)(const void *)at);
    case FIELD_TEXT: {
        const char *text = *(const char *const *)(const void *)at;
        return text == NULL ? json_null() : json_string(text);
    }
    }
    return NULL;
}

heed_status config_print(char **out, const model_config *config, bool pretty, heed_error *error)
{
    json_t *root = json_pack("{s:I, s:s}", "format", (json_int_t)MODEL_FORMAT, "program", "heed " HEED_VERSION);
    bool fine = root != NULL;
    for (int i = 0; i < sections_of(config) && fine; i++) {
        json_t *section = json_object();
        fine = json_object_set_new(root, sections[i].name, section) == 0;
        for (const field *f = sections[i].fields; f->name != NULL && fine; f++)
            fine =
                json_object_set_new(section, f->name, print_field((const char *)config + sections[i].offset, f)) == 0;
    }
    *out = fine ? json_dumps(root, pretty ? JSON_INDENT(2) : JSON_COMPACT) : NULL;
    json_decref(root);
    return *out == NULL ? fail_memory(error, "the model's configuration") : HEED_OK;
}

/* ---- parsing */

static heed_status refuse(const char *section, const field *f, const char *expected, heed_error *error)
{
    return fail(error, HEED_BAD_DATA, "configuration: %s.%s is not %s", section, f->name, expected);
}

static heed_status parse_number(void *at, const field *f, const json_t *value, const char *section, heed_error *error)
{
    double number = json_number_value(value);
    bool fits = f->kind == FIELD_REAL ? json_is_number(value) : json_is_integer(value);
    if (!fits || !isfinite(number) || number < f->low || (f->kind != FIELD_WHOLE64 && number > f->high))
        return refuse(section, f, "a number in its range", error);
    if (f->kind == FIELD_REAL)
        *(double *)at = number;
    else if (f->kind == FIELD_WHOLE)
        *(uint32_t *)at = (uint32_t)json_integer_value(value);
    else
        *(uint64_t *)at = (uint64_t)json_integer_value(value);
    return HEED_OK;
}

static heed_status parse_text(char **at, const field *f, const json_t *value, const char *section, heed_error *error)
{
    if (json_is_null(value))
        return HEED_OK;
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return refuse(section, f, "a text or null", error);
    *at = memory_copy(json_string_value(value), json_string_length(value));
    return *at == NULL ? fail_memory(error, "a configuration") : HEED_OK;
}

static heed_status parse_field(char *base, const field *f, const json_t *value, const char *section, heed_error *error)
{
    void *at = base + f->offset;
    switch (f->kind) {
    case FIELD_CHOICE: {
        int number = json_is_string(value) ? choice_number(f->choices, json_string_value(value)) : -1;
        if (number < 0)
            return refuse(section, f, f->choices, error);
        *(unsigned *)at = (unsigned)number;
        return HEED_OK;
    }
    case FIELD_BOOL:
        if (!json_is_boolean(value))
            return refuse(section, f, "true or false", error);
        *(bool *)at = json_is_true(value);
        return HEED_OK;
    case FIELD_TEXT:
        return parse_text(at, f, value, section, error);
    case FIELD_WHOLE:
    case FIELD_WHOLE64:
    case FIELD_REAL:
        return parse_number(at, f, value, section, error);
    }
    return HEED_FAILED;
}

static heed_status parse_section(model_config *out, int number, const json_t *root, heed_error *error)
{
    const char *name = sections[number].name;
    const json_t *section = json_object_get(root, name);
    char *base = (char *)out + sections[number].offset;
    size_t count = 0;
    heed_status status = HEED_OK;
    for (const field *f = sections[number].fields; f->name != NULL; f++, count++)
        TRY(parse_field(base, f, json_object_get(section, f->name), name, error));
    if (json_object_size(section) != count)
        status = fail(error, HEED_BAD_DATA, "configuration: %s holds unknown fields; a newer heed wrote it?", name);
done:
    return status;
}

static heed_status parse_root(model_config *out, const json_t *root, heed_error *error)
{
    const json_t *format = json_object_get(root, "format");
    int count = json_object_get(root, sections[ALWAYS].name) == NULL ? ALWAYS : SECTIONS;
    if (!json_is_integer(format) || json_integer_value(format) != MODEL_FORMAT)
        return fail(error, HEED_BAD_DATA, "configuration: format %lld, expected %d; a newer heed wrote it?",
                    (long long)json_integer_value(format), MODEL_FORMAT);
    out->format = MODEL_FORMAT;
    for (int i = 0; i < count; i++) {
        heed_status status = parse_section(out, i, root, error);
        if (status != HEED_OK)
            return status;
    }
    if (count != sections_of(out))
        return fail(error, HEED_BAD_DATA, "configuration: explanation.method is auto, which is no method");
    if (json_object_size(root) != (size_t)count + 2 || !json_is_string(json_object_get(root, "program")))
        return fail(error, HEED_BAD_DATA,
                    "configuration: sections that are unknown, or no program; a newer heed wrote it?");
    if (out->text.max_length != out->network.window)
        return fail(error, HEED_BAD_DATA, "configuration: text.max_length is %u, network.window %u",
                    out->text.max_length, out->network.window);
    if (out->network.architecture == NULL)
        return fail(error, HEED_BAD_DATA, "configuration: network.architecture is missing");
    return HEED_OK;
}

heed_status config_parse(model_config *out, const char *text, heed_error *error)
{
    *out = (model_config){0};
    json_error_t where;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL)
        return fail(error, HEED_BAD_DATA, "configuration: broken JSON: %s", where.text);
    heed_status status = parse_root(out, root, error);
    json_decref(root);
    if (status != HEED_OK)
        config_release(out);
    return status;
}

/* ---- ownership */

static void release_texts(char *base, const field *fields)
{
    for (const field *f = fields; f->name != NULL; f++)
        if (f->kind == FIELD_TEXT) {
            char **text = (char **)(void *)(base + f->offset);
            free(*text);
            *text = NULL;
        }
}

void config_release(model_config *config)
{
    for (int i = 0; i < SECTIONS; i++)
        release_texts((char *)config + sections[i].offset, sections[i].fields);
}

void config_release_rows(heed_rows_options *rows)
{
    release_texts((char *)rows, rows_fields);
}

heed_status config_copy_rows(heed_rows_options *out, const heed_rows_options *rows, heed_error *error)
{
    heed_rows_options copy = *rows;
    const char *wrong = NULL;
    bool fine = true;
    for (const field *f = rows_fields; f->name != NULL; f++)
        if (f->kind == FIELD_TEXT) {
            const char *from = *(const char *const *)(const void *)((const char *)rows + f->offset);
            char **to = (char **)(void *)((char *)&copy + f->offset);
            *to = from == NULL ? NULL : memory_copy(from, strlen(from));
            fine = fine && (from == NULL || *to != NULL);
            wrong = from != NULL && utf8_check(from, strlen(from)) != strlen(from) ? f->name : wrong;
        }
    if (!fine || wrong != NULL) {
        config_release_rows(&copy);
        return fine ? fail(error, HEED_USAGE, "rows option %s: found bytes that are not UTF-8", wrong)
                    : fail_memory(error, "row options");
    }
    config_release_rows(out);
    *out = copy;
    return HEED_OK;
}

const char *config_text_choice(const heed_text_options *text, const char *name, char scratch[32])
{
    scratch[0] = '\0';
    for (const field *f = text_fields; f->name != NULL; f++)
        if (f->kind == FIELD_CHOICE && strcmp(f->name, name) == 0) {
            heed_bytes choice =
                choice_text(f->choices, *(const unsigned *)(const void *)((const char *)text + f->offset));
            memcpy(scratch, choice.data, choice.size);
            scratch[choice.size] = '\0';
        }
    return scratch;
}
