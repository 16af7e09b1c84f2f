/* What the server reads of a request, as the files of tests/cases/http say: heads, routes, bodies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/writer.h"
#include "head.h"
#include "request_body.h"
#include "route.h"

enum { MAX_BODY = 1048576, MAX_TEXTS = 3, MAX_TOLD = 40 };

typedef struct http_case {
    char name[160];
    route route;      /* of a body */
    size_t json_size; /* of a body with binary tensors; 0: it has none */
    writer input;     /* a head or a body */
    writer expected;  /* a transcript: "text: ..." lines, and how it ended */
} http_case;

static void unescape(writer *out, const char *text)
{
    static const char letters[] = "nrt0\\", bytes[] = "\n\r\t\0\\";
    while (*text != '\0') {
        const char *letter = text[0] == '\\' && text[1] != '\0' ? strchr(letters, text[1]) : NULL;
        unsigned value;
        if (letter != NULL) {
            writer_byte(out, bytes[letter - letters]);
            text += 2;
        } else if (text[0] == '\\') {
            assert_int_equal(sscanf(text, "\\x%2x", &value), 1);
            writer_byte(out, (char)value);
            text += 4;
        } else {
            writer_byte(out, *text++);
        }
    }
}

static void repeat(writer *out, const char *text)
{
    char *piece;
    for (unsigned long count = strtoul(text, &piece, 10); count > 0; count--)
        unescape(out, piece + 1);
}

/* Long ones are cut, as the case files cut them. */
static void tell(writer *out, const char *what, heed_bytes bytes)
{
    bool cut = bytes.size > MAX_TOLD;
    writer_text(out, what);
    writer_bytes(out, bytes.data, cut ? 0 : bytes.size);
    writer_text(out, cut ? "..." : "");
}

static const char *value_of(const char *line, const char *key)
{
    size_t size = strlen(key);
    if (strncmp(line, key, size) != 0 || line[size] != ':')
        return NULL;
    return line + size + 1 + (line[size + 1] == ' ');
}

static bool route_named(route *out, const char *name)
{
    for (int r = 0; r < ROUTE_COUNT; r++) {
        *out = (route)r;
        if (strcmp(route_label(*out), name) == 0)
            return true;
    }
    return false;
}

static bool take_line(http_case *c, const char *line)
{
    const char *value;
    if ((value = value_of(line, "name")) != NULL)
        snprintf(c->name, sizeof c->name, "%.150s", value);
    else if ((value = value_of(line, "route")) != NULL)
        return route_named(&c->route, value);
    else if ((value = value_of(line, "json")) != NULL)
        c->json_size = strtoul(value, NULL, 10);
    else if ((value = value_of(line, "repeat")) != NULL)
        repeat(&c->input, value);
    else if ((value = value_of(line, "bytes")) != NULL || (value = value_of(line, "body")) != NULL)
        unescape(&c->input, value);
    else if ((value = value_of(line, "line")) != NULL) {
        unescape(&c->input, value);
        writer_text(&c->input, "\r\n");
    } else if (value_of(line, "text") != NULL || value_of(line, "read") != NULL || value_of(line, "refused") != NULL) {
        unescape(&c->expected, line);
        writer_byte(&c->expected, '\n');
    } else
        return line[0] == '#';
    return true;
}

/* Of a refusal the file has only a piece of the message. */
static bool is_expected(const http_case *c, const writer *got)
{
    static const char refused[] = "refused: 400 "; /* as long as every other status */
    size_t size = sizeof refused - 1;
    if (c->expected.size <= size || memcmp(c->expected.data, refused, 9) != 0)
        return got->size == c->expected.size && memcmp(got->data, c->expected.data, got->size) == 0;
    size_t piece = c->expected.size - size - 1; /* without the end of its line */
    return got->size > size && memcmp(got->data, c->expected.data, size) == 0 &&
           (piece == 0 || memmem(got->data + size, got->size - size, c->expected.data + size, piece) != NULL);
}

/* Returns whether it fits. */
static bool run_case(http_case *c, void (*transcribe)(const http_case *c, writer *out))
{
    writer got = {0};
    transcribe(c, &got);
    const bool fits = is_expected(c, &got);
    if (!fits)
        print_error("case '%s':\n%.*sexpected:\n%.*s\n", c->name, (int)got.size, got.data, (int)c->expected.size,
                 c->expected.size > 0 ? c->expected.data : "");
    writer_release(&got);
    writer_release(&c->input);
    writer_release(&c->expected);
    *c = (http_case){0};
    return fits;
}

static size_t run_cases(const char *path, void (*transcribe)(const http_case *c, writer *out))
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[4096];
    size_t count = 0, wrong = 0;
    http_case c = {0};
    for (bool more = true; more;) {
        more = fgets(line, sizeof line, file) != NULL;
        line[more ? strcspn(line, "\n") : 0] = '\0';
        if (line[0] != '\0' && !take_line(&c, line))
            fail_msg("%s: case '%s': found '%s', which no case has", path, c.name, line);
        if (line[0] == '\0' && c.name[0] != '\0') {
            wrong += !run_case(&c, transcribe);
            count++;
        }
    }
    fclose(file);
    assert_int_equal(wrong, 0);
    return count;
}

/* ---------------------------------------------------------------- heads */

/* Where the head ends, which must be the same place however its bytes come in. */
static size_t head_end(heed_bytes bytes)
{
    size_t whole = head_size(bytes, 0), one_by_one = 0;
    for (size_t size = 1; size <= bytes.size && one_by_one == 0; size++)
        one_by_one = head_size((heed_bytes){bytes.data, size}, size - 1);
    assert_int_equal(whole, one_by_one);
    assert_in_range(whole, 4, bytes.size);
    return whole;
}

