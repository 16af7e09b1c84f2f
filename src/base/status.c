#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

heed_status fail(heed_error *error, heed_status status, const char *format, ...)
{
    if (error == NULL)
        return status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    for (char *p = error->message; *p != '\0'; p++) /* what was found may contain anything: keep it on one line */
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
        else if ((unsigned char)p[0] == 0xC2 && ((unsigned char)p[1] & 0xE0) == 0x80) /* U+0080 to U+009F */
            p[0] = p[1] = '?';
    return status;
}

heed_status fail_memory(heed_error *error, const char *what)
{
    return fail(error, HEED_FAILED, "out of memory for %s", what);
}

heed_status fail_input(heed_error *error, const char *path, const char *cannot, int problem)
{
    return problem == ENOMEM ? fail_memory(error, path)
                             : fail(error, HEED_BAD_DATA, "%s: %s: %s", path, cannot, strerror(problem));
}

int heed_status_exit(heed_status status)
{
    switch (status) {
#define CASE(name, code, meaning)                                                                                      \
    case name:                                                                                                         \
        return code;
        HEED_STATUSES(CASE)
#undef CASE
    }
    return 1;
}

const char *heed_status_name(heed_status status)
{
    switch (status) {
#define CASE(name, code, meaning)                                                                                      \
    case name:                                                                                                         \
        return #name;
        HEED_STATUSES(CASE)
#undef CASE
    }
    return "unknown";
}

const char *heed_version(void)
{
    return HEED_VERSION;
}

void heed_free(void *text)
{
    free(text);
}
