/* Structs of options as a caller has them: their heads, older and newer ones, members by name, copies. */
#include "unit/made_rows.h"

#include "options/option_structs.h"

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

/* ---- every function that takes options, and every size of a struct */

enum { STEP = _Alignof(heed_options_head) };

static const size_t full_size[HOME_PROGRAM] = {
    [HEED_OPTIONS_ROWS] = sizeof(heed_rows_options),
    [HEED_OPTIONS_TEXT] = sizeof(heed_text_options),
    [HEED_OPTIONS_TRAIN] = sizeof(heed_train_options),
    [HEED_OPTIONS_VECTORS] = sizeof(heed_vectors_options),
    [HEED_OPTIONS_EXPLAIN] = sizeof(heed_explain_options),
    [HEED_OPTIONS_FAITHFULNESS] = sizeof(heed_faithfulness_options),
    [HEED_OPTIONS_COMPARE] = sizeof(heed_compare_options),
    [HEED_OPTIONS_TUNE] = sizeof(heed_tune_options),
    [HEED_OPTIONS_REPORT] = sizeof(heed_report_options),
};

/* What the functions need besides their options. */
static struct {
    char path[64];
    heed_model *model;
    heed_corpus *corpus;
    heed_reader *reader;
    heed_evaluation *evaluation;
    heed_text_options text;
    heed_train_options train;
    heed_vectors_options vectors;
    heed_compare_options compare;
    heed_tune_options tune;
} world;

static int make_world(void **state)
{
    (void)state;
    static const char *const ranges[] = {"batch-size=8,9"};
    char *tsv = told_rows(40, 2);
    made_file(world.path, ".tsv", tsv, strlen(tsv));
    world.model = made_model("linear");
    world.corpus = made_corpus(NULL);
    must(add_rows(world.corpus, tsv, HEED_PART_ANY, NULL));
    must(heed_evaluation_new(&world.evaluation, heed_model_describe(world.model)->labels, 2, 1, 0.5, &made_error));
    world.text = made_text_options();
    world.train = made_train_options();
    heed_vectors_options_init(&world.vectors);
    heed_compare_options_init(&world.compare);
    world.compare.count = 2;
    world.compare.seeds = 1;
    heed_tune_options_init(&world.tune);
    world.tune.ranges = ranges;
    world.tune.range_count = 1;
    free(tsv);
    return 0;
}

static int free_world(void **state)
{
    (void)state;
    heed_evaluation_free(world.evaluation);
    heed_corpus_free(world.corpus);
    heed_model_free(world.model);
    unlink(world.path);
    return 0;
}

static void begin_rows(void)
{
    const heed_rows_options rows = made_rows_options(NULL);
    must(heed_reader_open(&world.reader, &(const char *){world.path}, 1, &rows, &made_error));
}

/* A call with these options. What it makes is released; after a failure it has to be NULL. */
typedef heed_status taker(const void *options);

#define TAKER(name, type, release, ...)                                                                                \
    static heed_status take_##name(const void *options)                                                                \
    {                                                                                                                  \
        type *out = (void *)&made_error;                                                                               \
        begin_rows();                                                                                                  \
        heed_status status = __VA_ARGS__;                                                                              \
        if (status != HEED_OK)                                                                                         \
            assert_null(out);                                                                                          \
        release(out);                                                                                                  \
        heed_reader_free(world.reader);                                                                                \
        return status;                                                                                                 \
    }

TAKER(reader, heed_reader, heed_reader_free,
      heed_reader_open(&out, &(const char *){world.path}, 1, options, &made_error))
TAKER(model_rows, char, heed_free, (out = NULL, heed_model_set_rows_options(world.model, options, &made_error)))
TAKER(cache_path, char, heed_free, heed_corpus_cache_path(&out, world.corpus, "/tmp", options, NULL, 0, &made_error))
TAKER(cleaner, heed_cleaner, heed_cleaner_free, heed_cleaner_new(&out, options, &made_error))
TAKER(corpus, heed_corpus, heed_corpus_free, heed_corpus_new(&out, options, &made_error))
TAKER(train, heed_model, heed_model_free, heed_train(&out, world.corpus, options, NULL, &made_error))
TAKER(folds, heed_folds, heed_folds_free, heed_cross_validate(&out, 2, world.corpus, options, NULL, &made_error))
TAKER(vectors, heed_vectors, heed_vectors_free,
      heed_vectors_train(&out, world.reader, &world.text, options, NULL, &made_error))
