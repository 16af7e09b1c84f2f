/* heed_vectors: vectors for the library's users, and the nearest words of one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compose.h"
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
    vectors_fill_info(v);
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

const heed_vectors_info *heed_vectors_describe(const heed_vectors *vectors)
{
    return &vectors->info;
}

const float *heed_vectors_of(const heed_vectors *vectors, heed_bytes word)
{
    uint32_t number = compose_find(vectors_words(&vectors->vectors), word);
    return number == INTERN_NONE ? NULL : vectors_row(&vectors->vectors, number);
}

static double dot(const float *a, const float *b, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

struct heed_neighbours {
    heed_neighbour *items; /* [count], largest cosine first */
    size_t count;
};

/* Keeps at most `max` of them; of equals, the one that came first stays first. */
static void insert(heed_neighbours *list, size_t max, heed_neighbour one)
{
    heed_neighbour *items = list->items;
    if (list->count == max && !(one.cosine > items[max - 1].cosine))
        return;
    size_t at = list->count < max ? list->count++ : max - 1;
    for (; at > 0 && one.cosine > items[at - 1].cosine; at--)
        items[at] = items[at - 1];
    items[at] = one;
}

static heed_status neighbours_new(heed_neighbours **out, size_t capacity, heed_error *error)
{
    heed_neighbours *made = *out = memory_array(1, sizeof *made);
    if (made != NULL)
        made->items = memory_array(capacity, sizeof *made->items);
    if (made != NULL && made->items != NULL)
        return HEED_OK;
    heed_neighbours_free(made);
    *out = NULL;
    return fail_memory(error, "neighbours");
}

heed_status heed_vectors_near(heed_neighbours **out, const heed_vectors *vectors, heed_bytes word, const float *vector,
                              size_t count, heed_error *error)
{
    const struct vectors *v = &vectors->vectors;
    const intern *words = vectors_words(v);
    const size_t max = count < words->count ? count : words->count;
    double length = sqrt(dot(vector, vector, v->dimensions));
    *out = NULL;
    if (length == 0)
        return fail(error, HEED_BAD_DATA, "the vector of '%.*s' is zero, so it has no direction", (int)word.size,
                    word.data);
    if (!isfinite(length))
        return fail(error, HEED_BAD_DATA, "the vector of '%.*s' has a number that is not finite", (int)word.size,
                    word.data);
    heed_neighbours *found;
    heed_status status = neighbours_new(&found, max, error);
    if (status != HEED_OK)
        return status;
    for (uint32_t i = 0; i < words->count && max > 0; i++) {
        const float *row = vectors_row(v, i);
        heed_bytes other = intern_word(words, i);
        if (row == NULL || bytes_same(other, word))
            continue;
        double other_length = sqrt(dot(row, row, v->dimensions));
        if (other_length > 0)
            insert(found, max, (heed_neighbour){other, dot(vector, row, v->dimensions) / length / other_length});
    }
    *out = found;
    return HEED_OK;
}

size_t heed_neighbours_count(const heed_neighbours *neighbours)
{
    return neighbours->count;
}

const heed_neighbour *heed_neighbours_item(const heed_neighbours *neighbours, size_t i)
{
    return &neighbours->items[i];
}

void heed_neighbours_free(heed_neighbours *neighbours)
{
    if (neighbours == NULL)
        return;
    free(neighbours->items);
    free(neighbours);
}
