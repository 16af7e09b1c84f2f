#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/writer.h"
#include "options/option_structs.h"

void *settings_home(settings *s, const option *o)
{
    void *const homes[] = {[HEED_OPTIONS_ROWS] = &s->rows,
                           [HEED_OPTIONS_TEXT] = &s->text,
                           [HEED_OPTIONS_TRAIN] = &s->train,
                           [HEED_OPTIONS_VECTORS] = &s->learn,
                           [HEED_OPTIONS_EXPLAIN] = &s->explain,
                           [HEED_OPTIONS_FAITHFULNESS] = &s->faithfulness,
                           [HEED_OPTIONS_COMPARE] = &s->compare,
                           [HEED_OPTIONS_TUNE] = &s->tune,
                           [HOME_PROGRAM] = s};
    return homes[o->home];
}

const void *settings_home_of(const settings *s, const option *o)
{
    settings *writable = (settings *)(uintptr_t)s; /* to read from */
    return settings_home(writable, o);
}

void settings_default(settings *s, heed_preset preset)
{
    options_preset(HEED_OPTIONS_ROWS, &s->rows, preset);
    options_preset(HEED_OPTIONS_TEXT, &s->text, preset);
    options_preset(HEED_OPTIONS_TRAIN, &s->train, preset);
    options_preset(HEED_OPTIONS_VECTORS, &s->learn, preset);
    options_preset(HEED_OPTIONS_EXPLAIN, &s->explain, preset);
    options_preset(HEED_OPTIONS_FAITHFULNESS, &s->faithfulness, preset);
    options_preset(HEED_OPTIONS_COMPARE, &s->compare, preset);
    options_preset(HEED_OPTIONS_TUNE, &s->tune, preset);
    s->preset = preset;
    s->resamples = 1000;
    s->top_k = s->command == &vectors_command ? 10 : 1;
    s->label_count = 2;
    s->output_folder = "heed-demo";
    s->parts = "train=0.8,validation=0.1,test=0.1";
    s->serve = (serve_options){.address = "127.0.0.1",
                               .port = 8080,
                               .connections = 256,
                               .connections_each = 64,
                               .max_body = 1 << 20,
                               .max_texts = 1024,
                               .queue = 512,
                               .header_seconds = 5,
                               .request_seconds = 30,
                               .drain_seconds = 30,
                               .max_cost = 500000000};
}

/* ---------------------------------------------------------------- given options */

const naming *naming_last(const settings *s, const char *name)
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

heed_status config_blame(const char *source, heed_status status, heed_error *error)
{
    heed_error found = *error;
    const char *message = found.message + (strncmp(found.message, "--", 2) == 0 ? 2 : 0);
    return fail(error, status, "%.300s: %.600s", source, message);
}

/* All values given for an option that may be repeated, joined by commas. */
static heed_status naming_join(settings *s, const option *o, heed_error *error)
{
    writer w = {0};
    for (size_t i = 0; i < s->naming_count; i++)
        if (s->namings[i].option == o) {
            writer_text(&w, w.size > 0 ? "," : "");
            writer_text(&w, s->namings[i].value);
        }
    free(s->columns);
    heed_status status = writer_take(&w, &s->columns, NULL, error);
    writer_release(&w);
    *(const char **)option_place(o, settings_home(s, o)) = s->columns;
    return status;
}

heed_status naming_lay(settings *s, const naming *n, heed_error *error)
{
    heed_status status = option_store(n->option, settings_home(s, n->option), n->value, error);
    if (status == HEED_OK && n->option->kind == OPTION_JOINED)
        status = naming_join(s, n->option, error);
    return status == HEED_OK || !n->from_config ? status : config_blame(s->config, status, error);
}

heed_status settings_override(settings *s, bool rows_only, heed_error *error)
{
    for (size_t i = 0; i < s->naming_count; i++) {
        const option *o = s->namings[i].option;
        if (o->kind == OPTION_LIST && (!rows_only || o->group == GROUP_ROWS))
            ((text_list *)option_place(o, settings_home(s, o)))->count = 0; /* it is set again */
    }
    for (size_t i = 0; i < s->naming_count; i++) {
        if (rows_only && s->namings[i].option->group != GROUP_ROWS)
            continue;
        heed_status status = naming_lay(s, &s->namings[i], error);
        if (status != HEED_OK)
            return status;
    }
    return HEED_OK;
}

void settings_release(settings *s)
{
    text_list_release(&s->operands);
    text_list_release(&s->train_files);
    text_list_release(&s->serve_hosts);
    text_list_release(&s->serve_origins);
    text_list_release(&s->validation_files);
    text_list_release(&s->test_files);
    text_list_release(&s->requirements);
    text_list_release(&s->architectures);
    text_list_release(&s->variants);
    text_list_release(&s->ranges);
    text_list_release(&s->explain_files);
    text_list_release(&s->texts);
    free(s->namings);
    free(s->columns);
    for (size_t i = 0; i < s->config_texts.count; i++)
        free((void *)s->config_texts.items[i]);
    text_list_release(&s->config_texts);
}
