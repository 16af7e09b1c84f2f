#include "tokenizer/tokenizer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* What each byte of ASCII becomes, by the normalizer itself. With tokens that are looked for in the normalized text, or
 * other words than BERT's, texts are always normalized as a whole. */
static heed_status fill_bytes(tokenizer *t, heed_error *error)
{
    enum { ASCII = 128 };
    normal_text scratch = {0};
    bool is_plain = t->added.normal.trie.count == 0 && pre_tokenizer_is_bert(&t->words);
    for (unsigned byte = 0; byte < ASCII && is_plain && !scratch.failed; byte++) {
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

/* "FOLDER/NAME"; free() releases it. */
static heed_status path_in(char **out, const char *folder, const char *name, heed_error *error)
{
    writer w = {0};
    writer_print(&w, "%s/%s", folder, name);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}

/* The bytes of a file; data NULL if there is none. */
static heed_status read_file(heed_bytes *out, const char *path, heed_error *error)
{
    char *data = NULL;
    heed_status status = HEED_OK;
    *out = (heed_bytes){NULL, 0};
    if (access(path, F_OK) == 0)
        status = file_read(&data, &out->size, path, LARGEST_FILE, error);
    out->data = data;
    return status;
}

static void free_file(heed_bytes file)
{
    free((void *)(uintptr_t)file.data);
}

static heed_status load_json(tokenizer **out, const char *path, heed_error *error)
{
    heed_bytes json;
    heed_status status = read_file(&json, path, error);
    if (status == HEED_OK && json.data != NULL)
        status = tokenizer_parse(out, json, path, error);
    free_file(json);
    return status;
}

/* config: the path of a file that may be missing; NULL: there is none. */
static heed_status load_vocabulary(tokenizer **out, const char *path, const char *config, heed_error *error)
{
    heed_bytes vocabulary, settings = {NULL, 0};
    heed_status status = read_file(&vocabulary, path, error);
    if (status == HEED_OK && config != NULL)
        status = read_file(&settings, config, error);
    if (status == HEED_OK && vocabulary.data != NULL)
        status = tokenizer_parse_vocabulary(out, vocabulary, settings, error);
    free_file(vocabulary);
    free_file(settings);
    return status;
}

static heed_status load_folder(tokenizer **out, const char *folder, heed_error *error)
{
    char *json = NULL, *vocabulary = NULL, *config = NULL;
    heed_status status;
    TRY(path_in(&json, folder, "tokenizer.json", error));
    TRY(path_in(&vocabulary, folder, "vocab.txt", error));
    TRY(path_in(&config, folder, "tokenizer_config.json", error));
    TRY(load_json(out, json, error));
    if (*out == NULL)
        TRY(load_vocabulary(out, vocabulary, config, error));
    if (*out == NULL)
        status = fail(error, HEED_BAD_DATA, "%.200s: found neither tokenizer.json nor vocab.txt, expected one of them",
                      folder);
done:
    free(json);
    free(vocabulary);
    free(config);
    return status;
}

heed_status tokenizer_load(tokenizer **out, const char *path, heed_error *error)
{
    struct stat kind;
    const char *ending = strrchr(path, '.');
    *out = NULL;
    if (stat(path, &kind) != 0)
        return fail(error, HEED_BAD_DATA, "%.200s: %s, expected a folder or file of a tokenizer", path,
                    strerror(errno));
    if (S_ISDIR(kind.st_mode))
        return load_folder(out, path, error);
    return ending != NULL && strcmp(ending, ".json") == 0 ? load_json(out, path, error)
                                                          : load_vocabulary(out, path, NULL, error);
}

void tokenizer_free(tokenizer *t)
{
    if (t == NULL)
        return;
    intern_release(&t->vocabulary);
    added_tokens_release(&t->added);
    normalizer_release(&t->steps);
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

const uint32_t *tokenizer_frame(const tokenizer *t, size_t *before)
{
    *before = t->frame.before;
    return t->frame.id;
}

uint32_t tokenizer_unknown(const tokenizer *t)
{
    return t->model->unknown(t->state);
}

bool tokenizer_goes_on(const tokenizer *t, uint32_t id)
{
    return tokenizer_goes_on_as(t, tokenizer_token(t, id));
}

bool tokenizer_goes_on_as(const tokenizer *t, heed_bytes token)
{
    return t->model->mark != NULL ? t->model->mark(t->state, token) > 0 : pre_tokenizer_goes_on(&t->words, token);
}

void tokenizer_write_text(writer *to, const tokenizer *t, uint32_t id)
{
    heed_bytes token = tokenizer_token(t, id);
    size_t mark = t->model->mark == NULL ? 0 : t->model->mark(t->state, token);
    if (t->model->mark == NULL)
        pre_tokenizer_write_text(to, &t->words, token);
    else
        writer_bytes(to, token.data + mark, token.size - mark);
}
