#include "reply.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "command.h"
#include "labels.h"
#include "output.h"
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
    asked asked;
    labels labels; /* of the version's model */
    float *probabilities;
    heed_explanation **explanations;
} asking;

/* Answers whose body is written into memory. */
static bool body_begin(output *out, http_answer *answer, const char *type)
{
    *out = (output){.file = open_memstream(&answer->body, &answer->size)};
    answer->type = type;
    answer->status = 200;
    if (out->file == NULL)
        http_refuse(answer, 503, "out of memory for the answer");
    return out->file != NULL;
}

static void body_end(output *out, http_answer *answer)
{
    bool fine = fclose(out->file) == 0 && out->problem == 0;
    if (fine)
        return;
    free(answer->body);
    answer->body = NULL;
    answer->size = 0;
    http_refuse(answer, 503, "out of memory for the answer");
}

/* ---------------------------------------------------------------- answers to texts */

static void text_json(output *out, const char *text)
{
    output_json(out, bytes_of(text));
}

static bool gives_several(const asking *a)
{
    return a->labels.task == HEED_TASK_MULTILABEL;
}

static const char *one_label(const asking *a, const float *probabilities)
{
    return a->labels.names[labels_choose(&a->labels, probabilities)];
}

/* The labels of a text that may have several, a list, as heed predict writes JSON. */
static void list_write(output *out, asking *a, const float *probabilities)
{
    size_t count = labels_answer(&a->labels, probabilities);
    output_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        output_text(out, i > 0 ? ", " : "");
        text_json(out, a->labels.names[a->labels.order[i]]);
    }
    output_byte(out, ']');
}

/* The same where only a text may stand: joined as heed predict joins them. */
static void joined_write(output *out, asking *a, const float *probabilities)
{
    size_t count = labels_answer(&a->labels, probabilities), size = 1;
    for (size_t i = 0; i < count; i++)
        size += strlen(a->labels.names[a->labels.order[i]]) + strlen(a->labels.separator);
    char *joined = calloc(size, 1), *end = joined;
    if (joined == NULL) {
        out->problem = 1;
        return;
    }
    for (size_t i = 0; i < count; i++)
        end = stpcpy(stpcpy(end, i > 0 ? a->labels.separator : ""), a->labels.names[a->labels.order[i]]);
    text_json(out, joined);
    free(joined);
}

/* JSON has no number for a network that ran over. */
static void score_json(output *out, float score)
{
    if (isfinite(score))
        output_score(out, (double)score);
    else
        output_text(out, "null");
}

static void scores_write(output *out, const asking *a, const float *probabilities)
{
    for (size_t i = 0; i < a->labels.count; i++) {
        output_text(out, i > 0 ? ", " : "");
        score_json(out, probabilities[i]);
    }
}

static const float *row(const asking *a, size_t text)
{
    return a->probabilities + text * a->labels.count;
}

/* https://github.com/kserve/open-inference-protocol, "Inference REST" */
static void infer_write(output *out, asking *a)
{
    size_t count = a->asked.count;
    output_print(out, "{\"model_name\": \"%s\", \"model_version\": \"%u\", ", a->served->name, a->version->number);
    if (a->asked.id != NULL) {
        output_text(out, "\"id\": ");
        output_json(out, (heed_bytes){json_string_value(a->asked.id), json_string_length(a->asked.id)});
        output_text(out, ", ");
    }
    output_text(out, "\"outputs\": [");
    if (a->asked.label) {
        output_print(out, "{\"name\": \"label\", \"shape\": [%zu], \"datatype\": \"BYTES\", \"data\": [", count);
        for (size_t i = 0; i < count; i++) {
            output_text(out, i > 0 ? ", " : "");
            if (gives_several(a))
                joined_write(out, a, row(a, i));
            else
                text_json(out, one_label(a, row(a, i)));
        }
        output_text(out, a->asked.scores ? "]}, " : "]}");
    }
    if (a->asked.scores) {
        output_print(out, "{\"name\": \"scores\", \"shape\": [%zu, %zu], \"datatype\": \"FP32\", \"data\": [", count,
                     a->labels.count);
        for (size_t i = 0; i < count; i++) {
            output_text(out, i > 0 ? ", " : "");
            scores_write(out, a, row(a, i));
        }
        output_text(out, "]}");
    }
    output_text(out, "]}\n");
}

static void tfserving_write(output *out, asking *a)
{
    output_text(out, "{\"predictions\": [");
    for (size_t i = 0; i < a->asked.count; i++) {
        output_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        if (gives_several(a))
            list_write(out, a, row(a, i));
        else
            text_json(out, one_label(a, row(a, i)));
        output_text(out, ", \"scores\": [");
        scores_write(out, a, row(a, i));
        output_text(out, "]}");
    }
    output_text(out, "]}\n");
}

