#include "settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "config_file.h"
#include "options.h"

/* ---------------------------------------------------------------- values */

static heed_status value_refuse(const option *o, const char *found, const char *expected, heed_error *error)
{
    return fail(error, HEED_USAGE, "--%s: found '%s', expected %s", o->name, found, expected);
}

static heed_status whole_read(uint64_t *out, const option *o, const char *value, heed_error *error)
{
    if (!number_parse_whole(out, bytes_of(value)) || (long double)*out < o->least || (long double)*out > o->most)
        return fail(error, HEED_USAGE, "--%s: found '%s', expected a whole number from %.0Lf to %.0Lf%s", o->name,
                        value, o->least, o->most,
                        o->type == OPTION_LENGTH   ? ", or mean"
                        : o->type == OPTION_FREEZE ? ", or always"
                                                   : "");
    return HEED_OK;
}

static heed_status whole_store(uint32_t *out, const option *o, const char *value, heed_error *error)
{
    uint64_t number = 0; /* "mean" */
    bool mean = o->type == OPTION_LENGTH && strcmp(value, "mean") == 0;
    heed_status status = mean ? HEED_OK : whole_read(&number, o, value, error);
    if (status == HEED_OK)
        *out = (uint32_t)number;
    return status;
}

static heed_status freeze_store(uint32_t *out, const option *o, const char *value, heed_error *error)
{
    uint64_t number = UINT32_MAX; /* "always" */
    heed_status status = strcmp(value, "always") == 0 ? HEED_OK : whole_read(&number, o, value, error);
    if (status == HEED_OK)
        *out = (uint32_t)number;
    return status;
}

static heed_status real_store(double *out, const option *o, const char *value, heed_error *error)
{
    double number = 0;
    if (!number_parse(&number, bytes_of(value)) || number < o->least || number > o->most)
        return fail(error, HEED_USAGE, "--%s: found '%s', expected a number from %Lg to %Lg", o->name, value,
                        o->least, o->most);
    *out = number;
    return HEED_OK;
}

static heed_status choice_store(void *out, const option *o, const char *value, heed_error *error)
{
    int found = choice_find(o->value, value);
    if (found < 0)
        return value_refuse(o, value, o->value, error);
    unsigned number = (unsigned)found;
    memcpy(out, &number, sizeof number);
    return HEED_OK;
}

static heed_status validation_store(heed_train_options *out, const option *o, const char *value, heed_error *error)
{
    if (strcmp(value, "none") == 0) {
        out->validation = HEED_VALIDATION_NONE;
        return HEED_OK;
    }
    bool last = strncmp(value, "last:", 5) == 0;
    double part = 0;
    if (!number_parse(&part, bytes_of(last ? value + 5 : value)) || part < o->least || part > o->most)
        return value_refuse(o, value, "a part between 0 and 1 such as 0.2, last:0.2, or none", error);
    out->validation = last ? HEED_VALIDATION_LAST : HEED_VALIDATION_FRACTION;
    out->validation_fraction = part;
    return HEED_OK;
}

static heed_status list_add(string_list *list, const char *item, heed_error *error)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL)
        return fail(error, HEED_FAILED, "out of memory for the command line");
    items[list->count++] = item;
    list->items = items;
    return HEED_OK;
}

heed_status settings_store(settings *s, const option *o, const char *value, heed_error *error)
{
    void *place = (char *)s + o->offset;
    switch (o->type) {
    case OPTION_FLAG:
        *(bool *)place = value == NULL || strcmp(value, "true") == 0;
        return HEED_OK;
    case OPTION_NO_FLAG:
        *(bool *)place = false;
        return HEED_OK;
    case OPTION_TEXT:
        if (*value == '\0')
            return value_refuse(o, value, o->value, error);
        *(const char **)place = value;
        return HEED_OK;
    case OPTION_LIST:
        return *value == '\0' ? value_refuse(o, value, o->value, error) : list_add(place, value, error);
    case OPTION_WHOLE:
    case OPTION_LENGTH:
        return whole_store(place, o, value, error);
    case OPTION_FREEZE:
        return freeze_store(place, o, value, error);
    case OPTION_SEED:
        return whole_read(place, o, value, error);
    case OPTION_REAL:
        return real_store(place, o, value, error);
    case OPTION_CHOICE:
        return choice_store(place, o, value, error);
    case OPTION_VALIDATION:
        return validation_store(place, o, value, error);
    }
    return HEED_OK;
}

/* ---------------------------------------------------------------- the line */

static bool option_is_flag(const option *o)
{
    return o->type == OPTION_FLAG || o->type == OPTION_NO_FLAG;
}

