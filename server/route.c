#include "route.h"

#include <string.h>

static const struct {
    const char *label, *method;
} routes[ROUTE_COUNT] = {
#define ROUTE_ROW(name, label, method) {label, method},
    ROUTES(ROUTE_ROW)
#undef ROUTE_ROW
};

static const struct {
    const char *method, *path;
    route route;
} fixed[] = {
    {"GET", "/", ROUTE_PAGE},
    {"POST", "/", ROUTE_HUGGINGFACE},
    {"POST", "/predict", ROUTE_HUGGINGFACE},
    {"GET", "/health", ROUTE_LIVE},
    {"GET", "/v2/health/live", ROUTE_LIVE},
    {"GET", "/v2/health/ready", ROUTE_READY},
    {"GET", "/metrics", ROUTE_METRICS},
    {"GET", "/v2", ROUTE_SERVER},
};

static bool bytes_are(heed_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) && (bytes.size == 0 || memcmp(bytes.data, text, bytes.size) == 0);
}

/* Takes `text` off the front, if it is there. */
static bool bytes_skip(heed_bytes *bytes, const char *text)
{
    size_t size = strlen(text);
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

/* "NAME" or "NAME/versions/VERSION"; the rest remains. */
static bool model_parse(routed *out, heed_bytes *rest, const char *ends)
{
    out->model = bytes_until(rest, ends);
    if (bytes_skip(rest, "/versions/"))
        out->version = bytes_until(rest, ends);
    return out->model.size > 0 && (out->version.data == NULL || out->version.size > 0);
}

static route model_route(routed *out, heed_bytes path)
{
    static const struct {
        const char *end;
        route route;
    } second[] = {{"", ROUTE_MODEL}, {"/ready", ROUTE_MODEL_READY}, {"/infer", ROUTE_INFER}},
      first[] = {{"", ROUTE_STATUS}, {":predict", ROUTE_TFSERVING}, {":explain", ROUTE_EXPLAIN}};
    if (bytes_skip(&path, "/v2/models/") && model_parse(out, &path, "/")) {
        for (size_t i = 0; i < sizeof second / sizeof *second; i++)
            if (bytes_are(path, second[i].end))
                return second[i].route;
    } else if (bytes_skip(&path, "/v1/models/") && model_parse(out, &path, "/:")) {
        for (size_t i = 0; i < sizeof first / sizeof *first; i++)
            if (bytes_are(path, first[i].end))
                return first[i].route;
    }
    return ROUTE_NONE;
}

static const char *method_of(heed_bytes method)
{
    return bytes_are(method, "GET") || bytes_are(method, "HEAD") ? "GET" : bytes_are(method, "POST") ? "POST" : "";
}

unsigned route_find(routed *out, heed_bytes method, heed_bytes path)
{
    const char *wanted = method_of(method), *other = NULL;
    *out = (routed){.route = ROUTE_NONE};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (!bytes_are(path, fixed[i].path))
            continue;
        out->route = fixed[i].route;
        if (strcmp(fixed[i].method, wanted) == 0)
            return 200;
        other = other == NULL ? fixed[i].method : "GET, POST";
    }
    if (out->route == ROUTE_NONE)
        out->route = model_route(out, path);
    if (out->route == ROUTE_NONE)
        return 404;
    if (other == NULL && strcmp(routes[out->route].method, wanted) == 0)
        return 200;
    out->allow = other != NULL ? other : routes[out->route].method;
    return 405;
}

const char *route_label(route r)
{
    return routes[r].label;
}
