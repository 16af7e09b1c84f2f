#include "explain/draw_json.h"

#include <errno.h>
#include <jansson.h>

#include "base/json.h"
#include "explain/highlight.h"

static void put_segments(json_builder *j, const heed_explanation_info *info)
{
    json_open_list(j, "segments");
    for (size_t i = 0; i < info->segment_count; i++) {
        const heed_segment *s = &info->segments[i];
        json_open_object(j, NULL);
        json_put_bytes(j, "text", segment_text(info, s));
        json_put_count(j, "begin", s->begin);
        json_put_count(j, "end", s->end);
        json_put_text(j, "fate", heed_token_status_name(s->fate));
        if (s->word.data != NULL)
            json_put_bytes(j, "word", s->word);
        if (s->tokens > 0)
            json_put_number(j, "score", s->score);
        json_close(j);
    }
    json_close(j);
}

static void put_tokens(json_builder *j, const heed_explanation_info *info)
{
    json_open_list(j, "tokens");
    for (size_t i = 0; i < info->token_count; i++) {
        const heed_explained_token *t = &info->tokens[i];
        json_open_object(j, NULL);
        json_put_bytes(j, "token", t->text);
        json_put_count(j, "begin", t->begin);
        json_put_count(j, "end", t->end);
        json_put_count(j, "segment", t->segment);
        json_put_number(j, "score", t->score);
        json_close(j);
    }
    json_close(j);
}

static void put_probabilities(json_builder *j, const heed_explanation_info *info)
{
    json_open_object(j, "probabilities");
    for (size_t i = 0; i < info->label_count; i++)
        json_put_number(j, info->labels[i], (double)info->probabilities[i]);
    json_close(j);
}

static void put_most_faithful(json_builder *j, const heed_explanation_info *info)
{
    json_open_object(j, "most_faithful");
    json_put_count(j, "rows", info->measured_rows);
    json_put_number(j, "gain", info->gain.mean);
    json_put_number(j, "low", info->gain.low);
    json_put_number(j, "high", info->gain.high);
    json_close(j);
}

static void put_explanation(json_builder *j, const heed_explanation_info *info)
{
    json_open_object(j, NULL);
    json_put_text(j, "label", info->labels[info->label]);
    json_put_number(j, "probability", (double)info->probabilities[info->label]);
    put_probabilities(j, info);
    json_put_text(j, "method", heed_method_name(info->method));
    if (info->measured_rows > 0)
        put_most_faithful(j, info);
    json_put_flag(j, "difference", info->compared);
    json_put_number(j, "logit", info->logit);
    json_put_number(j, "baseline", info->baseline);
    json_put_number(j, "gap", info->gap);
    if (info->steps > 0)
        json_put_count(j, "steps", info->steps);
    else
        json_put_null(j, "steps");
    json_put_number(j, "padding", info->padding);
    json_put_bytes(j, "text", info->text);
    put_segments(j, info);
    put_tokens(j, info);
    json_close(j);
}

static int append(const char *data, size_t size, void *user)
{
    writer *w = user;
    writer_bytes(w, data, size);
    return w->problem == 0 ? 0 : -1;
}

void draw_json(writer *w, const heed_explanation_info *info)
{
    enum { DIGITS = 9 };
    json_builder j = {0};
    put_explanation(&j, info);
    if (j.failed || json_dump_callback(j.root, append, w, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) != 0)
        writer_fail(w, ENOMEM);
    json_release(&j);
    writer_text(w, "\n");
}
