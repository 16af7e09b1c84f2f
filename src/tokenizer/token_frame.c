#include "tokenizer/token_frame.h"

#include <string.h>

#include "base/status.h"

static const char *const WHERE = "post_processor";

heed_status token_frame_add(token_frame *frame, uint64_t id, bool is_before, heed_error *error)
{
    if (frame->count == FRAME_MOST)
        return fail(error, HEED_BAD_DATA, "more than %d special tokens around a text", FRAME_MOST);
    frame->id[frame->count++] = (uint32_t)id;
    frame->before += is_before;
    return HEED_OK;
}

static heed_status check_id(const json_section *s, const json_t *value, uint32_t tokens, heed_error *error)
{
    if (json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) < tokens)
        return HEED_OK;
    return fail(error, HEED_BAD_DATA, "%.200s: %s: the id of a token, expected 0 to %u", s->file, s->where, tokens - 1);
}

/* ["[CLS]", 101] */
static heed_status read_pair(token_frame *out, const json_section *s, const char *key, uint32_t tokens,
                             heed_error *error)
{
    const json_t *pair, *id;
    heed_status status = section_list(&pair, s, key, error);
    if (status != HEED_OK)
        return status;
    id = json_array_get(pair, 1);
    status = check_id(s, id, tokens, error);
    return status == HEED_OK ? token_frame_add(out, (uint64_t)json_integer_value(id), strcmp(key, "cls") == 0, error)
                             : status;
}

static heed_status read_bert(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error)
{
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "sep", "cls", NULL}, error));
    TRY(read_pair(out, s, "cls", tokens, error));
    TRY(read_pair(out, s, "sep", tokens, error));
done:
    return status;
}

/* {"id": "[CLS]", "type_id": 0} of a template: its ids are in the list "special_tokens". */
static heed_status read_special(token_frame *out, const json_section *s, const char *id, bool is_before,
                                uint32_t tokens, heed_error *error)
{
    const json_t *token = json_object_get(json_object_get(s->object, "special_tokens"), id);
    const json_t *ids = json_object_get(token, "ids");
    heed_status status = HEED_OK;
    if (json_array_size(ids) == 0)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: special_tokens has no ids of '%.60s'", s->file, s->where, id);
    for (size_t i = 0; i < json_array_size(ids) && status == HEED_OK; i++) {
        const json_t *value = json_array_get(ids, i);
        status = check_id(s, value, tokens, error);
        if (status == HEED_OK)
            status = token_frame_add(out, (uint64_t)json_integer_value(value), is_before, error);
    }
    return status;
}

/* An item of the template "single"; *texts counts those that stand for the text. */
static heed_status read_piece(token_frame *out, const json_section *s, const json_t *piece, size_t *texts,
                              uint32_t tokens, heed_error *error)
{
    const json_t *special = json_object_get(piece, "SpecialToken"), *text = json_object_get(piece, "Sequence");
    const json_section inner = {special != NULL ? special : text, s->file, s->where};
    const char *id;
    uint64_t type_id;
    heed_status status;
    TRY(section_only(&(json_section){piece, s->file, s->where}, (const char *[]){"SpecialToken", "Sequence", NULL},
                     error));
    TRY(section_only(&inner, (const char *[]){"id", "type_id", NULL}, error));
    TRY(section_text(&id, &inner, "id", error));
    TRY(section_count(&type_id, &inner, "type_id", 0, error));
    if (special != NULL)
        status = read_special(out, s, id, *texts == 0, tokens, error);
    else if (strcmp(id, "A") != 0 || (*texts)++ > 0)
        status = fail(error, HEED_BAD_DATA, "%.200s: %s: single: expected the sequence A once", s->file, s->where);
done:
    return status;
}

static heed_status read_template(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error)
{
    const json_t *single;
    size_t texts = 0;
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "single", "pair", "special_tokens", NULL}, error));
    TRY(section_list(&single, s, "single", error));
    for (size_t i = 0; i < json_array_size(single); i++)
        TRY(read_piece(out, s, json_array_get(single, i), &texts, tokens, error));
    if (texts != 1)
        status = fail(error, HEED_BAD_DATA, "%.200s: %s: single: expected the sequence A once", s->file, s->where);
done:
    return status;
}

static heed_status read_trim(token_frame *out, const json_section *s, heed_error *error)
{
    heed_status status = section_flag(&out->trims, s, "trim_offsets", error);
    return status == HEED_OK ? section_flag(&out->keeps_first, s, "add_prefix_space", error) : status;
}

static heed_status read_roberta(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error)
{
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "sep", "cls", "trim_offsets", "add_prefix_space", NULL}, error));
    TRY(read_trim(out, s, error));
    TRY(read_pair(out, s, "cls", tokens, error));
    TRY(read_pair(out, s, "sep", tokens, error));
done:
    return status;
}

/* "use_regex" is for what comes before the model (pre_tokenizer.h). */
static heed_status read_byte_level(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error)
{
    heed_status status =
        section_only(s, (const char *[]){"type", "add_prefix_space", "trim_offsets", "use_regex", NULL}, error);
    (void)tokens;
    return status == HEED_OK ? read_trim(out, s, error) : status;
}

static heed_status read_part(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error);

/* ByteLevel, then what puts tokens around a text; either may be missing. */
static heed_status read_sequence(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error)
{
    const json_t *parts;
    bool is_frame = false;
    heed_status status;
    TRY(section_only(s, (const char *[]){"type", "processors", NULL}, error));
    TRY(section_list(&parts, s, "processors", error));
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_section part = {json_array_get(parts, i), s->file, s->where};
        bool is_done = is_frame, is_trim = strcmp(section_type(&part), "ByteLevel") == 0;
        is_frame = strcmp(section_type(&part), "TemplateProcessing") == 0;
        if (is_done || !(is_frame || (is_trim && i == 0)))
            TRY(fail(error, HEED_BAD_DATA, "%.200s: %s: processors: expected ByteLevel, then TemplateProcessing",
                     s->file, s->where));
        TRY(read_part(out, &part, tokens, error));
    }
done:
    return status;
}

static heed_status read_part(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error)
{
    static const struct {
        const char *type;
        heed_status (*read)(token_frame *out, const json_section *s, uint32_t tokens, heed_error *error);
    } types[] = {{"TemplateProcessing", read_template},
                 {"BertProcessing", read_bert},
                 {"RobertaProcessing", read_roberta},
                 {"ByteLevel", read_byte_level},
                 {"Sequence", read_sequence}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(section_type(s), types[i].type) == 0)
            return types[i].read(out, s, tokens, error);
    return fail(error, HEED_BAD_DATA,
                "%.200s: %s: type '%.60s', which heed does not know; expected TemplateProcessing, BertProcessing, "
                "RobertaProcessing, ByteLevel or Sequence",
                s->file, WHERE, section_type(s));
}

heed_status token_frame_read(token_frame *out, const json_section *file, uint32_t tokens, heed_error *error)
{
    const json_section s = {section_find(file, WHERE), file->file, WHERE};
    *out = (token_frame){0};
    return s.object == NULL ? HEED_OK : read_part(out, &s, tokens, error);
}
