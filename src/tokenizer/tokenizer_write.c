#include "tokenizer/tokenizer_write.h"

#include "base/writer.h"

/* ---- the normalizer */

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
    json_open_object(j, NULL);
    json_put_text(j, "type", "BertNormalizer");
    json_put_flag(j, "clean_text", options.clean);
    json_put_flag(j, "handle_chinese_chars", options.ideographs);
    json_put_flag(j, "strip_accents", options.accents);
    json_put_flag(j, "lowercase", options.lower);
    json_close(j);
}

static void put_type(json_builder *j, const char *key, const char *type)
{
    json_open_object(j, key);
    json_put_text(j, "type", type);
    json_close(j);
}

static void put_normalizer(json_builder *j, const normalizer *steps)
{
    json_open_object(j, "normalizer");
    json_put_text(j, "type", "Sequence");
    json_open_list(j, "normalizers");
    for (size_t at = 0; at < steps->count;) {
        size_t begin = at;
        bert_normalizer options = take_bert(steps, &at);
        if (at > begin)
            put_bert(j, options);
        else if (take(steps, &at, NORMALIZE_DECOMPOSE))
            put_type(j, NULL, "NFD");
        else if (take(steps, &at, NORMALIZE_DROP_MARKS))
            put_type(j, NULL, "StripAccents");
    }
    json_close(j);
    json_close(j);
}

/* ---- the rest */

static void put_added(json_builder *j, const struct tokenizer *t)
{
    json_open_list(j, "added_tokens");
    for (size_t i = 0; i < t->added.count; i++) {
        const added_token *token = &t->added.tokens[i];
        json_open_object(j, NULL);
        json_put_count(j, "id", token->id);
        json_put_bytes(j, "content", intern_word(&t->vocabulary, token->id));
        json_put_flag(j, "single_word", token->single_word);
        json_put_flag(j, "lstrip", token->lstrip);
        json_put_flag(j, "rstrip", token->rstrip);
        json_put_flag(j, "normalized", token->normalized);
        json_put_flag(j, "special", token->special);
        json_close(j);
    }
    json_close(j);
}

static void put_piece(json_builder *j, const char *kind, heed_bytes id)
{
    json_open_object(j, NULL);
    json_open_object(j, kind);
    json_put_bytes(j, "id", id);
    json_put_count(j, "type_id", 0);
    json_close(j);
    json_close(j);
}

/* The template of single texts, or of pairs, which heed does not read. */
static void put_template(json_builder *j, const char *key, const struct tokenizer *t, bool is_pair)
{
    json_open_list(j, key);
    for (size_t i = 0; i < t->frame.before; i++)
        put_piece(j, "SpecialToken", intern_word(&t->vocabulary, t->frame.id[i]));
    put_piece(j, "Sequence", bytes_of("A"));
    if (is_pair)
        put_piece(j, "Sequence", bytes_of("B"));
    for (size_t i = t->frame.before; i < t->frame.count; i++)
        put_piece(j, "SpecialToken", intern_word(&t->vocabulary, t->frame.id[i]));
    json_close(j);
}

/* What the templates name. */
static void put_special(json_builder *j, const struct tokenizer *t, uint32_t id)
{
    json_open_entry(j, intern_word(&t->vocabulary, id));
    json_put_bytes(j, "id", intern_word(&t->vocabulary, id));
    json_open_list(j, "ids");
    json_put_count(j, NULL, id);
    json_close(j);
    json_open_list(j, "tokens");
    json_put_bytes(j, NULL, intern_word(&t->vocabulary, id));
    json_close(j);
    json_close(j);
}

static void put_frame(json_builder *j, const struct tokenizer *t)
{
    const token_frame *frame = &t->frame;
    json_open_object(j, "post_processor");
    json_put_text(j, "type", "TemplateProcessing");
    put_template(j, "single", t, false);
    put_template(j, "pair", t, true);
    json_open_object(j, "special_tokens");
    for (size_t i = 0; i < frame->count; i++) {
        size_t first = 0;
        while (frame->id[first] != frame->id[i])
            first++;
        if (first == i)
            put_special(j, t, frame->id[i]);
    }
    json_close(j);
    json_close(j);
}

void tokenizer_write(json_builder *j, const struct tokenizer *t)
{
    json_open_object(j, NULL);
    json_put_text(j, "version", "1.0");
    put_added(j, t);
    put_normalizer(j, &t->steps);
    put_type(j, "pre_tokenizer", "BertPreTokenizer");
    put_frame(j, t);
    json_open_object(j, "model");
    json_put_text(j, "type", t->model->type);
    t->model->write(t->state, &t->vocabulary, j);
    json_close(j);
    json_close(j);
}
