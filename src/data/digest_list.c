#include "data/digest_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

static int compare_digests(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Room for `more` digests after those that are there. */
static heed_status make_room(digest_list *list, size_t more, heed_error *error)
{
    size_t capacity = list->count;
    return memory_grow(&list->of, &capacity, list->count + more + 1, sizeof *list->of, error);
}

/* Sorts `count` of them, and keeps each once. */
static void put_in_order(digest_list *list, size_t count)
{
    size_t kept = 0;
    qsort(list->of, count, sizeof *list->of, compare_digests);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || list->of[i] != list->of[kept - 1])
            list->of[kept++] = list->of[i];
    list->count = kept;
}

heed_status digest_list_add_rows(digest_list *list, const heed_corpus *corpus, const uint32_t *rows, size_t count,
                                 heed_error *error)
{
    heed_status status = make_room(list, count, error);
    if (status != HEED_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        list->of[list->count + i] = corpus->rows[rows[i]].digest;
    put_in_order(list, list->count + count);
    return HEED_OK;
}

heed_status digest_list_add(digest_list *list, const digest_list *other, heed_error *error)
{
    heed_status status = make_room(list, other->count, error);
    if (status != HEED_OK)
        return status;
    if (other->count > 0)
        memcpy(list->of + list->count, other->of, other->count * sizeof *other->of);
    put_in_order(list, list->count + other->count);
    return HEED_OK;
}

bool digest_list_has(const digest_list *list, uint64_t digest)
{
    return list->count > 0 && bsearch(&digest, list->of, list->count, sizeof digest, compare_digests) != NULL;
}

size_t digest_list_count(const digest_list *list, const heed_corpus *corpus, const uint32_t *rows, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += digest_list_has(list, corpus->rows[rows[i]].digest);
    return found;
}

void digest_list_release(digest_list *list)
{
    free(list->of);
    *list = (digest_list){0};
}
