/* Linear and wide models train on all rows, and a cross-fit answers for rows that it holds out. */
#include "unit/made_cross_fit.h"

#include "model/linear_classifier.h"
#include "model/wide_classifier.h"
#include "train/cross_fit.h"

/* ---- the model is that of all rows */

static void all_rows_train_as_without_validation(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 3);
    for (size_t k = 0; k < KINDS; k++) {
        heed_train_options o = options_of(kinds[k]);
        heed_model *all = trained_on(tsv, NULL, &o, NULL);
        o.validation = HEED_VALIDATION_NONE;
        heed_model *none = trained_on(tsv, NULL, &o, NULL);
        const logistic *a = k == 0 ? &model_linear(all)->fit : &model_wide(all)->fit;
        const logistic *b = k == 0 ? &model_linear(none)->fit : &model_wide(none)->fit;
        assert_int_equal(a->features, b->features);
        assert_memory_equal(a->weights, b->weights, a->features * a->outputs * sizeof *a->weights);
        assert_memory_equal(a->bias, b->bias, a->outputs * sizeof *a->bias);
        assert_string_equal(heed_model_describe(all)->architecture, heed_model_describe(none)->architecture);
        assert_int_equal(all->config.training.rows_train, 60);
        assert_int_equal(all->config.training.rows_validation, 0);
        assert_string_equal(all->config.training.validation, "cross-fit 5");
        assert_string_equal(none->config.training.validation, "none");
        assert_int_equal(config_format(&all->config), MODEL_FORMAT);
        assert_true(heed_model_describe(all)->validation->loss > 0);
        assert_true(isnan(heed_model_describe(none)->validation->loss));
        heed_model_free(all);
        heed_model_free(none);
    }
    free(tsv);
}

/* What divides the rows, and whether rows are held out then. */
static void only_auto_without_other_validation_rows_crossfits(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        heed_validation validation;
        bool file;
        uint32_t train, validate;
        const char *record;
    } cases[] = {
        {"linear", HEED_VALIDATION_AUTO, false, 60, 0, "cross-fit 5"},
        {"wide C 10", HEED_VALIDATION_AUTO, false, 60, 0, "cross-fit 5"},
        {"linear", HEED_VALIDATION_FRACTION, false, 54, 6, "fraction 0.1"},
        {"linear", HEED_VALIDATION_LAST, false, 54, 6, "last 0.1"},
        {"linear", HEED_VALIDATION_NONE, false, 60, 0, "none"},
        {"linear", HEED_VALIDATION_AUTO, true, 60, 4, "given"},
        {"embed 2 | mean", HEED_VALIDATION_AUTO, false, 54, 6, "fraction 0.1"},
        {"embed 2 | mean", HEED_VALIDATION_AUTO, true, 60, 4, "given"},
    };
    char *tsv = told_rows(60, 2), *more = told_rows(4, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_train_options o = options_of(cases[i].architecture);
        heed_corpus *c = corpus_of(tsv, false);
        heed_model *m;
        o.validation = cases[i].validation;
        o.epochs = 1;
        if (cases[i].file)
            must(add_rows(c, more, HEED_PART_VALIDATION, NULL));
        must(heed_train(&m, c, &o, NULL, &made_error));
        assert_int_equal(m->config.training.rows_train, cases[i].train);
        assert_int_equal(m->config.training.rows_validation, cases[i].validate);
        assert_string_equal(m->config.training.validation, cases[i].record);
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(tsv);
    free(more);
}

static void auto_of_a_network_is_the_default_tenth(void **state)
{
    (void)state;
    char *tsv = told_rows(60, 2);
    heed_corpus *c = corpus_of(tsv, false);
    heed_train_options o = options_of("embed 2 | mean");
    split found, expected;
    must(train_check(c, &o, &made_error));
    must(training_split(&found, c, &o, &made_error));
    must(split_rows(&expected, c, HEED_VALIDATION_FRACTION, 0.1, o.seed, &made_error));
    assert_int_equal(found.validation_count, expected.validation_count);
    assert_memory_equal(found.validation, expected.validation, expected.validation_count * sizeof *found.validation);
    split_release(&found);
    split_release(&expected);
    heed_corpus_free(c);
    free(tsv);
}

/* ---- what is held out */

