#include "base/writer.h"

#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

void writer_release(writer *w)
{
    free(w->data);
    w->data = NULL;
    w->size = w->capacity = 0;
    w->problem = 0;
}

void writer_clear(writer *w)
{
    w->size = 0;
    w->problem = 0;
}

void writer_fail(writer *w, int problem)
{
    if (w->problem == 0)
        w->problem = problem != 0 ? problem : EIO;
}

char *writer_reserve(writer *w, size_t size)
{
    if (w->problem != 0)
        return NULL;
    if (w->limit == 0 && w->data != NULL && size <= w->capacity - w->size)
        return w->data + w->size;
    if (w->limit != 0 && size > w->limit - w->size)
        writer_fail(w, EFBIG);
    else if (size >= SIZE_MAX - w->size || /* of no bytes too there is memory to point to */
             memory_grow(&w->data, &w->capacity, w->size + size + (size == 0), 1, NULL) != HEED_OK)
        writer_fail(w, ENOMEM);
    return w->problem == 0 ? w->data + w->size : NULL;
}

void writer_bytes(writer *w, const char *data, size_t size)
{
    if (size == 0 || w->problem != 0)
        return;
    if (w->file != NULL && w->filter != NULL) {
        writer plain = {.file = w->file};
        w->filter(&plain, (heed_bytes){data, size});
        w->problem = plain.problem;
        return;
    }
    if (w->file != NULL) {
        errno = 0;
        if (fwrite(data, 1, size, w->file) != size)
            writer_fail(w, errno);
        return;
    }
    char *room = writer_reserve(w, size);
    if (room != NULL) {
        memcpy(room, data, size);
        w->size += size;
    }
}

void writer_text(writer *w, const char *text)
{
    writer_bytes(w, text, strlen(text));
}

void writer_byte(writer *w, char byte)
{
    writer_bytes(w, &byte, 1);
}

void writer_repeat(writer *w, char byte, size_t count)
{
    for (; count > 0 && w->problem == 0; count--)
        writer_byte(w, byte);
}

/* For results longer than SHORT bytes, in a block of its own. */
static void print_formatted(writer *w, const char *format, va_list arguments)
{
    enum { SHORT = 512 };
    char text[SHORT], *block = text;
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(text, sizeof text, format, arguments);
    if (length >= SHORT) {
        block = malloc((size_t)length + 1);
        if (block != NULL)
            vsnprintf(block, (size_t)length + 1, format, again);
    }
    va_end(again);
    if (length < 0 || block == NULL)
        writer_fail(w, length < 0 ? EINVAL : ENOMEM);
    else
        writer_bytes(w, block, (size_t)length);
    if (block != text)
        free(block);
}

void writer_print(writer *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    /* a program around the library may have set a locale with decimal commas */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = plain == (locale_t)0 ? plain : uselocale(plain);
    print_formatted(w, format, arguments);
    if (plain != (locale_t)0) {
        uselocale(before);
        freelocale(plain);
    }
    va_end(arguments);
}

heed_status writer_check(const writer *w, heed_error *error)
{
    switch (w->problem) {
    case 0:
        return HEED_OK;
    case ENOMEM:
        return fail_memory(error, "a text");
    case EFBIG:
        return fail(error, HEED_BAD_DATA, "more than %zu bytes", w->limit);
    default:
        return fail(error, HEED_FAILED, "a text cannot be written: %s", strerror(w->problem));
    }
}

heed_status writer_take(writer *w, char **out, size_t *size, heed_error *error)
{
    size_t written = w->size, limit = w->limit;
    w->limit = 0; /* size of the text; the NUL comes after it */
    writer_byte(w, '\0');
    w->limit = limit;
    heed_status status = writer_check(w, error);
    *out = status == HEED_OK ? w->data : NULL;
    if (size != NULL)
        *size = status == HEED_OK ? written : 0;
    if (status == HEED_OK)
        *w = (writer){.limit = w->limit};
    return status;
}
