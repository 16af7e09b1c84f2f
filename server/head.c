#include "head.h"

#include <stddef.h>
#include <string.h>

#include "base/blanks.h"

enum { MAX_HEADERS = 100, MAX_TARGET = 8000 };

size_t head_size(heed_bytes bytes, size_t seen)
{
    size_t from = seen > 3 ? seen - 3 : 0; /* the empty line may have been cut in two */
    if (bytes.size <= from)
        return 0;
    const char *end = memmem(bytes.data + from, bytes.size - from, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - bytes.data) + 4;
}

/* Takes the first line off, without its CR LF; false if there is none, or if it has a CR or LF within. */
static bool line_take(heed_bytes *line, heed_bytes *rest)
{
    const char *end = rest->size > 0 ? memchr(rest->data, '\r', rest->size) : NULL;
    if (end == NULL)
        return false;
    size_t size = (size_t)(end - rest->data);
    if (rest->size - size < 2 || end[1] != '\n' || memchr(rest->data, '\n', size) != NULL)
        return false;
    *line = (heed_bytes){rest->data, size};
    *rest = (heed_bytes){end + 2, rest->size - size - 2};
    return true;
}

/* RFC 9110, section 5.6.2: what methods and names of headers are made of. */
static bool is_token(heed_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        char c = bytes.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return bytes.size > 0;
}

/* Splits the bytes at the first such character, which goes with neither part. */
static bool bytes_split(heed_bytes *before, heed_bytes *rest, char at)
{
    const char *found = rest->size > 0 ? memchr(rest->data, at, rest->size) : NULL;
    if (found == NULL)
        return false;
    *before = (heed_bytes){rest->data, (size_t)(found - rest->data)};
    *rest = (heed_bytes){found + 1, rest->size - before->size - 1};
    return true;
}

static bool is_value(heed_bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if (((unsigned char)value.data[i] < 0x20 && value.data[i] != '\t') || value.data[i] == 0x7f)
            return false;
    return true;
}

static unsigned refuse(unsigned status, const char **why, const char *message)
{
    *why = message;
    return status;
}

/* METHOD SP TARGET SP VERSION */
static unsigned first_line_read(request_head *out, heed_bytes line, const char **why)
{
    static const char expected[] = "the first line is not METHOD PATH VERSION";
    heed_bytes target;
    if (!bytes_split(&out->method, &line, ' ') || !bytes_split(&target, &line, ' ') || !is_token(out->method))
        return refuse(400, why, expected);
    if (target.size > MAX_TARGET)
        return refuse(414, why, "the path is too long");
    for (size_t i = 0; i < target.size; i++)
        if (target.data[i] <= 0x20 || target.data[i] >= 0x7f ||
            target.data[i] == '#') /* char may be signed: then bytes from 0x80 on are below 0x20 */
            return refuse(400, why, expected);
    if (target.size == 0 || (target.data[0] != '/' && (target.size > 1 || target.data[0] != '*')))
        return refuse(400, why, "expected a path that begins with /");
    out->path = target;
    bytes_split(&out->path, &target, '?');
    out->version = line;
    return 0;
}

static void connection_read(request_head *out, heed_bytes value)
{
    heed_bytes one;
    for (bool more = true; more;) {
        more = bytes_split(&one, &value, ',');
        out->close |= guard_equals(spaces_trim(more ? one : value), "close");
    }
}

/* Headers that are kept as they are. Two of one that decides who may ask are refused; of others the last counts. */
static const struct {
    const char *name;
    size_t place;
    bool decides;
} kept[] = {
    {"host", offsetof(request_head, host), false}, /* guard_check counts it */
    {"origin", offsetof(request_head, origin), true},
    {"sec-fetch-site", offsetof(request_head, fetch_site), true},
    {"authorization", offsetof(request_head, authorization), true},
    {"accept", offsetof(request_head, accept), false},
    {"traceparent", offsetof(request_head, traceparent), false},
};

/* False: a second one. */
static bool header_keep(request_head *out, heed_bytes name, heed_bytes value)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (!guard_equals(name, kept[i].name))
            continue;
        heed_bytes *place = (heed_bytes *)(void *)((char *)out + kept[i].place);
        if (kept[i].decides && place->data != NULL)
            return false;
        *place = value;
    }
    return true;
}

static unsigned header_read(request_head *out, heed_bytes line, const char **why)
{
    heed_bytes name;
    if (!bytes_split(&name, &line, ':') || !is_token(name) || !is_value(line))
        return refuse(400, why, "found a line that is not a header, expected NAME: VALUE");
    heed_bytes value = spaces_trim(line);
    guard_header(&out->guard, name, value);
    if (!header_keep(out, name, value))
        return refuse(400, why, "found two headers of a name that decides who may ask, expected one");
    out->preflight |= guard_equals(name, "access-control-request-method");
    if (guard_equals(name, "connection"))
        connection_read(out, value);
    if (guard_equals(name, "expect") && !guard_equals(value, "100-continue"))
        return refuse(417, why, "found an unknown Expect, expected 100-continue");
    out->continues |= guard_equals(name, "expect");
    return 0;
}

unsigned head_read(request_head *out, heed_bytes head, uint64_t max_body, const char **why)
{
    static const char no_lines[] = "found lines that do not end in CR LF";
    heed_bytes line;
    *out = (request_head){.close = false};
    if (!line_take(&line, &head))
        return refuse(400, why, no_lines);
    unsigned status = first_line_read(out, line, why);
    for (unsigned headers = 0; status == 0; headers++) {
        if (!line_take(&line, &head))
            return refuse(400, why, no_lines);
        if (line.size == 0)
            break;
        status = headers < MAX_HEADERS ? header_read(out, line, why) : refuse(431, why, "too many headers");
    }
    out->preflight = out->preflight && guard_equals(out->method, "OPTIONS");
    out->guard.of_kserve = out->path.size > 4 && memcmp(out->path.data, "/v2/", 4) == 0;
    out->guard.of_browser = out->origin.data != NULL || out->fetch_site.data != NULL;
    if (status == 0)
        status = guard_check(&out->guard, out->method, out->version, max_body, why);
    out->close |= guard_equals(out->version, "HTTP/1.0");
    return status;
}
