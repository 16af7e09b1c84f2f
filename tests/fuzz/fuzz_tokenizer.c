/* Fuzz entry over files of tokenizers. The first byte says which: a tokenizer.json; or a vocab.txt, a NUL and a
 * tokenizer_config.json. A file that is read has to divide texts into tokens that it has, and to be read again as it is
 * written. */
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "tokenizer/subwords.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char TEXT[] =
    "The \xC3\x89t\xC3\xA9 of ab, abc[MASK] <x> \xE4\xB8\xAD\xE5\x9B\xBD a\xCC\x81\xCC\xA3 ##c [UNK]"
    "  it's 12\n\n \x01\xE2\x96\x81\xC2\xBD\xCC\x81\r\n <s> \xF0\x9F\x98\x80 ";

static void require(bool fine)
{
    if (!fine)
        abort();
}

/* Rules of a file may make too much of a text, which fails as if there were no memory. */
static void check(const tokenizer *t)
{
    subwords *list;
    size_t count;
    require(tokenizer_size(t) > 0);
    for (uint32_t i = 0; i < tokenizer_size(t); i++)
        require(tokenizer_token(t, i).size > 0);
    require(subwords_new(&list, t, NULL) == HEED_OK);
    for (size_t longest = 0; longest < 32; longest += 5) {
        heed_status status = subwords_find(list, bytes_of(TEXT), longest, true, NULL);
        const subword *items = subwords_items(list, &count);
        require(status == HEED_OK || status == HEED_FAILED ||
                (longest > 0 && longest < tokenizer_around(t) && count == 0));
        require(longest == 0 || count <= longest);
        for (size_t i = 0; i < count; i++)
            require(items[i].id < tokenizer_size(t) && items[i].begin <= items[i].end && items[i].end < sizeof TEXT);
    }
    subwords_free(list);
}

/* What is written is read as the same tokenizer. */
static void check_written(const tokenizer *t)
{
    tokenizer *again = NULL;
    char *written, *twice;
    require(tokenizer_json(&written, t, NULL) == HEED_OK);
    require(tokenizer_parse(&again, bytes_of(written), "written", NULL) == HEED_OK);
    require(tokenizer_json(&twice, again, NULL) == HEED_OK && strcmp(written, twice) == 0);
    require(tokenizer_size(again) == tokenizer_size(t) && tokenizer_around(again) == tokenizer_around(t));
    tokenizer_free(again);
    free(written);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tokenizer *t = NULL;
    heed_error error = {{0}};
    heed_bytes file = {(const char *)data + 1, size - 1};
    if (size == 0)
        return 0;
    const char *end = size == 1 ? NULL : memchr(file.data, '\0', file.size);
    heed_status status;
    if (data[0] % 2 == 0) {
        status = tokenizer_parse(&t, file, "fuzz", &error);
    } else {
        heed_bytes vocabulary = {file.data, end == NULL ? file.size : (size_t)(end - file.data)};
        heed_bytes config = {end == NULL ? NULL : end + 1, end == NULL ? 0 : file.size - vocabulary.size - 1};
        status = tokenizer_parse_vocabulary(&t, vocabulary, config, &error);
    }
    require((status == HEED_OK) == (t != NULL) && (status == HEED_OK) == (error.message[0] == '\0'));
    if (t != NULL) {
        check(t);
        check_written(t);
    }
    tokenizer_free(t);
    return 0;
}
