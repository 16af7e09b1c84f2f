#include <stdarg.h>
#include <stdio.h>

#include "command.h"

heed_status complain(heed_error *error, heed_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    for (char *p = error->message; *p != '\0'; p++) /* what was found may be anything: one line stays one line */
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
    return status;
}
