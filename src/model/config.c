#include "model/config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/memory.h"
#include "base/status.h"
#include "network/architecture.h"
#include "options/choices.h"
#include "options/option_checks.h"
#include "options/option_json.h"
#include "options/option_structs.h"

/* ---- what is recorded */

#define COUNT(type, field)                                                                                             \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_SEED, .offset = offsetof(type, field), .max = MAX_SEED                          \
    }
#define WHOLE(type, field, low, high)                                                                                  \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_WHOLE, .offset = offsetof(type, field), .min = (low), .max = (high)             \
    }
#define REAL(type, field, low, high)                                                                                   \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_REAL, .offset = offsetof(type, field), .min = (low), .max = (high)              \
    }
#define FLAG(type, field)                                                                                              \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_FLAG, .offset = offsetof(type, field)                                           \
    }
#define TEXT(type, field)                                                                                              \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_TEXT, .offset = offsetof(type, field)                                           \
    }
#define CHOICE(type, field)                                                                                            \
    {                                                                                                                  \
        .name = #field, .kind = OPTION_CHOICE, .offset = offsetof(type, field), .choices = &field##_names              \
    }
/* An option of the table that the file has among the record's own fields. */
#define OPTION(option_name)                                                                                            \
    {                                                                                                                  \
        .name = option_name, .record = RECORD_ALWAYS                                                                   \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }

/* New options are not listed here: a section has all options of its home that are recorded. */
static const option no_fields[] = {END};
static const option network_fields[] = {
    TEXT(network_config, architecture),
    FLAG(network_config, mask),
    WHOLE(network_config, window, 0, 65536),
    WHOLE(network_config, outputs, 1, 65536),
    WHOLE(network_config, rows_per_chunk, 1, 65536),
    END,
};
static const option label_fields[] = {
    CHOICE(label_config, task),
    WHOLE(label_config, count, 2, 65536),
    WHOLE(label_config, positive, 0, 65536),
    END,
};
static const option training_fields[] = {
    COUNT(training_record, rows),
    COUNT(training_record, rows_train),
    COUNT(training_record, rows_validation),
    REAL(training_record, mean_tokens, 0, 1e18),
    COUNT(training_record, distinct_words),
    TEXT(training_record, data_digest),
    TEXT(training_record, validation),
    OPTION("label-smoothing"),
    TEXT(training_record, class_weights),
    OPTION("epochs"),
    WHOLE(training_record, epochs_run, 0, 65536),
    WHOLE(training_record, epoch_kept, 0, 65536),
    OPTION("batch-size"),
    OPTION("patience"),
    OPTION("learning-rate"),
    OPTION("optimizer"),
    OPTION("weight-decay"),
    OPTION("momentum"),
    OPTION("clip-norm"),
    OPTION("schedule"),
    OPTION("warmup"),
    OPTION("seed"),
    FLAG(training_record, keep_best),
    FLAG(training_record, stopped),
    TEXT(training_record, vectors_digest),
    COUNT(training_record, vector_words),
    REAL(training_record, vector_tokens, 0, 1),
    OPTION("freeze"),
    END,
};
static const option explanation_fields[] = {
    CHOICE(explanation_record, method),
    CHOICE(explanation_record, erase),
    WHOLE(explanation_record, rows, 1, UINT32_MAX),
    REAL(explanation_record, gain, -1, 1),
    REAL(explanation_record, gain_low, -1, 1),
    REAL(explanation_record, gain_high, -1, 1),
    REAL(explanation_record, comprehensiveness, -1, 1),
    REAL(explanation_record, sufficiency, -1, 1),
    END,
};

static const option recipe_fields[] = {
    TEXT(recipe_record, name),
    WHOLE(recipe_record, rows, 0, UINT32_MAX),
    REAL(recipe_record, accuracy, 0, 1),
    REAL(recipe_record, wide_accuracy, 0, 1),
    REAL(recipe_record, linear_accuracy, 0, 1),
    END,
};

static const option seen_fields[] = {
    WHOLE(seen_record, digests, 0, MOST_DIGESTS),
    COUNT(seen_record, leaked),
    END,
};

static const option encoder_fields[] = {
    TEXT(encoder_record, name),
    TEXT(encoder_record, digest),
    END,
};

