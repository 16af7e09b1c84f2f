/* Structs of options as a caller has them: their heads, older and newer ones, members by name, copies. */
#include "unit/made_rows.h"

static void a_struct_that_no_init_has_filled_is_refused(void **state)
{
    (void)state;
    const heed_rows_options rows = {.format = HEED_FORMAT_CSV};
    const heed_text_options text = {.max_length = 8};
    const heed_train_options train = {.epochs = 1};
    static const char piece[] = "found a struct that is not filled, expected a call of its _init";
    heed_corpus *c = made_corpus(NULL), *other = NULL;
    heed_reader *reader;
    heed_model *model;
    heed_folds *folds;
    must(add_rows(c, "label\ttext\na\tx\nb\ty\n", HEED_PART_ANY, NULL));
    must_refuse(heed_reader_open(&reader, &(const char *){"/dev/null"}, 1, &rows, &made_error), HEED_USAGE, piece,
                "rows");
    must_refuse(heed_corpus_new(&other, &text, &made_error), HEED_USAGE, piece, "text");
    must_refuse(heed_train(&model, c, &train, NULL, &made_error), HEED_USAGE, piece, "train");
    must_refuse(heed_cross_validate(&folds, 2, c, &train, NULL, &made_error), HEED_USAGE, piece, "folds");
    assert_true(reader == NULL && other == NULL && model == NULL && folds == NULL);
    heed_corpus_free(c);
}

static void a_struct_of_an_older_header_has_defaults_for_the_rest(void **state)
{
    (void)state;
    const size_t size = offsetof(heed_text_options, vocabulary);
    heed_text_options now;
    heed_options_head *old = malloc(size); /* with nothing after it that could be touched */
    heed_cleaner *cleaner = NULL;
    assert_non_null(old);
    heed_options_init(old, size, HEED_OPTIONS_TEXT, HEED_PRESET_TUTORIAL);
    assert_int_equal(old->size, size);
    must(heed_options_set(old, "tokens", "words", &made_error));
    must_refuse(heed_options_set(old, "vocabulary", "counts", &made_error), HEED_USAGE,
                "was built with a heed.h that does not have it", "a later member");
    must(heed_cleaner_new(&cleaner, (const heed_text_options *)(const void *)old, &made_error));
    heed_cleaner_free(cleaner);
    heed_text_options_init(&now, HEED_PRESET_DEFAULT);
    must(heed_options_copy(&now, old, &made_error));
    assert_int_equal(now.tokens, HEED_TOKENS_WORDS);
    assert_int_equal(now.vocabulary, HEED_VOCABULARY_KERAS); /* as the tutorial has it */
    assert_int_equal(now.head.size, sizeof now);
    now.tokens = HEED_TOKENS_NONE;
    must(heed_options_copy(old, &now, &made_error));
    assert_int_equal(old->size, size);
    heed_tokenizer tokens;
    memcpy(&tokens, (const char *)old + offsetof(heed_text_options, tokens), sizeof tokens);
    assert_int_equal(tokens, HEED_TOKENS_NONE);
    free(old);
}

static void a_struct_of_a_newer_header_is_refused(void **state)
{
    (void)state;
    struct {
        heed_text_options text;
        double later;
    } newer;
    heed_cleaner *cleaner;
    heed_options_init(&newer, sizeof newer, HEED_OPTIONS_TEXT, HEED_PRESET_DEFAULT);
    assert_true(newer.later == 0);
    must_refuse(heed_cleaner_new(&cleaner, &newer.text, &made_error), HEED_USAGE,
                "the program was built with a newer heed.h than the library", "a newer struct");
    assert_null(cleaner);
}

static void presets_say_what_they_are(void **state)
{
    (void)state;
    heed_text_options off, usual, tutorial;
    heed_text_options_init(&off, HEED_PRESET_OFF);
    heed_text_options_init(&usual, HEED_PRESET_DEFAULT);
    heed_text_options_init(&tutorial, HEED_PRESET_TUTORIAL);
    assert_int_equal(usual.head.kind, HEED_OPTIONS_TEXT);
    assert_int_equal(tutorial.head.preset, HEED_PRESET_TUTORIAL);
    assert_true(off.max_length == 0 && off.tokens == HEED_TOKENS_NONE && off.letters == HEED_LETTERS_KEEP);
    assert_true(usual.max_length == 400 && usual.tokens == HEED_TOKENS_WORDS);
    assert_true(tutorial.max_length == 130 && tutorial.tokens == HEED_TOKENS_SPLIT);
}

static void members_are_set_by_the_names_of_the_program(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *refused; /* a piece of the message; NULL: set */
    } cases[] = {
        {"learning-rate", "0.25", NULL},
        {"optimizer", "sgd", NULL},
        {"mask", "false", NULL},
        {"mask", "no", "--mask: found 'no', expected true or false"},
        {"learning-rate", "fast", "--learning-rate: found 'fast'"},
        {"learning-rates", "1", "did you mean 'learning-rate'?"},
        {"max-length", "8", "no option 'max-length' in these options"},
    };
    heed_train_options o, kept;
    heed_train_options_init(&o, HEED_PRESET_DEFAULT);
    assert_true(o.mask);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(&kept, &o, sizeof kept);
        heed_status status = heed_options_set(&o, cases[i].name, cases[i].value, &made_error);
        if (cases[i].refused == NULL) {
            must(status);
        } else {
            must_refuse(status, HEED_USAGE, cases[i].refused, cases[i].name);
            assert_memory_equal(&o, &kept, sizeof o);
        }
    }
    assert_true(o.learning_rate == 0.25 && o.optimizer == HEED_OPTIMIZER_SGD && !o.mask);
}

static void a_copy_is_of_the_same_kind(void **state)
{
    (void)state;
    heed_rows_options rows = made_rows_options(";"), copy = made_rows_options(NULL), kept;
    heed_text_options text = made_text_options();
    must(heed_options_copy(&copy, &rows, &made_error));
    assert_ptr_equal(copy.label_separator, rows.label_separator); /* borrowed */
    memcpy(&kept, &copy, sizeof kept);
    assert_int_equal(heed_options_copy(&copy, &text, &made_error), HEED_USAGE);
    assert_memory_equal(&copy, &kept, sizeof copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_struct_that_no_init_has_filled_is_refused),
        cmocka_unit_test(a_struct_of_an_older_header_has_defaults_for_the_rest),
        cmocka_unit_test(a_struct_of_a_newer_header_is_refused),
        cmocka_unit_test(presets_say_what_they_are),
        cmocka_unit_test(members_are_set_by_the_names_of_the_program),
        cmocka_unit_test(a_copy_is_of_the_same_kind),
    };
    return cmocka_run_group_tests_name("structs of options", tests, NULL, NULL);
}
