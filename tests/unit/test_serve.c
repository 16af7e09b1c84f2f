/* What the server reads of a request: where its head ends, what passes the guard, where its path leads, which texts its
 * body holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "request_body.h"
#include "head.h"
#include "route.h"

static heed_bytes bytes(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

static void a_head_ends_at_the_first_empty_line_however_it_comes_in(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /\r\n\r\n";
    size_t whole = (size_t)(strstr(text, "\r\n\r\n") - text) + 4;
    (void)state;
    for (size_t seen = 0; seen < whole; seen++)
        for (size_t size = seen + 1; size <= sizeof text - 1; size++)
            assert_int_equal(head_size((heed_bytes){text, size}, seen), size < whole ? 0 : whole);
    assert_int_equal(head_size((heed_bytes){NULL, 0}, 0), 0);
}

typedef struct head_case {
    const char *head; /* without its last empty line */
    unsigned status;
} head_case;

static void only_what_has_one_end_passes(void **state)
{
    static const head_case cases[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n", 0},
        {"GET / HTTP/1.0\r\n", 0},
        {"POST / HTTP/1.1\r\nhOST:x\r\nCONTENT-length:\t 7 \r\n", 0},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n", 0},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/json;charset=x\r\n", 0},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nContent-Type: text/plain\r\n", 415},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nContent-Encoding: br\r\n", 415},
        {"POST / HTTP/1.1\r\nHost: x\r\n", 411},
        {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n", 411},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nContent-Length: 7\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7, 7\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 7\r\n", 400},
        {"post / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n", 400},
        {"GET / HTTP/1.1\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: a\nY: b\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: a\rY: b\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nX: \001\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\n: a\r\n", 400},
        {"GET / HTTP/1.1 \r\nHost: x\r\n", 400},
        {"GET  / HTTP/1.1\r\nHost: x\r\n", 400},
        {"GET http://x/ HTTP/1.1\r\nHost: x\r\n", 400},
        {"GET /\t HTTP/1.1\r\nHost: x\r\n", 400},
        {"\r\nGET / HTTP/1.1\r\nHost: x\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n", 417},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        const char *why = NULL;
        request_head head;
        snprintf(text, sizeof text, "%s\r\n", cases[i].head);
        unsigned status = head_read(&head, bytes(text), 100, &why);
        if (status != cases[i].status || (status == 0) != (why == NULL))
            fail_msg("%s: status %u (%s), expected %u", cases[i].head, status, why, cases[i].status);
    }
}