/* A section of the JSON object: its own fields, followed by the recorded options that `fields` does not name. */
typedef struct section {
    const char *name;
    const option *fields;
    size_t offset;          /* in model_config, of their struct */
    heed_options_kind home; /* HOME_PROGRAM: no options */
    size_t options;         /* in model_config, of the struct of home */
} section;

static const section sections[] = {
    {"text", no_fields, 0, HEED_OPTIONS_TEXT, offsetof(model_config, text)},
    {"rows", no_fields, 0, HEED_OPTIONS_ROWS, offsetof(model_config, rows)},
    {"network", network_fields, offsetof(model_config, network), HOME_PROGRAM, 0},
    {"labels", label_fields, offsetof(model_config, labels), HOME_PROGRAM, 0},
    {"training", training_fields, offsetof(model_config, training), HEED_OPTIONS_TRAIN,
     offsetof(model_config, training) + offsetof(training_record, options)},
    {"explanation", explanation_fields, offsetof(model_config, explanation), HOME_PROGRAM, 0},
    {"recipe", recipe_fields, offsetof(model_config, recipe), HOME_PROGRAM, 0},
    {"seen", seen_fields, offsetof(model_config, seen), HOME_PROGRAM, 0},
    {"encoder", encoder_fields, offsetof(model_config, encoder), HOME_PROGRAM, 0},
};
enum {
    SECTIONS = sizeof sections / sizeof *sections,
    EXPLANATION = SECTIONS - 4,
    RECIPE = SECTIONS - 3,
    SEEN = SECTIONS - 2,
    ENCODER = SECTIONS - 1
};

/* The last ones exist only if an explanation was measured, if a recipe chose, if there is something to say of the rows,
 * and if the model has an encoder. Each says so by this member. */
static const char *const signs[] = {"method", "name", "number", "digest"};

static bool has_section(const model_config *config, int section)
{
    return section < EXPLANATION || (section == EXPLANATION && config->explanation.method != HEED_METHOD_AUTO) ||
           (section == RECIPE && config->recipe.name != NULL) ||
           (section == SEEN && config->seen.digests + config->seen.leaked > 0) ||
           (section == ENCODER && config->encoder.name != NULL && config->encoder.digest != NULL);
}

/* A walk over the members of a section; begins with zeros. */
typedef struct member {
    const option *row;
    size_t offset; /* in model_config, of the struct of the row */
    size_t passed; /* fields */
    const option *recorded;
    char name[64]; /* in JSON */
} member;

static bool is_among(const option *fields, const option *o)
{
    for (; fields->name != NULL; fields++)
        if (fields->record != RECORD_NEVER && strcmp(fields->name, o->name) == 0)
            return true;
    return false;
}

static bool member_next(member *m, const section *s)
{
    const option *field = &s->fields[m->passed];
    m->row = field;
    m->offset = s->options;
    if (field->name == NULL) {
        do
            m->recorded = options_next_recorded(s->home, m->recorded);
        while (m->recorded != NULL && is_among(s->fields, m->recorded));
        m->row = m->recorded;
    } else if (field->record != RECORD_NEVER) {
        m->row = option_named(s->home, field->name);
        m->passed++;
    } else {
        m->offset = s->offset;
        m->passed++;
    }
    if (m->row != NULL)
        option_record_name(m->name, m->row);
    return m->row != NULL;
}

/* ---- the format of a file */

/* Whether a label map has an entry without "=", which 0.1.0 refused: the star that lets other labels pass. */
static bool has_star(const char *label_map)
{
    for (const char *entry = label_map; entry != NULL && *entry != '\0';) {
        size_t size = strcspn(entry, ",");
        if (memchr(entry, '=', size) == NULL)
            return true;
        entry += size + (entry[size] == ',');
    }
    return false;
}

static bool is_drawn_by(const training_record *t, const char *word)
{
    size_t size = strlen(word);
    return t->validation != NULL && strncmp(t->validation, word, size) == 0 && t->validation[size] == ' ';
}

bool record_has_cross_fit(const training_record *t)
{
    return is_drawn_by(t, RECORD_CROSS_FIT);
}