TAKER(vectors_text, heed_vectors, heed_vectors_free,
      heed_vectors_train(&out, world.reader, options, &world.vectors, NULL, &made_error))
TAKER(explainer, heed_explainer, heed_explainer_free, heed_explainer_new(&out, world.model, options, &made_error))
TAKER(faithfulness, heed_faithfulness, heed_faithfulness_free,
      heed_faithfulness_measure(&out, world.model, world.reader, options, NULL, &made_error))
TAKER(comparison, heed_comparison, heed_comparison_free, heed_compare(&out, world.corpus, options, NULL, &made_error))
TAKER(contender, heed_comparison, heed_comparison_free,
      (world.compare.contenders = (const heed_train_options *const[]){&world.train, options},
       heed_compare(&out, world.corpus, &world.compare, NULL, &made_error)))
TAKER(tuning, heed_tuning, heed_tuning_free, heed_tune(&out, options, NULL, &made_error))
TAKER(tuning_check, char, heed_free, (out = NULL, heed_tune_check(NULL, options, &made_error)))
TAKER(tuned_text, heed_tuning, heed_tuning_free,
      (world.tune.text = options, world.tune.train = &world.train, heed_tune(&out, &world.tune, NULL, &made_error)))
TAKER(tuned_train, heed_tuning, heed_tuning_free,
      (world.tune.text = &world.text, world.tune.train = options, heed_tune(&out, &world.tune, NULL, &made_error)))
TAKER(report, heed_report, heed_report_free, heed_report_new(&out, world.model, world.evaluation, options, &made_error))

static const struct {
    heed_options_kind kind;
    const char *name;
    taker *take;
    const char *lacks; /* what is missing if all options are the defaults; NULL: nothing */
} takers[] = {
    {HEED_OPTIONS_ROWS, "heed_reader_open", take_reader, NULL},
    {HEED_OPTIONS_ROWS, "heed_model_set_rows_options", take_model_rows, NULL},
    {HEED_OPTIONS_ROWS, "heed_corpus_cache_path", take_cache_path, NULL},
    {HEED_OPTIONS_TEXT, "heed_cleaner_new", take_cleaner, NULL},
    {HEED_OPTIONS_TEXT, "heed_corpus_new", take_corpus, NULL},
    {HEED_OPTIONS_TEXT, "heed_vectors_train, text", take_vectors_text, NULL},
    {HEED_OPTIONS_TEXT, "heed_tune, text", take_tuned_text, "--table is missing"},
    {HEED_OPTIONS_TRAIN, "heed_train", take_train, NULL},
    {HEED_OPTIONS_TRAIN, "heed_cross_validate", take_folds, NULL},
    {HEED_OPTIONS_TRAIN, "heed_compare, a contender", take_contender, NULL},
    {HEED_OPTIONS_TRAIN, "heed_tune, train", take_tuned_train, "--table is missing"},
    {HEED_OPTIONS_VECTORS, "heed_vectors_train", take_vectors, NULL},
    {HEED_OPTIONS_EXPLAIN, "heed_explainer_new", take_explainer, NULL},
    {HEED_OPTIONS_FAITHFULNESS, "heed_faithfulness_measure", take_faithfulness, NULL},
    {HEED_OPTIONS_COMPARE, "heed_compare", take_comparison, "found no architecture"},
    {HEED_OPTIONS_TUNE, "heed_tune", take_tuning, "options: found a struct"}, /* text is NULL */
    {HEED_OPTIONS_TUNE, "heed_tune_check", take_tuning_check, "options: found a struct"},
    {HEED_OPTIONS_REPORT, "heed_report_new", take_report, "no folder"},
};

/* A struct with this head and as many bytes as it says, but with room for a head, and nothing after it that could be
 * read. The caller frees. */
static void *made_struct(heed_options_kind kind, size_t size)
{
    heed_options_head *made = malloc(size > sizeof *made ? size : sizeof *made);
    assert_non_null(made);
    memset(made, 0x5a, size > sizeof *made ? size : sizeof *made); /* pointers that lead nowhere */
    *made = (heed_options_head){size, kind, HEED_PRESET_DEFAULT};
    return made;
}