/* The likeliest labels of one text, in a list of their own; the label answered comes first. */
static void ranks_write(output *out, const asking *a, const float *probabilities, size_t *ranks, size_t most)
{
    labels_rank(ranks, most, &a->labels, probabilities);
    output_byte(out, '[');
    for (size_t i = 0; i < most; i++) {
        output_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        text_json(out, a->labels.names[ranks[i]]);
        output_text(out, ", \"score\": ");
        score_json(out, probabilities[ranks[i]]);
        output_byte(out, '}');
    }
    output_byte(out, ']');
}

/* A text is answered by a list, a list of texts by a list of lists, whatever top_k says. */
static void huggingface_write(output *out, asking *a)
{
    size_t most = a->asked.top_k == 0 || a->asked.top_k > a->labels.count ? a->labels.count : a->asked.top_k;
    size_t *ranks = calloc(a->labels.count + 1, sizeof *ranks);
    if (ranks == NULL) {
        out->problem = 1;
        return;
    }
    output_text(out, a->asked.single ? "" : "[");
    for (size_t i = 0; i < a->asked.count; i++) {
        output_text(out, i > 0 ? ", " : "");
        ranks_write(out, a, row(a, i), ranks, most);
    }
    output_text(out, a->asked.single ? "\n" : "]\n");
    free(ranks);
}

/* One explanation is drawn at a time: that takes far more memory than what comes of it. */
static pthread_mutex_t drawing = PTHREAD_MUTEX_INITIALIZER;

static void explain_write(output *out, asking *a)
{
    output_text(out, "{\"explanations\": [");
    for (size_t i = 0; i < a->asked.count; i++) {
        const heed_explanation *one = a->explanations[i];
        char *json = NULL;
        size_t size = 0;
        pthread_mutex_lock(&drawing);
        if (heed_explanations_draw(&json, &size, &one, 1, HEED_PICTURE_JSON, NULL) != HEED_OK)
            out->problem = 1;
        pthread_mutex_unlock(&drawing);
        while (size > 0 && json[size - 1] == '\n')
            size--;
        output_text(out, i > 0 ? ", " : "");
        output_bytes(out, json, size);
        heed_free(json);
    }
    output_text(out, "]}\n");
}

static void labels_count(asking *a)
{
    for (size_t i = 0; i < a->asked.count; i++) {
        size_t count = gives_several(a) ? labels_answer(&a->labels, row(a, i)) : 0;
        for (size_t k = 0; k < count; k++)
            a->version->answered[a->labels.order[k]]++;
        if (!gives_several(a))
            a->version->answered[labels_choose(&a->labels, row(a, i))]++;
    }
}

static void asking_write(asking *a, route route, http_answer *answer)
{
    output out;
    if (!body_begin(&out, answer, content_json))
        return;
    if (route == ROUTE_EXPLAIN) {
        explain_write(&out, a);
    } else {
        labels_count(a);
        (route == ROUTE_INFER ? infer_write : route == ROUTE_TFSERVING ? tfserving_write : huggingface_write)(&out, a);
    }
    body_end(&out, answer);
}

/* What the caller did wrong, such as a label that the model does not know, is the status HEED_USAGE or HEED_BAD_DATA.
 */