uint32_t config_format(const model_config *config)
{
    const char *architecture = config->network.architecture;
    bool newer = has_star(config->rows.label_map) || architecture_is_wide(architecture) ||
                 architecture_is_sum(architecture) || record_has_cross_fit(&config->training) ||
                 is_drawn_by(&config->training, RECORD_GROUPED) || has_section(config, RECIPE) ||
                 has_section(config, SEEN) || has_section(config, ENCODER) ||
                 config->text.tokens == HEED_TOKENS_WORDPIECE;
    for (int i = 0; i < EXPLANATION; i++)
        for (member m = {0}; member_next(&m, &sections[i]);)
            newer |= option_is_set(m.row, (const char *)config + m.offset);
    return newer ? MODEL_FORMAT : MODEL_FORMAT_FIRST;
}

/* ---- printing */

/* As in --show-config, except that a whole number stays one even if the option has a word for it. */
static json_t *value_json(const option *o, const void *home)
{
    return o->kind == OPTION_WHOLE ? json_integer(*(const uint32_t *)option_field(o, home)) : option_json(o, home);
}

static bool put_section(json_t *root, const model_config *config, const section *s)
{
    json_t *object = json_object();
    bool fine = json_object_set_new(root, s->name, object) == 0;
    for (member m = {0}; fine && member_next(&m, s);) {
        const void *home = (const char *)config + m.offset;
        if (m.row->record < RECORD_SET || option_is_set(m.row, home))
            fine = json_object_set_new(object, m.name, value_json(m.row, home)) == 0;
    }
    return fine;
}

json_t *config_json(const model_config *config)
{
    json_t *root =
        json_pack("{s:I, s:s}", "format", (json_int_t)config_format(config), "program", "heed " HEED_VERSION);
    bool fine = root != NULL;
    for (int i = 0; i < SECTIONS && fine; i++)
        fine = !has_section(config, i) || put_section(root, config, &sections[i]);
    if (fine)
        return root;
    json_decref(root);
    return NULL;
}

/* ---- parsing */

static heed_status parse_number(const option *o, void *place, const json_t *value)
{
    double number = json_number_value(value);
    bool fits = o->kind == OPTION_REAL ? json_is_number(value) : json_is_integer(value);
    if (!fits || !isfinite(number) || (o->kind != OPTION_REAL && number < 0) ||
        (o->kind == OPTION_WHOLE && number > UINT32_MAX))
        return HEED_BAD_DATA;
    if (o->kind == OPTION_REAL)
        *(double *)place = number;
    else if (o->kind == OPTION_WHOLE)
        *(uint32_t *)place = (uint32_t)json_integer_value(value);
    else
        *(uint64_t *)place = (uint64_t)json_integer_value(value);
    return HEED_OK;
}

static heed_status parse_text(char **place, const json_t *value)
{
    if (json_is_null(value))
        return HEED_OK;
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return HEED_BAD_DATA;
    *place = memory_copy(json_string_value(value), json_string_length(value));
    return *place == NULL ? HEED_FAILED : HEED_OK;
}

static heed_status parse_value(const option *o, void *home, const json_t *value)
{
    void *place = option_place(o, home);
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)place = json_is_true(value);
        return json_is_boolean(value) ? HEED_OK : HEED_BAD_DATA;
    case OPTION_TEXT:
    case OPTION_JOINED:
        return parse_text(place, value);
    case OPTION_CHOICE:
        return json_is_string(value) && names_find(place, o->choices, json_string_value(value)) ? HEED_OK
                                                                                                : HEED_BAD_DATA;
    default:
        return parse_number(o, place, value);
    }
}

static const char *expected_value(char scratch[OPTION_NAMES], const option *o)
{
    switch (o->kind) {
    case OPTION_FLAG:
        return "true or false";
    case OPTION_TEXT:
    case OPTION_JOINED:
        return "a text or null";
    case OPTION_CHOICE:
        return option_value_name(scratch, o);
    default:
        return "a number in its range";
    }
}

static heed_status parse_member(model_config *out, const member *m, const json_t *value, const char *section,
                                heed_error *error)
{
    char scratch[OPTION_NAMES];
    void *home = (char *)out + m->offset;
    heed_status status = parse_value(m->row, home, value);
    if (status == HEED_FAILED)
        return fail_memory(error, "a configuration");
    if (status != HEED_OK || option_check(m->row, home, NULL) != HEED_OK)
        return fail(error, HEED_BAD_DATA, "configuration: %s.%s is not %s", section, m->name,
                    expected_value(scratch, m->row));
    return HEED_OK;
}