static void head_transcribe(const http_case *c, writer *out)
{
    static const char after[] = "GET /another HTTP/1.1\r\nHost: x\r\n\r\n";
    const char *why = NULL;
    request_head head;
    writer sent = {0};
    writer_bytes(&sent, c->input.data, c->input.size);
    writer_print(&sent, "\r\n%s", after);
    heed_bytes bytes = {sent.data, sent.size};
    bytes.size = head_end(bytes);
    unsigned status = head_read(&head, bytes, MAX_BODY, &why);
    assert_int_equal(status == 0, why == NULL);
    if (status != 0) {
        writer_print(out, "refused: %u %s\n", status, why);
    } else {
        tell(out, "read: ", head.method);
        tell(out, " ", head.path);
        if (head.method.size == 4 && memcmp(head.method.data, "POST", 4) == 0)
            writer_print(out, ", body %llu", (unsigned long long)head.guard.length);
        writer_print(out, "%s%s\n", head.continues ? ", continue" : "", head.close ? ", close" : "");
    }
    writer_release(&sent);
}

static void reads_heads_as_the_cases_say(void **state)
{
    (void)state;
    assert_true(run_cases("cases/http/heads.txt", head_transcribe) > 100);
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

/* ---------------------------------------------------------------- routes */

static void route_transcribe(heed_bytes method, heed_bytes path, writer *out)
{
    routed to;
    char room[256];
    assert_true(path.size <= sizeof room);
    unsigned status = route_find(&to, method, path, room);
    writer_print(out, "%u %s", status, route_label(to.route));
    if (to.route != ROUTE_NONE && to.model.size > 0)
        tell(out, " model ", to.model);
    if (to.route != ROUTE_NONE && to.version.size > 0)
        tell(out, " version ", to.version);
    if (to.allow != NULL)
        writer_print(out, " allow %s", to.allow);
    writer_byte(out, '\0');
}

static void finds_routes_as_the_cases_say(void **state)
{
    char line[1024];
    size_t count = 0;
    FILE *file = fopen("cases/http/routes.txt", "r");
    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *path = strchr(line, ' '), *expected = strstr(line, " -> ");
        if (line[0] == '#' || line[0] == '\0')
            continue;
        assert_true(path != NULL && expected != NULL && path < expected);
        *path++ = *expected = '\0';
        writer bytes = {0}, got = {0};
        unescape(&bytes, path);
        route_transcribe((heed_bytes){line, strlen(line)}, (heed_bytes){bytes.data, bytes.size}, &got);
        if (strcmp(got.data, expected + 4) != 0)
            fail_msg("%s %s: found %s, expected %s", line, path, got.data, expected + 4);
        writer_release(&bytes);
        writer_release(&got);
        count++;
    }
    fclose(file);
    assert_true(count > 50);
}

/* ---------------------------------------------------------------- bodies */

static const char *output_of(const char *name, output_form form)
{
    static char text[2][20];
    char *out = text[name[1] == 's'];
    snprintf(out, sizeof *text, "%s%s", name, form == OUTPUT_BINARY ? " binary" : "");
    return form == OUTPUT_NONE ? "" : out;
}

static void particulars_transcribe(const request_body *body, route route, writer *out)
{
    writer_text(out, body->single ? ", single" : "");
    if (body->top_k > 0)
        writer_print(out, ", top_k %zu", body->top_k);
    if (body->id != NULL)
        writer_print(out, ", id %s", json_string_value(body->id));
    if (route == ROUTE_INFER)
        writer_print(out, ", outputs%s%s%s", body->scores_first ? output_of(" scores", body->scores) : "",
                     output_of(" label", body->label), body->scores_first ? "" : output_of(" scores", body->scores));
    if (body->columns)
        writer_text(out, ", columns");
    if (body->model.data != NULL)
        tell(out, ", model ", body->model);
    if (route == ROUTE_EXPLAIN)
        writer_print(out, ", method %s", heed_method_name(body->explain.method));
    if (route == ROUTE_EXPLAIN && body->explain.label != NULL)
        writer_print(out, ", label %s", body->explain.label);
}

static void body_transcribe(const http_case *c, writer *out)
{
    request_body body;
    heed_error error = {""};
    heed_bytes bytes = {c->input.size > 0 ? c->input.data : "", c->input.size};
    const body_limits limits = {MAX_TEXTS, c->json_size > 0 ? c->json_size : bytes.size};
    unsigned status = request_body_read(&body, c->route, bytes, &limits, &error);
    for (size_t i = 0; i < body.count && status == 0; i++) {
        tell(out, body.texts[i].size > 0 ? "text: " : "text:", body.texts[i]);
        writer_byte(out, '\n');
    }
    if (status != 0) {
        writer_print(out, "refused: %u %s\n", status, error.message);
    } else {
        writer_print(out, "read: %zu", body.count);
        particulars_transcribe(&body, c->route, out);
        writer_byte(out, '\n');
    }
    request_body_release(&body);
}

static void reads_bodies_as_the_cases_say(void **state)
{
    (void)state;
    assert_true(run_cases("cases/http/bodies.txt", body_transcribe) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_heads_as_the_cases_say),
        cmocka_unit_test(a_head_ends_at_the_first_empty_line_however_it_comes_in),
        cmocka_unit_test(finds_routes_as_the_cases_say),
        cmocka_unit_test(reads_bodies_as_the_cases_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
