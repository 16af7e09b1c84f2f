#include "handlers.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/status.h"
#include "options/choices.h"
#include "request_body.h"
#include "route.h"

enum { MAX_SCORES = 1 << 20 }; /* in an answer: labels times texts */

/* page.html */
extern const char serve_page_data[], serve_page_data_end[];

static const char content_json[] = "application/json";

/* A request to predict or explain texts. */
typedef struct text_request {
    serving *serving;
    served_model *served;
    model_version *version; /* borrowed */
    request_body body;
    size_t *order; /* [labels]: scratch */
    float *probabilities;
    heed_explanation **explanations;
} text_request;

/* Answers with what was written. */
static void body_send(writer *body, http_answer *answer, const char *type)
{
    answer->type = type;
    answer->status = 200;
    if (writer_take(body, &answer->body, &answer->size, NULL) != HEED_OK)
        http_refuse(answer, 503, "out of memory for the answer");
    writer_release(body);
}

/* ---------------------------------------------------------------- answers to texts */

static void string_write(writer *out, const char *text)
{
    escape_json(out, bytes_of(text));
}

static bool is_multilabel(const text_request *r)
{
    return r->version->task == HEED_TASK_MULTILABEL;
}

/* Decides the labels as heed predict does, into r->order, likeliest first; returns how many. */
static size_t decide(text_request *r, const float *probabilities)
{
    return heed_model_decide(r->order, r->version->model, probabilities, NULL);
}

static const char *decided_label(text_request *r, const float *probabilities)
{
    decide(r, probabilities);
    return r->version->labels[r->order[0]];
}

/* The labels of a text that may have several, as a list, as heed predict writes JSON. */
static void labels_write(writer *out, text_request *r, const float *probabilities)
{
    size_t count = decide(r, probabilities);
    writer_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        string_write(out, r->version->labels[r->order[i]]);
    }
    writer_byte(out, ']');
}

/* The same as one string, joined as heed predict joins them. */
static void joined_labels_write(writer *out, text_request *r, const float *probabilities)
{
    size_t count = decide(r, probabilities);
    writer joined = {0};
    for (size_t i = 0; i < count; i++) {
        writer_text(&joined, i > 0 ? "," : "");
        writer_text(&joined, r->version->labels[r->order[i]]);
    }
    if (joined.problem != 0)
        writer_fail(out, joined.problem);
    escape_json(out, (heed_bytes){joined.data, joined.size});
    writer_release(&joined);
}

/* A network can overflow; JSON has neither infinity nor NaN. */
static void score_write(writer *out, float score)
{
    if (isfinite(score))
        writer_print(out, "%.6g", (double)score);
    else
        writer_text(out, "null");
}

static void scores_write(writer *out, const text_request *r, const float *probabilities)
{
    for (size_t i = 0; i < r->version->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        score_write(out, probabilities[i]);
    }
}

static const float *row(const text_request *r, size_t text)
{
    return r->probabilities + text * r->version->label_count;
}

/* https://github.com/kserve/open-inference-protocol, "Inference REST" */
static void infer_write(writer *out, text_request *r)
{
    size_t count = r->body.count;
    writer_print(out, "{\"model_name\": \"%s\", \"model_version\": \"%u\", ", r->served->name, r->version->number);
    if (r->body.id != NULL) {
        writer_text(out, "\"id\": ");
        escape_json(out, (heed_bytes){json_string_value(r->body.id), json_string_length(r->body.id)});
        writer_text(out, ", ");
    }
    writer_text(out, "\"outputs\": [");
    if (r->body.label) {
        writer_print(out, "{\"name\": \"label\", \"shape\": [%zu], \"datatype\": \"BYTES\", \"data\": [", count);
        for (size_t i = 0; i < count; i++) {
            writer_text(out, i > 0 ? ", " : "");
            if (is_multilabel(r))
                joined_labels_write(out, r, row(r, i));
            else
                string_write(out, decided_label(r, row(r, i)));
        }
        writer_text(out, r->body.scores ? "]}, " : "]}");
    }
    if (r->body.scores) {
        writer_print(out, "{\"name\": \"scores\", \"shape\": [%zu, %zu], \"datatype\": \"FP32\", \"data\": [", count,
                     r->version->label_count);
        for (size_t i = 0; i < count; i++) {
            writer_text(out, i > 0 ? ", " : "");
            scores_write(out, r, row(r, i));
        }
        writer_text(out, "]}");
    }
    writer_text(out, "]}\n");
}

