/* An explanation as one JSON object on a line; what is not defined is null. */
#include <jansson.h>
#include <math.h>

#include "base/status.h"
#include "explain/pen.h"

/* jansson's constructors give NULL for want of memory and its setters pass that on: one flag tells at the end. */
static void set(bool *failed, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        *failed = true;
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *string(heed_bytes text)
{
    return json_stringn(text.data == NULL ? "" : text.data, text.size);
}

static json_t *segments_array(bool *failed, const heed_explanation_info *info)
{
    json_t *array = json_array();
    for (size_t i = 0; i < info->segment_count; i++) {
        const heed_segment *s = &info->segments[i];
        json_t *object = json_object();
        set(failed, object, "text", string(segment_text(info, s)));
        set(failed, object, "begin", json_integer((json_int_t)s->begin));
        set(failed, object, "end", json_integer((json_int_t)s->end));
        set(failed, object, "fate", json_string(heed_fate_name(s->fate)));
        if (s->word.data != NULL)
            set(failed, object, "word", string(s->word));
        if (s->tokens > 0)
            set(failed, object, "score", number(s->score));
        if (json_array_append_new(array, object) != 0)
            *failed = true;
    }
    return array;
}

static json_t *tokens_array(bool *failed, const heed_explanation_info *info)
{
    json_t *array = json_array();
    for (size_t i = 0; i < info->token_count; i++) {
        const heed_explained_token *t = &info->tokens[i];
        json_t *object = json_object();
        set(failed, object, "token", string(t->text));
        set(failed, object, "begin", json_integer((json_int_t)t->begin));
        set(failed, object, "end", json_integer((json_int_t)t->end));
        set(failed, object, "segment", json_integer((json_int_t)t->segment));
        set(failed, object, "score", number(t->score));
        if (json_array_append_new(array, object) != 0)
            *failed = true;
    }
    return array;
}

static json_t *explanation_object(bool *failed, const heed_explanation_info *info)
{
    json_t *object = json_object(), *probabilities = json_object();
    for (size_t i = 0; i < info->label_count; i++)
        set(failed, probabilities, info->labels[i], number((double)info->probabilities[i]));
    set(failed, object, "label", json_string(info->labels[info->label]));
    set(failed, object, "probability", number((double)info->probabilities[info->label]));
    set(failed, object, "probabilities", probabilities);
    set(failed, object, "method", json_string(heed_method_name(info->method)));
    if (info->measured_rows > 0)
        set(failed, object, "most_faithful",
            json_pack("{s:I, s:o, s:o, s:o}", "rows", (json_int_t)info->measured_rows, "gain", number(info->gain.mean),
                      "low", number(info->gain.low), "high", number(info->gain.high)));
    set(failed, object, "difference", json_boolean(info->compared));
    set(failed, object, "logit", number(info->logit));
    set(failed, object, "baseline", number(info->baseline));
    set(failed, object, "gap", number(info->gap));
    set(failed, object, "steps", info->steps > 0 ? json_integer(info->steps) : json_null());
    set(failed, object, "padding", number(info->padding));
    set(failed, object, "text", string(info->text));
    set(failed, object, "segments", segments_array(failed, info));
    set(failed, object, "tokens", tokens_array(failed, info));
    return object;
}

static int append_json(const char *data, size_t size, void *user)
{
    pen *p = user;
    pen_bytes(p, (heed_bytes){data, size});
    return p->status == HEED_OK ? 0 : -1;
}

void draw_json(pen *p, const heed_explanation_info *info)
{
    bool failed = false;
    json_t *object = explanation_object(&failed, info);
    int written = failed ? -1 : json_dump_callback(object, append_json, p, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(object);
    if (written != 0 && p->status == HEED_OK)
        p->status = fail_memory(p->error, "an explanation as JSON");
    pen_text(p, "\n");
}