/* All functions of this kind refuse it. */
static void check_refused(heed_options_kind kind, const void *options)
{
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
        if (takers[i].kind == kind)
            must_refuse(takers[i].take(options), HEED_USAGE, "options: found a struct", takers[i].name);
}

static void check_refused_by_all(heed_options_kind kind, void *options, const char *what)
{
    unsigned char full[1024];
    heed_options_init(full, full_size[kind], kind, HEED_PRESET_DEFAULT);
    check_refused(kind, options);
    must_refuse(heed_options_copy(full, options, &made_error), HEED_USAGE, "options: found a struct", what);
    must_refuse(heed_options_copy(options, full, &made_error), HEED_USAGE, "options: found a struct", what);
    if (kind == HEED_OPTIONS_TRAIN)
        heed_folds_apply(options, NULL); /* does nothing */
}

static void no_function_takes_a_struct_that_cannot_be(void **state)
{
    (void)state;
    for (heed_options_kind kind = 0; kind < HOME_PROGRAM; kind++) {
        check_refused_by_all(kind, NULL, "NULL");
        for (size_t size = 0; size < full_size[kind] + 2 * STEP; size++) {
            if (size >= sizeof(heed_options_head) && size <= full_size[kind] && size % STEP == 0)
                continue;
            void *made = made_struct(kind, size);
            check_refused_by_all(kind, made, "a size");
            assert_int_equal(heed_options_set(made, "seed", "1", &made_error), HEED_USAGE);
            free(made);
        }
        heed_options_head *huge = made_struct(kind, full_size[kind]);
        huge->size = SIZE_MAX / STEP * STEP;
        check_refused_by_all(kind, huge, "a huge size");
        *huge = (heed_options_head){full_size[kind], kind, (heed_preset)4};
        check_refused_by_all(kind, huge, "an unknown preset");
        huge->preset = HEED_PRESET_DEFAULT;
        for (heed_options_kind other = 0; other < HOME_PROGRAM + 2; other++) {
            huge->kind = other;
            if (other != kind)
                check_refused(kind, huge);
        }
        memset(huge, 0, full_size[kind]);
        check_refused_by_all(kind, huge, "zeros");
        free(huge);
    }
}

/* As a program has it that was built when the struct had fewer members. */
static void any_shorter_struct_has_defaults_for_the_rest(void **state)
{
    (void)state;
    unsigned char full[1024], expected[1024];
    for (heed_options_kind kind = 0; kind < HOME_PROGRAM; kind++)
        for (heed_preset preset = 0; preset <= HEED_PRESET_RECIPE; preset++)
            for (size_t size = sizeof(heed_options_head); size <= full_size[kind]; size += STEP) {
                heed_options_head *old = malloc(size);
                assert_non_null(old);
                heed_options_init(old, size, kind, preset);
                heed_options_init(full, full_size[kind], kind, HEED_PRESET_DEFAULT);
                must(heed_options_copy(full, old, &made_error));
                heed_options_init(expected, full_size[kind], kind, preset);
                assert_memory_equal(full, expected, full_size[kind]);
                free(old);
            }
}

/* No function reads or writes beyond it: under AddressSanitizer the test would end. */
static void a_head_alone_is_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
        void *head = malloc(sizeof(heed_options_head));
        assert_non_null(head);
        heed_options_init(head, sizeof(heed_options_head), takers[i].kind, HEED_PRESET_DEFAULT);
        heed_status status = takers[i].take(head);
        if (takers[i].lacks == NULL)
            must(status);
        else
            must_refuse(status, HEED_USAGE, takers[i].lacks, takers[i].name);
        free(head);
    }
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

/* ---- every option of the table, by its name */

static bool is_text(const option *o)
{
    return o->kind == OPTION_TEXT || o->kind == OPTION_JOINED;
}

/* The value as heed_options_set takes it; false if none says it: NULL, and a number that is not set. */
static bool value_print(char *out, size_t size, const option *o, const void *options)
{
    if (o->kind == OPTION_FLAG || o->kind == OPTION_NO_FLAG) {
        bool is = *(const bool *)option_field(o, options);
        snprintf(out, size, "%s", is == (o->kind == OPTION_FLAG) ? "true" : "false");
        return true;
    }
    option_print(out, size, o, options);
    return !(is_text(o) || o->zero_is_unset) || !option_is_zero(o, options);
}

