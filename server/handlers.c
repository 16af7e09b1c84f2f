#include "handlers.h"

#include <stdlib.h>
#include <string.h>

#include "about_answers.h"
#include "base/clock.h"
#include "base/status.h"
#include "cost.h"
#include "text_answers.h"

enum { MAX_SCORES = 1 << 20 }; /* in an answer: labels times texts */

/* ---- texts */

/* A mistake of the client, such as a label that the model does not have, is HEED_USAGE or HEED_BAD_DATA. */
static unsigned job_run(text_request *r, route route, const http_request *request, heed_error *error)
{
    const heed_explain_options *explain = route == ROUTE_EXPLAIN ? &r->body.explain : NULL;
    const serving *s = r->serving;
    job j = {.served = r->served,
             .version = r->version,
             .texts = r->body.texts,
             .count = r->body.count,
             .probabilities = r->probabilities,
             .explain = explain,
             .explanations = r->explanations,
             .counts = route == ROUTE_CLASSIFY,
             .client = request->from,
             .deadline = request->deadline};
    if (j.count == 0)
        return 200;
    switch (batcher_run(explain != NULL ? s->explanations : s->predictions, &j)) {
    case JOB_FULL:
        fail(error, HEED_FAILED, "too many texts of this address are already waiting");
        return 429;
    case JOB_TIMEOUT:
        fail(error, HEED_FAILED, "the texts were not processed in time");
        return 504;
    case JOB_CANCELLED:
        fail(error, HEED_FAILED, "the server is shutting down");
        return 503;
    case JOB_DONE:
        break;
    }
    *error = j.error;
    r->tokens = j.tokens;
    return j.status == HEED_OK         ? 200
           : j.status == HEED_USAGE    ? 400
           : j.status == HEED_BAD_DATA ? 422
                                       : 503; /* memory: all else was checked when the model was loaded */
}

/* Whether the request may be computed: 0, or 413 and why. */
static unsigned cost_check(const text_request *r, bool explains, heed_error *error)
{
    const size_t labels = r->version->label_count, count = r->body.count;
    const uint64_t cost = request_cost(r->version, &r->body, explains);
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += r->body.texts[i].size;
    if (explains && bytes > MOST_EXPLAINED_BYTES)
        return refusal(error, 413, "found %zu bytes of text, expected %d at most to be explained", bytes,
                       MOST_EXPLAINED_BYTES);
    if (!explains && count > 1 && count > MAX_SCORES / labels)
        return refusal(error, 413, "found %zu texts, expected %zu at most with %zu labels", count,
                       (size_t)MAX_SCORES / labels, labels);
    if (cost > r->serving->max_cost)
        return refusal(
            error, 413,
            "found a cost of %llu (tokens times passes), expected %llu at most ('heed serve --max-cost'): send "
            "fewer or shorter texts%s",
            (unsigned long long)cost, (unsigned long long)r->serving->max_cost,
            explains ? ", or take another method" : "");
    return 0;
}

