#define XXH_INLINE_ALL
#include "base/intern.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/status.h"

heed_status intern_init(intern *table, heed_error *error)
{
    *table = (intern){.slot_count = 1024};
    table->slot = memory_array(table->slot_count, sizeof *table->slot);
    table->offset = memory_array(1, sizeof *table->offset);
    table->bytes = memory_array(1, 1);
    if (table->slot == NULL || table->offset == NULL || table->bytes == NULL) {
        intern_release(table);
        return fail_memory(error, "a word table");
    }
    table->offset_capacity = table->bytes_capacity = 1;
    memset(table->slot, 0xFF, table->slot_count * sizeof *table->slot);
    return HEED_OK;
}

void intern_release(intern *table)
{
    free(table->bytes);
    free(table->offset);
    free(table->slot);
    *table = (intern){0};
}

void intern_clear(intern *table)
{
    if (table->count == 0)
        return;
    table->count = 0;
    table->bytes_size = 0;
    memset(table->slot, 0xFF, table->slot_count * sizeof *table->slot);
}

static uint32_t digest_of(heed_bytes word)
{
    return (uint32_t)XXH3_64bits(word.data, word.size);
}

/* The slot with the word of this digest, or the free one where it belongs. */
static uint32_t find_from(const intern *table, heed_bytes word, uint32_t digest)
{
    uint32_t mask = table->slot_count - 1, at = digest & mask;
    while (table->slot[at] != INTERN_NONE) {
        heed_bytes other = intern_word(table, table->slot[at]);
        if (other.size == word.size && (word.size == 0 || memcmp(other.data, word.data, word.size) == 0))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static uint32_t find_slot(const intern *table, heed_bytes word)
{
    return find_from(table, word, digest_of(word));
}

static heed_status grow_slots(intern *table, heed_error *error)
{
    if (table->slot_count > UINT32_MAX / 4)
        return fail(error, HEED_BAD_DATA, "more than %u distinct words", UINT32_MAX / 8);
    uint32_t *old = table->slot;
    uint32_t count = table->slot_count * 2;
    uint32_t *slot = memory_array(count, sizeof *slot);
    if (slot == NULL)
        return fail_memory(error, "a word table");
    memset(slot, 0xFF, count * sizeof *slot);
    table->slot = slot;
    table->slot_count = count;
    for (uint32_t i = 0; i < table->count; i++)
        slot[find_slot(table, intern_word(table, i))] = i;
    free(old);
    return HEED_OK;
}

uint32_t intern_find(const intern *table, heed_bytes word)
{
    return table->slot[find_slot(table, word)];
}

/* The steps of a search, each for a batch of words: slot, number, bytes. Each prefetches the memory that the next one
 * reads. */
void intern_find_all(uint32_t *out, const intern *table, const heed_token *tokens, size_t count)
{
    enum { BATCH = 64 };
    uint32_t mask = table->slot_count - 1, digest[BATCH];
    for (size_t first = 0; first < count; first += BATCH) {
        size_t size = count - first < BATCH ? count - first : BATCH;
        for (size_t i = 0; i < size; i++) {
            digest[i] = digest_of(tokens[first + i].text);
            __builtin_prefetch(&table->slot[digest[i] & mask]);
        }
        for (size_t i = 0; i < size; i++) {
            uint32_t number = table->slot[digest[i] & mask];
            __builtin_prefetch(&table->offset[number == INTERN_NONE ? 0 : number]);
        }
        for (size_t i = 0; i < size; i++) {
            uint32_t number = table->slot[digest[i] & mask];
            __builtin_prefetch(table->bytes + table->offset[number == INTERN_NONE ? 0 : number]);
        }
        for (size_t i = 0; i < size; i++)
            out[first + i] = table->slot[find_from(table, tokens[first + i].text, digest[i])];
    }
}

heed_status intern_put(uint32_t *out, intern *table, heed_bytes word, heed_error *error)
{
    uint32_t at = find_slot(table, word);
    *out = table->slot[at];
    if (*out != INTERN_NONE)
        return HEED_OK;
    if (table->count >= table->slot_count / 2) {
        heed_status status = grow_slots(table, error);
        if (status != HEED_OK)
            return status;
        at = find_slot(table, word);
    }
    heed_status status =
        memory_grow(&table->offset, &table->offset_capacity, (size_t)table->count + 2, sizeof *table->offset, error);
    if (status == HEED_OK)
        status = memory_grow(&table->bytes, &table->bytes_capacity, table->bytes_size + word.size, 1, error);
    if (status != HEED_OK)
        return status;
    if (word.size > 0)
        memcpy(table->bytes + table->bytes_size, word.data, word.size);
    table->bytes_size += word.size;
    *out = table->slot[at] = table->count++;
    table->offset[table->count] = table->bytes_size;
    return HEED_OK;
}
