#include "features/feature_cache.h"

#include <stdlib.h>

#include "base/memory.h"

enum { MOST_TABLES = 8 };

typedef struct kept_table {
    feature_key key;
    size_t rows;
    feature_table table;
} kept_table;

struct feature_cache {
    kept_table tables[MOST_TABLES]; /* a new one replaces the oldest */
    size_t made;
};

feature_cache *feature_cache_new(void)
{
    return memory_array(1, sizeof(feature_cache));
}

static void release(kept_table *t)
{
    free(t->table.values);
    free(t->table.known);
    *t = (kept_table){.rows = 0};
}

void feature_cache_free(feature_cache *cache)
{
    for (size_t i = 0; cache != NULL && i < MOST_TABLES; i++)
        release(&cache->tables[i]);
    free(cache);
}

static bool same_key(const feature_key *a, const feature_key *b)
{
    return a->rule.pooling == b->rule.pooling && a->rule.room == b->rule.room && a->length == b->length &&
           a->cut == b->cut;
}

feature_table *feature_cache_table(feature_cache *cache, const feature_key *key, size_t rows, size_t width, bool *fresh)
{
    *fresh = false;
    for (size_t i = 0; i < MOST_TABLES; i++) {
        kept_table *t = &cache->tables[i];
        if (t->table.values != NULL && t->rows == rows && same_key(&t->key, key))
            return &t->table;
    }
    kept_table *t = &cache->tables[cache->made % MOST_TABLES];
    release(t);
    *t = (kept_table){*key, rows, {memory_array(rows * width, sizeof(real)), memory_array(rows, sizeof(bool))}};
    if (t->table.values == NULL || t->table.known == NULL) {
        release(t);
        return NULL;
    }
    cache->made++;
    *fresh = true;
    return &t->table;
}