static heed_status parse_section(model_config *out, const section *s, const json_t *root, heed_error *error)
{
    const json_t *object = json_object_get(root, s->name);
    size_t count = 0;
    heed_status status = HEED_OK;
    for (member m = {0}; member_next(&m, s);) {
        const json_t *value = json_object_get(object, m.name);
        if (value == NULL && m.row->record >= RECORD_SET) {
            if (m.row->record == RECORD_CHANGED)
                option_preset(m.row, (char *)out + m.offset, HEED_PRESET_DEFAULT);
            continue;
        }
        TRY(parse_member(out, &m, value, s->name, error));
        count++;
    }
    if (json_object_size(object) != count)
        status = fail(error, HEED_BAD_DATA, "configuration: %s has unknown fields; was it written by a newer heed?",
                      s->name);
done:
    return status;
}

static heed_status check_format(const json_t *format, heed_error *error)
{
    json_int_t number = json_integer_value(format);
    if (json_is_integer(format) && number > MODEL_FORMAT)
        return fail(error, HEED_BAD_DATA,
                    "configuration: format %lld, expected 1 to %d: it was written by a newer heed; use that one",
                    (long long)number, MODEL_FORMAT);
    if (!json_is_integer(format) || number < MODEL_FORMAT_FIRST)
        return fail(error, HEED_BAD_DATA, "configuration: format is not a number from 1 to %d", MODEL_FORMAT);
    return HEED_OK;
}

static heed_status parse_root(model_config *out, const json_t *root, heed_error *error)
{
    const json_t *format = json_object_get(root, "format");
    int count = 0;
    heed_status status;
    TRY(check_format(format, error));
    for (int i = 0; i < SECTIONS; i++) {
        if (i >= EXPLANATION && json_object_get(root, sections[i].name) == NULL)
            continue;
        TRY(parse_section(out, &sections[i], root, error));
        count++;
        if (!has_section(out, i))
            return fail(error, HEED_BAD_DATA, "configuration: %s is there without a %s", sections[i].name,
                        signs[i - EXPLANATION]);
    }
    if (json_object_size(root) != (size_t)count + 2 || !json_is_string(json_object_get(root, "program")))
        return fail(error, HEED_BAD_DATA,
                    "configuration: unknown sections, or program is missing; was it written by a newer heed?");
    if (out->text.max_length != out->network.window)
        return fail(error, HEED_BAD_DATA, "configuration: text.max_length is %u, network.window %u",
                    out->text.max_length, out->network.window);
    if (vectors_file(out->training.options.vectors) != NULL)
        return fail(error, HEED_BAD_DATA, "configuration: training.vectors is not \"self\"");
    if (out->network.architecture == NULL)
        return fail(error, HEED_BAD_DATA, "configuration: network.architecture is missing");
    if (json_integer_value(format) < config_format(out))
        return fail(error, HEED_BAD_DATA, "configuration: format %lld, but it has what only format %d has",
                    (long long)json_integer_value(format), MODEL_FORMAT);
    return HEED_OK;
done:
    return status;
}

heed_status config_parse(model_config *out, const char *text, heed_error *error)
{
    *out = (model_config){0};
    json_error_t where;
    json_t *root;
    heed_status status = json_parse(&root, (heed_bytes){text, strlen(text)}, JSON_REJECT_DUPLICATES, &where, error);
    if (status == HEED_BAD_DATA)
        fail(error, status, "configuration: broken JSON: %s", where.text);
    if (status != HEED_OK)
        return status;
    status = parse_root(out, root, error);
    json_decref(root);
    if (status != HEED_OK)
        config_release(out);
    return status;
}

/* ---- ownership */

void config_release(model_config *config)
{
    for (int i = 0; i < SECTIONS; i++)
        for (member m = {0}; member_next(&m, &sections[i]);)
            if (m.row->kind == OPTION_TEXT || m.row->kind == OPTION_JOINED) {
                char **text = option_place(m.row, (char *)config + m.offset);
                free(*text);
                *text = NULL;
            }
}
