#include "tokenizer/tokenizer.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"
#include "tokenizer/tokenizer_json.h"
#include "tokenizer/tokenizer_parts.h"
#include "tokenizer/tokenizer_write.h"
#include "tokenizer/vocab_folder.h"

/* A vocabulary of a million words takes less. */
enum { LARGEST_FILE = 24 << 20 };

/* What each byte of ASCII becomes, by the normalizer itself. With tokens that are looked for in the normalized text,
 * texts are always normalized as a whole. */
static heed_status fill_bytes(tokenizer *t, heed_error *error)
{
    enum { ASCII = 128 };
    normal_text scratch = {0};
    for (unsigned byte = 0; byte < ASCII && t->added.normal.trie.count == 0 && !scratch.failed; byte++) {
        char text = (char)byte;
        normalize(&scratch, &t->steps, (heed_bytes){&text, 1}, 0, 1);
        if (scratch.count == 1 && scratch.characters[0].point < ASCII) {
            t->letter[byte] = (unsigned char)scratch.characters[0].point;
            t->kind[byte] = (unsigned char)word_kind_of(t->letter[byte]);
        }
    }
    bool failed = scratch.failed;
    normal_text_release(&scratch);
    return failed ? fail_memory(error, "a tokenizer") : HEED_OK;
}

static heed_status start(tokenizer **out, heed_error *error)
{
    tokenizer *t = *out = memory_array(1, sizeof *t);
    return t == NULL ? fail_memory(error, "a tokenizer") : intern_init(&t->vocabulary, error);
}

/* What follows from the parts. After a failure there is no tokenizer. */
static heed_status finish(tokenizer **out, heed_status status, const char *name, heed_error *error)
{
    if (status == HEED_OK)
        status = added_tokens_finish(&(*out)->added, &(*out)->vocabulary, &(*out)->steps, name, error);
    if (status == HEED_OK)
        status = fill_bytes(*out, error);
    if (status != HEED_OK) {
        tokenizer_free(*out);
        *out = NULL;
    }
    return status;
}

heed_status tokenizer_parse(tokenizer **out, heed_bytes json, const char *name, heed_error *error)
{
    heed_status status = start(out, error);
    if (status == HEED_OK)
        status = tokenizer_json_read(*out, json, name, error);
    return finish(out, status, name, error);
}

heed_status tokenizer_parse_vocabulary(tokenizer **out, heed_bytes vocabulary, heed_bytes config, heed_error *error)
{
    heed_status status = start(out, error);
    if (status == HEED_OK)
        status = vocab_folder_read(*out, vocabulary, config, error);
    return finish(out, status, "vocab.txt", error);
}

/* The file of a folder; data NULL if there is none. */
static heed_status read_file(heed_bytes *out, const char *folder, const char *name, heed_error *error)
{
    char *data = NULL, *path = NULL;
    writer w = {0};
    *out = (heed_bytes){NULL, 0};
    writer_print(&w, "%s/%s", folder, name);
    heed_status status = writer_take(&w, &path, NULL, error);
    writer_release(&w);
    if (status == HEED_OK && access(path, F_OK) == 0)
        status = file_read(&data, &out->size, path, LARGEST_FILE, error);
    out->data = data;
    free(path);
    return status;
}

heed_status tokenizer_load(tokenizer **out, const char *folder, heed_error *error)
{
    heed_bytes json = {NULL, 0}, vocabulary = {NULL, 0}, config = {NULL, 0};
    heed_status status;
    *out = NULL;
    TRY(read_file(&json, folder, "tokenizer.json", error));
    if (json.data != NULL) {
        TRY(tokenizer_parse(out, json, "tokenizer.json", error));
        goto done;
    }
    TRY(read_file(&vocabulary, folder, "vocab.txt", error));
    TRY(read_file(&config, folder, "tokenizer_config.json", error));
    if (vocabulary.data == NULL)
        status = fail(error, HEED_BAD_DATA, "%.200s: found neither tokenizer.json nor vocab.txt, expected one of them",
                      folder);
    else
        TRY(tokenizer_parse_vocabulary(out, vocabulary, config, error));
done:
    free((void *)(uintptr_t)json.data);
    free((void *)(uintptr_t)vocabulary.data);
    free((void *)(uintptr_t)config.data);
    return status;
}

void tokenizer_free(tokenizer *t)
{
    if (t == NULL)
        return;
    intern_release(&t->vocabulary);
    added_tokens_release(&t->added);
    if (t->model != NULL)
        t->model->free(t->state);
    free(t);
}

heed_status tokenizer_json(char **out, const tokenizer *t, heed_error *error)
{
    json_builder j = {0};
    tokenizer_write(&j, t);
    return json_take(&j, out, "a tokenizer", error);
}

uint32_t tokenizer_size(const tokenizer *t)
{
    return t->vocabulary.count;
}

heed_bytes tokenizer_token(const tokenizer *t, uint32_t id)
{
    return intern_word(&t->vocabulary, id);
}

size_t tokenizer_around(const tokenizer *t)
{
    return t->frame.count;
}
