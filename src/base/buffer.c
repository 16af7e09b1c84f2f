#include "base/buffer.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

void buffer_release(buffer *b)
{
    free(b->data);
    b->data = NULL;
    b->size = b->capacity = 0;
}

void buffer_clear(buffer *b)
{
    b->size = 0;
}

heed_status buffer_reserve(buffer *b, size_t size, heed_error *error)
{
    if (b->limit != 0 && size > b->limit - b->size)
        return fail(error, HEED_BAD_DATA, "more than %zu bytes", b->limit);
    if (size > SIZE_MAX - b->size)
        return fail_memory(error, "a buffer");
    return memory_grow(&b->data, &b->capacity, b->size + size, 1, error);
}

heed_status buffer_append(buffer *b, const char *data, size_t size, heed_error *error)
{
    if (size == 0)
        return HEED_OK;
    heed_status status = buffer_reserve(b, size, error);
    if (status == HEED_OK) {
        memcpy(b->data + b->size, data, size);
        b->size += size;
    }
    return status;
}

heed_status buffer_byte(buffer *b, char byte, heed_error *error)
{
    return buffer_append(b, &byte, 1, error);
}

heed_status buffer_print(buffer *b, heed_error *error, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    /* a program around the library may have set a locale with decimal commas */
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0),
             before = plain == (locale_t)0 ? plain : uselocale(plain);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    heed_status status = length < 0 ? fail(error, HEED_FAILED, "a text cannot be formatted")
                                    : buffer_reserve(b, (size_t)length + 1, error);
    if (status == HEED_OK) {
        vsnprintf(b->data + b->size, (size_t)length + 1, format, again);
        b->size += (size_t)length;
    }
    if (plain != (locale_t)0) {
        uselocale(before);
        freelocale(plain);
    }
    va_end(again);
    return status;
}

heed_status buffer_take(buffer *b, char **out, heed_error *error)
{
    heed_status status = buffer_byte(b, '\0', error);
    if (status != HEED_OK)
        return status;
    *out = b->data;
    *b = (buffer){.limit = b->limit};
    return HEED_OK;
}