static void tfserving_write(writer *out, text_request *r)
{
    writer_text(out, "{\"predictions\": [");
    for (size_t i = 0; i < r->body.count; i++) {
        writer_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        if (is_multilabel(r))
            labels_write(out, r, row(r, i));
        else
            string_write(out, decided_label(r, row(r, i)));
        writer_text(out, ", \"scores\": [");
        scores_write(out, r, row(r, i));
        writer_text(out, "]}");
    }
    writer_text(out, "]}\n");
}

/* The likeliest labels of one text as a list; the label that is decided comes first. */
static void ranking_write(writer *out, text_request *r, const float *probabilities, size_t count)
{
    heed_model_rank(r->order, count, r->version->model, probabilities, NULL);
    writer_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        string_write(out, r->version->labels[r->order[i]]);
        writer_text(out, ", \"score\": ");
        score_write(out, probabilities[r->order[i]]);
        writer_byte(out, '}');
    }
    writer_byte(out, ']');
}

/* The answer to a text is a list, the answer to a list of texts a list of lists, whatever top_k is. */
static void huggingface_write(writer *out, text_request *r)
{
    size_t labels = r->version->label_count, top = r->body.top_k;
    writer_text(out, r->body.single ? "" : "[");
    for (size_t i = 0; i < r->body.count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        ranking_write(out, r, row(r, i), top == 0 || top > labels ? labels : top);
    }
    writer_text(out, r->body.single ? "\n" : "]\n");
}

/* One explanation is drawn at a time, since drawing takes far more memory than its result. */
static pthread_mutex_t drawing = PTHREAD_MUTEX_INITIALIZER;

static void explain_write(writer *out, text_request *r)
{
    writer_text(out, "{\"explanations\": [");
    for (size_t i = 0; i < r->body.count; i++) {
        const heed_explanation *one = r->explanations[i];
        char *json = NULL;
        size_t size = 0;
        pthread_mutex_lock(&drawing);
        if (heed_explanations_draw(&json, &size, &one, 1, HEED_EXPLANATION_JSON, NULL) != HEED_OK)
            writer_fail(out, ENOMEM);
        pthread_mutex_unlock(&drawing);
        while (size > 0 && json[size - 1] == '\n')
            size--;
        writer_text(out, i > 0 ? ", " : "");
        writer_bytes(out, json, size);
        heed_free(json);
    }
    writer_text(out, "]}\n");
}

static void labels_count(text_request *r)
{
    for (size_t i = 0; i < r->body.count; i++) {
        size_t count = decide(r, row(r, i));
        for (size_t k = 0; k < count; k++)
            r->version->predicted[r->order[k]]++;
    }
}

static void text_request_write(text_request *r, route route, http_answer *answer)
{
    writer body = {0};
    if (route == ROUTE_EXPLAIN) {
        explain_write(&body, r);
    } else {
        labels_count(r);
        (route == ROUTE_INFER ? infer_write : route == ROUTE_TFSERVING ? tfserving_write : huggingface_write)(&body, r);
    }
    body_send(&body, answer, content_json);
}

/* A mistake of the client, such as a label that the model does not have, is HEED_USAGE or HEED_BAD_DATA. */
static unsigned job_run(text_request *r, const http_request *request, const heed_explain_options *explain,
                        heed_error *error)
{
    job j = {.served = r->served,
             .version = r->version,
             .texts = r->body.texts,
             .count = r->body.count,
             .probabilities = r->probabilities,
             .explain = explain,
             .explanations = r->explanations,
             .deadline = request->deadline};
    if (j.count == 0)
        return 200;
    switch (batcher_run(r->serving->batcher, &j)) {
    case JOB_FULL:
        fail(error, HEED_FAILED, "too many texts are already waiting");
        return 429;
    case JOB_TIMEOUT:
        fail(error, HEED_FAILED, "the texts were not processed in time");
        return 504;
    case JOB_DONE:
        break;
    }
    *error = j.error;
    return j.status == HEED_OK ? 200 : j.status == HEED_USAGE ? 400 : j.status == HEED_BAD_DATA ? 422 : 500;
}