static void a_connection_ends_where_the_client_says_so(void **state)
{
    static const struct {
        const char *head;
        bool close;
    } cases[] = {{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", false},
                 {"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", false},
                 {"GET / HTTP/1.1\r\nHost: x\r\nConnection: closed\r\n\r\n", false},
                 {"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade , Close\r\n\r\n", true},
                 {"GET / HTTP/1.0\r\n\r\n", true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        request_head head;
        const char *why;
        assert_int_equal(head_read(&head, bytes(cases[i].head), 0, &why), 0);
        assert_int_equal(head.close, cases[i].close);
    }
}

static void paths_lead_to_models_and_versions(void **state)
{
    static const struct {
        const char *method, *path;
        unsigned status;
        route route;
        const char *model, *version, *allow;
    } cases[] = {
        {"GET", "/", 200, ROUTE_PAGE, "", "", NULL},
        {"POST", "/", 200, ROUTE_HUGGINGFACE, "", "", NULL},
        {"PUT", "/", 405, ROUTE_HUGGINGFACE, "", "", "GET, POST"},
        {"HEAD", "/health", 200, ROUTE_LIVE, "", "", NULL},
        {"get", "/health", 405, ROUTE_LIVE, "", "", "GET"},
        {"GET", "/health/", 404, ROUTE_NONE, "", "", NULL},
        {"GET", "/v2/models/a.b", 200, ROUTE_MODEL, "a.b", "", NULL},
        {"GET", "/v2/models/a/versions/3/ready", 200, ROUTE_MODEL_READY, "a", "3", NULL},
        {"POST", "/v2/models/a/versions/3/infer", 200, ROUTE_INFER, "a", "3", NULL},
        {"GET", "/v2/models/a/infer", 405, ROUTE_INFER, "a", "", "POST"},
        {"GET", "/v2/models/a/versions/", 404, ROUTE_NONE, NULL, NULL, NULL},
        {"POST", "/v1/models/a/versions/3:predict", 200, ROUTE_TFSERVING, "a", "3", NULL},
        {"POST", "/v1/models/a:explain", 200, ROUTE_EXPLAIN, "a", "", NULL},
        {"POST", "/v1/models/a:explain:explain", 404, ROUTE_NONE, NULL, NULL, NULL},
        {"GET", "/v1/models/", 404, ROUTE_NONE, NULL, NULL, NULL},
        {"GET", "/v2/models//infer", 404, ROUTE_NONE, NULL, NULL, NULL},
        {"GET", "/metrics%00", 404, ROUTE_NONE, "", "", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        routed to;
        unsigned status = route_find(&to, bytes(cases[i].method), bytes(cases[i].path));
        bool same = status == cases[i].status && to.route == cases[i].route;
        if (same && cases[i].model != NULL)
            same = to.model.size == strlen(cases[i].model) && to.version.size == strlen(cases[i].version) &&
                   (to.model.size == 0 || memcmp(to.model.data, cases[i].model, to.model.size) == 0) &&
                   (to.version.size == 0 || memcmp(to.version.data, cases[i].version, to.version.size) == 0);
        if (!same || (to.allow == NULL) != (cases[i].allow == NULL) ||
            (to.allow != NULL && strcmp(to.allow, cases[i].allow) != 0))
            fail_msg("%s %s: status %u, %s", cases[i].method, cases[i].path, status, route_label(to.route));
    }
}

static void bodies_hold_texts(void **state)
{
    static const struct {
        route route;
        const char *body;
        unsigned status;
        size_t count;
    } cases[] = {
        {ROUTE_HUGGINGFACE, "{\"inputs\": \"a\"}", 0, 1},
        {ROUTE_HUGGINGFACE, "{\"inputs\": [\"a\", \"\\u0000\", \"\"]}", 0, 3},
        {ROUTE_HUGGINGFACE, "{\"inputs\": []}", 0, 0},
        {ROUTE_HUGGINGFACE, "{\"inputs\": [\"a\", \"b\", \"c\", \"d\"]}", 413, 0},
        {ROUTE_HUGGINGFACE, "{\"inputs\": [1]}", 422, 0},
        {ROUTE_HUGGINGFACE, "{\"inputs\": \"\\ud800\"}", 400, 0},
        {ROUTE_HUGGINGFACE, "\"a\"", 400, 0},
        {ROUTE_TFSERVING, "{\"instances\": [{\"text\": \"a\"}, \"b\"]}", 0, 2},
        {ROUTE_TFSERVING, "{\"instances\": [{\"words\": \"a\"}]}", 422, 0},
        {ROUTE_EXPLAIN, "{\"instances\": [\"a\"], \"parameters\": {\"method\": \"weights\"}}", 0, 1},
        {ROUTE_EXPLAIN, "{\"instances\": [\"a\"], \"parameters\": {\"method\": \"other\"}}", 400, 0},
        {ROUTE_INFER,
         "{\"inputs\": [{\"name\": \"text\", \"shape\": [2], \"datatype\": \"BYTES\", \"data\": [\"a\", \"b\"]}]}", 0,
         2},
        {ROUTE_INFER,
         "{\"inputs\": [{\"name\": \"text\", \"shape\": [2, 1], \"datatype\": \"BYTES\", \"data\": [[\"a\"], "
         "[\"b\"]]}]}",
         0, 2},
        {ROUTE_INFER,
         "{\"inputs\": [{\"name\": \"text\", \"shape\": [3], \"datatype\": \"BYTES\", \"data\": [\"a\", \"b\"]}]}", 400,
         0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        request_body a;
        heed_error error = {""};
        unsigned status = request_body_read(&a, cases[i].route, bytes(cases[i].body), 3, &error);
        if (status != cases[i].status || (status == 0 && a.count != cases[i].count))
            fail_msg("%s: status %u (%s), %zu texts", cases[i].body, status, error.message, a.count);
        request_body_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_ends_at_the_first_empty_line_however_it_comes_in),
        cmocka_unit_test(only_what_has_one_end_passes),
        cmocka_unit_test(a_connection_ends_where_the_client_says_so),
        cmocka_unit_test(paths_lead_to_models_and_versions),
        cmocka_unit_test(bodies_hold_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
