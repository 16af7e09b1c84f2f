#include "vectors/vector_write.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/status.h"
#include "base/writer.h"
#include "vectors/vector_row.h"
#include "vectors/vectors.h"

bool vector_word_fits(heed_bytes word, bool binary)
{
    return word.size > 0 && word.size <= LONGEST_VECTOR_WORD && memchr(word.data, '\n', word.size) == NULL &&
           (!binary || memchr(word.data, ' ', word.size) == NULL);
}

/* Nine digits identify a float. */
static void write_text(writer *w, const float *row, uint32_t dimensions)
{
    char number[32];
    for (uint32_t i = 0; i < dimensions; i++) {
        int size = snprintf(number, sizeof number, " %.9g", (double)row[i]);
        writer_bytes(w, number, (size_t)size);
    }
}

static void write_binary(writer *w, const float *row, uint32_t dimensions)
{
    writer_byte(w, ' ');
    for (uint32_t i = 0; i < dimensions; i++) {
        uint32_t bits;
        memcpy(&bits, &row[i], sizeof bits);
        const char bytes[4] = {(char)(bits & 255), (char)(bits >> 8 & 255), (char)(bits >> 16 & 255),
                               (char)(bits >> 24)};
        writer_bytes(w, bytes, sizeof bytes);
    }
}

static heed_status write_rows(writer *w, const vectors *v, const char *path, bool binary, heed_error *error)
{
    const intern *words = vectors_words(v);
    writer_print(w, "%u %u\n", v->found, v->dimensions);
    for (uint32_t i = 0; i < words->count; i++) {
        const float *row = vectors_row(v, i);
        heed_bytes word = intern_word(words, i);
        if (row == NULL)
            continue;
        if (!vector_word_fits(word, binary))
            return fail(error, HEED_BAD_DATA,
                        "%s: the word '%.*s' does not fit: expected 1 to %d bytes without a line end%s", path,
                        (int)(word.size < 60 ? word.size : 60), word.data, LONGEST_VECTOR_WORD,
                        binary ? " or a space" : "");
        writer_bytes(w, word.data, word.size);
        (binary ? write_binary : write_text)(w, row, v->dimensions);
        writer_byte(w, '\n');
    }
    return writer_check(w, error);
}

/* A number has a decimal point, whatever the caller's locale. */
heed_status heed_vectors_save(const heed_vectors *vectors, const char *path, bool binary, heed_error *error)
{
    writer w = {0};
    locale_t decimal = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (decimal == (locale_t)0)
        return fail_memory(error, path);
    locale_t before = uselocale(decimal);
    heed_status status = write_rows(&w, &vectors->vectors, path, binary, error);
    uselocale(before);
    freelocale(decimal);
    if (status == HEED_OK)
        status = file_write(path, w.data, w.size, error);
    writer_release(&w);
    return status;
}