static heed_status option_unknown(const settings *s, const char *argument, size_t size, heed_error *error)
{
    const char *command = s->command->name;
    if (option_find(~0u, argument + 2, size - 2) != NULL)
        return fail(error, HEED_USAGE, "%s takes no option %.*s; 'heed %s --help' lists what it takes", command,
                        (int)size, argument, command);
    const char *near = option_suggest(s->command->bit, argument + 2, size - 2);
    if (near != NULL)
        return fail(error, HEED_USAGE, "%s: unknown option %.*s; did you mean --%s?", command, (int)size, argument,
                        near);
    return fail(error, HEED_USAGE, "%s: unknown option %.*s; 'heed %s --help' lists the known ones", command,
                    (int)size, argument, command);
}

static heed_status option_name(settings *s, const option *o, const char *value)
{
    s->namings[s->naming_count++] = (naming){.option = o, .value = value};
    return HEED_OK;
}

/* --name, --name=value or --name value; *at moves on where the next argument is the value. */
static heed_status long_option(settings *s, int *at, int count, char **arguments, heed_error *error)
{
    const char *argument = arguments[*at];
    size_t size = strcspn(argument, "=");
    const option *o = option_find(s->command->bit, argument + 2, size - 2);
    if (o == NULL)
        return option_unknown(s, argument, size, error);
    const char *value = argument[size] == '=' ? argument + size + 1 : NULL;
    if (option_is_flag(o)) {
        if (value != NULL)
            return fail(error, HEED_USAGE, "--%s: found the value '%s', but it takes none", o->name, value);
        return option_name(s, o, NULL);
    }
    if (value != NULL)
        return option_name(s, o, value);
    if (*at + 1 >= count)
        return fail(error, HEED_USAGE, "--%s: a value is missing, expected --%s %s", o->name, o->name, o->value);
    value = arguments[++*at];
    if (value[0] == '-' && value[1] == '-')
        return fail(error, HEED_USAGE,
                        "--%s: a value is missing, found the option %s; if that is the value, write --%s=%s", o->name,
                        value, o->name, value);
    return option_name(s, o, value);
}

static heed_status short_option(settings *s, const char *argument, heed_error *error)
{
    const option *o = argument[2] == '\0' ? option_by_letter(s->command->bit, argument[1]) : NULL;
    if (o != NULL)
        return option_name(s, o, NULL);
    const char *answer = option_of_fasttext(argument);
    if (answer != NULL)
        return fail(error, HEED_USAGE, "%s is a fastText option; here it is %s", argument, answer);
    size_t size = strcspn(argument + 1, "=");
    const char *near = option_suggest(s->command->bit, argument + 1, size);
    if (size > 1 && near != NULL)
        return fail(error, HEED_USAGE, "%s: unknown option %s; did you mean --%s?", s->command->name, argument,
                        near);
    return fail(error, HEED_USAGE, "%s: unknown option %s; 'heed %s --help' lists the known ones", s->command->name,
                    argument, s->command->name);
}

static heed_status line_read(settings *s, int count, char **arguments, heed_error *error)
{
    heed_status status = HEED_OK;
    bool ended = false;
    s->namings = calloc((size_t)count + 1, sizeof *s->namings);
    if (s->namings == NULL)
        return fail(error, HEED_FAILED, "out of memory for the command line");
    for (int i = 0; i < count && status == HEED_OK; i++) {
        const char *argument = arguments[i];
        if (!ended && strcmp(argument, "--") == 0)
            ended = true;
        else if (ended || argument[0] != '-' || argument[1] == '\0')
            status = list_add(&s->operands, argument, error);
        else if (argument[1] == '-')
            status = long_option(s, &i, count, arguments, error);
        else
            status = short_option(s, argument, error);
    }
    return status;
}

/* ---------------------------------------------------------------- defaults and what overrides them */

void settings_default(settings *s, heed_preset preset)
{
    heed_rows_options_init(&s->rows);
    heed_preset_text(&s->text, preset);
    heed_preset_train(&s->train, preset);
    heed_vectors_options_init(&s->learn);
    s->preset = preset;
    s->rows.tutorial = preset == HEED_PRESET_TUTORIAL;
    s->seeds = 3;
    s->resamples = 1000;
    s->sample_rows = 300;
    s->top_k = s->command->bit == COMMAND_VECTORS ? 10 : 1;
    s->output_folder = "heed-demo";
    s->serve = (serve_options){.address = "127.0.0.1",
                                .port = 8080,
                                .connections = 256,
                                .connections_each = 64,
                                .max_body = 1 << 20,
                                .max_texts = 1024,
                                .queue = 512,
                                .header_seconds = 5,
                                .request_seconds = 30,
                                .drain_seconds = 30};
}

