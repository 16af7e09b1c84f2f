#include "tokenizer/normalizer_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "tokenizer/precompiled.h"

/* The only regular expression that heed knows: two spaces or more. */
static const char *const BLANKS = " {2,}", *const TWO_BLANKS = "  ";

/* ---- reading */

static heed_status take_steps(bool fit, const json_section *s, heed_error *error)
{
    return fit ? HEED_OK
               : fail(error, HEED_BAD_DATA, "%.200s: %s: more than %d steps", s->file, s->where, NORMALIZER_STEPS);
}

/* A type that is one step, and has no options. */
static heed_status read_step(normalizer *out, normalizer_step step, const json_section *s, heed_error *error)
{
    heed_status status = section_only(s, (const char *[]){"type", NULL}, error);
    return status == HEED_OK ? take_steps(normalizer_add(out, step), s, error) : status;
}

static heed_status read_decompose(normalizer *out, const json_section *s, heed_error *error)
{
    return read_step(out, NORMALIZE_DECOMPOSE, s, error);
}

static heed_status read_widen(normalizer *out, const json_section *s, heed_error *error)
{
    return read_step(out, NORMALIZE_WIDEN, s, error);
}

static heed_status read_drop_marks(normalizer *out, const json_section *s, heed_error *error)
{
    return read_step(out, NORMALIZE_DROP_MARKS, s, error);
}

static heed_status read_lower(normalizer *out, const json_section *s, heed_error *error)
{
    return read_step(out, NORMALIZE_LOWER, s, error);
}

static heed_status read_bert(normalizer *out, const json_section *s, heed_error *error)
{
    bert_normalizer options;
    heed_status status;
    TRY(section_only(
        s, (const char *[]){"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase", NULL}, error));
    TRY(section_flag(&options.clean, s, "clean_text", error));
    TRY(section_flag(&options.ideographs, s, "handle_chinese_chars", error));
    TRY(section_flag(&options.lower, s, "lowercase", error));
    options.accents = options.lower;
    if (section_find(s, "strip_accents") != NULL)
        TRY(section_flag(&options.accents, s, "strip_accents", error));
    TRY(take_steps(normalizer_add_bert(out, options), s, error));
done:
    return status;
}

static heed_status read_strip(normalizer *out, const json_section *s, heed_error *error)
{
    normalizer_rule rule = {0};
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "strip_left", "strip_right", NULL}, error));
    TRY(section_flag(&rule.left, s, "strip_left", error));
    TRY(section_flag(&rule.right, s, "strip_right", error));
    TRY(take_steps(normalizer_add_rule(out, NORMALIZE_STRIP, rule), s, error));
done:
    return status;
}

/* The characters of a text, which is UTF-8; the caller frees them. */
static heed_status read_points(uint32_t **out, size_t *count, const char *text, heed_error *error)
{
    size_t size = strlen(text);
    *count = 0;
    *out = memory_array(size, sizeof **out);
    if (*out == NULL)
        return fail_memory(error, "a normalizer");
    for (size_t at = 0, length; at < size; at += length) {
        length = utf8_decode(text + at, size - at, *out + *count);
        *count += length > 0;
        if (length == 0)
            break;
    }
    return HEED_OK;
}

static heed_status read_replace(normalizer *out, const json_section *s, heed_error *error)
{
    normalizer_rule rule = {0};
    json_section pattern;
    const char *from, *to;
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "pattern", "content", NULL}, error));
    TRY(section_object(&pattern, s, "pattern", "normalizer: pattern", error));
    TRY(section_only(&pattern, (const char *[]){"String", "Regex", NULL}, error));
    rule.repeated = section_find(&pattern, "Regex") != NULL;
    TRY(section_text(&from, &pattern, rule.repeated ? "Regex" : "String", error));
    TRY(section_text(&to, s, "content", error));
    if (rule.repeated && strcmp(from, BLANKS) != 0)
        TRY(fail(error, HEED_BAD_DATA, "%.200s: %s: Regex '%.60s', which heed does not know; expected '%s'", s->file,
                 pattern.where, from, BLANKS));
    if (*from == '\0' || json_object_size(pattern.object) != 1)
        TRY(fail(error, HEED_BAD_DATA, "%.200s: %s: expected one text that is not empty", s->file, pattern.where));
    TRY(read_points(&rule.from, &rule.from_size, rule.repeated ? TWO_BLANKS : from, error));
    TRY(read_points(&rule.to, &rule.to_size, to, error));
    TRY(take_steps(normalizer_add_rule(out, NORMALIZE_REPLACE, rule), s, error));
    return status;
done:
    free(rule.from);
    free(rule.to);
    return status;
}

static heed_status read_precompiled(normalizer *out, const json_section *s, heed_error *error)
{
    normalizer_rule rule = {0};
    const char *map;
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "precompiled_charsmap", NULL}, error));
    TRY(section_text(&map, s, "precompiled_charsmap", error));
    TRY(precompiled_new(&rule.map, bytes_of(map), s->file, s->where, error));
    TRY(take_steps(normalizer_add_rule(out, NORMALIZE_PRECOMPILED, rule), s, error));
    return status;
