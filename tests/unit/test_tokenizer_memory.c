/* Tokenizers when memory runs out at each of their allocations in turn (--wrap of the linker, CMakeLists.txt), and how
 * often they ask for it. */
#include "unit/failing_memory.h"
#include "unit/made_rows.h"

#include "model/model_file.h"
#include "tokenizer/subwords.h"

/* Words in the cache and out of it, accents, a token in the normalized text, a long word. */
static const char TEXT[] =
    "The unaffable caf\xC3\xA9 [MASK] CAF\xC3\x89 \xE4\xB8\xAD\xE5\x9B\xBD "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";

static const char *const folders[] = {"golden/tokenizers/uncased", "golden/tokenizers/added",
                                      "golden/tokenizers/lines"};

/* What a call did when it had so many allocations. */
static heed_status load_with(long allocations, const char *folder, tokenizer **out)
{
    left = allocations;
    heed_status status = tokenizer_load(out, folder, &made_error);
    left = LONG_MAX;
    return status;
}

static void loading_without_memory_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        tokenizer *t = NULL;
        long allocations = 0;
        for (;; allocations++) {
            t = (tokenizer *)(void *)folders;
            heed_status status = load_with(allocations, folders[i], &t);
            if (status == HEED_OK)
                break;
            assert_null(t);
            must_refuse(status, HEED_FAILED, "memory", folders[i]);
        }
        assert_true(allocations > 10);
        tokenizer_free(t);
    }
}

/* (Most of the memory is jansson's, which does not run out here.) */
static void writing_without_memory_fails(void **state)
{
    (void)state;
    tokenizer *t;
    char *written;
    must(tokenizer_load(&t, folders[1], &made_error));
    long allocations = 0;
    for (heed_status status = HEED_FAILED; status != HEED_OK; allocations++) {
        left = allocations;
        status = tokenizer_json(&written, t, &made_error);
        left = LONG_MAX;
        assert_true((status == HEED_OK) == (written != NULL));
    }
    free(written);
    tokenizer_free(t);
}

/* A new list and a text. */
static heed_status find_with(long allocations, const tokenizer *t)
{
    subwords *list;
    size_t count;
    left = allocations;
    heed_status status = subwords_new(&list, t, &made_error);
    if (status != HEED_OK) {
        assert_null(list);
    } else {
        status = subwords_find(list, bytes_of(TEXT), 0, true, &made_error);
        subwords_items(list, &count);
        assert_true((status == HEED_OK) == (count > 0));
    }
    left = LONG_MAX;
    subwords_free(list);
    return status;
}

static void finding_without_memory_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        tokenizer *t;
        must(tokenizer_load(&t, folders[i], &made_error));
        long allocations = 0;
        for (heed_status status; (status = find_with(allocations, t)) != HEED_OK; allocations++)
            must_refuse(status, HEED_FAILED, "memory", folders[i]);
        assert_true(allocations >= 4);
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
static heed_status clean_with(long allocations, const char *folder)
{
    heed_cleaner *cleaner = NULL;
    heed_tokens *tokens = NULL;
    heed_text_options options = made_text_options();
    options.tokens = HEED_TOKENS_WORDPIECE;
    options.tokenizer = folder;
    left = allocations;
    heed_status status = heed_cleaner_new(&cleaner, &options, &made_error);
    assert_true((status == HEED_OK) == (cleaner != NULL));
    if (status == HEED_OK)
        status = heed_tokens_new(&tokens, &made_error);
    if (status == HEED_OK) {
        status = heed_cleaner_run(tokens, cleaner, bytes_of(TEXT), &made_error);
        assert_true((status == HEED_OK) == (heed_tokens_count(tokens) > 0));
    }
    left = LONG_MAX;
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
    return status;
}

static void cleaning_without_memory_fails(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        long allocations = 0;
        for (heed_status status; (status = clean_with(allocations, folders[i])) != HEED_OK; allocations++)
            must_refuse(status, HEED_FAILED, "memory", folders[i]);
        assert_true(allocations > 20);
    }
}

/* A model with a tokenizer; cleaners and corpora that hold it fail, too. */
static void loading_a_model_without_memory_fails(void **state)
{
    (void)state;
    heed_train_options train = made_train_options();
    heed_text_options text = made_text_options();
    heed_model *m = NULL;
    heed_corpus *like = NULL;
    writer file = {0};
    text.tokens = HEED_TOKENS_WORDPIECE;
    text.tokenizer = folders[0];
    train.architecture = "embed 2 | max";
    heed_model *made =
        trained_on("label\ttext\na\tthe dog\nb\tjumped over\na\tlazy dog\nb\tnaive\n", &text, &train, NULL);
    must(model_print(&file, made, &made_error));
    heed_model_free(made);
    for (long allocations = 0; m == NULL || like == NULL; allocations++) {
        left = allocations;
        heed_status status = model_parse(&m, file.data, file.size, "m", &made_error);
        if (status == HEED_OK)
            status = heed_corpus_new_like(&like, m, 0, 1, &made_error);
        left = LONG_MAX;
        if (status == HEED_OK)
            break;
        must_refuse(status, HEED_FAILED, "memory", "a model");
        heed_model_free(m);
        m = NULL;
        assert_null(like);
    }
    heed_model_free(m);
    heed_corpus_free(like);
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
