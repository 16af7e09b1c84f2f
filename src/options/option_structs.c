#include "options/option_structs.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/writer.h"

typedef union any_options {
    heed_options_head head;
    heed_rows_options rows;
    heed_text_options text;
    heed_train_options train;
    heed_vectors_options vectors;
    heed_explain_options explain;
    heed_faithfulness_options faithfulness;
    heed_compare_options compare;
    heed_tune_options tune;
    heed_report_options report;
} any_options;

static const size_t sizes[] = {[HEED_OPTIONS_ROWS] = sizeof(heed_rows_options),
                               [HEED_OPTIONS_TEXT] = sizeof(heed_text_options),
                               [HEED_OPTIONS_TRAIN] = sizeof(heed_train_options),
                               [HEED_OPTIONS_VECTORS] = sizeof(heed_vectors_options),
                               [HEED_OPTIONS_EXPLAIN] = sizeof(heed_explain_options),
                               [HEED_OPTIONS_FAITHFULNESS] = sizeof(heed_faithfulness_options),
                               [HEED_OPTIONS_COMPARE] = sizeof(heed_compare_options),
                               [HEED_OPTIONS_TUNE] = sizeof(heed_tune_options),
                               [HEED_OPTIONS_REPORT] = sizeof(heed_report_options)};

void options_set_head(heed_options_kind home, void *out, heed_preset preset)
{
    *(heed_options_head *)out = (heed_options_head){sizes[home], home, preset};
}

void options_preset(heed_options_kind home, void *out, heed_preset preset)
{
    memset(out, 0, sizes[home]);
    options_set_head(home, out, preset);
    bool off = home == HEED_OPTIONS_TEXT && preset == HEED_PRESET_OFF;
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if (!off || o->always_on)
            option_preset(o, out, preset);
}

heed_status options_check(heed_options_kind home, const void *values, heed_error *error)
{
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o)) {
        heed_status status = option_check(o, values, error);
        if (status != HEED_OK)
            return status;
    }
    return HEED_OK;
}

bool options_equal(heed_options_kind home, const void *a, const void *b, unsigned touches)
{
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if ((o->touches & touches) == touches && !option_equal(o, a, b))
            return false;
    return true;
}

/* ---- structs of callers, who may have been compiled with an older heed.h */

/* Members are aligned, so that a struct whose size is a multiple of the alignment ends between two of them. */
static heed_status check_head(heed_options_kind home, const heed_options_head *head, heed_error *error)
{
    if (head == NULL || head->size < sizeof *head || head->size % _Alignof(heed_options_head) != 0 ||
        head->kind != home || head->preset > HEED_PRESET_RECIPE)
        return fail(error, HEED_USAGE,
                    "options: found a struct that is not filled, expected a call of its _init first");
    if (head->size > sizes[home])
        return fail(error, HEED_USAGE,
                    "options: found a struct of %zu bytes, expected at most %zu: the program was built with a newer "
                    "heed.h than the library",
                    head->size, sizes[home]);
    return HEED_OK;
}

heed_status options_take(heed_options_kind home, void *out, const void *options, heed_error *error)
{
    const heed_options_head *head = options;
    heed_status status = check_head(home, head, error);
    if (status != HEED_OK)
        return status;
    options_preset(home, out, head->preset);
    memcpy(out, options, head->size);
    ((heed_options_head *)out)->size = sizes[home];
    return HEED_OK;
}

void heed_options_init(void *out, size_t size, heed_options_kind kind, heed_preset preset)
{
    any_options full;
    if (size < sizeof full.head)
        return;
    memset(out, 0, size);
    if ((size_t)kind < sizeof sizes / sizeof *sizes && (unsigned)preset <= HEED_PRESET_RECIPE) {
        options_preset(kind, &full, preset);
        memcpy(out, &full, size < sizes[kind] ? size : sizes[kind]);
        ((heed_options_head *)out)->size = size;
    }
}

/* The kind that a caller's struct says it is. */
static heed_status kind_of(heed_options_kind *out, const void *options, heed_error *error)
{
    const heed_options_head *head = options;
    bool known = head != NULL && (size_t)head->kind < sizeof sizes / sizeof *sizes;
    *out = known ? head->kind : HEED_OPTIONS_ROWS;
    return check_head(*out, head, error);
}

heed_status heed_options_copy(void *out, const void *options, heed_error *error)
{
    heed_options_kind kind;
    any_options full;
    heed_status status;
    TRY(kind_of(&kind, out, error));
    TRY(options_take(kind, &full, options, error));
    full.head.size = ((const heed_options_head *)out)->size;
    memcpy(out, &full, full.head.size);
done:
    return status;
}

