#include "route.h"

#include <string.h>

#include "base/writer.h"

#define MODEL "{model}"
#define VERSIONS "/versions/"

const route_path route_paths[] = {
    {ROUTE_PAGE, "GET", "/"},
    {ROUTE_OPENAPI, "GET", "/openapi.json"},
    {ROUTE_LIVE, "GET", "/v2/health/live"},
    {ROUTE_LIVE, "GET", "/health"},
    {ROUTE_READY, "GET", "/v2/health/ready"},
    {ROUTE_METRICS, "GET", "/metrics"},
    {ROUTE_SERVER, "GET", "/v2"},
    {ROUTE_STATISTICS, "GET", "/v2/models/stats"},
    {ROUTE_MODEL, "GET", "/v2/models/" MODEL},
    {ROUTE_MODEL_READY, "GET", "/v2/models/" MODEL "/ready"},
    {ROUTE_CONFIG, "GET", "/v2/models/" MODEL "/config"},
    {ROUTE_STATISTICS, "GET", "/v2/models/" MODEL "/stats"},
    {ROUTE_MODELS, "GET", "/v1/models"},
    {ROUTE_STATUS, "GET", "/v1/models/" MODEL},
    {ROUTE_METADATA, "GET", "/v1/models/" MODEL "/metadata"},
    {ROUTE_INFO, "GET", "/info"},
    {ROUTE_REPOSITORY, "POST", "/v2/repository/index"},
    {ROUTE_INFER, "POST", "/v2/models/" MODEL "/infer"},
    {ROUTE_TFSERVING, "POST", "/v1/models/" MODEL ":predict"},
    {ROUTE_EXPLAIN, "POST", "/v1/models/" MODEL ":explain"},
    {ROUTE_HUGGINGFACE, "POST", "/predict"},
    {ROUTE_HUGGINGFACE, "POST", "/"},
    {ROUTE_HUB, "POST", "/models/" MODEL},
    {ROUTE_CLASSIFY, "POST", "/classify"},
    {ROUTE_CLASSIFY, "POST", "/v1/classify"},
};
const size_t route_path_count = sizeof route_paths / sizeof *route_paths;

/* Takes `text` off the front, if it is there. */
static bool bytes_skip(heed_bytes *bytes, const char *text, size_t size)
{
    if (bytes->size < size || memcmp(bytes->data, text, size) != 0)
        return false;
    *bytes = (heed_bytes){bytes->data + size, bytes->size - size};
    return true;
}

/* Takes the bytes before the first of these characters, or all. */
static heed_bytes bytes_until(heed_bytes *bytes, const char *ends)
{
    size_t size = 0;
    while (size < bytes->size && strchr(ends, bytes->data[size]) == NULL)
        size++;
    heed_bytes taken = {bytes->data, size};
    *bytes = (heed_bytes){bytes->data + size, bytes->size - size};
    return taken;
}

/* ---- escapes */

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The character of "%3A"; 0: it is none, or one that may not be escaped. */
static char escaped(heed_bytes path, size_t at)
{
    int high = at + 1 < path.size ? digit_of(path.data[at + 1]) : -1;
    int low = at + 2 < path.size ? digit_of(path.data[at + 2]) : -1;
    char c = (char)(high * 16 + low);
    return high < 0 || low < 0 || c == '/' ? '\0' : c;
}

static bool decode(heed_bytes *out, heed_bytes path, char *room)
{
    *out = (heed_bytes){room, 0};
    for (size_t i = 0; i < path.size; i++) {
        char c = path.data[i];
        if (c == '%') {
            c = escaped(path, i);
            i += 2;
        }
        if (c == '\0')
            return false;
        room[out->size++] = c;
    }
    return true;
}

/* ---- paths */

/* "NAME" or "NAME/versions/NUMBER"; the rest remains. */
static bool model_parse(routed *out, heed_bytes *rest, const char *ends)
{
    out->model = bytes_until(rest, ends);
    if (bytes_skip(rest, VERSIONS, sizeof VERSIONS - 1))
        out->version = bytes_until(rest, ends);
    return out->model.size > 0 && (out->version.data == NULL || out->version.size > 0);
}

static bool matches(routed *out, const char *pattern, heed_bytes path)
{
    const char *model = strstr(pattern, MODEL);
    const char *ends = strncmp(pattern, "/v1/", 4) == 0 ? "/:" : "/"; /* there a colon begins what is asked for */
    routed found = {.route = ROUTE_NONE};
    if (model == NULL)
        return bytes_same(path, bytes_of(pattern));
    if (!bytes_skip(&path, pattern, (size_t)(model - pattern)) || !model_parse(&found, &path, ends) ||
        !bytes_same(path, bytes_of(model + sizeof MODEL - 1)))
        return false;
    *out = found;
    return true;
}

static const char *method_of(heed_bytes method)
{
    return bytes_same(method, bytes_of("GET")) || bytes_same(method, bytes_of("HEAD")) ? "GET"
           : bytes_same(method, bytes_of("POST"))                                      ? "POST"
                                                                                       : "";
}

unsigned route_find(routed *out, heed_bytes method, heed_bytes path, char *room)
{
    const char *wanted = method_of(method);
    heed_bytes plain;
    routed found = {.route = ROUTE_NONE};
    *out = found;
    if (!decode(&plain, path, room))
        return 404;
    for (const route_path *p = route_paths; p < route_paths + route_path_count; p++) {
        if (!matches(&found, p->pattern, plain))
            continue;
        found.route = p->route;
        if (strcmp(p->method, wanted) == 0) {
            found.allow = NULL;
            *out = found;
            return 200;
        }
        found.allow = out->allow == NULL || strcmp(out->allow, p->method) == 0 ? p->method : "GET, POST";
        if (out->route == ROUTE_NONE)
            *out = found;
        out->allow = found.allow;
    }
    return out->route == ROUTE_NONE ? 404 : 405;
}

const char *route_label(route r)
{
    for (const route_path *p = route_paths; p < route_paths + route_path_count; p++)
        if (p->route == r)
            return p->pattern;
    return "none";
}
