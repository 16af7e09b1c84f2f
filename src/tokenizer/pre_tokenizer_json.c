#include "tokenizer/pre_tokenizer_json.h"

#include <string.h>

#include "base/json.h"
#include "base/status.h"
#include "base/utf8.h"

static const char *const schemes[PREPEND_SCHEMES] = {
    [PREPEND_ALWAYS] = "always", [PREPEND_FIRST] = "first", [PREPEND_NEVER] = "never"};

/* ---- reading */

static heed_status add_step(pre_tokenizer *out, pre_step step, const json_section *s, heed_error *error)
{
    if (out->count == PRE_STEPS)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: more than %d steps", s->file, s->where, PRE_STEPS);
    out->step[out->count++] = step;
    return HEED_OK;
}

/* A type without options. */
static heed_status read_plain(pre_tokenizer *out, pre_step_kind kind, const json_section *s, heed_error *error)
{
    heed_status status = section_only(s, (const char *[]){"type", NULL}, error);
    return status == HEED_OK ? add_step(out, (pre_step){.kind = kind}, s, error) : status;
}

static heed_status read_bert(pre_tokenizer *out, const json_section *s, heed_error *error)
{
    return read_plain(out, PRE_BERT, s, error);
}

static heed_status read_blanks(pre_tokenizer *out, const json_section *s, heed_error *error)
{
    return read_plain(out, PRE_BLANKS, s, error);
}

/* A flag that may be missing. */
static heed_status read_flag(bool *out, const json_section *s, const char *key, bool usual, heed_error *error)
{
    *out = usual;
    return section_find(s, key) == NULL ? HEED_OK : section_flag(out, s, key, error);
}

/* "trim_offsets" is for what comes after the model (token_frame.h). */
static heed_status read_byte_level(pre_tokenizer *out, const json_section *s, heed_error *error)
{
    pre_step step = {.kind = PRE_BYTE_LEVEL};
    bool prefix, trims;
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "add_prefix_space", "trim_offsets", "use_regex", NULL}, error));
    TRY(section_flag(&prefix, s, "add_prefix_space", error));
    TRY(section_flag(&trims, s, "trim_offsets", error));
    TRY(read_flag(&step.split, s, "use_regex", true, error));
    step.prepend = prefix ? PREPEND_ALWAYS : PREPEND_NEVER;
    TRY(add_step(out, step, s, error));
done:
    return status;
}

static heed_status read_scheme(prepend_scheme *out, const json_section *s, heed_error *error)
{
    const char *text;
    bool is_named = section_find(s, "prepend_scheme") != NULL, prefix;
    heed_status status = read_flag(&prefix, s, "add_prefix_space", true, error);
    *out = prefix ? PREPEND_ALWAYS : PREPEND_NEVER;
    if (status != HEED_OK || !is_named)
        return status;
    status = section_text(&text, s, "prepend_scheme", error);
    if (status != HEED_OK)
        return status;
    for (unsigned i = 0; i < PREPEND_SCHEMES; i++)
        if (strcmp(text, schemes[i]) == 0) {
            *out = (prepend_scheme)i;
            return prefix || i == PREPEND_NEVER
                       ? HEED_OK
                       : fail(error, HEED_BAD_DATA,
                              "%.200s: %s: prepend_scheme '%s' and no add_prefix_space, expected the same of both",
                              s->file, s->where, text);
        }
    return fail(error, HEED_BAD_DATA,
                "%.200s: %s: prepend_scheme '%.60s', which heed does not know; expected always, first or never",
                s->file, s->where, text);
}

