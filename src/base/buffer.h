/* The calls of the time before writers, until the last of them is gone. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/writer.h"

typedef writer buffer;
#define buffer_release writer_release
#define buffer_clear writer_clear
#define buffer_append(b, data, size, error) (writer_bytes(b, data, size), writer_check(b, error))
#define buffer_byte(b, byte, error) (writer_byte(b, byte), writer_check(b, error))
#define buffer_print(b, error, ...) (writer_print(b, __VA_ARGS__), writer_check(b, error))
#define buffer_reserve(b, size, error) ((void)writer_reserve(b, size), writer_check(b, error))
#define buffer_take(b, out, error) writer_take(b, out, NULL, error)

#endif