static unsigned text_request_run(text_request *r, route route, const http_request *request, heed_error *error)
{
    bool explains = route == ROUTE_EXPLAIN;
    unsigned status = request_body_read(&r->body, route, request->body, r->serving->max_texts, error);
    if (status != 0)
        return status;
    if (!explains && r->body.count > 1 && r->body.count > MAX_SCORES / r->version->label_count) {
        fail(error, HEED_BAD_DATA, "found %zu texts, expected %zu at most with %zu labels", r->body.count,
             (size_t)MAX_SCORES / r->version->label_count, r->version->label_count);
        return 413;
    }
    if (explains)
        r->explanations = calloc(r->body.count + 1, sizeof *r->explanations);
    else
        r->probabilities = calloc(r->body.count * r->version->label_count + 1, sizeof *r->probabilities);
    r->order = calloc(r->version->label_count, sizeof *r->order);
    if ((r->explanations == NULL && r->probabilities == NULL) || r->order == NULL) {
        fail_memory(error, "the answer");
        return 503;
    }
    return job_run(r, request, explains ? &r->body.explain : NULL, error);
}

static void text_request_release(text_request *r)
{
    for (size_t i = 0; r->explanations != NULL && i < r->body.count; i++)
        heed_explanation_free(r->explanations[i]);
    free(r->explanations);
    free(r->probabilities);
    free(r->order);
    request_body_release(&r->body);
}

static void texts_answer(serving *s, served_model *m, model_version *v, route route, const http_request *request,
                         http_answer *answer)
{
    text_request r = {.serving = s, .served = m, .version = v};
    heed_error error = {""};
    unsigned status = text_request_run(&r, route, request, &error);
    answer->texts = r.body.count;
    if (status == 200)
        text_request_write(&r, route, answer);
    else
        http_refuse(answer, status, error.message);
    text_request_release(&r);
}

/* ---------------------------------------------------------------- answers about the server */

/* The labels that are predicted above a threshold, as heed_model_info has them. */
static void thresholds_write(writer *out, const model_version *v)
{
    const heed_model_info *info = heed_model_describe(v->model);
    size_t first = info->task == HEED_TASK_BINARY ? info->positive : 0;
    size_t count = info->task == HEED_TASK_MULTICLASS ? 0 : info->threshold_count;
    writer_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        string_write(out, v->labels[first + i]);
        writer_print(out, ": %.9g", info->thresholds[i]);
    }
    writer_byte(out, '}');
}

static void model_write(writer *out, const served_model *m, const model_version *v)
{
    writer_print(out,
                 "{\"name\": \"%s\", \"versions\": [\"%u\"], \"platform\": \"heed\", "
                 "\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [-1]}], "
                 "\"outputs\": [{\"name\": \"label\", \"datatype\": \"BYTES\", \"shape\": [-1]}, "
                 "{\"name\": \"scores\", \"datatype\": \"FP32\", \"shape\": [-1, %zu]}], "
                 "\"weights\": \"%s\", \"labels\": [",
                 m->name, v->number, v->label_count, names_of(&weights_names, v->weights));
    for (size_t i = 0; i < v->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        string_write(out, v->labels[i]);
    }
    writer_text(out, "], \"thresholds\": ");
    thresholds_write(out, v);
    writer_text(out, "}\n");
}

static void server_write(writer *out, const serving *s)
{
    writer_print(out, "{\"name\": \"heed\", \"version\": \"%s\", \"extensions\": [], \"models\": [", heed_version());
    for (size_t i = 0; i < s->models.count; i++)
        writer_print(out, "%s\"%s\"", i > 0 ? ", " : "", s->models.items[i].name);
    writer_text(out, "]}\n");
}

