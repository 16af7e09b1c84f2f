/* The table of options: what every row promises, and what is done with whole structs of them. */
#include <math.h>
#include <string.h>

#include "made_rows.h"
#include "options/option_structs.h"

typedef union any_home {
    heed_rows_options rows;
    heed_text_options text;
    heed_train_options train;
    heed_vectors_options vectors;
    heed_explain_options explain;
    heed_faithfulness_options faithfulness;
    heed_compare_options compare;
    heed_tune_options tune;
} any_home;

static const option *row_of(size_t i)
{
    size_t count;
    const option *rows = option_table(&count);
    return i < count ? &rows[i] : NULL;
}

static void every_row_is_found_by_its_home_and_name(void **state)
{
    (void)state;
    for (size_t i = 0; row_of(i) != NULL; i++) {
        const option *o = row_of(i);
        assert_ptr_equal(option_named(o->home, o->name), o); /* so that no name comes twice */
        assert_int_equal(strspn(o->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(o->name));
        assert_true(strlen(o->help) > 0);
        assert_int_equal(o->choices != NULL, o->kind == OPTION_CHOICE);
        assert_true(o->kind == OPTION_FLAG || o->kind == OPTION_NO_FLAG || o->choices != NULL || o->value != NULL);
    }
    assert_null(option_named(HEED_OPTIONS_TEXT, "epochs"));
}

static void presets_are_within_their_own_ranges(void **state)
{
    (void)state;
    for (int preset = HEED_PRESET_DEFAULT; preset <= HEED_PRESET_TUTORIAL; preset++)
        for (heed_options_kind home = HEED_OPTIONS_ROWS; home < HOME_PROGRAM; home++) {
            any_home values;
            options_preset(home, &values, (heed_preset)preset);
            must(options_check(home, &values, &made_error));
        }
}

/* Whatever a preset has can be named, and becomes the same value. */
static void a_printed_value_is_read_as_itself(void **state)
{
    (void)state;
    char text[400];
    for (int preset = HEED_PRESET_DEFAULT; preset <= HEED_PRESET_TUTORIAL; preset++)
        for (size_t i = 0; row_of(i) != NULL; i++) {
            const option *o = row_of(i);
            any_home values, again;
            if (o->kind == OPTION_FLAG || o->kind == OPTION_NO_FLAG)
                continue;
            options_preset(o->home, &values, (heed_preset)preset);
            memset(&again, 0, sizeof again);
            option_print(text, sizeof text, o, &values);
            if (strcmp(text, "none") == 0 && (o->kind == OPTION_TEXT || o->kind == OPTION_JOINED))
                continue; /* NULL */
            if (o->zero_is_unset && option_is_zero(o, &values))
                continue;
            must(option_store(o, &again, text, &made_error));
            assert_true(option_equal(o, &values, &again));
        }
}

static void values_are_stored_or_refused(void **state)
{
    (void)state;
    static const struct {
        heed_options_kind home;
        const char *name, *value, *refused; /* refused: a piece of the message; NULL: taken */
    } cases[] = {
        {HEED_OPTIONS_TRAIN, "epochs", "65535", NULL},
        {HEED_OPTIONS_TRAIN, "epochs", "65536", "--epochs: found '65536', expected a whole number from 1 to 65535"},
        {HEED_OPTIONS_TRAIN, "epochs", "0", "--epochs: found '0'"},
        {HEED_OPTIONS_TRAIN, "epochs", "-1", "--epochs: found '-1'"},
        {HEED_OPTIONS_TRAIN, "epochs", "2.0", "--epochs: found '2.0'"},
        {HEED_OPTIONS_TRAIN, "epochs", "", "--epochs: found ''"},
        {HEED_OPTIONS_TRAIN, "epochs", "99999999999999999999", "--epochs: found '99999999999999999999'"},
        {HEED_OPTIONS_TRAIN, "freeze", "always", NULL},
        {HEED_OPTIONS_TRAIN, "freeze", "Always", "or always"},
        {HEED_OPTIONS_TRAIN, "seed", "9223372036854775807", NULL},
        {HEED_OPTIONS_TRAIN, "seed", "9223372036854775808", "--seed: found '9223372036854775808'"},
        {HEED_OPTIONS_TRAIN, "learning-rate", "1e-9", NULL},
        {HEED_OPTIONS_TRAIN, "learning-rate", "1e-10",
         "--learning-rate: found '1e-10', expected a number from 1e-09 to 1000"},
        {HEED_OPTIONS_TRAIN, "learning-rate", "nan", "--learning-rate: found 'nan'"},
        {HEED_OPTIONS_TRAIN, "learning-rate", "1,5", "--learning-rate: found '1,5'"},
        {HEED_OPTIONS_TRAIN, "optimizer", "sgd", NULL},
        {HEED_OPTIONS_TRAIN, "optimizer", "SGD", "--optimizer: found 'SGD', expected adam|adamw|sgd"},
        {HEED_OPTIONS_TRAIN, "validation", "last:0.25", NULL},
        {HEED_OPTIONS_TRAIN, "validation", "last:1", "--validation: found 'last:1'"},
        {HEED_OPTIONS_TRAIN, "validation", "grouped:0.25", NULL},
        {HEED_OPTIONS_TRAIN, "validation", "grouped:1", "--validation: found 'grouped:1'"},
        {HEED_OPTIONS_TRAIN, "validation", "none", NULL},
        {HEED_OPTIONS_TRAIN, "validation", "auto", NULL},
        {HEED_OPTIONS_TRAIN, "validation", "last:auto", "--validation: found 'last:auto'"},
        {HEED_OPTIONS_TEXT, "max-length", "mean", NULL},
        {HEED_OPTIONS_TEXT, "max-length", "0",
         "--max-length: found '0', expected a whole number from 1 to 65536, or mean"},
        {HEED_OPTIONS_ROWS, "label-column", "", "--label-column: found '', expected NAME"},
        {HEED_OPTIONS_ROWS, "label-column", "x", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        any_home values = {0};
        const option *o = option_named(cases[i].home, cases[i].name);
        assert_non_null(o);
        heed_status status = option_store(o, &values, cases[i].value, &made_error);
        if (cases[i].refused == NULL)
            must(status);
        else
            must_refuse(status, HEED_USAGE, cases[i].refused, cases[i].value);
    }
}

static void fields_out_of_range_are_refused_by_name(void **state)
{
    (void)state;
    heed_train_options o;
    options_preset(HEED_OPTIONS_TRAIN, &o, HEED_PRESET_DEFAULT);
    o.momentum = NAN;
    must_refuse(options_check(HEED_OPTIONS_TRAIN, &o, &made_error), HEED_USAGE, "--momentum: found nan", "momentum");
    options_preset(HEED_OPTIONS_TRAIN, &o, HEED_PRESET_DEFAULT);
    o.schedule = (heed_schedule)-1;
    must_refuse(options_check(HEED_OPTIONS_TRAIN, &o, &made_error), HEED_USAGE, "--schedule: found the number -1",
                "schedule");
    options_preset(HEED_OPTIONS_TRAIN, &o, HEED_PRESET_DEFAULT);
    o.validation = HEED_VALIDATION_NONE; /* without a part that could be wrong */
    o.validation_fraction = 7;
    must(options_check(HEED_OPTIONS_TRAIN, &o, &made_error));
}

static void a_copy_has_texts_of_its_own(void **state)
{
    (void)state;
    char column[] = "label";
    heed_rows_options from = {.label_column = column, .format = HEED_FORMAT_CSV}, copy, kept;
    must(options_copy(HEED_OPTIONS_ROWS, &copy, &from, &made_error));
    column[0] = 'L';
    assert_string_equal(copy.label_column, "label");
    assert_int_equal(copy.format, HEED_FORMAT_CSV);
    kept = copy;
    from.id_column = "\xFF";
    must_refuse(options_copy(HEED_OPTIONS_ROWS, &copy, &from, &made_error), HEED_USAGE, "--id-column", "no UTF-8");
    assert_memory_equal(&copy, &kept, sizeof kept);
    options_release(HEED_OPTIONS_ROWS, &copy);
    assert_null(copy.label_column);
}

/* Copies and comparisons follow what a row says of its option. */
static void data_and_records_are_told_apart(void **state)
{
    (void)state;
    heed_train_options a, b, recorded;
    options_preset(HEED_OPTIONS_TRAIN, &a, HEED_PRESET_DEFAULT);
    b = a;
    b.learning_rate = 7;
    assert_true(options_equal(HEED_OPTIONS_TRAIN, &a, &b, TOUCHES_DATA));
    assert_false(options_equal(HEED_OPTIONS_TRAIN, &a, &b, 0));
    b.class_weights = "balanced";
    assert_false(options_equal(HEED_OPTIONS_TRAIN, &a, &b, TOUCHES_DATA));
    must(options_copy_recorded(HEED_OPTIONS_TRAIN, &recorded, &b, &made_error));
    assert_true(recorded.learning_rate == 7);
    assert_null(recorded.architecture);
    assert_null(recorded.class_weights); /* its file has a path, which no model keeps */
    assert_int_equal(recorded.threads, 0);
    options_release(HEED_OPTIONS_TRAIN, &recorded);
}

/* As model files of 0.1.0 have them. */
static void records_come_in_the_order_of_the_file(void **state)
{
    (void)state;
    static const char *const names[] = {"format",        "encoding",        "quoting",      "no_header",
                                        "text_columns",  "label_column",    "label_from",   "label_map",
                                        "drop_labels",   "id_column",       "split_column", "group_column",
                                        "weight_column", "label_separator", "on_bad_row",   "tutorial"};
    const option *o = NULL;
    char name[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        o = options_next_recorded(HEED_OPTIONS_ROWS, o);
        assert_non_null(o);
        option_record_name(name, o);
        assert_string_equal(name, names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_by_its_home_and_name),
        cmocka_unit_test(presets_are_within_their_own_ranges),
        cmocka_unit_test(a_printed_value_is_read_as_itself),
        cmocka_unit_test(values_are_stored_or_refused),
        cmocka_unit_test(fields_out_of_range_are_refused_by_name),
        cmocka_unit_test(a_copy_has_texts_of_its_own),
        cmocka_unit_test(data_and_records_are_told_apart),
        cmocka_unit_test(records_come_in_the_order_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
