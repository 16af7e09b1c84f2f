/* Growable bytes with a cap. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "heed.h"

typedef struct buffer {
    char *data; /* NULL while nothing was appended */
    size_t size, capacity;
    size_t limit; /* 0: none; appending past it fails with HEED_BAD_DATA */
} buffer;

void buffer_release(buffer *b);
/* Empties it; keeps its storage. */
void buffer_clear(buffer *b);
heed_status buffer_append(buffer *b, const char *data, size_t size, heed_error *error);
heed_status buffer_byte(buffer *b, char byte, heed_error *error);
heed_status buffer_print(buffer *b, heed_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Room for `size` more bytes behind what is there. */
heed_status buffer_reserve(buffer *b, size_t size, heed_error *error);
/* Puts a NUL behind the bytes and hands them over; the buffer is empty afterwards. */
heed_status buffer_take(buffer *b, char **out, heed_error *error);

#endif
