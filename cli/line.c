#include "line.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "command_options.h"
#include "config_file.h"
#include "fasttext_options.h"
#include "options/option_checks.h"

/* ---------------------------------------------------------------- words */

static bool option_is_flag(const option *o)
{
    return o->kind == OPTION_FLAG || o->kind == OPTION_NO_FLAG;
}

static heed_status option_unknown(const settings *s, const char *argument, size_t size, heed_error *error)
{
    const char *command = s->command->name;
    if (any_option_named(argument + 2, size - 2) != NULL)
        return fail(error, HEED_USAGE, "%s does not take option %.*s; 'heed %s --help' lists its options", command,
                    (int)size, argument, command);
    const char *near = command_option_suggest(s->command, argument + 2, size - 2);
    if (near != NULL)
        return fail(error, HEED_USAGE, "%s: unknown option %.*s; did you mean --%s?", command, (int)size, argument,
                    near);
    return fail(error, HEED_USAGE, "%s: unknown option %.*s; 'heed %s --help' lists the known ones", command, (int)size,
                argument, command);
}

static heed_status option_name(settings *s, const option *o, const char *value)
{
    s->namings[s->naming_count++] = (naming){.option = o, .value = value};
    return HEED_OK;
}

/* --name, --name=value or --name value; *at moves on if the next argument is the value. */
static heed_status long_option(settings *s, int *at, int count, char **arguments, heed_error *error)
{
    char list[OPTION_NAMES];
    const char *argument = arguments[*at];
    size_t size = strcspn(argument, "=");
    const option *o = command_option_named(s->command, argument + 2, size - 2);
    if (o == NULL)
        return option_unknown(s, argument, size, error);
    const char *value = argument[size] == '=' ? argument + size + 1 : NULL;
    if (option_is_flag(o)) {
        if (value != NULL)
            return fail(error, HEED_USAGE, "--%s: found the value '%s', but it does not take one", o->name, value);
        return option_name(s, o, NULL);
    }
    if (value != NULL)
        return option_name(s, o, value);
    if (*at + 1 >= count)
        return fail(error, HEED_USAGE, "--%s: a value is missing, expected --%s %s", o->name, o->name,
                    option_value_name(list, o));
    value = arguments[++*at];
    if (value[0] == '-' && value[1] == '-')
        return fail(error, HEED_USAGE,
                    "--%s: a value is missing, found the option %s; if that is the value, write --%s=%s", o->name,
                    value, o->name, value);
    return option_name(s, o, value);
}

static heed_status short_option(settings *s, const char *argument, heed_error *error)
{
    const option *o = argument[2] == '\0' ? command_option_by_letter(s->command, argument[1]) : NULL;
    if (o != NULL)
        return option_name(s, o, NULL);
    const char *answer = option_of_fasttext(argument);
    if (answer != NULL)
        return fail(error, HEED_USAGE, "%s is a fastText option; heed has %s", argument, answer);
    size_t size = strcspn(argument + 1, "=");
    const char *near = command_option_suggest(s->command, argument + 1, size);
    if (size > 1 && near != NULL)
        return fail(error, HEED_USAGE, "%s: unknown option %s; did you mean --%s?", s->command->name, argument, near);
    return fail(error, HEED_USAGE, "%s: unknown option %s; 'heed %s --help' lists the known ones", s->command->name,
                argument, s->command->name);
}

static heed_status line_read(settings *s, int count, char **arguments, heed_error *error)
{
    heed_status status = HEED_OK;
    bool ended = false;
    s->namings = calloc((size_t)count + 1, sizeof *s->namings);
    if (s->namings == NULL)
        return fail_memory(error, "the command line");
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        if (!ended && strcmp(argument, "--") == 0)
            ended = true;
        else if (ended || argument[0] != '-' || argument[1] == '\0' || argument[1] == ':')
            TRY(text_list_add(&s->operands, argument, error));
        else if (argument[1] == '-')
            TRY(long_option(s, &i, count, arguments, error));
        else
            TRY(short_option(s, argument, error));
    }
done:
    return status;
}

/* ---------------------------------------------------------------- defaults and what overrides them */

static bool stage_named(const settings *s)
{
    for (size_t i = 0; i < s->naming_count; i++)
        if (s->namings[i].option->group == GROUP_STAGES && !s->namings[i].option->always_on)
            return true;
    return false;
}

/* Whether heed tune draws the architecture. */
static bool architecture_is_drawn(const settings *s)
{
    static const char head[] = "architecture=";
    for (size_t i = 0; i < s->naming_count; i++)
        if (strcmp(s->namings[i].option->name, "range") == 0 &&
            strncmp(s->namings[i].value, head, sizeof head - 1) == 0)
            return true;
    return false;
}

/* Whether the command trains what is chosen for the rows, unless it is told otherwise. */
static bool recipe_is_usual(const settings *s)
{
    return (s->command->touches & TOUCHES_TRAINING) != 0 && !settings_named(s, "architecture") &&
           !settings_named(s, "init-from") && !architecture_is_drawn(s);
}

static bool is_for_network(const settings *s, const option *o)
{
    return o->needs_network && !(o->serves_encoder && s->text.encoder != NULL);
}

