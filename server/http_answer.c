#include "http_answer.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "base/writer.h"

enum { RETRY_SECONDS = 1 };

static const char *reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = {{200, "OK"},
                   {204, "No Content"},
                   {400, "Bad Request"},
                   {401, "Unauthorized"},
                   {403, "Forbidden"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {408, "Request Timeout"},
                   {411, "Length Required"},
                   {413, "Content Too Large"},
                   {414, "URI Too Long"},
                   {415, "Unsupported Media Type"},
                   {417, "Expectation Failed"},
                   {421, "Misdirected Request"},
                   {422, "Unprocessable Content"},
                   {429, "Too Many Requests"},
                   {431, "Request Header Fields Too Large"},
                   {503, "Service Unavailable"},
                   {504, "Gateway Timeout"}};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Internal Server Error";
}

/* A message may be cut inside a character that it quotes, which JSON does not allow: then bytes beyond ASCII become
 * '?'. */
static void make_plain(char *message)
{
    json_t *text = json_string(message);
    for (char *p = message; text == NULL && *p != '\0'; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    json_decref(text);
}

/* before, after: what stands around the message as a JSON string. */
static void refuse(http_answer *answer, unsigned status, const char *message, const char *before, const char *after)
{
    char plain[sizeof(heed_error)];
    snprintf(plain, sizeof plain, "%s", message);
    make_plain(plain);
    answer->status = status;
    answer->type = "application/json";
    answer->retry_after = status == 429 || status == 503 ? RETRY_SECONDS : 0;
    writer body = {0};
    writer_text(&body, before);
    escape_json(&body, bytes_of(plain));
    writer_text(&body, after);
    writer_take(&body, &answer->body, &answer->size, NULL);
    writer_release(&body);
}

void http_refuse(http_answer *answer, unsigned status, const char *message)
{
    refuse(answer, status, message, "{\"error\": ", "}\n");
}

void http_refuse_object(http_answer *answer, unsigned status, const char *message)
{
    char after[120];
    snprintf(after, sizeof after, ", \"type\": \"%s\", \"param\": null, \"code\": %u}}\n", reason(status), status);
    refuse(answer, status, message, "{\"error\": {\"message\": ", after);
}

void http_answer_header(http_answer *answer, const char *name, heed_bytes value)
{
    const size_t used = strlen(answer->more), left = sizeof answer->more - used;
    int size = snprintf(answer->more + used, left, "%s: %.*s\r\n", name, (int)value.size, value.data);
    if (size < 0 || (size_t)size >= left)
        answer->more[used] = '\0';
}

size_t http_head_write(char out[HTTP_MAX_HEAD], const http_answer *answer)
{
    char date[40] = "", retry[40] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL) /* the program never calls setlocale: English names */
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    if (answer->retry_after > 0)
        snprintf(retry, sizeof retry, "Retry-After: %u\r\n", answer->retry_after);
    char content[120] = ""; /* of 204 there is none */
    if (answer->status != 204)
        snprintf(content, sizeof content, "Content-Type: %s\r\nContent-Length: %zu\r\n",
                 answer->type != NULL ? answer->type : "text/plain", answer->size);
    int size = snprintf(out, HTTP_MAX_HEAD,
                        "HTTP/1.1 %u %s\r\nDate: %s\r\n%sX-Content-Type-Options: nosniff\r\n%s%s%s%s%s%s\r\n",
                        answer->status, reason(answer->status), date, content, answer->allow != NULL ? "Allow: " : "",
                        answer->allow != NULL ? answer->allow : "", answer->allow != NULL ? "\r\n" : "", retry,
                        answer->more, answer->close ? "Connection: close\r\n" : "");
    return size > 0 && size < HTTP_MAX_HEAD ? (size_t)size : 0;
}
