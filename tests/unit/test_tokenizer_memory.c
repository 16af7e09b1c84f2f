/* Tokenizers when memory runs out at each of their allocations in turn (--wrap of the linker, CMakeLists.txt), and how
 * often they ask for it. */
#include "unit/failing_memory.h"
#include "unit/made_rows.h"

#include <jansson.h>

#include "model/model_file.h"
#include "tokenizer/subwords.h"

/* Words in the cache and out of it, accents, a token in the normalized text, a long word. */
static const char TEXT[] =
    "The unaffable caf\xC3\xA9 [MASK] CAF\xC3\x89 \xE4\xB8\xAD\xE5\x9B\xBD "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";

static const char *const folders[] = {"golden/tokenizers/uncased", "golden/tokenizers/added", "golden/tokenizers/lines",
                                      "golden/tokenizers/bytes_added", "golden/tokenizers/pieces_added"};

static heed_status load(void *folder)
{
    tokenizer *t = (tokenizer *)(void *)folders;
    heed_status status = tokenizer_load(&t, folder, &made_error);
    assert_true((status == HEED_OK) == (t != NULL));
    tokenizer_free(t);
    return status;
}

static void loading_without_memory_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_true(fail_without_memory(load, (void *)folders[i], &made_error, folders[i]) > 10);
}

static heed_status write_json(void *t)
{
    char *written;
    heed_status status = tokenizer_json(&written, t, &made_error);
    assert_true((status == HEED_OK) == (written != NULL));
    free(written);
    return status;
}

/* All of the memory is jansson's, which runs out here too. */
static void writing_without_memory_fails(void **state)
{
    (void)state;
    tokenizer *t;
    must(tokenizer_load(&t, folders[1], &made_error));
    jansson_fails(true);
    assert_true(fail_without_memory(write_json, t, &made_error, folders[1]) > 10);
    jansson_fails(false);
    tokenizer_free(t);
}

/* A new list and a text. */
static heed_status find(void *t)
{
    subwords *list;
    size_t count;
    heed_status status = subwords_new(&list, t, &made_error);
    if (status != HEED_OK) {
        assert_null(list);
    } else {
        status = subwords_find(list, bytes_of(TEXT), 0, true, &made_error);
        subwords_items(list, &count);
        assert_true((status == HEED_OK) == (count > 0));
    }
    subwords_free(list);
    return status;
}

static void finding_without_memory_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        tokenizer *t;
        must(tokenizer_load(&t, folders[i], &made_error));
        assert_true(fail_without_memory(find, t, &made_error, folders[i]) >= 4);
        tokenizer_free(t);
    }
}

/* A list that failed works again when there is memory. */
static void a_list_recovers(void **state)
{
    (void)state;
    tokenizer *t;
    subwords *list;
    size_t count, before;
    must(tokenizer_load(&t, folders[1], &made_error));
    must(subwords_new(&list, t, &made_error));
    left = 1;
    heed_status status = subwords_find(list, bytes_of(TEXT), 0, true, &made_error);
    left = LONG_MAX;
    must_refuse(status, HEED_FAILED, "memory", "one allocation");
    must(subwords_find(list, bytes_of(TEXT), 0, true, &made_error));
    subwords_items(list, &before);
    left = 0; /* the same text again needs none */
    must(subwords_find(list, bytes_of(TEXT), 0, true, &made_error));
    left = LONG_MAX;
    subwords_items(list, &count);
    assert_true(count > 10 && count == before);
    subwords_free(list);
    tokenizer_free(t);
}

/* A cleaner with this tokenizer, and the tokens of a text. */
static heed_status clean(void *folder)
{
    heed_cleaner *cleaner = NULL;
    heed_tokens *tokens = NULL;
    heed_text_options options = made_text_options();
    options.tokens = HEED_TOKENS_WORDPIECE;
    options.tokenizer = folder;
    heed_status status = heed_cleaner_new(&cleaner, &options, &made_error);
    assert_true((status == HEED_OK) == (cleaner != NULL));
    if (status == HEED_OK)
        status = heed_tokens_new(&tokens, &made_error);
    if (status == HEED_OK) {
        status = heed_cleaner_run(tokens, cleaner, bytes_of(TEXT), &made_error);
        assert_true((status == HEED_OK) == (heed_tokens_count(tokens) > 0));
    }
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
    return status;
}

static void cleaning_without_memory_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_true(fail_without_memory(clean, (void *)folders[i], &made_error, folders[i]) > 20);
}

/* A model with a tokenizer, and a corpus that holds it. */
static heed_status read_model(void *user)
{
    const writer *file = user;
    heed_model *m = NULL;
    heed_corpus *like = NULL;
    heed_status status = model_parse(&m, file->data, file->size, "m", &made_error);
    assert_true((status == HEED_OK) == (m != NULL));
    if (status == HEED_OK) {
        status = heed_corpus_new_like(&like, m, 0, 1, &made_error);
        assert_true((status == HEED_OK) == (like != NULL));
    }
    heed_model_free(m);
    heed_corpus_free(like);
    return status;
}

static void loading_a_model_without_memory_fails(void **state)
{
    (void)state;
    heed_train_options train = made_train_options();
    heed_text_options text = made_text_options();
    writer file = {0};
    text.tokens = HEED_TOKENS_WORDPIECE;
    text.tokenizer = folders[0];
    train.architecture = "embed 2 | max";
    heed_model *made =
        trained_on("label\ttext\na\tthe dog\nb\tjumped over\na\tlazy dog\nb\tnaive\n", &text, &train, NULL);
    must(model_print(&file, made, &made_error));
    heed_model_free(made);
    fail_without_memory(read_model, &file, &made_error, "a model");
    writer_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_without_memory_fails),  cmocka_unit_test(writing_without_memory_fails),
        cmocka_unit_test(finding_without_memory_fails),  cmocka_unit_test(a_list_recovers),
        cmocka_unit_test(cleaning_without_memory_fails), cmocka_unit_test(loading_a_model_without_memory_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
