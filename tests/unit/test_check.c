/* heed_check: which rows are copies, which are dropped, what is serious, and what it refuses. */
#include "unit/made_check.h"

#define TRAIN HEED_PART_TRAIN
#define VALIDATION HEED_PART_VALIDATION
#define TEST HEED_PART_TEST
#define HEAD "label\ttext\n"

/* ---- copies */

static void copies_between_parts_are_found_by_their_likeness(void **state)
{
    (void)state;
    heed_check *check =
        made_check(HEAD "a\tone red house\nb\ttwo Blue, houses\na\tthree caf\u00e9s & bars\na\tfour\n", NULL,
                   HEAD "a\tone red house\nb\tTwo blue houses!\na\tThree cafe\u0301s &amp; bars\nb\tfive\n");
    const heed_finding *f = must_find(check, "copies-between", TEST, TRAIN);
    assert_true(f->serious);
    assert_int_equal(f->rows, 3);
    assert_int_equal(f->of, 4);
    assert_int_equal((int)figure_of(f, "exact"), 1);
    assert_int_equal((int)figure_of(f, "normalised"), 2);
    assert_int_equal(f->first, 4);
    assert_int_equal(f->pair_count, 3);
    const size_t ones[] = {4, 5, 6}, others[] = {0, 1, 2};
    for (size_t i = 0; i < 3; i++) {
        const heed_checked_pair *pair = heed_check_pair(check, f->first_pair + i);
        assert_int_equal(pair->likeness, i == 0 ? HEED_LIKENESS_EXACT : HEED_LIKENESS_NORMALISED);
        assert_int_equal(pair->one, ones[i]);
        assert_int_equal(pair->other, others[i]);
        assert_true(pair->similarity == 1 && !pair->labels_differ);
    }
    assert_null(finding_of(check, "copies-within", TRAIN, TRAIN));
    heed_check_free(check);
}

/* Quotes, doubled quotes and the encoding of a file are none of its text. */
static void copies_are_found_across_formats_and_encodings(void **state)
{
    (void)state;
    heed_check *check = NULL;
    heed_rows_options old = made_rows_options(NULL);
    old.encoding = HEED_WINDOWS_1252;
    must(heed_check_new(&check, &made_error));
    must(check_add(check, HEAD "a\tsaid \"no\", caf\u00e9\n", ".tsv", TRAIN, NULL, 1));
    must(check_add(check, "label,text\na,\"said \"\"no\"\", caf\xE9\"\n", ".csv", TEST, &old, 1));
    must(check_add(check, "{\"label\":\"a\",\"text\":\"said \\\"no\\\", caf\\u00e9\"}\n", ".jsonl", VALIDATION, NULL,
                   1));
    must(heed_check_finish(check, 1, NULL, &made_error));
    assert_int_equal((int)figure_of(must_find(check, "copies-between", TEST, TRAIN), "exact"), 1);
    assert_int_equal((int)figure_of(must_find(check, "copies-between", VALIDATION, TRAIN), "exact"), 1);
    assert_false(must_find(check, "copies-between", TEST, VALIDATION)->serious);
    heed_check_free(check);
}

/* Each repetition is in a pair with the first row that has its text, one of the same bytes if there is one. */
static void copies_inside_a_part_are_counted_after_the_first(void **state)
{
    (void)state;
    heed_check *check = made_check(HEAD "a\tGood day\na\tgood day\na\tgood day\na\tother\na\tGood day\n", NULL, NULL);
    const heed_finding *f = must_find(check, "copies-within", TRAIN, TRAIN);
    assert_false(f->serious);
    assert_int_equal(f->rows, 3);
    assert_int_equal((int)figure_of(f, "exact"), 2);
    assert_int_equal((int)figure_of(f, "normalised"), 1);
    assert_int_equal(f->pair_count, 3);
    unsigned seen = 0;
    for (size_t i = 0; i < 3; i++) {
        const heed_checked_pair *pair = heed_check_pair(check, f->first_pair + i);
        assert_int_equal(pair->one, pair->other == 2 ? 1 : 0);
        assert_int_equal(pair->likeness, pair->other == 1 ? HEED_LIKENESS_NORMALISED : HEED_LIKENESS_EXACT);
        seen |= 1u << pair->other;
    }
    assert_int_equal(seen, 1u << 1 | 1u << 2 | 1u << 4);
    heed_check_free(check);
}

#define LONG_TEXT                                                                                                      \
    "it was the best of times and the worst of times in a city that had seen both of them before and knew "            \
    "how little of either would be left when the next spring came over the hills"