static unsigned text_request_run(text_request *r, route route, const http_request *request, heed_error *error)
{
    const bool explains = route == ROUTE_EXPLAIN;
    const guard *g = &request->head->guard;
    const body_limits limits = {r->serving->max_texts,
                                g->json_lengths > 0 ? (size_t)g->json_length : request->body.size};
    unsigned status = request_body_read(&r->body, route, request->body, &limits, error);
    if (status == 0)
        status = cost_check(r, explains, error);
    if (status != 0)
        return status;
    if (explains)
        r->explanations = calloc(r->body.count + 1, sizeof *r->explanations);
    else
        r->probabilities = calloc(r->body.count * r->version->label_count + 1, sizeof *r->probabilities);
    r->order = calloc(r->version->label_count, sizeof *r->order);
    if ((r->explanations == NULL && r->probabilities == NULL) || r->order == NULL)
        return refusal(error, 503, "out of memory for the answer");
    return job_run(r, route, request, error);
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

static const char no_model[] = "there is no model with this name and version; GET /v2 lists the names";

/* vLLM's requests name the model in the body: another one than the first has to be of this name. */
static bool is_named(const text_request *r)
{
    const heed_bytes name = r->body.model;
    return name.data == NULL || bytes_same(name, bytes_of(r->served->name));
}

static void texts_answer(serving *s, served_model *m, model_version *v, route route, const http_request *request,
                         http_answer *answer)
{
    text_request r = {.serving = s, .served = m, .version = v};
    heed_error error = {""};
    unsigned status = text_request_run(&r, route, request, &error);
    answer->texts = r.body.count;
    if (status == 200 && is_named(&r))
        text_request_write(&r, route, answer);
    else
        (route == ROUTE_CLASSIFY ? http_refuse_object
         : route == ROUTE_HUGGINGFACE
             ? http_refuse_typed
             : http_refuse)(answer, status == 200 ? 404 : status, status == 200 ? no_model : error.message);
    text_request_release(&r);
    duration_add(answer->status == 200 ? &m->success : &m->failed, clock_seconds() - request->began);
}

/* ---- requests */

/* Only the version that was loaded last is there. */
static bool version_matches(const model_version *v, heed_bytes version)
{
    char number[16];
    snprintf(number, sizeof number, "%u", v->number);
    return version.data == NULL || bytes_same(version, bytes_of(number));
}

/* The request's path with its escapes decoded: room for it on the stack of the connection's thread. */
enum { LONGEST_PATH = 8000 };

static unsigned find_route(routed *out, const http_request *request, char room[LONGEST_PATH])
{
    *out = (routed){.route = ROUTE_NONE};
    return request->path.size > LONGEST_PATH ? 404 : route_find(out, request->method, request->path, room);
}

/* What a browser asks before a page of another site may send a request (Fetch standard, "CORS-preflight request"). */
static void preflight_answer(http_answer *answer)
{
    answer->status = 204;
    http_answer_header(answer, "Access-Control-Allow-Methods", bytes_of("GET, POST"));
    http_answer_header(answer, "Access-Control-Allow-Headers",
                       bytes_of("authorization, content-type, inference-header-content-length, traceparent"));
    http_answer_header(answer, "Access-Control-Max-Age", bytes_of("600"));
}

bool request_admit(void *user, const http_request *request, http_answer *answer)
{
    const serving *s = user;
    char room[LONGEST_PATH];
    heed_error error = {""};
    routed to;
    find_route(&to, request, room);
    answer->route = to.route;
    unsigned status = access_check(&s->access, request->head, to.route, &error);
    if (status == 0 && request->head->preflight && access_shares(&s->access, request->head)) {
        preflight_answer(answer);
        return false;
    }
    if (status != 0)
        http_refuse(answer, status, error.message);
    if (status == 401)
        http_answer_header(answer, "WWW-Authenticate", bytes_of("Bearer"));
    return status == 0;
}

void request_answer(void *user, const http_request *request, http_answer *answer)
{
    serving *s = user;
    char room[LONGEST_PATH];
    routed to;
    unsigned status = find_route(&to, request, room);
    const bool of_model = to.model.data != NULL || to.route >= ROUTE_INFER || to.route == ROUTE_INFO;
    served_model *m = status == 200 && of_model ? models_find(&s->models, to.model) : NULL;
    model_version *v = m != NULL ? model_get(m) : NULL; /* it answers, even if another one is loaded meanwhile */
    answer->route = to.route;
    if (status == 405) {
        answer->allow = to.allow;
        http_refuse(answer, 405, "this path does not take this method; the header Allow lists those that it takes");
    } else if (status != 200) {
        http_refuse(answer, status, "there is nothing at this path; /openapi.json and docs/SERVE.md list the paths");
    } else if (to.route < ROUTE_REPOSITORY && request->body.size > 0) {
        http_refuse(answer, 400, "found a body, expected none with this method");
    } else if (of_model && (v == NULL || !version_matches(v, to.version))) {
        http_refuse(answer, 404, no_model);
    } else if (to.route >= ROUTE_INFER) {
        texts_answer(s, m, v, to.route, request, answer);
    } else {
        about_answer(s, m, v, to.route, request, answer);
    }
    model_put(v);
}

/* ---- the log */

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

/* The number of a trace (https://www.w3.org/TR/trace-context, "traceparent"), 00-TRACE-PARENT-FLAGS; size 0: none. */
static heed_bytes trace_of(heed_bytes parent)
{
    enum { SIZE = 55, FIRST = 3, DIGITS = 32 };
    static const char form[] = "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx", digits[] = "0123456789abcdef";
    bool fits = parent.size == SIZE;
    for (size_t i = 0; i < SIZE && fits; i++)
        fits =
            form[i] == '-' ? parent.data[i] == '-' : parent.data[i] != '\0' && strchr(digits, parent.data[i]) != NULL;
    return fits ? (heed_bytes){parent.data + FIRST, DIGITS} : (heed_bytes){NULL, 0};
}

void request_answered(void *user, const http_request *request, http_answer *answer)
{
    enum { MAX_PATH = 120 };
    serving *s = user;
    double seconds = clock_seconds() - request->began;
    char method[16], path[MAX_PATH + 1];
    metrics_request(&s->metrics, (route)answer->route, answer->status, seconds);
    if (request->head != NULL && access_shares(&s->access, request->head)) {
        http_answer_header(answer, "Access-Control-Allow-Origin", request->head->origin);
        http_answer_header(answer, "Access-Control-Expose-Headers",
                           bytes_of("Inference-Header-Content-Length, Retry-After"));
        http_answer_header(answer, "Vary", bytes_of("Origin"));
    }
    if (s->quiet)
        return;
    const heed_bytes trace = request->head != NULL ? trace_of(request->head->traceparent) : (heed_bytes){NULL, 0};
    log_word(method, sizeof method, request->method);
    log_word(path, sizeof path, request->path);
    fprintf(stderr, "heed: %s %s %s %u %zu texts %.2f ms%s%.*s\n", request->peer, method, path, answer->status,
            answer->texts, 1e3 * seconds, trace.size > 0 ? " trace " : "", (int)trace.size,
            trace.size > 0 ? trace.data : "");
}