static heed_status columns_join(settings *s, heed_error *error)
{
    size_t size = 1;
    for (size_t i = 0; i < s->column_names.count; i++)
        size += strlen(s->column_names.items[i]) + 1;
    free(s->columns);
    s->columns = calloc(size, 1);
    if (s->columns == NULL)
        return fail(error, HEED_FAILED, "out of memory for the command line");
    for (size_t i = 0; i < s->column_names.count; i++) {
        strcat(s->columns, i == 0 ? "" : ",");
        strcat(s->columns, s->column_names.items[i]);
    }
    s->rows.text_columns = s->columns;
    return HEED_OK;
}

/* A value of the config file is refused by the file's name in place of dashes. */
static heed_status naming_tell(const settings *s, const naming *n, heed_status status, heed_error *error)
{
    return status == HEED_OK || !n->from_config ? status : config_blame(s->config, status, error);
}

/* Lays what was named over what is there: all of it, or the rows' options alone. */
static heed_status settings_override(settings *s, bool rows_alone, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < s->naming_count; i++)
        if (s->namings[i].option->type == OPTION_LIST && (!rows_alone || s->namings[i].option->group == GROUP_ROWS))
            ((string_list *)(void *)((char *)s + s->namings[i].option->offset))->count = 0; /* it is laid again */
    for (size_t i = 0; i < s->naming_count && status == HEED_OK; i++)
        if (!rows_alone || s->namings[i].option->group == GROUP_ROWS)
            status = naming_tell(s, &s->namings[i], settings_store(s, s->namings[i].option, s->namings[i].value, error),
                                 error);
    if (status == HEED_OK && s->column_names.count > 0)
        status = columns_join(s, error);
    return status;
}

static const naming *naming_last(const settings *s, const char *name)
{
    for (size_t i = s->naming_count; i-- > 0;)
        if (strcmp(s->namings[i].option->name, name) == 0)
            return &s->namings[i];
    return NULL;
}

bool settings_named(const settings *s, const char *option)
{
    return naming_last(s, option) != NULL;
}

static bool stage_named(const settings *s)
{
    for (size_t i = 0; i < s->naming_count; i++)
        if (s->namings[i].option->group == GROUP_STAGES)
            return true;
    return false;
}

/* The preset stands first, wherever it was named. heed clean knows a third way: some stages and no other. */
static heed_status settings_fill(settings *s, heed_error *error)
{
    heed_preset preset = HEED_PRESET_DEFAULT;
    const naming *named = naming_last(s, "preset");
    if (named != NULL) {
        heed_status status = naming_tell(s, named, choice_store(&preset, named->option, named->value, error), error);
        if (status != HEED_OK)
            return status;
    }
    settings_default(s, preset);
    if (s->command->bit == COMMAND_CLEAN && named == NULL && stage_named(s))
        heed_text_options_init(&s->text);
    return settings_override(s, false, error);
}

static heed_status rivals_check(const settings *s, heed_error *error)
{
    size_t count = 0;
    const option_pair *pairs = option_rivals(&count);
    for (size_t i = 0; i < count; i++)
        if (settings_named(s, pairs[i].one) && settings_named(s, pairs[i].other))
            return fail(error, HEED_USAGE, "%s: found --%s and --%s, expected one of them%s", s->command->name,
                            pairs[i].one, pairs[i].other, pairs[i].why);
    return HEED_OK;
}

static heed_status operands_check(const settings *s, heed_error *error)
{
    const command *c = s->command;
    if (s->operands.count < c->least)
        return fail(error, HEED_USAGE, "%s: an argument is missing, expected heed %s %s", c->name, c->name,
                        c->arguments);
    if (s->operands.count > c->most)
        return fail(error, HEED_USAGE, "%s: found the argument '%s', expected heed %s %s", c->name,
                        s->operands.items[c->most], c->name, c->arguments);
    return HEED_OK;
}

heed_status settings_init(settings *s, const command *c, int count, char **arguments, heed_error *error)
{
    *s = (settings){.command = c};
    heed_status status = line_read(s, count, arguments, error);
    const naming *config = naming_last(s, "config");
    if (status == HEED_OK && config != NULL) {
        s->config = config->value;
        status = config_read(s, s->config, error);
    }
    if (status == HEED_OK)
        status = settings_fill(s, error);
    if (status == HEED_OK && !s->help)
        status = rivals_check(s, error);
    if (status == HEED_OK && !s->help && !s->show_config)
        status = operands_check(s, error);
    return status;
}

