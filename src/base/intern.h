/* Words to numbers: each distinct byte string gets the next number, in order of first occurrence. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "heed.h"

#define INTERN_NONE UINT32_MAX

typedef struct intern {
    char *bytes; /* all words, one after the other */
    size_t bytes_size, bytes_capacity;
    size_t *offset; /* [count + 1] */
    size_t offset_capacity;
    uint32_t count;
    uint32_t *slot; /* open addressing, a power of two; INTERN_NONE is free */
    uint32_t slot_count;
} intern;

heed_status intern_init(intern *table, heed_error *error);
void intern_release(intern *table);
/* Forgets all words; the memory is kept. */
void intern_clear(intern *table);
/* The number of a word, new or known. */
heed_status intern_put(uint32_t *out, intern *table, heed_bytes word, heed_error *error);
/* The number of a known word, or INTERN_NONE. */
uint32_t intern_find(const intern *table, heed_bytes word);
/* intern_find for the texts of many tokens: out[count]. Faster, as it waits for the memory of many words at once. */
void intern_find_all(uint32_t *out, const intern *table, const heed_token *tokens, size_t count);
/* Borrowed until the next intern_put. */
static inline heed_bytes intern_word(const intern *table, uint32_t number)
{
    return (heed_bytes){table->bytes + table->offset[number], table->offset[number + 1] - table->offset[number]};
}

#endif