static unsigned job_run(asking *a, const http_request *request, const heed_explain_options *explain, heed_error *error)
{
    job j = {.served = a->served,
             .version = a->version,
             .texts = a->asked.texts,
             .count = a->asked.count,
             .probabilities = a->probabilities,
             .explain = explain,
             .explanations = a->explanations,
             .deadline = request->deadline};
    if (j.count == 0)
        return 200;
    switch (batcher_run(a->serving->batcher, &j)) {
    case JOB_FULL:
        complain(error, HEED_FAILED, "too many texts are waiting already");
        return 429;
    case JOB_LATE:
        complain(error, HEED_FAILED, "the texts were not done in time");
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
    unsigned status = asked_read(&a->asked, route, request->body, a->serving->texts_most, error);
    if (status != 0)
        return status;
    if (labels_init(&a->labels, a->version->model, NULL, NULL, error) != HEED_OK)
        return 503;
    if (!explains && a->asked.count > 1 && a->asked.count > SCORES_MOST / a->labels.count) {
        complain(error, HEED_BAD_DATA, "found %zu texts, expected %zu at most with %zu labels", a->asked.count,
                 (size_t)SCORES_MOST / a->labels.count, a->labels.count);
        return 413;
    }
    if (explains)
        a->explanations = calloc(a->asked.count + 1, sizeof *a->explanations);
    else
        a->probabilities = calloc(a->asked.count * a->labels.count + 1, sizeof *a->probabilities);
    if (a->explanations == NULL && a->probabilities == NULL) {
        complain(error, HEED_FAILED, "out of memory for the answer");
        return 503;
    }
    return job_run(a, request, explains ? &a->asked.explain : NULL, error);
}

static void asking_release(asking *a)
{
    for (size_t i = 0; a->explanations != NULL && i < a->asked.count; i++)
        heed_explanation_free(a->explanations[i]);
    free(a->explanations);
    free(a->probabilities);
    labels_release(&a->labels);
    asked_release(&a->asked);
}

static void texts_answer(serving *s, served_model *m, model_version *v, route route, const http_request *request,
                         http_answer *answer)
{
    asking a = {.serving = s, .served = m, .version = v};
    heed_error error = {""};
    unsigned status = asking_run(&a, route, request, &error);
    answer->texts = a.asked.count;
    if (status == 200)
        asking_write(&a, route, answer);
    else
        http_refuse(answer, status, error.message);
    asking_release(&a);
}

/* ---------------------------------------------------------------- answers about the server */

static void model_write(output *out, const served_model *m, const model_version *v)
{
    output_print(out,
                 "{\"name\": \"%s\", \"versions\": [\"%u\"], \"platform\": \"heed\", "
                 "\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [-1]}], "
                 "\"outputs\": [{\"name\": \"label\", \"datatype\": \"BYTES\", \"shape\": [-1]}, "
                 "{\"name\": \"scores\", \"datatype\": \"FP32\", \"shape\": [-1, %zu]}], \"labels\": [",
                 m->name, v->number, v->label_count);
    for (size_t i = 0; i < v->label_count; i++) {
        output_text(out, i > 0 ? ", " : "");
        text_json(out, v->labels[i]);
    }
    output_text(out, "]}\n");
}

static void server_write(output *out, const serving *s)
{
    output_print(out, "{\"name\": \"heed\", \"version\": \"%s\", \"extensions\": [], \"models\": [", heed_version());
    for (size_t i = 0; i < s->models.count; i++)
        output_print(out, "%s\"%s\"", i > 0 ? ", " : "", s->models.items[i].name);
    output_text(out, "]}\n");
}

static void about_model(output *out, route route, const served_model *m, const model_version *v)
{
    if (route == ROUTE_MODEL)
        model_write(out, m, v);
    else if (route == ROUTE_STATUS)
        output_print(out,
                     "{\"model_version_status\": [{\"version\": \"%u\", \"state\": \"AVAILABLE\", "
                     "\"status\": {\"error_code\": \"OK\", \"error_message\": \"\"}}]}\n",
                     v->number);
    else
        output_print(out, "{\"name\": \"%s\", \"ready\": true}\n", m->name);
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
    output out;
    if (ready && s->draining) {
        http_refuse(answer, 503, "the server is about to end");
        return;
    }
    if (!body_begin(&out, answer, about_type(route)))
        return;
    if (route == ROUTE_METRICS)
        metrics_write(&s->metrics, &out, &s->models, batcher_depth(s->batcher), http_connections(s->http));
    else if (route == ROUTE_LIVE || route == ROUTE_READY)
        output_print(&out, "{\"%s\": true}\n", route == ROUTE_LIVE ? "live" : "ready");
    else if (route == ROUTE_PAGE)
        output_bytes(&out, serve_page_data, (size_t)(serve_page_data_end - serve_page_data));
    else if (route == ROUTE_SERVER)
        server_write(&out, s);
    else
        about_model(&out, route, m, v);
    body_end(&out, answer);
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

void reply_answered(void *user, const http_request *request, const http_answer *answer)
{
    enum { PATH_MOST = 120 };
    serving *s = user;
    double seconds = http_clock() - request->began;
    char method[16], path[PATH_MOST + 1];
    metrics_request(&s->metrics, (route)answer->route, answer->status, seconds);
    if (s->quiet)
        return;
    snprintf(method, sizeof method, "%.*s", (int)request->method.size, request->method.data);
    snprintf(path, sizeof path, "%.*s", (int)request->path.size, request->path.data);
    for (char *p = method; *p != '\0'; p++)
        *p = *p > 0x20 && *p < 0x7f ? *p : '?';
    for (char *p = path; *p != '\0'; p++) /* what a terminal would obey, and what would look like another line */
        *p = *p > 0x20 && *p < 0x7f ? *p : '?';
    fprintf(stderr, "heed: %s %s %s %u %zu texts %.2f ms\n", request->peer, method, path, answer->status, answer->texts,
            1e3 * seconds);
}
