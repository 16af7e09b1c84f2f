#include "tokenizer/tokenizer_json.h"

#include <string.h>

#include "base/status.h"
#include "tokenizer/normalizer_json.h"
#include "tokenizer/pre_tokenizer_json.h"
#include "tokenizer/token_model_table.h"

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

/* A model without a token for what it does not know has one for each byte. */
static heed_status check_unknown(const struct tokenizer *t, const char *name, heed_error *error)
{
    return t->model->unknown(t->state) != UINT32_MAX || pre_tokenizer_gives_bytes(&t->words)
               ? HEED_OK
               : fail(error, HEED_BAD_DATA,
                      "%.200s: model: no unk_token and no pre_tokenizer ByteLevel, expected one of them", name);
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
        TRY(normalizer_json_read(&out->steps,
                                 &(json_section){section_find(file, "normalizer"), file->file, "normalizer"}, error));
    TRY(pre_tokenizer_json_read(&out->words, file, error));
    TRY(check_unknown(out, file->file, error));
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
