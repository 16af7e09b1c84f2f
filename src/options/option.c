#include "options/option.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"

heed_status text_list_add(text_list *list, const char *item, heed_error *error)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL)
        return fail_memory(error, "a list");
    items[list->count++] = item;
    list->items = items;
    return HEED_OK;
}

void text_list_release(text_list *list)
{
    free(list->items);
    *list = (text_list){.items = NULL};
}

/* An enum is stored through an unsigned. */
_Static_assert(sizeof(heed_format) == sizeof(unsigned), "enums are as wide as unsigned");

static unsigned enum_read(const void *place)
{
    unsigned number;
    memcpy(&number, place, sizeof number);
    return number;
}

const char *option_value_name(char scratch[OPTION_NAMES], const option *o)
{
    if (o->choices == NULL)
        return o->value;
    names_list(scratch, OPTION_NAMES, o->choices);
    return scratch;
}

/* ---- values by name */

static heed_status refuse(const option *o, const char *found, const char *expected, heed_error *error)
{
    return fail(error, HEED_USAGE, "--%s: found '%s', expected %s", o->name, found, expected);
}

static heed_status store_whole(uint64_t *out, const option *o, const char *value, heed_error *error)
{
    if (o->word != NULL && strcmp(value, o->word) == 0) {
        *out = o->word_number;
        return HEED_OK;
    }
    if (!number_parse_whole(out, bytes_of(value)) || (long double)*out < o->min || (long double)*out > o->max)
        return fail(error, HEED_USAGE, "--%s: found '%s', expected a whole number from %.0Lf to %.0Lf%s%s", o->name,
                    value, o->min, o->max, o->word != NULL ? ", or " : "", o->word != NULL ? o->word : "");
    return HEED_OK;
}

static heed_status store_real(double *out, const option *o, const char *value, heed_error *error)
{
    double number = 0;
    if (!number_parse(&number, bytes_of(value)) || (long double)number < o->min || (long double)number > o->max)
        return fail(error, HEED_USAGE, "--%s: found '%s', expected a number from %Lg to %Lg", o->name, value, o->min,
                    o->max);
    *out = number;
    return HEED_OK;
}

/* Whether a value of the choice is the one with a file. */
static bool has_file(const option *o, unsigned value)
{
    return o->file != 0 && value == o->choices->count - 1;
}

const char *option_file_named(const option *o, const char *value)
{
    if (o->file == 0)
        return NULL;
    const char *name = names_of(o->choices, o->choices->count - 1);
    const size_t size = strlen(name);
    return strncmp(value, name, size) == 0 && value[size] == ':' ? value + size + 1 : NULL;
}

static heed_status store_choice(void *home, const option *o, const char *value, heed_error *error)
{
    char list[OPTION_NAMES];
    const char *file = option_file_named(o, value);
    unsigned number = o->choices->count - 1;
    if (file != NULL ? *file == '\0' : !names_find_any(&number, o->choices, value) || has_file(o, number))
        return refuse(o, value, option_value_name(list, o), error);
    memcpy(option_place(o, home), &number, sizeof number);
    if (o->file != 0 && o->file + sizeof file <= ((const heed_options_head *)home)->size)
        *(const char **)(void *)((char *)home + o->file) = file;
    return HEED_OK;
}

const char *option_file(const option *o, const void *home)
{
    return has_file(o, enum_read(option_field(o, home)))
               ? *(const char *const *)(const void *)((const char *)home + o->file)
               : NULL;
}

/* How a part of the rows is drawn, as written before the part. */
static const struct {
    heed_validation kind;
    const char *prefix;
} draws[] = {{HEED_VALIDATION_LAST, "last:"}, {HEED_VALIDATION_GROUPED, "grouped:"}, {HEED_VALIDATION_FRACTION, ""}};
enum { DRAWS = sizeof draws / sizeof *draws };

const char *option_validation_prefix(heed_validation kind)
{
    for (size_t i = 0; i < DRAWS; i++)
        if (draws[i].kind == kind)
            return draws[i].prefix;
    return NULL;
}

static heed_status store_validation(heed_train_options *out, const option *o, const char *value, heed_error *error)
{
    if (strcmp(value, "none") == 0) {
        out->validation = HEED_VALIDATION_NONE;
        return HEED_OK;
    }
    if (strcmp(value, "auto") == 0) {
        out->validation = HEED_VALIDATION_AUTO;
        out->validation_fraction = (double)o->initial.number;
        return HEED_OK;
    }
    size_t i = 0;
    while (strncmp(value, draws[i].prefix, strlen(draws[i].prefix)) != 0) /* the last one fits all */
        i++;
    double part = 0;
    if (!number_parse(&part, bytes_of(value + strlen(draws[i].prefix))) || part < (double)o->min ||
        part > (double)o->max)
        return refuse(o, value, "a part between 0 and 1 such as 0.2, last:0.2, grouped:0.2, auto or none", error);
    out->validation = draws[i].kind;
    out->validation_fraction = part;
    return HEED_OK;
}