/* The rows of told_rows with these folds, one of them left out; the caller frees. */
static char *rows_without(const char *tsv, const uint32_t *fold, uint32_t left_out)
{
    writer text = {0};
    char *out = NULL;
    const char *line = strchr(tsv, '\n') + 1;
    writer_print(&text, "%.*s", (int)(line - tsv), tsv);
    for (size_t i = 0; *line != '\0'; i++) {
        size_t size = strcspn(line, "\n") + 1;
        if (fold[i] != left_out)
            writer_print(&text, "%.*s", (int)size, line);
        line += size;
    }
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

static heed_bytes text_of_row(const char *tsv, uint32_t row)
{
    const char *line = strchr(tsv, '\n') + 1;
    for (; row > 0; row--)
        line = strchr(line, '\n') + 1;
    line += strcspn(line, "\t") + 1;
    return (heed_bytes){line, strcspn(line, "\n")};
}

static void check_fold(const made_run *r, const char *tsv, const uint32_t *fold, uint32_t number,
                       const heed_train_options *o)
{
    char *others = rows_without(tsv, fold, number);
    heed_train_options plain = *o;
    plain.validation = HEED_VALIDATION_NONE;
    heed_model *m = trained_on(others, NULL, &plain, NULL);
    for (uint32_t i = 0; i < r->result.held.count; i++) {
        uint32_t row = r->result.held.row[i];
        const heed_bytes text = text_of_row(tsv, row);
        float p[3];
        if (fold[row] != number)
            continue;
        made_predictions(p, m, &text, 1, 1);
        for (uint32_t k = 0; k < 3; k++)
            if (fabsf(p[k] - r->result.held.probability[i * 3 + k]) > 2e-3F)
                fail_msg("%s, row %u, label %u: found %.5f, expected %.5f", o->architecture, row, k,
                         (double)r->result.held.probability[i * 3 + k], (double)p[k]);
    }
    heed_model_free(m);
    free(others);
}

/* Vocabulary and n-grams are those of all rows, but what other folds do not have counts for nothing. */
static void a_fold_is_answered_by_the_model_of_the_others(void **state)
{
    (void)state;
    static const char *const architectures[] = {"linear", "wide words 1-2 letters 2-3 min-count 1 weight idf C 10",
                                                "wide words 1-3 min-count 2 weight idf C 3"};
    char *tsv = told_rows(90, 3);
    for (size_t a = 0; a < sizeof architectures / sizeof *architectures; a++) {
        const heed_train_options o = options_of(architectures[a]);
        made_run r;
        uint32_t fold[90];
        run_on(&r, corpus_of(tsv, false), &o, NULL);
        assert_int_equal(r.result.held.count, 90);
        must(split_within(fold, r.corpus, r.data.train.row, 90, CROSS_FIT_FOLDS, o.seed, &made_error));
        for (uint32_t f = 0; f < CROSS_FIT_FOLDS; f++)
            check_fold(&r, tsv, fold, f, &o);
        made_run_release(&r);
    }
    free(tsv);
}

/* Row 0 has another label than the two rows with the same text, so that the folds stay as they are. */
static void a_row_is_answered_without_its_label(void **state)
{
    (void)state;
    static const struct {
        unsigned labels;
        bool several;
        const char *first;
    } cases[] = {{2, false, "good"}, {3, false, "fair"}, {3, true, "bad,fair"}};
    for (size_t k = 0; k < KINDS; k++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const heed_train_options o = options_of(kinds[k]);
            made_run r[2];
            if (strcmp(kinds[k], "wide") == 0) /* the choice of C sees all labels */
                continue;
            for (int flipped = 0; flipped < 2; flipped++) {
                char *tsv = threefold_rows(40, cases[i].labels, cases[i].several, flipped ? cases[i].first : NULL);
                run_on(&r[flipped], corpus_of(tsv, cases[i].several), &o, NULL);
                free(tsv);
            }
            size_t row_size = outputs_of(&r[0]) * sizeof(float);
            const float *a = r[0].result.held.probability, *b = r[1].result.held.probability;
            assert_int_equal(r[0].result.held.count, 120);
            assert_int_equal(r[1].result.held.count, 120);
            assert_memory_equal(a, b, 3 * row_size);       /* the rows with its text */
            assert_memory_not_equal(a, b, 120 * row_size); /* others were fitted with its label */
            made_run_release(&r[0]);
            made_run_release(&r[1]);
        }
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (int several = 0; several < 2; several++) {
            char *tsv = threefold_rows(60, 3, several, NULL);
            made_run r[2];
            for (int i = 0; i < 2; i++) {
                heed_train_options o = options_of(kinds[k]);
                o.threads = i == 0 ? 1 : 3;
                run_on(&r[i], corpus_of(tsv, several), &o, NULL);
            }
            const held_out *a = &r[0].result.held, *b = &r[1].result.held;
            assert_int_equal(a->count, 180);
            assert_memory_equal(a->probability, b->probability, a->count * outputs_of(&r[0]) * sizeof(float));
            assert_memory_equal(r[0].result.validation, r[1].result.validation, sizeof *r[0].result.validation);
            made_run_release(&r[0]);
            made_run_release(&r[1]);
            free(tsv);
        }
}

static void rows_are_held_out_once_until_there_are_enough(void **state)
{
    (void)state;
    static const struct {
        unsigned rows;
        uint32_t least, most;
    } cases[] = {{20, 20, 20}, {6000, 6000, 6000}, {9000, 5000, 7000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *tsv = told_rows(cases[i].rows, 2);
        const heed_train_options o = options_of("linear");
        made_run r;
        run_on(&r, corpus_of(tsv, false), &o, NULL);
        assert_int_equal(r.data.train.count, cases[i].rows);
        assert_in_range(r.result.held.count, cases[i].least, cases[i].most);
        for (uint32_t j = 1; j < r.result.held.count; j++)
            assert_true(r.result.held.row[j] > r.result.held.row[j - 1]);
        made_run_release(&r);
        free(tsv);
    }
}

/* ---- few rows, rare labels */

static void few_rows_and_rare_labels_have_answers(void **state)
{
    (void)state;
    static const struct {
        const char *tsv;
        uint32_t held;
        bool several;
    } cases[] = {
        {"label\ttext\na\tx\nb\ty\n", 2, false},
        {"label\ttext\na\tx z\na\ty\nb\tv z\nb\tw\n", 4, false},
        {"label\ttext\na\tx\na\ty\na\tz\nb\tv\nb\tw\nb\tu\nc\tt\n", 7, false}, /* c has one row */
        {"label\ttext\na\tx\nb\tx\na\tx\nc\ty\nb\ty\n", 5, false},             /* two different texts */
        {"label\ttext\na\tsame\nb\tsame\na\tsame\n", 0, false},                /* one */
        {"label\ttext\na,b\tx\na\ty\n\tz\nb\tv\na,c\tw\n", 5, true},
    };
    for (size_t k = 0; k < KINDS; k++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const heed_train_options o = options_of(kinds[k]);
            made_run r;
            run_on(&r, corpus_of(cases[i].tsv, cases[i].several), &o, NULL);
            const held_out *held = &r.result.held;
            assert_int_equal(held->count, cases[i].held);
            for (size_t j = 0; j < (size_t)held->count * outputs_of(&r); j++)
                assert_true(held->probability[j] >= 0 && held->probability[j] <= 1);
            assert_int_equal(isnan(r.result.validation->loss), held->count == 0);
            assert_true(held->count == 0 || r.result.validation->loss < 100);
            made_run_release(&r);
        }
}

/* Its only row is held out from a fit that does not know the label. */
static void the_only_row_of_a_label_counts_as_wrong(void **state)
{
    (void)state;
    static const char tsv[] =
        "label\ttext\na\tx one\na\tx two\na\tx three\nb\ty one\nb\ty two\nb\ty three\nc\tz four\n";
    for (size_t k = 0; k < KINDS; k++) {
        const heed_train_options o = options_of(kinds[k]);
        made_run r;
        run_on(&r, corpus_of(tsv, false), &o, NULL);
        const float *last = r.result.held.probability + 6 * 3;
        assert_int_equal(r.result.held.row[6], 6);
        assert_true(last[2] < last[0] && last[2] < last[1]);
        assert_true(r.result.validation->accuracy <= 6.0 / 7);
        made_run_release(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_train_as_without_validation),
        cmocka_unit_test(only_auto_without_other_validation_rows_crossfits),
        cmocka_unit_test(auto_of_a_network_is_the_default_tenth),
        cmocka_unit_test(a_fold_is_answered_by_the_model_of_the_others),
        cmocka_unit_test(a_row_is_answered_without_its_label),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(rows_are_held_out_once_until_there_are_enough),
        cmocka_unit_test(few_rows_and_rare_labels_have_answers),
        cmocka_unit_test(the_only_row_of_a_label_counts_as_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
