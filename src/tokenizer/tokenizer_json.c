#include "tokenizer/tokenizer_json.h"

#include <string.h>

#include "base/status.h"
#include "tokenizer/token_model_table.h"

/* ---- the normalizer */

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

static heed_status read_normalizer(normalizer *out, const json_section *s, heed_error *error)
{
    const char *type = section_type(s);
    const json_t *parts = NULL;
    if (strcmp(type, "BertNormalizer") == 0)
        return read_bert(out, s, error);
    if (strcmp(type, "NFD") == 0)
        return read_step(out, NORMALIZE_DECOMPOSE, s, error);
    if (strcmp(type, "StripAccents") == 0)
        return read_step(out, NORMALIZE_DROP_MARKS, s, error);
    if (strcmp(type, "Lowercase") == 0)
        return read_step(out, NORMALIZE_LOWER, s, error);
    if (strcmp(type, "Sequence") != 0)
        return fail(error, HEED_BAD_DATA,
                    "%.200s: %s: type '%.60s', which heed does not know; expected BertNormalizer, NFD, StripAccents, "
                    "Lowercase or Sequence",
                    s->file, s->where, type);
    heed_status status = section_only(s, (const char *[]){"type", "normalizers", NULL}, error);
    if (status == HEED_OK)
        status = section_list(&parts, s, "normalizers", error);
    for (size_t i = 0; i < json_array_size(parts) && status == HEED_OK; i++) /* as deep as jansson reads */
        status = read_normalizer(out, &(json_section){json_array_get(parts, i), s->file, s->where}, error);
    return status;
}

/* ---- the rest */

static heed_status read_pre_tokenizer(const json_section *file, heed_error *error)
{
    const json_section s = {section_find(file, "pre_tokenizer"), file->file, "pre_tokenizer"};
    if (strcmp(section_type(&s), "BertPreTokenizer") != 0)
        return fail(error, HEED_BAD_DATA,
                    "%.200s: %s: type '%.60s', which heed does not know; expected BertPreTokenizer", s.file, s.where,
                    section_type(&s));
    return section_only(&s, (const char *[]){"type", NULL}, error);
}

static heed_status read_model(struct tokenizer *out, const json_section *file, heed_error *error)
{
    const json_section s = {section_find(file, "model"), file->file, "model"};
    char known[100];
    out->model = token_model_of(section_type(&s));
    token_models_list(known, sizeof known);
    if (out->model == NULL)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: type '%.60s', which heed does not know; expected %s", s.file,
                    s.where, section_type(&s), known);
    return out->model->read(&out->state, &out->vocabulary, s.object, s.file, error);
}

static heed_status read_parts(struct tokenizer *out, const json_section *file, heed_error *error)
{
    const char *version;
    heed_status status;
    TRY(section_only(file,
                     (const char *[]){"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
                                      "post_processor", "decoder", "model", NULL},
                     error));
    TRY(section_text(&version, file, "version", error));
    if (strcmp(version, "1.0") != 0) {
        status = fail(error, HEED_BAD_DATA, "%.200s: version '%.60s', expected 1.0", file->file, version);
        goto done;
    }
    TRY(read_model(out, file, error));
    TRY(added_tokens_read(&out->added, &out->vocabulary, file, error));
    if (section_find(file, "normalizer") != NULL)
        TRY(read_normalizer(&out->steps, &(json_section){section_find(file, "normalizer"), file->file, "normalizer"},
                            error));
    TRY(read_pre_tokenizer(file, error));
    TRY(token_frame_read(&out->frame, file, out->vocabulary.count, error));
done:
    return status;
}

heed_status tokenizer_json_read(struct tokenizer *out, heed_bytes file, const char *name, heed_error *error)
{
    json_t *root = NULL;
    heed_status status;
    TRY(section_parse(&root, file, name, error));
    TRY(read_parts(out, &(json_section){root, name, "the file"}, error));
done:
    json_decref(root);
    return status;
}
