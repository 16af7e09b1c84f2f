#include "guard.h"

#include <string.h>
#include <strings.h>

#include "base/blanks.h"
#include "base/writer.h"

bool guard_equals(heed_bytes bytes, const char *name)
{
    return bytes.size == strlen(name) && (bytes.size == 0 || strncasecmp(bytes.data, name, bytes.size) == 0);
}

bool guard_length(uint64_t *out, heed_bytes value)
{
    enum { MAX_DIGITS = 18 };
    *out = 0;
    if (value.size == 0 || value.size > MAX_DIGITS)
        return false;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(value.data[i] - '0');
    }
    return true;
}

/* The media type without its parameters, such as "; charset=utf-8". */
static heed_bytes media_type(heed_bytes value)
{
    const char *end = value.size > 0 ? memchr(value.data, ';', value.size) : NULL;
    if (end != NULL)
        value.size = (size_t)(end - value.data);
    return spaces_trim(value);
}

void guard_header(guard *g, heed_bytes name, heed_bytes value)
{
    if (guard_equals(name, "content-length")) {
        g->lengths++;
        g->bad_length |= !guard_length(&g->length, value);
    } else if (guard_equals(name, "inference-header-content-length")) {
        g->json_lengths++;
        g->bad_length |= !guard_length(&g->json_length, value);
    } else if (guard_equals(name, "host")) {
        g->hosts++;
    } else if (guard_equals(name, "transfer-encoding")) {
        g->transfer = true;
    } else if (guard_equals(name, "content-encoding")) {
        g->encoded |= !guard_equals(value, "identity");
    } else if (guard_equals(name, "content-type")) {
        g->types++;
        g->is_json = guard_equals(media_type(value), "application/json");
        g->is_binary = guard_equals(media_type(value), "application/octet-stream");
    }
}

static unsigned refuse(unsigned status, const char **why, const char *message)
{
    *why = message;
    return status;
}

/* A page of another site can send a body without a type, or with that of a form, but not this one; nor can it send the
 * header that says where binary tensors begin. Triton's clients send JSON without a type, or as octet-stream. */
static bool type_fits(const guard *g)
{
    const bool untyped = g->types == 0 && (g->json_lengths > 0 || (g->of_kserve && !g->of_browser));
    const bool binary = g->is_binary && (g->json_lengths > 0 || g->of_kserve);
    return !g->encoded && g->types <= 1 && (g->is_json || untyped || binary);
}

unsigned guard_check(const guard *g, heed_bytes method, heed_bytes version, uint64_t max_body, const char **why)
{
    bool post = bytes_same(method, bytes_of("POST")), newer = bytes_same(version, bytes_of("HTTP/1.1"));
    if (!newer && !bytes_same(version, bytes_of("HTTP/1.0")))
        return refuse(400, why, "found another version of HTTP, expected HTTP/1.1");
    if (g->hosts > 1 || (newer && g->hosts == 0))
        return refuse(400, why, "expected one Host header");
    if (g->transfer && g->lengths > 0)
        return refuse(400, why, "found both Content-Length and Transfer-Encoding");
    if (g->lengths > 1 || g->json_lengths > 1 || g->bad_length)
        return refuse(400, why,
                      "expected one Content-Length, and at most one Inference-Header-Content-Length, with only digits");
    if (g->transfer)
        return refuse(411, why,
                      "found Transfer-Encoding, expected a body with Content-Length: send it whole, or "
                      "through a proxy that buffers requests");
    if (post && g->lengths == 0)
        return refuse(411, why, "a Content-Length is missing");
    if (g->length > max_body)
        return refuse(413, why, "the body is too long; 'heed serve --max-body' says how long it may be");
    if (post && g->length > 0 && !type_fits(g))
        return refuse(415, why,
                      "expected a body of Content-Type: application/json, not compressed (curl -H "
                      "'Content-Type: application/json')");
    return 0;
}