static void a_changed_word_makes_a_near_copy(void **state)
{
    (void)state;
    heed_check *check =
        made_check(HEAD "a\t" LONG_TEXT " again\nb\tsomething else\n", NULL, HEAD "b\t" LONG_TEXT " soon\n");
    const heed_finding *f = must_find(check, "near-copies-between", TEST, TRAIN);
    assert_int_equal(f->rows, 1);
    assert_int_equal(f->pair_count, 1);
    const heed_checked_pair *pair = heed_check_pair(check, f->first_pair);
    assert_int_equal(pair->likeness, HEED_LIKENESS_NEAR);
    assert_int_equal(pair->one, 2);
    assert_int_equal(pair->other, 0);
    assert_true(pair->labels_differ);
    assert_true(pair->similarity == 34.0 / 36.0); /* 39 words, 35 runs of 5, of which the last differs */
    assert_null(finding_of(check, "copies-between", TEST, TRAIN));
    heed_check_free(check);
}

/* Of fewer than five words, the words: in another order they are the same. */
static void short_texts_are_compared_by_their_words(void **state)
{
    (void)state;
    heed_check *check = made_check(HEAD "a\tred green blue\na\tred green yellow\n", NULL, HEAD "a\tblue green red\n");
    const heed_finding *f = must_find(check, "near-copies-between", TEST, TRAIN);
    assert_int_equal(f->pair_count, 1);
    assert_int_equal(heed_check_pair(check, f->first_pair)->other, 0);
    heed_check_free(check);
}

static void empty_texts_are_no_copies(void **state)
{
    (void)state;
    heed_check *check = made_check(HEAD "a\t\nb\t  \nb\tx\n", NULL, HEAD "a\t\n");
    assert_null(finding_of(check, "copies-between", TEST, TRAIN));
    assert_null(finding_of(check, "two-labels", HEED_PART_ANY, HEED_PART_ANY));
    assert_int_equal(must_find(check, "empty-texts", HEED_PART_ANY, HEED_PART_ANY)->rows, 3);
    assert_int_equal(heed_check_describe(check)->dropped, 0);
    heed_check_free(check);
}

/* ---- which rows are dropped */

/* The test part stays as it is; a row of another part goes if its text is in a later one. */
static void clean_parts_keep_the_test_rows(void **state)
{
    (void)state;
    heed_check *check =
        made_check(HEAD "a\talpha\na\tbeta\na\tgamma\na\tGamma\nb\tdelta\na\tdelta\na\tkeep\n",
                   HEAD "a\tbeta\na\tepsilon\na\tzeta\na\tzeta\n", HEAD "a\tAlpha\na\tepsilon\na\tepsilon\n");
    const bool dropped[] = {true, true, false, true, true, true, false, false, true, false, false, false, false, false};
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (heed_check_row(check, i)->dropped != dropped[i])
            fail_msg("row %zu: found %d, expected %d", i, heed_check_row(check, i)->dropped, dropped[i]);
    assert_int_equal(heed_check_describe(check)->dropped, 6);
    heed_check_free(check);
}

/* ---- labels */

static char *rows_print(unsigned count, unsigned torn)
{
    writer w = {0};
    char *out = NULL;
    writer_text(&w, HEAD);
    for (unsigned i = 0; i < count; i++)
        writer_print(&w, "%s\ttext number%u\n", i % 2 ? "a" : "b", i);
    for (unsigned i = 0; i < torn; i++)
        writer_print(&w, "%s\tText number%u\n", i % 2 ? "b" : "a", i);
    must(writer_take(&w, &out, NULL, &made_error));
    return out;
}

static void two_labels_are_serious_above_one_percent(void **state)
{
    (void)state;
    for (unsigned torn = 1; torn <= 3; torn++) {
        char *rows = rows_print(200, torn);
        heed_check *check = made_check(rows, NULL, NULL);
        const heed_finding *f = must_find(check, "two-labels", HEED_PART_ANY, HEED_PART_ANY);
        assert_int_equal(f->rows, torn);
        assert_int_equal(f->of, 200);
        assert_int_equal(f->serious, torn > 2);
        assert_int_equal(f->pair_count, torn);
        assert_true(heed_check_pair(check, f->first_pair)->labels_differ);
        heed_error error = {""};
        assert_int_equal(heed_check_require(check, &error), torn > 2 ? HEED_UNMET : HEED_OK);
        assert_int_equal(strstr(error.message, "serious") != NULL, torn > 2);
        heed_check_free(check);
        free(rows);
    }
}

