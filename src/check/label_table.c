#include "check/label_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

static heed_status sets_split(label_table *t, const intern *sets, heed_error *error)
{
    size_t capacity = 0, count = 0;
    heed_status status = HEED_OK;
    for (uint32_t set = 0; set < sets->count; set++) {
        heed_bytes key = intern_word(sets, set);
        t->first[set] = count;
        for (size_t at = 0, size; at < key.size; at += size + 1) {
            size = (size_t)((const char *)memchr(key.data + at, '\0', key.size - at) - (key.data + at));
            TRY(memory_grow(&t->of_set, &capacity, count + 1, sizeof *t->of_set, error));
            TRY(intern_put(&t->of_set[count++], &t->names, (heed_bytes){key.data + at, size}, error));
        }
    }
    t->first[sets->count] = count;
done:
    return status;
}

static heed_status texts_make(label_table *t, heed_error *error)
{
    t->texts = memory_array(t->names.count, sizeof *t->texts);
    t->rows = memory_array(t->names.count, sizeof *t->rows);
    bool complete = t->texts != NULL && t->rows != NULL;
    for (uint32_t i = 0; i < t->names.count && complete; i++) {
        heed_bytes name = intern_word(&t->names, i);
        t->texts[i] = memory_copy(name.data, name.size);
        complete = t->texts[i] != NULL;
    }
    return complete ? HEED_OK : fail_memory(error, "labels");
}

heed_status label_table_init(label_table *out, const intern *sets, heed_error *error)
{
    heed_status status;
    *out = (label_table){.first = memory_array((size_t)sets->count + 1, sizeof *out->first)};
    TRY(out->first == NULL ? fail_memory(error, "labels") : HEED_OK);
    TRY(intern_init(&out->names, error));
    TRY(sets_split(out, sets, error));
    status = texts_make(out, error);
done:
    return status;
}

void label_table_count(label_table *t, uint32_t set, unsigned part)
{
    for (size_t k = set == UINT32_MAX ? 0 : t->first[set]; set != UINT32_MAX && k < t->first[set + 1]; k++)
        t->rows[t->of_set[k]][part]++;
}

void label_table_release(label_table *t)
{
    for (uint32_t i = 0; t->texts != NULL && i < t->names.count; i++)
        free(t->texts[i]);
    free(t->texts);
    free(t->rows);
    free(t->first);
    free(t->of_set);
    intern_release(&t->names);
}

uint32_t label_table_only(const label_table *t, uint32_t set)
{
    return set != UINT32_MAX && t->first[set + 1] - t->first[set] == 1 ? t->of_set[t->first[set]] : UINT32_MAX;
}
