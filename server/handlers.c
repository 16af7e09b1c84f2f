#include "handlers.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/status.h"
#include "request_body.h"
#include "route.h"

enum { SCORES_MOST = 1 << 20 }; /* of an answer: labels times texts */

/* page.html */
extern const char serve_page_data[], serve_page_data_end[];

static const char content_json[] = "application/json";

/* One request for texts. */
typedef struct asking {
    serving *serving;
    served_model *served;
    model_version *version; /* borrowed */
    request_body body;
    size_t *order; /* [labels]: scratch */
    float *probabilities;
    heed_explanation **explanations;
} asking;

/* Answers with what was written, in one piece. */
static void body_send(writer *body, http_answer *answer, const char *type)
{
    answer->type = type;
    answer->status = 200;
    if (writer_take(body, &answer->body, &answer->size, NULL) != HEED_OK)
        http_refuse(answer, 503, "out of memory for the answer");
    writer_release(body);
}

/* ---------------------------------------------------------------- answers to texts */

static void text_json(writer *out, const char *text)
{
    escape_json(out, bytes_of(text));
}

static bool gives_multilabel(const asking *a)
{
    return a->version->task == HEED_TASK_MULTILABEL;
}

/* The labels answered, as heed predict does it, likeliest first into a->order; returns how many. */
static size_t decide(asking *a, const float *probabilities)
{
    return heed_model_decide(a->order, a->version->model, probabilities, NULL);
}

static const char *one_label(asking *a, const float *probabilities)
{
    decide(a, probabilities);
    return a->version->labels[a->order[0]];
}

/* The labels of a text that may have several, a list, as heed predict writes JSON. */
static void list_write(writer *out, asking *a, const float *probabilities)
{
    size_t count = decide(a, probabilities);
    writer_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        text_json(out, a->version->labels[a->order[i]]);
    }
    writer_byte(out, ']');
}

/* The same where only a text may stand: joined as heed predict joins them. */
static void joined_write(writer *out, asking *a, const float *probabilities)
{
    size_t count = decide(a, probabilities);
    writer joined = {0};
    for (size_t i = 0; i < count; i++) {
        writer_text(&joined, i > 0 ? "," : "");
        writer_text(&joined, a->version->labels[a->order[i]]);
    }
    if (joined.problem != 0)
        writer_fail(out, joined.problem);
    escape_json(out, (heed_bytes){joined.data, joined.size});
    writer_release(&joined);
}

/* JSON has no number for a network that ran over. */
static void score_json(writer *out, float score)
{
    if (isfinite(score))
        writer_print(out, "%.6g", (double)score);
    else
        writer_text(out, "null");
}

static void scores_write(writer *out, const asking *a, const float *probabilities)
{
    for (size_t i = 0; i < a->version->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        score_json(out, probabilities[i]);
    }
}

static const float *row(const asking *a, size_t text)
{
    return a->probabilities + text * a->version->label_count;
}

/* https://github.com/kserve/open-inference-protocol, "Inference REST" */
static void infer_write(writer *out, asking *a)
{
    size_t count = a->body.count;
    writer_print(out, "{\"model_name\": \"%s\", \"model_version\": \"%u\", ", a->served->name, a->version->number);
    if (a->body.id != NULL) {
        writer_text(out, "\"id\": ");
        escape_json(out, (heed_bytes){json_string_value(a->body.id), json_string_length(a->body.id)});
        writer_text(out, ", ");
    }
    writer_text(out, "\"outputs\": [");
    if (a->body.label) {
        writer_print(out, "{\"name\": \"label\", \"shape\": [%zu], \"datatype\": \"BYTES\", \"data\": [", count);
        for (size_t i = 0; i < count; i++) {
            writer_text(out, i > 0 ? ", " : "");
            if (gives_multilabel(a))
                joined_write(out, a, row(a, i));
            else
                text_json(out, one_label(a, row(a, i)));
        }
        writer_text(out, a->body.scores ? "]}, " : "]}");
    }
    if (a->body.scores) {
        writer_print(out, "{\"name\": \"scores\", \"shape\": [%zu, %zu], \"datatype\": \"FP32\", \"data\": [", count,
                     a->version->label_count);
        for (size_t i = 0; i < count; i++) {
            writer_text(out, i > 0 ? ", " : "");
            scores_write(out, a, row(a, i));
        }
        writer_text(out, "]}");
    }
    writer_text(out, "]}\n");
}

