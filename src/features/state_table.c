#include "features/state_table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

#define MOST_BYTES ((size_t)2 << 30)

state_table *state_table_new(void)
{
    state_table *t = memory_array(1, sizeof *t);
    if (t != NULL)
        t->most = MOST_BYTES;
    return t;
}

void state_table_free(state_table *t)
{
    if (t != NULL)
        state_table_empty(t);
    free(t);
}

void state_table_empty(state_table *t)
{
    for (size_t i = 0; t->of != NULL && i < t->rows; i++)
        free(t->of[i]);
    free(t->of);
    t->of = NULL;
}

heed_status state_table_begin(state_table *t, state_key key, size_t rows, heed_error *error)
{
    if (t->of != NULL && t->rows == rows && t->key.length == key.length && t->key.cut == key.cut)
        return HEED_OK;
    state_table_empty(t);
    t->key = key;
    t->rows = rows;
    t->of = memory_array(rows, sizeof *t->of);
    return t->of == NULL ? fail_memory(error, "states") : HEED_OK;
}