done:
    precompiled_free(rule.map);
    return status;
}

static heed_status read_sequence(normalizer *out, const json_section *s, heed_error *error)
{
    const json_t *parts = NULL;
    heed_status status = section_only(s, (const char *[]){"type", "normalizers", NULL}, error);
    if (status == HEED_OK)
        status = section_list(&parts, s, "normalizers", error);
    for (size_t i = 0; i < json_array_size(parts) && status == HEED_OK; i++) /* as deep as jansson reads */
        status = normalizer_json_read(out, &(json_section){json_array_get(parts, i), s->file, s->where}, error);
    return status;
}

heed_status normalizer_json_read(normalizer *out, const json_section *s, heed_error *error)
{
    static const struct {
        const char *type;
        heed_status (*read)(normalizer *out, const json_section *s, heed_error *error);
    } types[] = {{"BertNormalizer", read_bert},     {"NFD", read_decompose},           {"NFKD", read_widen},
                 {"StripAccents", read_drop_marks}, {"Lowercase", read_lower},         {"Strip", read_strip},
                 {"Replace", read_replace},         {"Precompiled", read_precompiled}, {"Sequence", read_sequence}};
    const char *type = section_type(s);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i].type) == 0)
            return types[i].read(out, s, error);
    return fail(error, HEED_BAD_DATA,
                "%.200s: %s: type '%.60s', which heed does not know; expected BertNormalizer, NFD, NFKD, StripAccents, "
                "Lowercase, Strip, Replace, Precompiled or Sequence",
                s->file, s->where, type);
}

/* ---- writing */

/* Whether the steps go on with this one; then it is passed. */
static bool take(const normalizer *steps, size_t *at, normalizer_step step)
{
    bool found = *at < steps->count && steps->step[*at] == step;
    *at += found;
    return found;
}

/* As many steps as one BertNormalizer has. */
static bert_normalizer take_bert(const normalizer *steps, size_t *at)
{
    bert_normalizer options = {0};
    options.clean = take(steps, at, NORMALIZE_CLEAN);
    options.ideographs = take(steps, at, NORMALIZE_PART_IDEOGRAPHS);
    if (*at + 1 < steps->count && steps->step[*at + 1] == NORMALIZE_DROP_ACCENTS)
        options.accents = take(steps, at, NORMALIZE_DECOMPOSE) && take(steps, at, NORMALIZE_DROP_ACCENTS);
    options.lower = take(steps, at, NORMALIZE_LOWER);
    return options;
}

static void put_bert(json_builder *j, bert_normalizer options)
{
    json_put_text(j, "type", "BertNormalizer");
    json_put_flag(j, "clean_text", options.clean);
    json_put_flag(j, "handle_chinese_chars", options.ideographs);
    json_put_flag(j, "strip_accents", options.accents);
    json_put_flag(j, "lowercase", options.lower);
}

static void put_points(json_builder *j, const char *key, const uint32_t *points, size_t count)
{
    writer text = {0};
    for (size_t i = 0; i < count; i++) {
        char bytes[4];
        writer_bytes(&text, bytes, utf8_encode(points[i], bytes));
    }
    j->failed = j->failed || text.problem != 0;
    json_put_bytes(j, key, text.data == NULL ? bytes_of("") : (heed_bytes){text.data, text.size});
    writer_release(&text);
}

static void put_replace(json_builder *j, const normalizer_rule *rule)
{
    json_put_text(j, "type", "Replace");
    json_open_object(j, "pattern");
    if (rule->repeated)
        json_put_text(j, "Regex", BLANKS);
    else
        put_points(j, "String", rule->from, rule->from_size);
    json_close(j);
    put_points(j, "content", rule->to, rule->to_size);
}

/* A step that BertNormalizer does not have. */
static void put_step(json_builder *j, normalizer_step step, const normalizer_rule *rule)
{
    if (step == NORMALIZE_STRIP) {
        json_put_text(j, "type", "Strip");
        json_put_flag(j, "strip_left", rule->left);
        json_put_flag(j, "strip_right", rule->right);
    } else if (step == NORMALIZE_REPLACE) {
        put_replace(j, rule);
    } else if (step == NORMALIZE_PRECOMPILED) {
        json_put_text(j, "type", "Precompiled");
        json_put_bytes(j, "precompiled_charsmap", precompiled_text(rule->map));
    } else {
        json_put_text(j, "type",
                      step == NORMALIZE_DECOMPOSE ? "NFD"
                      : step == NORMALIZE_WIDEN   ? "NFKD"
                                                  : "StripAccents");
    }
}

void normalizer_json_write(json_builder *j, const normalizer *steps)
{
    json_open_object(j, "normalizer");
    json_put_text(j, "type", "Sequence");
    json_open_list(j, "normalizers");
    for (size_t at = 0; at < steps->count;) {
        size_t begin = at;
        bert_normalizer options = take_bert(steps, &at);
        json_open_object(j, NULL);
        if (at > begin) {
            put_bert(j, options);
        } else {
            put_step(j, steps->step[at], &steps->rule[at]);
            at++;
        }
        json_close(j);
    }
    json_close(j);
    json_close(j);
}