static bool is_for_encoder(const settings *s, const option *o)
{
    (void)s;
    return o->needs_encoder;
}

/* An option of a kind: on the command line, or in the config file with another value than the recipe's. */
static const option *option_asked(const settings *s, bool (*is_of)(const settings *s, const option *o))
{
    settings usual = {.command = s->command};
    settings_default(&usual, HEED_PRESET_RECIPE);
    for (size_t i = 0; i < s->naming_count; i++) {
        const option *o = s->namings[i].option;
        if (is_of(s, o) &&
            (!s->namings[i].from_config || !option_equal(o, settings_home_of(s, o), settings_home(&usual, o))))
            return o;
    }
    return NULL;
}

/* A model to start from may have an encoder of its own. */
static heed_status check_encoder(const settings *s, heed_error *error)
{
    const option *o = option_asked(s, is_for_encoder);
    if (o == NULL || s->text.encoder != NULL || settings_named(s, "init-from"))
        return HEED_OK;
    return fail(error, HEED_USAGE, "--%s: is for an encoder that learns, and there is none; add --encoder FOLDER",
                o->name);
}

/* The recipe that the options ask for: one with a network if there is an option that only a network has. */
static heed_status recipe_settle(settings *s, heed_error *error)
{
    static const char word[] = "recipe";
    static const char *const texts[] = {"recipe default", "recipe fast", "recipe best"};
    const char *text = s->train.architecture;
    bool fast = s->recipe == RECIPE_CHOICE_FAST;
    const naming *named = naming_last(s, word);
    if (text == NULL || strncmp(text, word, sizeof word - 1) != 0)
        return named == NULL || named->from_config
                   ? HEED_OK
                   : fail(error, HEED_USAGE, "%s: found --recipe and %s, expected one of them", s->command->name,
                          settings_named(s, "architecture") ? "--architecture"
                          : settings_named(s, "init-from")  ? "--init-from"
                                                            : "--preset");
    const option *network = option_asked(s, is_for_network);
    if (fast && network != NULL)
        return fail(error, HEED_USAGE, "--%s: is for a network, and --recipe fast has none; leave out one of the two",
                    network->name);
    if (s->recipe == RECIPE_CHOICE_DEFAULT && network != NULL)
        s->train.architecture = "recipe network";
    else if (s->recipe != RECIPE_CHOICE_DEFAULT)
        s->train.architecture = texts[s->recipe];
    return HEED_OK;
}

/* The preset is applied first, wherever it is on the line. heed clean has a third mode: only the given stages. */
static heed_status settings_fill(settings *s, heed_error *error)
{
    const naming *named = naming_last(s, "preset");
    heed_status status;
    if (named != NULL)
        TRY(naming_lay(s, named, error));
    else if (recipe_is_usual(s))
        s->preset = HEED_PRESET_RECIPE;
    settings_default(s, s->preset);
    if (s->command == &clean_command && named == NULL && stage_named(s))
        heed_text_options_init(&s->text, HEED_PRESET_OFF);
    TRY(settings_override(s, false, error));
    TRY(check_encoder(s, error));
    status = recipe_settle(s, error);
done:
    return status;
}

static heed_status rivals_check(const settings *s, heed_error *error)
{
    for (const option_pair *pair = option_rivals(); pair->one != NULL; pair++)
        if (settings_named(s, pair->one) && settings_named(s, pair->other))
            return fail(error, HEED_USAGE, "%s: found --%s and --%s, expected one of them%s", s->command->name,
                        pair->one, pair->other, pair->why);
    return HEED_OK;
}

/* What a config file says of these options may be their defaults, so it is checked by value where texts are read. */
static heed_status tokenizer_check(const settings *s, heed_error *error)
{
    for (size_t i = 0; s->text.tokens == HEED_TOKENS_WORDPIECE && i < s->naming_count; i++)
        if (s->namings[i].option->is_tokenizers && !s->namings[i].from_config)
            return refuse_beside_tokenizer(s->namings[i].option, error);
    return HEED_OK;
}

static heed_status operands_check(const settings *s, heed_error *error)
{
    const command *c = s->command;
    if (s->operands.count < c->min_arguments)
        return fail(error, HEED_USAGE, "%s: an argument is missing, expected heed %s %s", c->name, c->name,
                    c->arguments);
    if (s->operands.count > c->max_arguments)
        return fail(error, HEED_USAGE, "%s: found the argument '%s', expected heed %s %s", c->name,
                    s->operands.items[c->max_arguments], c->name, c->arguments);
    return HEED_OK;
}

heed_status settings_init(settings *s, const command *c, int count, char **arguments, heed_error *error)
{
    *s = (settings){.command = c};
    heed_status status;
    TRY(line_read(s, count, arguments, error));
    const naming *config = naming_last(s, "config");
    if (config != NULL) {
        s->config = config->value;
        TRY(config_read(s, s->config, error));
    }
    TRY(settings_fill(s, error));
    if (!s->help)
        TRY(rivals_check(s, error));
    if (!s->help)
        TRY(tokenizer_check(s, error));
    if (!s->help && !s->show_config)
        TRY(operands_check(s, error));
done:
    return status;
}
