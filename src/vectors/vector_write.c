#include "vectors/vector_write.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/status.h"
#include "vectors/vector_row.h"
#include "vectors/vectors.h"

bool vector_word_fits(heed_bytes word, bool binary)
{
    return word.size > 0 && word.size <= LONGEST_VECTOR_WORD && memchr(word.data, '\n', word.size) == NULL &&
           (!binary || memchr(word.data, ' ', word.size) == NULL);
}

/* Nine digits name a float. */
static heed_status write_text(buffer *b, const float *row, uint32_t dimensions, heed_error *error)
{
    char number[32];
    heed_status status = HEED_OK;
    for (uint32_t i = 0; i < dimensions && status == HEED_OK; i++) {
        int size = snprintf(number, sizeof number, " %.9g", (double)row[i]);
        status = buffer_append(b, number, (size_t)size, error);
    }
    return status;
}

static heed_status write_binary(buffer *b, const float *row, uint32_t dimensions, heed_error *error)
{
    heed_status status = buffer_byte(b, ' ', error);
    for (uint32_t i = 0; i < dimensions && status == HEED_OK; i++) {
        uint32_t bits;
        memcpy(&bits, &row[i], sizeof bits);
        const char bytes[4] = {(char)(bits & 255), (char)(bits >> 8 & 255), (char)(bits >> 16 & 255),
                               (char)(bits >> 24)};
        status = buffer_append(b, bytes, sizeof bytes, error);
    }
    return status;
}

static heed_status write_rows(buffer *b, const vectors *v, const char *path, bool binary, heed_error *error)
{
    const intern *words = vectors_words(v);
    heed_status status = buffer_print(b, error, "%u %u\n", v->found, v->dimensions);
    for (uint32_t i = 0; i < words->count && status == HEED_OK; i++) {
        const float *row = vectors_row(v, i);
        heed_bytes word = intern_word(words, i);
        if (row == NULL)
            continue;
        if (!vector_word_fits(word, binary))
            return fail(error, HEED_BAD_DATA,
                        "%s: the word '%.*s' does not fit: expected 1 to %d bytes without a line end%s", path,
                        (int)(word.size < 60 ? word.size : 60), word.data, LONGEST_VECTOR_WORD,
                        binary ? " or a space" : "");
        status = buffer_append(b, word.data, word.size, error);
        if (status == HEED_OK)
            status = (binary ? write_binary : write_text)(b, row, v->dimensions, error);
        if (status == HEED_OK)
            status = buffer_byte(b, '\n', error);
    }
    return status;
}

/* The point of a number is one, whatever the caller's locale. */
heed_status heed_vectors_save(const heed_vectors *vectors, const char *path, bool binary, heed_error *error)
{
    buffer b = {0};
    locale_t decimal = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (decimal == (locale_t)0)
        return fail_memory(error, path);
    locale_t before = uselocale(decimal);
    heed_status status = write_rows(&b, &vectors->vectors, path, binary, error);
    uselocale(before);
    freelocale(decimal);
    if (status == HEED_OK)
        status = file_write(path, b.data, b.size, error);
    buffer_release(&b);
    return status;
}
