#include "tokenizer/token_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/writer.h"

heed_status token_list_add(intern *vocabulary, heed_bytes token, const char *name, const char *where, heed_error *error)
{
    uint32_t next = vocabulary->count, id;
    if (token.size == 0 || token.size > TOKEN_LONGEST)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: token %u has %zu bytes, expected 1 to %d", name, where, next,
                    token.size, TOKEN_LONGEST);
    if (memchr(token.data, '\0', token.size) != NULL) /* JSON could not have it, either */
        return fail(error, HEED_BAD_DATA, "%.200s: %s: token %u has a NUL", name, where, next);
    if (next == TOKENS_MOST)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: more than %d tokens", name, where, TOKENS_MOST);
    heed_status status = intern_put(&id, vocabulary, token, error);
    if (status == HEED_OK && id != next)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: tokens %u and %u are both '%.*s'", name, where, id, next,
                    (int)token.size, token.data);
    return status;
}

/* The tokens by their ids: texts[count], which are borrowed from the object. */
static heed_status order_tokens(const char **texts, const json_section *model, const json_t *tokens, heed_error *error)
{
    size_t count = json_object_size(tokens);
    const char *token;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)tokens, token, value)
    {
        json_int_t id = json_is_integer(value) ? json_integer_value(value) : -1;
        if (id < 0 || (uint64_t)id >= count || texts[id] != NULL)
            return fail(error, HEED_BAD_DATA,
                        "%.200s: model: vocab: the id of '%.60s' is %s, expected each of 0 to %zu once", model->file,
                        token,
                        id < 0                  ? "no whole number from 0"
                        : (uint64_t)id >= count ? "too large"
                                                : "used twice",
                        count - 1);
        texts[id] = token;
    }
    return HEED_OK;
}

heed_status token_list_read(intern *vocabulary, const json_section *model, heed_error *error)
{
    json_section tokens;
    const char **texts = NULL;
    heed_status status;
    TRY(section_object(&tokens, model, "vocab", "model: vocab", error));
    size_t count = json_object_size(tokens.object);
    if (count > TOKENS_MOST) {
        status = fail(error, HEED_BAD_DATA, "%.200s: model: vocab: %zu tokens, expected at most %d", model->file, count,
                      TOKENS_MOST);
        goto done;
    }
    texts = memory_array(count, sizeof *texts);
    if (texts == NULL) {
        status = fail_memory(error, "a vocabulary");
        goto done;
    }
    TRY(order_tokens(texts, model, tokens.object, error));
    for (size_t i = 0; i < count; i++)
        TRY(token_list_add(vocabulary, bytes_of(texts[i]), model->file, tokens.where, error));
done:
    free(texts);
    return status;
}

void token_list_write(json_builder *j, const char *key, const intern *vocabulary, uint32_t count)
{
    json_open_object(j, key);
    for (uint32_t i = 0; i < count; i++) {
        heed_bytes token = intern_word(vocabulary, i);
        char text[TOKEN_LONGEST + 1] = {0};
        memcpy(text, token.data, token.size);
        json_put_count(j, text, i);
    }
    json_close(j);
}

/* Without white space at its end, as `tokenizers` reads a line. */
static heed_bytes trimmed(heed_bytes line)
{
    while (line.size > 0 && strchr(" \t\r\v\f", line.data[line.size - 1]) != NULL && line.data[line.size - 1] != '\0')
        line.size--;
    return line;
}

heed_status token_list_read_lines(intern *vocabulary, heed_bytes file, const char *name, heed_error *error)
{
    heed_status status = HEED_OK;
    size_t bad = utf8_check(file.data, file.size);
    if (bad < file.size)
        return fail(error, HEED_BAD_DATA, "%.200s: byte %zu is not UTF-8", name, bad);
    while (file.size > 0 && file.data[file.size - 1] == '\n') /* blank lines at the end are no tokens */
        file.size--;
    while (file.size > 0 && status == HEED_OK) {
        const char *end = memchr(file.data, '\n', file.size);
        size_t size = end == NULL ? file.size : (size_t)(end - file.data);
        char where[24];
        snprintf(where, sizeof where, "line %u", vocabulary->count + 1);
        status = token_list_add(vocabulary, trimmed((heed_bytes){file.data, size}), name, where, error);
        file.data += size + (end != NULL);
        file.size -= size + (end != NULL);
    }
    return status;
}