static void model_about_write(writer *out, route route, const served_model *m, const model_version *v)
{
    if (route == ROUTE_MODEL)
        model_write(out, m, v);
    else if (route == ROUTE_STATUS)
        writer_print(out,
                     "{\"model_version_status\": [{\"version\": \"%u\", \"state\": \"AVAILABLE\", "
                     "\"status\": {\"error_code\": \"OK\", \"error_message\": \"\"}}]}\n",
                     v->number);
    else
        writer_print(out, "{\"name\": \"%s\", \"ready\": true}\n", m->name);
}

static const char *about_content_type(route route)
{
    return route == ROUTE_METRICS ? "text/plain; version=0.0.4; charset=utf-8"
           : route == ROUTE_PAGE  ? "text/html; charset=utf-8"
                                  : content_json;
}

static void about_answer(serving *s, const served_model *m, const model_version *v, route route, http_answer *answer)
{
    bool ready = route == ROUTE_READY || route == ROUTE_MODEL_READY;
    writer body = {0};
    if (ready && s->draining) {
        http_refuse(answer, 503, "the server is shutting down");
        return;
    }
    if (route == ROUTE_METRICS)
        metrics_write(&s->metrics, &body, &s->models, batcher_depth(s->batcher), http_connections(s->http));
    else if (route == ROUTE_LIVE || route == ROUTE_READY)
        writer_print(&body, "{\"%s\": true}\n", route == ROUTE_LIVE ? "live" : "ready");
    else if (route == ROUTE_PAGE)
        writer_bytes(&body, serve_page_data, (size_t)(serve_page_data_end - serve_page_data));
    else if (route == ROUTE_SERVER)
        server_write(&body, s);
    else
        model_about_write(&body, route, m, v);
    body_send(&body, answer, about_content_type(route));
}

/* Only the version that was loaded last is there. */
static bool version_matches(const model_version *v, heed_bytes version)
{
    char number[16];
    snprintf(number, sizeof number, "%u", v->number);
    return version.data == NULL || (version.size == strlen(number) && memcmp(version.data, number, version.size) == 0);
}

void request_answer(void *user, const http_request *request, http_answer *answer)
{
    serving *s = user;
    routed to;
    unsigned status = route_find(&to, request->method, request->path);
    served_model *m = status == 200 ? models_find(&s->models, to.model) : NULL;
    model_version *v = m != NULL ? model_get(m) : NULL; /* it answers, even if another one is loaded meanwhile */
    answer->route = to.route;
    if (status == 405) {
        answer->allow = to.allow;
        http_refuse(answer, 405, "this path does not take this method; the header Allow lists those that it takes");
    } else if (status != 200) {
        http_refuse(answer, status, "there is nothing at this path; docs/SERVE.md lists the paths");
    } else if (v == NULL || !version_matches(v, to.version)) {
        http_refuse(answer, 404, "there is no model with this name and version; GET /v2 lists the names");
    } else if (to.route >= ROUTE_INFER) {
        texts_answer(s, m, v, to.route, request, answer);
    } else {
        about_answer(s, m, v, to.route, answer);
    }
    model_put(v);
}

/* One word of a line of the log: "-" for nothing, '?' for characters that a terminal would obey or that would look like
 * another word or line. */
static void log_word(char *out, size_t size, heed_bytes word)
{
    snprintf(out, size, "%.*s", (int)word.size, word.size > 0 ? word.data : "");
    for (char *p = out; *p != '\0'; p++)
        *p = *p > 0x20 && *p < 0x7f ? *p : '?';
    if (word.size == 0)
        snprintf(out, size, "-");
}

void answer_log(void *user, const http_request *request, const http_answer *answer)
{
    enum { MAX_PATH = 120 };
    serving *s = user;
    double seconds = clock_seconds() - request->began;
    char method[16], path[MAX_PATH + 1];
    metrics_request(&s->metrics, (route)answer->route, answer->status, seconds);
    if (s->quiet)
        return;
    log_word(method, sizeof method, request->method);
    log_word(path, sizeof path, request->path);
    fprintf(stderr, "heed: %s %s %s %u %zu texts %.2f ms\n", request->peer, method, path, answer->status, answer->texts,
            1e3 * seconds);
}