void settings_release(settings *s)
{
    free(s->operands.items);
    free(s->train_files.items);
    free(s->requirements.items);
    free(s->architectures.items);
    free(s->variants.items);
    free(s->ranges.items);
    free(s->column_names.items);
    free(s->explain_files.items);
    free(s->namings);
    free(s->columns);
    for (size_t i = 0; i < s->config_texts.count; i++)
        free((void *)s->config_texts.items[i]);
    free(s->config_texts.items);
}

/* Prediction answers every record, whatever stands in its label: "" asks for none, and holds against the tutorial's
 * own rules as well. The file may be of another kind than those of the training. */
static void rows_without_labels(heed_rows_options *rows)
{
    rows->format = HEED_FORMAT_AUTO;
    rows->label_column = rows->label_map = rows->drop_labels = "";
    rows->label_from = NULL;
}

static bool is_model_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && strcmp(dot, ".safetensors") == 0;
}

/* A file of rows in the model's place is told by a model in theirs. */
heed_status settings_model_load(heed_model **out, const settings *s, heed_error *error)
{
    const char *const *names = s->operands.items;
    heed_status status = heed_model_load(out, names[0], error);
    for (size_t i = 1; status == HEED_BAD_DATA && i < s->operands.count && !is_model_name(names[0]); i++)
        if (is_model_name(names[i])) {
            heed_error found = *error;
            return fail(error, status, "%.600s; MODEL comes first: heed %s %s %s", found.message, s->command->name,
                            names[i], names[0]);
        }
    return status;
}

heed_status settings_rows_of_model(settings *s, const heed_model *model, heed_error *error)
{
    heed_model_rows_options(model, &s->rows);
    s->rows.need_label = s->command->bit == COMMAND_EVALUATE;
    s->rows.on_bad_row = HEED_BAD_ROW_FAILS;
    s->rows.split_column = s->rows.group_column = s->rows.weight_column = NULL; /* matters of training */
    if (!s->rows.need_label)
        rows_without_labels(&s->rows);
    if (settings_named(s, "label-column") || settings_named(s, "label-from"))
        s->rows.label_column = s->rows.label_from = s->rows.label_map =
            NULL; /* another label: the model's rule is off */
    if (s->rows.label_separator == NULL && heed_model_task(model) == HEED_TASK_MULTILABEL)
        s->rows.label_separator = ","; /* the library trained it, on rows of its own */
    return settings_override(s, true, error);
}

/* What of the text can be said anew of a model's training. */
static bool is_fixed_by_model(const option *o)
{
    return o->group == GROUP_STAGES || strcmp(o->name, "preset") == 0 ||
           (o->group == GROUP_WORDS && strcmp(o->name, "max-words") != 0 && strcmp(o->name, "min-count") != 0);
}

heed_status settings_start_from(settings *s, const heed_model *model, heed_error *error)
{
    heed_text_options text;
    for (size_t i = 0; i < s->naming_count; i++)
        if (!s->namings[i].from_config && is_fixed_by_model(s->namings[i].option))
            return fail(error, HEED_USAGE,
                            "--%s: found with --init-from, whose model says it already; leave it out",
                            s->namings[i].option->name);
    heed_model_rows_options(model, &s->rows);
    heed_model_train_options(model, &s->train);
    heed_model_text_options(model, &text);
    s->train.init_from = model;
    s->text.max_words = text.max_words;
    s->text.min_count = text.min_count;
    return settings_override(s, false, error);
}

/* What was read from a pipe to find out cannot be read again. */
static bool can_be_reopened(const char *path)
{
    struct stat found;
    return strcmp(path, "-") != 0 && stat(path, &found) == 0 && !S_ISFIFO(found.st_mode) && !S_ISCHR(found.st_mode);
}

/* The model's id column is welcome, not needed. Lines on standard input are in the terminal's encoding, whatever that
 * of the training files was. */
heed_status settings_reader_open(heed_reader **out, const settings *s, const char *const *paths, size_t count,
                                 heed_error *error)
{
    heed_rows_options rows = s->rows;
    bool stored_id = rows.id_column != NULL && !settings_named(s, "id-column");
    bool again = can_be_reopened(paths[0]);
    if (!again && stored_id)
        rows.id_column = NULL;
    if (strcmp(paths[0], "-") == 0 && rows.format == HEED_FORMAT_AUTO && !settings_named(s, "encoding"))
        rows.encoding = HEED_UTF8;
    heed_status status = heed_reader_open(out, paths, count, &rows, error);
    if (status == HEED_BAD_DATA && stored_id && again) {
        rows.id_column = NULL;
        status = heed_reader_open(out, paths, count, &rows, error);
    }
    return status;
}