/* A set of labels is the same in any order. */
static void sets_of_labels_have_no_order(void **state)
{
    (void)state;
    heed_rows_options options = made_rows_options(",");
    heed_check *check = made_check_with(HEAD "a,b\tone\nb,a\tone\n\ttwo\n", NULL, NULL, &options, 1);
    assert_null(finding_of(check, "two-labels", HEED_PART_ANY, HEED_PART_ANY));
    assert_null(finding_of(check, "no-label", TRAIN, TRAIN));
    assert_string_equal(heed_check_row(check, 1)->label, "a, b");
    heed_check_free(check);
    check = made_check_with(HEAD "a,b\tone\na\tone\n", NULL, NULL, &options, 1);
    assert_int_equal(must_find(check, "two-labels", HEED_PART_ANY, HEED_PART_ANY)->rows, 1);
    heed_check_free(check);
}

static void a_label_that_training_lacks_is_serious(void **state)
{
    (void)state;
    heed_check *check =
        made_check(HEAD "a\tone\nb\ttwo\n", HEAD "c\tthree\na\tfour\n", HEAD "c\tfive\nd\tsix\nc\tseven\n");
    const heed_finding *f = must_find(check, "labels-missing-from-training", TEST, TRAIN);
    assert_true(f->serious);
    assert_int_equal(f->rows, 3);
    assert_int_equal((int)figure_of(f, "labels"), 2);
    assert_int_equal(f->first, 4);
    assert_int_equal(must_find(check, "labels-missing-from-training", VALIDATION, TRAIN)->rows, 1);
    heed_check_free(check);
}

static void a_split_column_makes_the_parts(void **state)
{
    (void)state;
    heed_check *check = NULL;
    heed_rows_options options = made_rows_options(NULL);
    options.split_column = "part";
    must(heed_check_new(&check, &made_error));
    must(check_add(check, "label\ttext\tpart\na\tone\ttrain\na\tone\ttest\na\ttwo\tdev\n", ".tsv", HEED_PART_ANY,
                   &options, 1));
    must(heed_check_finish(check, 1, NULL, &made_error));
    const heed_check_info *info = heed_check_describe(check);
    assert_int_equal(info->rows_train, 1);
    assert_int_equal(info->rows_validation, 1);
    assert_int_equal(info->rows_test, 1);
    must_find(check, "copies-between", TEST, TRAIN);
    heed_check_free(check);
}

/* Of the seven rows that no split column puts into a part those from floor(0.7 * 7) on validate. */
static void the_last_rows_validate(void **state)
{
    (void)state;
    heed_check *check = NULL;
    heed_rows_options options = made_rows_options(NULL);
    options.split_column = "part";
    must(heed_check_new(&check, &made_error));
    must(check_add(check, HEAD "a\tone\nb\ttwo\n", ".tsv", HEED_PART_ANY, NULL, 1));
    must(check_add(check, "label\ttext\tpart\na\tthree\ttrain\n", ".tsv", HEED_PART_ANY, &options, 1));
    must(check_add(check, HEAD "b\tfour\na\tfive\na\tOne\nb\tsix\nb\tseven\n", ".tsv", HEED_PART_ANY, NULL, 1));
    must_refuse(heed_check_validate_last(check, 1, &made_error), HEED_USAGE, "share", "all rows");
    must(heed_check_validate_last(check, 0.3, &made_error));
    must(heed_check_finish(check, 1, NULL, &made_error));
    assert_int_equal(heed_check_describe(check)->rows_validation, 3);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(heed_check_row(check, i)->part, i < 5 ? TRAIN : VALIDATION);
    assert_int_equal(must_find(check, "copies-between", VALIDATION, TRAIN)->rows, 1);
    must_refuse(heed_check_validate_last(check, 0.3, &made_error), HEED_USAGE, "finish", "afterwards");
    heed_check_free(check);
}

/* A file of validation rows is the validation part. */
static void validation_rows_that_are_given_are_enough(void **state)
{
    (void)state;
    heed_check *check = NULL;
    must(heed_check_new(&check, &made_error));
    must(check_add(check, HEAD "a\tone\na\ttwo\n", ".tsv", HEED_PART_ANY, NULL, 1));
    must(check_add(check, HEAD "a\tthree\n", ".tsv", VALIDATION, NULL, 1));
    must(heed_check_validate_last(check, 0.5, &made_error));
    must(heed_check_finish(check, 1, NULL, &made_error));
    assert_int_equal(heed_check_describe(check)->rows_validation, 1);
    heed_check_free(check);
}