static heed_status find_named(const option **out, heed_options_kind kind, const char *name, heed_error *error)
{
    *out = option_named(kind, name);
    if (*out != NULL)
        return HEED_OK;
    suggestion near = suggest_begin(bytes_of(name));
    for (const option *o = NULL; (o = options_next(kind, o)) != NULL;)
        suggest_offer(&near, o->name);
    return near.word == NULL
               ? fail(error, HEED_USAGE, "no option '%.100s' in these options", name)
               : fail(error, HEED_USAGE, "no option '%.100s' in these options; did you mean '%s'?", name, near.word);
}

heed_status heed_options_set(void *options, const char *name, const char *value, heed_error *error)
{
    heed_options_kind kind;
    const option *o;
    heed_status status;
    TRY(kind_of(&kind, options, error));
    TRY(find_named(&o, kind, name, error));
    bool is_flag = o->kind == OPTION_FLAG || o->kind == OPTION_NO_FLAG;
    if (is_flag && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
        TRY(fail(error, HEED_USAGE, "--%s: found '%.100s', expected true or false", name, value));
    const size_t size = ((const heed_options_head *)options)->size;
    bool sets_flag = *value == '\0' && o->empty_sets != 0, sets_file = option_file_named(o, value) != NULL;
    if (o->offset + option_size(o) > size || (sets_flag && o->empty_sets + sizeof(bool) > size) ||
        (sets_file && o->file + sizeof value > size))
        TRY(fail(error, HEED_USAGE, "--%s: the program was built with a heed.h that does not have it", name));
    status = option_store(o, options, value, error);
done:
    return status;
}

/* ---- texts of its own */

static bool holds_text(const option *o)
{
    return o->kind == OPTION_TEXT || o->kind == OPTION_JOINED;
}

void options_release(heed_options_kind home, void *values)
{
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if (holds_text(o)) {
            char **text = option_place(o, values);
            free(*text);
            *text = NULL;
        }
}

static heed_status text_copy(const option *o, void *to, const void *from, heed_error *error)
{
    const char *text = *(const char *const *)option_field(o, from);
    char **copy = option_place(o, to);
    *copy = NULL;
    if (text == NULL)
        return HEED_OK;
    if (utf8_check(text, strlen(text)) != strlen(text))
        return fail(error, HEED_USAGE, "--%s: found bytes that are not UTF-8", o->name);
    *copy = memory_copy(text, strlen(text));
    return *copy == NULL ? fail_memory(error, "options") : HEED_OK;
}

heed_status options_copy(heed_options_kind home, void *out, const void *values, heed_error *error)
{
    any_options copy; /* of its fields only those that rows have own what they point to */
    heed_status status = HEED_OK;
    memcpy(&copy, values, sizes[home]);
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if (holds_text(o)) {
            heed_status copied = text_copy(o, &copy, values, status == HEED_OK ? error : NULL);
            status = status == HEED_OK ? copied : status;
        }
    if (status == HEED_OK)
        memcpy(out, &copy, sizes[home]);
    else
        options_release(home, &copy);
    return status;
}

/* ---- the record in a model file */

const option *options_next_recorded(heed_options_kind home, const option *last)
{
    option_record record = last == NULL ? RECORD_ALWAYS : last->record;
    for (; record <= RECORD_CHANGED; record++)
        while ((last = options_next(home, last)) != NULL)
            if (last->record == record)
                return last;
    return NULL;
}

bool option_is_zero(const option *o, const void *values)
{
    const any_options zero = {0};
    return option_equal(o, values, &zero);
}

bool option_is_set(const option *o, const void *values)
{
    any_options usual = {0};
    if (o->record == RECORD_CHANGED)
        option_preset(o, &usual, HEED_PRESET_DEFAULT);
    return o->record >= RECORD_SET && !option_equal(o, values, &usual);
}

const option *options_next_set(heed_options_kind home, const void *values, const option *last)
{
    do
        last = options_next_recorded(home, last);
    while (last != NULL && !option_is_set(last, values));
    return last;
}

heed_status options_copy_recorded(heed_options_kind home, void *out, const void *values, heed_error *error)
{
    any_options recorded = {.head = {sizes[home], home, HEED_PRESET_OFF}};
    for (const option *o = NULL; (o = options_next_recorded(home, o)) != NULL;)
        memcpy(option_place(o, &recorded), option_field(o, values), option_size(o));
    return options_copy(home, out, &recorded, error);
}
