#include "explain/draw_json.h"

#include <errno.h>

#include "base/json.h"
#include "base/json_memory.h"
#include "explain/highlight.h"

static void put_segments(json_builder *j, const heed_explanation *e)
{
    json_open_list(j, "segments");
    for (size_t i = 0; i < e->info.segment_count; i++) {
        const heed_segment *s = &e->segments[i];
        json_open_object(j, NULL);
        json_put_bytes(j, "text", segment_text(e, s));
        json_put_count(j, "begin", s->begin);
        json_put_count(j, "end", s->end);
        json_put_text(j, "fate", heed_token_status_name(s->status));
        if (s->word.data != NULL)
            json_put_bytes(j, "word", s->word);
        if (s->tokens > 0)
            json_put_number(j, "score", s->score);
        json_close(j);
    }
    json_close(j);
}

static void put_tokens(json_builder *j, const heed_explanation *e)
{
    json_open_list(j, "tokens");
    for (size_t i = 0; i < e->info.token_count; i++) {
        const heed_explained_token *t = &e->tokens[i];
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

static void put_probabilities(json_builder *j, const heed_explanation *e)
{
    json_open_object(j, "probabilities");
    for (size_t i = 0; i < e->info.label_count; i++)
        json_put_number(j, e->info.labels[i], (double)e->info.probabilities[i]);
    json_close(j);
}

static void put_most_faithful(json_builder *j, const heed_explanation *e)
{
    json_open_object(j, "most_faithful");
    json_put_count(j, "rows", e->info.measured_rows);
    json_put_number(j, "gain", e->info.gain.mean);
    json_put_number(j, "low", e->info.gain.low);
    json_put_number(j, "high", e->info.gain.high);
    json_close(j);
}

static void put_skipped(json_builder *j, const heed_explanation *e)
{
    json_open_object(j, NULL);
    json_put_null(j, "label");
    json_put_null(j, "probability");
    json_put_text(j, "skipped", e->info.problem);
    json_close(j);
}

static void put_explanation(json_builder *j, const heed_explanation *e)
{
    json_open_object(j, NULL);
    json_put_text(j, "label", e->info.labels[e->info.label]);
    json_put_number(j, "probability", (double)e->info.probabilities[e->info.label]);
    put_probabilities(j, e);
    json_put_text(j, "method", heed_method_name(e->info.method));
    json_put_flag(j, "measured", e->info.measured_rows > 0);
    if (e->info.measured_rows > 0)
        put_most_faithful(j, e);
    json_put_flag(j, "difference", e->info.compared);
    json_put_number(j, "logit", e->info.logit);
    json_put_number(j, "baseline", e->info.baseline);
    json_put_number(j, "gap", e->info.gap);
    if (e->info.steps > 0)
        json_put_count(j, "steps", e->info.steps);
    else
        json_put_null(j, "steps");
    json_put_number(j, "padding", e->info.padding);
    json_put_bytes(j, "text", e->info.text);
    put_segments(j, e);
    put_tokens(j, e);
    json_close(j);
}

static int append(const char *data, size_t size, void *user)
{
    writer *w = user;
    writer_bytes(w, data, size);
    return w->problem == 0 ? 0 : -1;
}

void draw_json(writer *w, const heed_explanation *e)
{
    enum { DIGITS = 9 };
    const size_t failures = json_memory_failures();
    json_builder j = {0};
    (e->info.problem != NULL ? put_skipped : put_explanation)(&j, e);
    if (j.failed || json_dump_callback(j.root, append, w, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) != 0 ||
        json_memory_failures() != failures)
        writer_fail(w, ENOMEM);
    json_release(&j);
    writer_text(w, "\n");
}