/* "str_rep" of older files repeats the replacement. */
static heed_status read_metaspace(pre_tokenizer *out, const json_section *s, heed_error *error)
{
    pre_step step = {.kind = PRE_METASPACE};
    const char *text;
    heed_status status;
    TRY(section_only(
        s, (const char *[]){"type", "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep", NULL},
        error));
    TRY(section_text(&text, s, "replacement", error));
    if (*text == '\0' || utf8_decode(text, strlen(text), &step.replacement) != strlen(text))
        TRY(fail(error, HEED_BAD_DATA, "%.200s: %s: replacement '%.60s', expected one character", s->file, s->where,
                 text));
    TRY(read_scheme(&step.prepend, s, error));
    TRY(read_flag(&step.split, s, "split", true, error));
    TRY(add_step(out, step, s, error));
done:
    return status;
}

static heed_status read_step(pre_tokenizer *out, const json_section *s, heed_error *error);

static heed_status read_sequence(pre_tokenizer *out, const json_section *s, heed_error *error)
{
    const json_t *parts = NULL;
    heed_status status = section_only(s, (const char *[]){"type", "pretokenizers", NULL}, error);
    if (status == HEED_OK)
        status = section_list(&parts, s, "pretokenizers", error);
    for (size_t i = 0; i < json_array_size(parts) && status == HEED_OK; i++) /* as deep as jansson reads */
        status = read_step(out, &(json_section){json_array_get(parts, i), s->file, s->where}, error);
    return status;
}

static heed_status read_step(pre_tokenizer *out, const json_section *s, heed_error *error)
{
    static const struct {
        const char *type;
        heed_status (*read)(pre_tokenizer *out, const json_section *s, heed_error *error);
    } types[] = {{"BertPreTokenizer", read_bert},
                 {"ByteLevel", read_byte_level},
                 {"Metaspace", read_metaspace},
                 {"WhitespaceSplit", read_blanks},
                 {"Sequence", read_sequence}};
    const char *type = section_type(s);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i].type) == 0)
            return types[i].read(out, s, error);
    return fail(error, HEED_BAD_DATA,
                "%.200s: %s: type '%.60s', which heed does not know; expected BertPreTokenizer, ByteLevel, Metaspace, "
                "WhitespaceSplit or Sequence",
                s->file, s->where, type);
}

heed_status pre_tokenizer_json_read(pre_tokenizer *out, const json_section *file, heed_error *error)
{
    const json_section s = {section_find(file, "pre_tokenizer"), file->file, "pre_tokenizer"};
    heed_status status = read_step(out, &s, error);
    if (status == HEED_OK && out->count == 0)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: found no step, expected at least one", s.file, s.where);
    return status;
}

/* ---- writing */

static void put_step(json_builder *j, const char *key, const pre_step *step)
{
    char text[5] = {0};
    json_open_object(j, key);
    switch (step->kind) {
    case PRE_BERT:
        json_put_text(j, "type", "BertPreTokenizer");
        break;
    case PRE_BLANKS:
        json_put_text(j, "type", "WhitespaceSplit");
        break;
    case PRE_BYTE_LEVEL:
        json_put_text(j, "type", "ByteLevel");
        json_put_flag(j, "add_prefix_space", step->prepend == PREPEND_ALWAYS);
        json_put_flag(j, "trim_offsets", true);
        json_put_flag(j, "use_regex", step->split);
        break;
    case PRE_METASPACE:
        utf8_encode(step->replacement, text);
        json_put_text(j, "type", "Metaspace");
        json_put_text(j, "replacement", text);
        json_put_text(j, "prepend_scheme", schemes[step->prepend]);
        json_put_flag(j, "split", step->split);
        break;
    }
    json_close(j);
}

void pre_tokenizer_json_write(json_builder *j, const pre_tokenizer *p)
{
    if (p->count == 1) {
        put_step(j, "pre_tokenizer", &p->step[0]);
        return;
    }
    json_open_object(j, "pre_tokenizer");
    json_put_text(j, "type", "Sequence");
    json_open_list(j, "pretokenizers");
    for (size_t i = 0; i < p->count; i++)
        put_step(j, NULL, &p->step[i]);
    json_close(j);
    json_close(j);
}
