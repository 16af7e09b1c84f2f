#include "features/state_table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status state_table_begin(state_table *t, state_key key, size_t rows, heed_error *error)
{
    if (t->of != NULL && t->rows == rows && t->key.length == key.length && t->key.cut == key.cut)
        return HEED_OK;
    state_table_release(t);
    *t = (state_table){key, rows, memory_array(rows, sizeof *t->of)};
    return t->of == NULL ? fail_memory(error, "states") : HEED_OK;
}

void state_table_release(state_table *t)
{
    for (size_t i = 0; t->of != NULL && i < t->rows; i++)
        free(t->of[i]);
    free(t->of);
    *t = (state_table){.of = NULL};
}