heed_status option_store(const option *o, void *home, const char *value, heed_error *error)
{
    void *place = option_place(o, home);
    heed_status status = HEED_OK;
    uint64_t number = 0;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)place = value == NULL || strcmp(value, "true") == 0;
        return HEED_OK;
    case OPTION_NO_FLAG:
        *(bool *)place = value != NULL && strcmp(value, "false") == 0;
        return HEED_OK;
    case OPTION_TEXT:
    case OPTION_JOINED:
    case OPTION_LIST:
        if (*value == '\0' && o->empty_sets != 0) {
            *((bool *)home + o->empty_sets) = true;
            return HEED_OK;
        }
        if (*value == '\0' && !o->empty_is_value)
            return refuse(o, value, o->value, error);
        if (o->kind == OPTION_LIST)
            return text_list_add(place, value, error);
        *(const char **)place = value;
        return HEED_OK;
    case OPTION_WHOLE:
        status = store_whole(&number, o, value, error);
        if (status == HEED_OK)
            *(uint32_t *)place = (uint32_t)number;
        return status;
    case OPTION_SEED:
        status = store_whole(&number, o, value, error);
        if (status == HEED_OK)
            *(uint64_t *)place = number;
        return status;
    case OPTION_REAL:
        return store_real(place, o, value, error);
    case OPTION_CHOICE:
        return store_choice(home, o, value, error);
    case OPTION_VALIDATION:
        return store_validation(home, o, value, error);
    }
    return HEED_OK;
}

/* ---- values of fields */

static heed_status check_number(const option *o, double number, heed_error *error)
{
    if (((long double)number >= o->min && (long double)number <= o->max) || (number == 0 && o->zero_is_unset))
        return HEED_OK;
    return o->kind == OPTION_WHOLE
               ? fail(error, HEED_USAGE, "--%s: found %.0f, expected %.0Lf to %.0Lf", o->name, number, o->min, o->max)
               : fail(error, HEED_USAGE, "--%s: found %g, expected %Lg to %Lg", o->name, number, o->min, o->max);
}

heed_status option_check(const option *o, const void *home, heed_error *error)
{
    const void *place = option_field(o, home);
    char list[OPTION_NAMES];
    switch (o->kind) {
    case OPTION_WHOLE: {
        uint32_t number = *(const uint32_t *)place;
        return o->word != NULL && number == o->word_number ? HEED_OK : check_number(o, number, error);
    }
    case OPTION_SEED:
        if ((long double)*(const uint64_t *)place <= o->max)
            return HEED_OK;
        return fail(error, HEED_USAGE, "--%s: found %" PRIu64 ", expected at most %.0Lf", o->name,
                    *(const uint64_t *)place, o->max);
    case OPTION_REAL:
        return check_number(o, *(const double *)place, error);
    case OPTION_CHOICE:
        if (names_have(o->choices, enum_read(place)))
            return HEED_OK;
        return fail(error, HEED_USAGE, "--%s: found the number %d, expected one of %s", o->name, (int)enum_read(place),
                    option_value_name(list, o));
    case OPTION_VALIDATION: {
        const heed_train_options *t = home;
        if (t->validation != HEED_VALIDATION_NONE && t->validation != HEED_VALIDATION_AUTO &&
            option_validation_prefix(t->validation) == NULL)
            return fail(error, HEED_USAGE, "--%s: found the number %d, expected a heed_validation", o->name,
                        (int)t->validation);
        return t->validation == HEED_VALIDATION_NONE ? HEED_OK : check_number(o, t->validation_fraction, error);
    }
    default:
        return HEED_OK;
    }
}

static const option_initial *initial_of(const option *o, heed_preset preset)
{
    bool own = o->recipe.number > 0 || o->recipe.text != NULL;
    return preset == HEED_PRESET_TUTORIAL        ? &o->tutorial
           : preset == HEED_PRESET_RECIPE && own ? &o->recipe
                                                 : &o->initial;
}