static void tfserving_write(writer *out, asking *a)
{
    writer_text(out, "{\"predictions\": [");
    for (size_t i = 0; i < a->body.count; i++) {
        writer_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        if (gives_multilabel(a))
            list_write(out, a, row(a, i));
        else
            text_json(out, one_label(a, row(a, i)));
        writer_text(out, ", \"scores\": [");
        scores_write(out, a, row(a, i));
        writer_text(out, "]}");
    }
    writer_text(out, "]}\n");
}

/* The likeliest labels of one text, in a list of their own; the label answered comes first. */
static void ranks_write(writer *out, asking *a, const float *probabilities, size_t count)
{
    heed_model_rank(a->order, count, a->version->model, probabilities, NULL);
    writer_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        text_json(out, a->version->labels[a->order[i]]);
        writer_text(out, ", \"score\": ");
        score_json(out, probabilities[a->order[i]]);
        writer_byte(out, '}');
    }
    writer_byte(out, ']');
}

/* A text is answered by a list, a list of texts by a list of lists, whatever top_k says. */
static void huggingface_write(writer *out, asking *a)
{
    size_t labels = a->version->label_count, most = a->body.top_k;
    writer_text(out, a->body.single ? "" : "[");
    for (size_t i = 0; i < a->body.count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        ranks_write(out, a, row(a, i), most == 0 || most > labels ? labels : most);
    }
    writer_text(out, a->body.single ? "\n" : "]\n");
}

/* One explanation is drawn at a time: that takes far more memory than what comes of it. */
static pthread_mutex_t drawing = PTHREAD_MUTEX_INITIALIZER;