/* ---- bad rows, and texts */

/* However many there are, and whatever the options say. */
static void bad_rows_are_counted(void **state)
{
    (void)state;
    heed_check *check = made_check(HEAD "a\tone\nb\nb\nb\ttwo\nb\n", NULL, NULL);
    const heed_finding *f = must_find(check, "bad-rows", HEED_PART_ANY, HEED_PART_ANY);
    assert_int_equal(f->rows, 3);
    assert_int_equal(f->of, 5);
    assert_non_null(strstr(f->text, ":3: row 2"));
    assert_int_equal(heed_check_describe(check)->rows, 2);
    heed_check_free(check);
}

static void texts_can_be_read_again(void **state)
{
    (void)state;
    heed_check *check = made_check(HEAD "a\tone\na\t\nb\ttwo words\n", NULL, NULL);
    const char *const expected[] = {"one", "", "two words"};
    for (size_t i = 0; i < 3; i++) {
        char *text = NULL;
        size_t size = 7;
        must(heed_check_text(&text, &size, check, i, &made_error));
        assert_string_equal(text, expected[i]);
        assert_int_equal(size, strlen(expected[i]));
        heed_free(text);
    }
    heed_check_free(check);
}

/* ---- refusals */

static int stop(void *user, const heed_event *event)
{
    (void)user;
    return event->stage == HEED_STAGE_MEASURE;
}

static void misuse_is_refused(void **state)
{
    (void)state;
    heed_check *check = NULL;
    heed_rows_options several = made_rows_options(",");
    must(heed_check_new(&check, &made_error));
    must_refuse(heed_check_finish(check, 1, NULL, &made_error), HEED_BAD_DATA, "no rows", "nothing added");
    must(check_add(check, HEAD "a\tone\n", ".tsv", TRAIN, NULL, 1));
    must_refuse(check_add(check, HEAD "a\tone\n", ".tsv", (heed_part)9, NULL, 1), HEED_USAGE, "heed_part", "a part");
    must_refuse(check_add(check, HEAD "a\tone\n", ".tsv", TRAIN, &several, 1), HEED_USAGE, "separator", "labels");
    must(heed_check_finish(check, 1, NULL, &made_error));
    must_refuse(heed_check_finish(check, 1, NULL, &made_error), HEED_USAGE, "second", "twice");
    must_refuse(check_add(check, HEAD "a\tone\n", ".tsv", TRAIN, NULL, 1), HEED_USAGE, "before", "late rows");
    heed_check_free(check);
    must(heed_check_new(&check, &made_error));
    must_refuse(check_add(check, HEAD "b\n", ".tsv", TRAIN, NULL, 1), HEED_OK, "", "a bad row alone");
    must_refuse(heed_check_finish(check, 1, NULL, &made_error), HEED_BAD_DATA, "but bad ones", "bad rows alone");
    must(check_add(check, HEAD "a\tone\n", ".tsv", TRAIN, NULL, 1));
    must_refuse(heed_check_finish(check, 1, &(heed_listener){stop, NULL}, &made_error), HEED_STOPPED, "stopped",
                "a listener");
    heed_check_free(check);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    heed_check *check = NULL;
    setenv("TMPDIR", "/nowhere", 1);
    must_refuse(heed_check_new(&check, &made_error), HEED_FAILED, "TMPDIR", "no folder");
    unsetenv("TMPDIR");
    assert_null(check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_between_parts_are_found_by_their_likeness),
        cmocka_unit_test(copies_are_found_across_formats_and_encodings),
        cmocka_unit_test(copies_inside_a_part_are_counted_after_the_first),
        cmocka_unit_test(a_changed_word_makes_a_near_copy),
        cmocka_unit_test(short_texts_are_compared_by_their_words),
        cmocka_unit_test(empty_texts_are_no_copies),
        cmocka_unit_test(clean_parts_keep_the_test_rows),
        cmocka_unit_test(two_labels_are_serious_above_one_percent),
        cmocka_unit_test(sets_of_labels_have_no_order),
        cmocka_unit_test(a_label_that_training_lacks_is_serious),
        cmocka_unit_test(a_split_column_makes_the_parts),
        cmocka_unit_test(the_last_rows_validate),
        cmocka_unit_test(validation_rows_that_are_given_are_enough),
        cmocka_unit_test(bad_rows_are_counted),
        cmocka_unit_test(texts_can_be_read_again),
        cmocka_unit_test(misuse_is_refused),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
