/* heed_vectors: vectors for the library's users, and the nearest words of one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"
#include "vectors/vectors.h"

static heed_status list_wanted(heed_vectors *v, const heed_bytes *words, size_t count, heed_error *error)
{
    uint32_t number;
    heed_status status;
    TRY(intern_init(&v->wanted, error));
    for (size_t i = 0; i < count; i++)
        TRY(intern_put(&number, &v->wanted, words[i], error));
done:
    return status;
}

heed_status heed_vectors_load(heed_vectors **out, const char *path, const heed_bytes *words, size_t count,
                              const heed_listener *listener, heed_error *error)
{
    heed_status status;
    heed_vectors *v = *out = memory_array(1, sizeof *v);
    if (v == NULL)
        return fail_memory(error, "word vectors");
    if (words != NULL)
        TRY(list_wanted(v, words, count, error));
    TRY(vectors_read(&v->vectors, path, words == NULL ? NULL : &v->wanted, 0, listener, error));
    return HEED_OK;
done:
    heed_vectors_free(v);
    *out = NULL;
    return status;
}

void heed_vectors_free(heed_vectors *v)
{
    if (v == NULL)
        return;
    vectors_release(&v->vectors);
    intern_release(&v->wanted);
    free(v);
}

heed_vectors_info heed_vectors_describe(const heed_vectors *vectors)
{
    const struct vectors *v = &vectors->vectors;
    return (heed_vectors_info){.format = vector_kind_name(v->kind),
                               .dimensions = v->dimensions,
                               .rows = v->rows,
                               .declared = v->declared,
                               .bad = v->bad,
                               .not_utf8 = v->not_utf8,
                               .repeated = v->repeated,
                               .found = v->found,
                               .composed = v->composed,
                               .tokens = v->tokens};
}

const float *heed_vectors_of(const heed_vectors *vectors, heed_bytes word)
{
    uint32_t number = intern_find(vectors_words(&vectors->vectors), word);
    return number == INTERN_NONE ? NULL : vectors_row(&vectors->vectors, number);
}

static double dot(const float *a, const float *b, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* Inserts into the list of at most `most`, sorted by decreasing value; equal ones stay in order of arrival. */
static void insert(heed_neighbour *list, size_t *count, size_t most, heed_neighbour one)
{
    if (*count == most && !(one.cosine > list[most - 1].cosine))
        return;
    size_t at = *count < most ? (*count)++ : most - 1;
    for (; at > 0 && one.cosine > list[at - 1].cosine; at--)
        list[at] = list[at - 1];
    list[at] = one;
}

heed_status heed_vectors_near(const heed_vectors *vectors, heed_bytes word, const float *vector, heed_neighbour *out,
                              size_t *count, heed_error *error)
{
    const struct vectors *v = &vectors->vectors;
    const intern *words = vectors_words(v);
    size_t most = *count;
    double length = sqrt(dot(vector, vector, v->dimensions));
    *count = 0;
    if (!(length > 0))
        return fail(error, HEED_BAD_DATA, "the vector of '%.*s' is zero, so it has no direction", (int)word.size,
                    word.data);
    for (uint32_t i = 0; i < words->count && most > 0; i++) {
        const float *row = vectors_row(v, i);
        heed_bytes other = intern_word(words, i);
        if (row == NULL || bytes_same(other, word))
            continue;
        double other_length = sqrt(dot(row, row, v->dimensions));
        if (other_length > 0)
            insert(out, count, most, (heed_neighbour){other, dot(vector, row, v->dimensions) / length / other_length});
    }
    return HEED_OK;
}