void option_preset(const option *o, void *home, heed_preset preset)
{
    const option_initial *initial = initial_of(o, preset);
    void *place = option_place(o, home);
    unsigned number;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)place = initial->number > 0;
        break;
    case OPTION_NO_FLAG: /* the field of a flag, which has the value */
        break;
    case OPTION_TEXT:
    case OPTION_JOINED:
        *(const char **)place = initial->text;
        break;
    case OPTION_LIST:
        break;
    case OPTION_WHOLE:
        *(uint32_t *)place = (uint32_t)initial->number;
        break;
    case OPTION_SEED:
        *(uint64_t *)place = (uint64_t)initial->number;
        break;
    case OPTION_REAL:
        *(double *)place = (double)initial->number;
        break;
    case OPTION_CHOICE:
        number = (unsigned)initial->number;
        memcpy(place, &number, sizeof number);
        break;
    case OPTION_VALIDATION: {
        heed_train_options *t = home;
        t->validation = initial->text != NULL ? HEED_VALIDATION_LAST : HEED_VALIDATION_AUTO;
        t->validation_fraction = (double)initial->number;
        break;
    }
    }
}

size_t option_size(const option *o)
{
    switch (o->kind) {
    case OPTION_FLAG:
    case OPTION_NO_FLAG:
        return sizeof(bool);
    case OPTION_WHOLE:
        return sizeof(uint32_t);
    case OPTION_SEED:
        return sizeof(uint64_t);
    case OPTION_REAL:
        return sizeof(double);
    case OPTION_CHOICE:
        return sizeof(unsigned);
    case OPTION_LIST:
        return sizeof(text_list);
    case OPTION_VALIDATION:
        return offsetof(heed_train_options, validation_fraction) + sizeof(double) -
               offsetof(heed_train_options, validation);
    default:
        return sizeof(char *);
    }
}

void option_record_name(char out[64], const option *o)
{
    snprintf(out, 64, "%s", o->record_name != NULL ? o->record_name : o->name);
    for (char *dash = strchr(out, '-'); dash != NULL; dash = strchr(dash, '-'))
        *dash = '_';
}

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool option_equal(const option *o, const void *home, const void *other)
{
    const void *a = option_field(o, home), *b = option_field(o, other);
    switch (o->kind) {
    case OPTION_FLAG:
    case OPTION_NO_FLAG:
        return *(const bool *)a == *(const bool *)b;
    case OPTION_TEXT:
    case OPTION_JOINED:
        return texts_equal(*(const char *const *)a, *(const char *const *)b);
    case OPTION_WHOLE:
        return *(const uint32_t *)a == *(const uint32_t *)b;
    case OPTION_SEED:
        return *(const uint64_t *)a == *(const uint64_t *)b;
    case OPTION_REAL:
        return *(const double *)a == *(const double *)b;
    case OPTION_CHOICE:
        return enum_read(a) == enum_read(b) && texts_equal(option_file(o, home), option_file(o, other));
    case OPTION_VALIDATION: {
        const heed_train_options *x = home, *y = other;
        return x->validation == y->validation && x->validation_fraction == y->validation_fraction;
    }
    case OPTION_LIST:
        break;
    }
    return false;
}

/* In a model, which has the file's contents, the name is without a path. */
static void print_choice(char *out, size_t size, const option *o, const void *home)
{
    const unsigned value = enum_read(option_field(o, home));
    const char *file = option_file(o, home);
    if (has_file(o, value))
        snprintf(out, size, "%s%s%s", names_of(o->choices, value), file == NULL ? "" : ":", file == NULL ? "" : file);
    else
        snprintf(out, size, "%s", names_shown(o->choices, value));
}

void option_print(char *out, size_t size, const option *o, const void *home)
{
    const void *place = option_field(o, home);
    *out = '\0';
    switch (o->kind) {
    case OPTION_TEXT:
    case OPTION_JOINED: {
        const char *text = *(const char *const *)place;
        snprintf(out, size, "%s", text != NULL ? text : "none");
        break;
    }
    case OPTION_WHOLE: {
        uint32_t number = *(const uint32_t *)place;
        if (o->word != NULL && number == o->word_number)
            snprintf(out, size, "%s", o->word);
        else
            snprintf(out, size, "%" PRIu32, number);
        break;
    }
    case OPTION_SEED:
        snprintf(out, size, "%" PRIu64, *(const uint64_t *)place);
        break;
    case OPTION_REAL:
        snprintf(out, size, "%g", *(const double *)place);
        break;
    case OPTION_CHOICE:
        print_choice(out, size, o, home);
        break;
    case OPTION_VALIDATION: {
        const heed_train_options *t = home;
        if (t->validation == HEED_VALIDATION_NONE || t->validation == HEED_VALIDATION_AUTO)
            snprintf(out, size, "%s", t->validation == HEED_VALIDATION_NONE ? "none" : "auto");
        else
            snprintf(out, size, "%s%g", option_validation_prefix(t->validation), t->validation_fraction);
        break;
    }
    case OPTION_FLAG:
        snprintf(out, size, "%s", *(const bool *)place ? "yes" : "no");
        break;
    case OPTION_NO_FLAG:
    case OPTION_LIST:
        break;
    }
}
