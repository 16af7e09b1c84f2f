#include "access.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/blanks.h"
#include "base/file.h"
#include "base/status.h"
#include "refusal.h"

enum { LONGEST_TOKEN = 4096 };

enum { SHOWN = 100 };

static int shown(heed_bytes value)
{
    return value.size < SHOWN ? (int)value.size : SHOWN;
}

/* ---- Host */

/* NAME, NAME:PORT, [ADDRESS] or [ADDRESS]:PORT without the port and the brackets. */
static heed_bytes name_of(heed_bytes host)
{
    const char *end;
    if (host.size > 0 && host.data[0] == '[' && (end = memchr(host.data, ']', host.size)) != NULL)
        return (heed_bytes){host.data + 1, (size_t)(end - host.data) - 1};
    if (host.size > 0 && (end = memchr(host.data, ':', host.size)) != NULL)
        host.size = (size_t)(end - host.data);
    return host;
}

static bool is_address(heed_bytes name)
{
    char text[INET6_ADDRSTRLEN + 1];
    struct in6_addr address;
    if (name.size == 0 || name.size >= sizeof text)
        return false;
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

static bool host_fits(const access_rules *a, heed_bytes host)
{
    const heed_bytes name = name_of(host);
    bool fits = host.data == NULL || is_address(name) || guard_equals(name, "localhost"); /* HTTP/1.0 may have none */
    for (size_t i = 0; i < a->host_count && !fits; i++)
        fits = guard_equals(name, a->hosts[i]);
    return fits;
}

/* ---- Origin */

/* Whether an origin is a page of this server: http or https (of a proxy before it), "://" and what Host names. */
static bool is_own(heed_bytes origin, heed_bytes host)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const size_t size = strlen(schemes[i]);
        if (origin.size > size && guard_equals((heed_bytes){origin.data, size}, schemes[i]) &&
            origin.size - size == host.size && strncasecmp(origin.data + size, host.data, host.size) == 0)
            return true;
    }
    return false;
}

bool access_shares(const access_rules *a, const request_head *head)
{
    for (size_t i = 0; i < a->origin_count && head->origin.data != NULL; i++)
        if (guard_equals(head->origin, a->origins[i]))
            return true;
    return false;
}

/* Browsers say where a request comes from, by Origin, or where they leave that out by Sec-Fetch-Site. A link to the
 * page of the server from another site is no request of that site. */
static bool origin_fits(const access_rules *a, const request_head *head)
{
    const bool own = guard_equals(head->fetch_site, "same-origin") || guard_equals(head->fetch_site, "none");
    const bool works = guard_equals(head->method, "POST");
    if (access_shares(a, head))
        return true;
    if (head->origin.data != NULL && !is_own(head->origin, head->host))
        return false;
    return !works || head->fetch_site.data == NULL || own;
}

/* ---- the token */

/* In a time that does not depend on where the two differ. */
static bool same_secret(heed_bytes given, const char *token)
{
    const size_t size = strlen(token);
    unsigned char differs = given.size != size;
    for (size_t i = 0; i < given.size; i++)
        differs |= (unsigned char)(given.data[i] ^ token[i % size]);
    return differs == 0;
}

static bool token_fits(const access_rules *a, heed_bytes authorization)
{
    static const char scheme[] = "Bearer ";
    const size_t size = sizeof scheme - 1;
    if (authorization.size <= size || !guard_equals((heed_bytes){authorization.data, size}, scheme))
        return false;
    return same_secret(spaces_trim((heed_bytes){authorization.data + size, authorization.size - size}), a->token);
}

/* What says nothing of models and texts, and the page, which asks for the token. */
static bool needs_token(route route)
{
    return route != ROUTE_PAGE && route != ROUTE_LIVE && route != ROUTE_READY;
}

unsigned access_check(const access_rules *a, const request_head *head, route route, heed_error *error)
{
    if (a->checks_host && !host_fits(a, head->host))
        return refusal(
            error, 421,
            "Host: found '%.*s', expected localhost, an address in digits, or a name of 'heed serve --allow-host'",
            shown(head->host), head->host.data);
    if (!origin_fits(a, head))
        return refusal(
            error, 403,
            "Origin: found a page of another site (%.*s), expected one of this server, or an origin of 'heed serve "
            "--allow-origin'",
            shown(head->origin), head->origin.data != NULL ? head->origin.data : "");
    const bool spared = head->preflight && access_shares(a, head); /* browsers send no token with it */
    if (a->token != NULL && needs_token(route) && !spared && !token_fits(a, head->authorization))
        return refusal(error, 401, "a token is missing or wrong, expected the header Authorization: Bearer TOKEN");
    return 0;
}

/* ---- the rules */

static bool is_loopback(const char *address)
{
    static const unsigned char six[sizeof(struct in6_addr)] = {[15] = 1};
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &v6) == 1 && memcmp(&v6, six, sizeof six) == 0;
}

static heed_status token_read(char **out, const char *path, heed_error *error)
{
    size_t size = 0;
    heed_status status = file_read(out, &size, path, LONGEST_TOKEN, error);
    if (status != HEED_OK)
        return status;
    const heed_bytes token = blanks_trim((heed_bytes){*out, size});
    for (size_t i = 0; i < token.size && status == HEED_OK; i++)
        if (token.data[i] <= ' ' || token.data[i] > '~')
            status = HEED_BAD_DATA;
    if (status != HEED_OK || token.size == 0)
        return fail(error, HEED_BAD_DATA, "%s: expected one line, a token of ASCII characters without blanks", path);
    memmove(*out, token.data, token.size);
    (*out)[token.size] = '\0';
    return HEED_OK;
}

/* As browsers send it: http:// or https://, a host, and a port that is not the usual one; or null. */
static bool is_origin(const char *text)
{
    const char *host = strncmp(text, "http://", 7) == 0    ? text + 7
                       : strncmp(text, "https://", 8) == 0 ? text + 8
                                                           : NULL;
    return strcmp(text, "null") == 0 || (host != NULL && *host != '\0' && strcspn(host, "/ ?#@") == strlen(host));
}

heed_status access_init(access_rules *out, const access_rules *given, const char *address, const char *token_file,
                        heed_error *error)
{
    *out = *given;
    out->token = NULL;
    out->checks_host = is_loopback(address) || given->host_count > 0;
    for (size_t i = 0; i < given->origin_count; i++)
        if (!is_origin(given->origins[i]))
            return fail(error, HEED_USAGE,
                        "--allow-origin: found '%s', expected one such as https://example.org, without a path",
                        given->origins[i]);
    return token_file != NULL ? token_read(&out->token, token_file, error) : HEED_OK;
}

void access_release(access_rules *a)
{
    free(a->token);
    *a = (access_rules){0};
}