static void a_default_set_by_name_changes_nothing(void **state)
{
    (void)state;
    unsigned char options[1024], before[1024];
    char value[400];
    for (heed_options_kind kind = 0; kind < HOME_PROGRAM; kind++)
        for (heed_preset preset = 0; preset <= HEED_PRESET_RECIPE; preset++)
            for (const option *o = NULL; (o = options_next(kind, o)) != NULL;) {
                heed_options_init(options, full_size[kind], kind, preset);
                memcpy(before, options, sizeof before);
                if (!value_print(value, sizeof value, o, options))
                    continue;
                must(heed_options_set(options, o->name, value, &made_error));
                assert_true(option_equal(o, options, before));
                if (is_text(o)) /* borrowed from here */
                    memcpy(option_place(o, options), option_field(o, before), option_size(o));
                assert_memory_equal(options, before, full_size[kind]);
            }
}

static void a_wrong_value_changes_nothing(void **state)
{
    (void)state;
    static const char *const wrong[][4] = {[OPTION_FLAG] = {"yes", "", "TRUE", "1"},
                                           [OPTION_NO_FLAG] = {"no", "", "False", "0"},
                                           [OPTION_TEXT] = {"", "", "", ""},
                                           [OPTION_JOINED] = {"", "", "", ""},
                                           [OPTION_WHOLE] = {"", "-1", "1.5", "4294967296"},
                                           [OPTION_SEED] = {"", "-1", "x", "18446744073709551616"},
                                           [OPTION_REAL] = {"", "nan", "1e300", "-0.5"},
                                           [OPTION_CHOICE] = {"", "no such", "0", "-1"},
                                           [OPTION_VALIDATION] = {"", "1", "last:", "grouped:0"}};
    unsigned char options[1024], before[1024];
    size_t tried = 0;
    for (heed_options_kind kind = 0; kind < HOME_PROGRAM; kind++) {
        heed_options_init(options, full_size[kind], kind, HEED_PRESET_DEFAULT);
        memcpy(before, options, sizeof before);
        must_refuse(heed_options_set(options, "no-such-option", "1", &made_error), HEED_USAGE, "no option", "a name");
        for (const option *o = NULL; (o = options_next(kind, o)) != NULL;)
            for (size_t i = 0; i < 4; i++, tried++) {
                if (o->empty_sets != 0 && wrong[o->kind][i][0] == '\0') /* which is a value here */
                    continue;
                must_refuse(heed_options_set(options, o->name, wrong[o->kind][i], &made_error), HEED_USAGE, o->name,
                            wrong[o->kind][i]);
                assert_memory_equal(options, before, full_size[kind]);
            }
    }
    assert_true(tried > 200);
}

/* A struct that ends before an option does not get it. */
static void an_option_beyond_the_struct_is_refused(void **state)
{
    (void)state;
    char value[400];
    for (heed_options_kind kind = 0; kind < HOME_PROGRAM; kind++)
        for (const option *o = NULL; (o = options_next(kind, o)) != NULL;) {
            size_t end = o->offset + option_size(o), size = (end - 1) / STEP * STEP;
            unsigned char full[1024], *cut = malloc(size);
            assert_non_null(cut);
            heed_options_init(full, full_size[kind], kind, HEED_PRESET_DEFAULT);
            heed_options_init(cut, size, kind, HEED_PRESET_DEFAULT);
            if (value_print(value, sizeof value, o, full))
                must_refuse(heed_options_set(cut, o->name, value, &made_error), HEED_USAGE,
                            "was built with a heed.h that does not have it", o->name);
            free(cut);
        }
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
        cmocka_unit_test(no_function_takes_a_struct_that_cannot_be),
        cmocka_unit_test(any_shorter_struct_has_defaults_for_the_rest),
        cmocka_unit_test(a_head_alone_is_taken),
        cmocka_unit_test(a_default_set_by_name_changes_nothing),
        cmocka_unit_test(a_wrong_value_changes_nothing),
        cmocka_unit_test(an_option_beyond_the_struct_is_refused),
        cmocka_unit_test(a_copy_is_of_the_same_kind),
    };
    return cmocka_run_group_tests_name("structs of options", tests, make_world, free_world);
}
