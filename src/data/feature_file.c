/* A file is a header, the table's two arrays, and XXH3-128 of all that, as numbers are in memory. */
#include "data/feature_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/status.h"
#include "data/kept_file.h"
#include "math/kernels.h"

#define LARGEST_FILE ((size_t)1 << 36)

typedef struct file_header {
    char magic[8];
    uint64_t rows, width;
    XXH128_hash_t key; /* of its name */
} file_header;

static const char magic[8] = {'h', 'e', 'e', 'd', 'f', 'e', 'a', '1'};

/* Of everything that the features depend on. */
static bool find_key(XXH128_hash_t *out, const heed_corpus *c, const feature_key *key)
{
    const uint32_t rule[] = {key->rule.pooling, key->rule.room, key->length, key->cut};
    const char *kernels = kernels_choose()->name;
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return false;
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, rule, sizeof rule);
    XXH3_128bits_update(state, c->encoder->digest, sizeof c->encoder->digest);
    XXH3_128bits_update(state, kernels, strlen(kernels) + 1);
    XXH3_128bits_update(state, HEED_VERSION, sizeof HEED_VERSION);
    for (size_t i = 0; i < c->row_count; i++)
        XXH3_128bits_update(state, &c->rows[i].first_subword, sizeof c->rows[i].first_subword);
    if (c->subword_count > 0)
        XXH3_128bits_update(state, c->subwords, c->subword_count * sizeof *c->subwords);
    *out = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    return true;
}

/* The file's path, which free() releases; NULL: the corpus has no folder, or no memory. */
static char *path_of(XXH128_hash_t *digest, const heed_corpus *c, const feature_key *key)
{
    char *path = NULL;
    if (c->feature_folder != NULL && find_key(digest, c, key))
        (void)kept_file_path(&path, c->feature_folder, *digest, KEPT_FEATURES, NULL);
    return path;
}

static size_t known_bytes(const heed_corpus *c)
{
    return c->row_count * sizeof(bool);
}

static size_t value_bytes(const heed_corpus *c)
{
    return c->row_count * shared_encoder_width(c->encoder) * sizeof(real);
}

static bool is_whole(heed_bytes file, const heed_corpus *c, XXH128_hash_t key)
{
    file_header head;
    XXH128_hash_t seal;
    if (file.size != sizeof head + known_bytes(c) + value_bytes(c) + sizeof seal)
        return false;
    memcpy(&head, file.data, sizeof head);
    memcpy(&seal, file.data + file.size - sizeof seal, sizeof seal);
    return memcmp(head.magic, magic, sizeof magic) == 0 && head.rows == c->row_count &&
           head.width == shared_encoder_width(c->encoder) && XXH128_isEqual(head.key, key) &&
           XXH128_isEqual(seal, XXH3_128bits(file.data, file.size - sizeof seal));
}

/* A byte that is no bool is damage that the seal does not hold. */
static void take(feature_table *table, const char *known, const heed_corpus *c)
{
    for (size_t i = 0; i < c->row_count; i++)
        table->known[i] = known[i] == 1;
    memcpy(table->values, known + known_bytes(c), value_bytes(c));
}

void feature_file_read(feature_table *table, const heed_corpus *c, const feature_key *key)
{
    XXH128_hash_t digest;
    char *path = path_of(&digest, c, key), *data = NULL;
    size_t size;
    if (path != NULL && file_read(&data, &size, path, LARGEST_FILE, NULL) == HEED_OK &&
        is_whole((heed_bytes){data, size}, c, digest))
        take(table, data + sizeof(file_header), c);
    free(data);
    free(path);
}

void feature_file_write(const feature_table *table, const heed_corpus *c, const feature_key *key)
{
    file_header head = {.rows = c->row_count, .width = shared_encoder_width(c->encoder)};
    writer w = {.limit = LARGEST_FILE};
    char *path = path_of(&head.key, c, key);
    if (path == NULL)
        return;
    memcpy(head.magic, magic, sizeof magic);
    writer_bytes(&w, (const char *)&head, sizeof head);
    writer_bytes(&w, (const char *)table->known, known_bytes(c));
    writer_bytes(&w, (const char *)table->values, value_bytes(c));
    const XXH128_hash_t seal = XXH3_128bits(w.data, w.size);
    writer_bytes(&w, (const char *)&seal, sizeof seal);
    if (writer_check(&w, NULL) == HEED_OK)
        (void)file_write(path, w.data, w.size, NULL);
    writer_release(&w);
    free(path);
}