static void explain_write(writer *out, asking *a)
{
    writer_text(out, "{\"explanations\": [");
    for (size_t i = 0; i < a->body.count; i++) {
        const heed_explanation *one = a->explanations[i];
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

static void labels_count(asking *a)
{
    for (size_t i = 0; i < a->body.count; i++) {
        size_t count = decide(a, row(a, i));
        for (size_t k = 0; k < count; k++)
            a->version->answered[a->order[k]]++;
    }
}

static void asking_write(asking *a, route route, http_answer *answer)
{
    writer body = {0};
    if (route == ROUTE_EXPLAIN) {
        explain_write(&body, a);
    } else {
        labels_count(a);
        (route == ROUTE_INFER ? infer_write : route == ROUTE_TFSERVING ? tfserving_write : huggingface_write)(&body, a);
    }
    body_send(&body, answer, content_json);
}

/* What the caller did wrong, such as a label that the model does not know, is the status HEED_USAGE or HEED_BAD_DATA.
 */
static unsigned job_run(asking *a, const http_request *request, const heed_explain_options *explain, heed_error *error)
{
    job j = {.served = a->served,
             .version = a->version,
             .texts = a->body.texts,
             .count = a->body.count,
             .probabilities = a->probabilities,
             .explain = explain,
             .explanations = a->explanations,
             .deadline = request->deadline};
    if (j.count == 0)
        return 200;
    switch (batcher_run(a->serving->batcher, &j)) {
    case JOB_FULL:
        fail(error, HEED_FAILED, "too many texts are waiting already");
        return 429;
    case JOB_LATE:
        fail(error, HEED_FAILED, "the texts were not done in time");
        return 504;
    case JOB_DONE:
        break;
    }
    *error = j.error;
    return j.status == HEED_OK ? 200 : j.status == HEED_USAGE ? 400 : j.status == HEED_BAD_DATA ? 422 : 500;
}

static unsigned asking_run(asking *a, route route, const http_request *request, heed_error *error)
{
    bool explains = route == ROUTE_EXPLAIN;
    unsigned status = request_body_read(&a->body, route, request->body, a->serving->texts_most, error);
    if (status != 0)
        return status;
    if (!explains && a->body.count > 1 && a->body.count > SCORES_MOST / a->version->label_count) {
        fail(error, HEED_BAD_DATA, "found %zu texts, expected %zu at most with %zu labels", a->body.count,
             (size_t)SCORES_MOST / a->version->label_count, a->version->label_count);
        return 413;
    }
    if (explains)
        a->explanations = calloc(a->body.count + 1, sizeof *a->explanations);
    else
        a->probabilities = calloc(a->body.count * a->version->label_count + 1, sizeof *a->probabilities);
    a->order = calloc(a->version->label_count, sizeof *a->order);
    if ((a->explanations == NULL && a->probabilities == NULL) || a->order == NULL) {
        fail_memory(error, "the answer");
        return 503;
    }
    return job_run(a, request, explains ? &a->body.explain : NULL, error);
}

static void asking_release(asking *a)
{
    for (size_t i = 0; a->explanations != NULL && i < a->body.count; i++)
        heed_explanation_free(a->explanations[i]);
    free(a->explanations);
    free(a->probabilities);
    free(a->order);
    request_body_release(&a->body);
}

static void texts_answer(serving *s, served_model *m, model_version *v, route route, const http_request *request,
                         http_answer *answer)
{
    asking a = {.serving = s, .served = m, .version = v};
    heed_error error = {""};
    unsigned status = asking_run(&a, route, request, &error);
    answer->texts = a.body.count;
    if (status == 200)
        asking_write(&a, route, answer);
    else
        http_refuse(answer, status, error.message);
    asking_release(&a);
}

/* ---------------------------------------------------------------- answers about the server */

static void model_write(writer *out, const served_model *m, const model_version *v)
{
    writer_print(out,
                 "{\"name\": \"%s\", \"versions\": [\"%u\"], \"platform\": \"heed\", "
                 "\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [-1]}], "
                 "\"outputs\": [{\"name\": \"label\", \"datatype\": \"BYTES\", \"shape\": [-1]}, "
                 "{\"name\": \"scores\", \"datatype\": \"FP32\", \"shape\": [-1, %zu]}], \"labels\": [",
                 m->name, v->number, v->label_count);
    for (size_t i = 0; i < v->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        text_json(out, v->labels[i]);
    }
    writer_text(out, "]}\n");
}

static void server_write(writer *out, const serving *s)
{
    writer_print(out, "{\"name\": \"heed\", \"version\": \"%s\", \"extensions\": [], \"models\": [", heed_version());
    for (size_t i = 0; i < s->models.count; i++)
        writer_print(out, "%s\"%s\"", i > 0 ? ", " : "", s->models.items[i].name);
    writer_text(out, "]}\n");
}

static void about_model(writer *out, route route, const served_model *m, const model_version *v)
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

static const char *about_type(route route)
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
        http_refuse(answer, 503, "the server is about to end");
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
        about_model(&body, route, m, v);
    body_send(&body, answer, about_type(route));
}

/* Of several versions one is there, the one that was loaded last. */
static bool version_fits(const model_version *v, heed_bytes version)
{
    char number[16];
    snprintf(number, sizeof number, "%u", v->number);
    return version.data == NULL || (version.size == strlen(number) && memcmp(version.data, number, version.size) == 0);
}

void reply_handle(void *user, const http_request *request, http_answer *answer)
{
    serving *s = user;
    routed to;
    unsigned status = route_find(&to, request->method, request->path);
    served_model *m = status == 200 ? models_find(&s->models, to.model) : NULL;
    model_version *v = m != NULL ? model_take(m) : NULL; /* the one that answers, whatever is loaded meanwhile */
    answer->route = to.route;
    if (status == 405) {
        answer->allow = to.allow;
        http_refuse(answer, 405, "this path takes another method");
    } else if (status != 200) {
        http_refuse(answer, status, "there is nothing at this path; docs/SERVE.md lists those that there are");
    } else if (v == NULL || !version_fits(v, to.version)) {
        http_refuse(answer, 404, "no model of this name and version; GET /v2 lists the names");
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

void reply_answered(void *user, const http_request *request, const http_answer *answer)
{
    enum { PATH_MOST = 120 };
    serving *s = user;
    double seconds = clock_seconds() - request->began;
    char method[16], path[PATH_MOST + 1];
    metrics_request(&s->metrics, (route)answer->route, answer->status, seconds);
    if (s->quiet)
        return;
    log_word(method, sizeof method, request->method);
    log_word(path, sizeof path, request->path);
    fprintf(stderr, "heed: %s %s %s %u %zu texts %.2f ms\n", request->peer, method, path, answer->status, answer->texts,
            1e3 * seconds);
}
