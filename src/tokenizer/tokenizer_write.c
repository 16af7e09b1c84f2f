#include "tokenizer/tokenizer_write.h"

#include "base/writer.h"
#include "tokenizer/normalizer_json.h"
#include "tokenizer/pre_tokenizer_json.h"

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

static void put_frame(json_builder *j, const char *key, const struct tokenizer *t)
{
    const token_frame *frame = &t->frame;
    json_open_object(j, key);
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

/* The frame, after what takes spaces from places in the text. */
static void put_post_processor(json_builder *j, const struct tokenizer *t)
{
    if (!t->frame.trims) {
        put_frame(j, "post_processor", t);
        return;
    }
    json_open_object(j, "post_processor");
    json_put_text(j, "type", "Sequence");
    json_open_list(j, "processors");
    json_open_object(j, NULL);
    json_put_text(j, "type", "ByteLevel");
    json_put_flag(j, "add_prefix_space", t->frame.keeps_first);
    json_put_flag(j, "trim_offsets", true);
    json_put_flag(j, "use_regex", true);
    json_close(j);
    put_frame(j, NULL, t);
    json_close(j);
    json_close(j);
}

void tokenizer_write(json_builder *j, const struct tokenizer *t)
{
    json_open_object(j, NULL);
    json_put_text(j, "version", "1.0");
    put_added(j, t);
    normalizer_json_write(j, &t->steps);
    pre_tokenizer_json_write(j, &t->words);
    put_post_processor(j, t);
    json_open_object(j, "model");
    json_put_text(j, "type", t->model->type);
    t->model->write(t->state, &t->vocabulary, j);
    json_close(j);
    json_close(j);
}
