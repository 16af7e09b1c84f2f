/* However rows are divided: what a label has left trains. */
#include "unit/made_rows.h"

#include "data/split.h"

static heed_corpus *corpus_of(const char *tsv, const heed_rows_options *options)
{
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, tsv, HEED_PART_ANY, options));
    must(corpus_sort_labels(c, &made_error));
    return c;
}

static bool trains(const split *s, uint32_t row)
{
    for (uint32_t i = 0; i < s->train_count; i++)
        if (s->train[i] == row)
            return true;
    return false;
}

/* With several labels a group may have the last rows of one that does not decide where it goes. */
static void a_label_is_learnt_in_every_fold(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "label\ttext\nc\tlast\na\tt1\na\tt2\na\tt3\nb\tt4\nb\tt5\nb\tt6\n", /* c's only row is number 0 */
        "label\ttext\nc\tt1\na\tT1!\na\tt1\na\tt2\nb\tt4\nb\tt5\na\tt7\n",  /* in a group of a's */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        heed_corpus *c = corpus_of(rows[i], NULL);
        unsigned kept = 0, validated = 0;
        for (unsigned f = 0; f < 3; f++) {
            split s;
            must(split_fold(&s, c, f, 3, 5, &made_error));
            assert_true(trains(&s, 0));
            kept += s.kept_label_count;
            assert_true(s.kept_label_count == 0 || strcmp(c->labels[s.kept_labels[0]], "c") == 0);
            assert_int_equal(s.kept_rows, s.kept_label_count == 0 ? 0 : i == 0 ? 1 : 3);
            validated += s.validation_count;
            split_release(&s);
        }
        assert_int_equal(kept, 1);
        assert_int_equal(validated, i == 0 ? 6 : 4);
        heed_corpus_free(c);
    }
}

static void a_drawn_part_leaves_a_row_of_each_label(void **state)
{
    (void)state;
    const heed_rows_options several = made_rows_options(";");
    heed_corpus *c = corpus_of("label\ttext\nb;x\tt1\nb;x\tt2\na;y\tt3\na;y\tt4\na\tt5\nb\tt6\n", &several);
    for (uint64_t seed = 0; seed < 20; seed++) {
        split s;
        must(split_rows(&s, c, HEED_VALIDATION_FRACTION, 0.5, seed, &made_error));
        assert_true(trains(&s, 0) || trains(&s, 1));
        assert_true(trains(&s, 2) || trains(&s, 3));
        split_release(&s);
    }
    heed_corpus_free(c);
}

/* Of all rows the folds are those of split_fold; of some, groups and labels are divided among these alone. */
static void rows_of_a_split_have_folds_of_their_own(void **state)
{
    (void)state;
    enum { ROWS_IN_ALL = 120, FOLDS = 5 };
    uint32_t rows[ROWS_IN_ALL], fold[ROWS_IN_ALL], of_label[2][FOLDS] = {{0}};
    writer text = {0};
    writer_text(&text, "label\ttext\n");
    for (int i = 0; i < ROWS_IN_ALL; i++) /* each text twice */
        writer_print(&text, "%s\tt%d\n", i / 2 % 2 ? "a" : "b", i / 2);
    writer_byte(&text, '\0');
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, text.data, HEED_PART_ANY, NULL));
    must(corpus_sort_labels(c, &made_error));
    for (uint32_t i = 0; i < ROWS_IN_ALL; i++)
        rows[i] = i;
    must(split_within(fold, c, rows, ROWS_IN_ALL, FOLDS, 7, &made_error));
    for (unsigned f = 0; f < FOLDS; f++) {
        split s;
        must(split_fold(&s, c, f, FOLDS, 7, &made_error));
        assert_int_equal(s.validation_count, ROWS_IN_ALL / FOLDS);
        for (uint32_t i = 0; i < s.validation_count; i++)
            assert_int_equal(fold[s.validation[i]], f);
        split_release(&s);
    }
    must(split_within(fold, c, rows + 40, 40, FOLDS, 7, &made_error)); /* 20 rows of each label: 4 in each fold */
    for (uint32_t i = 0; i < 40; i += 2) {
        assert_int_equal(fold[i], fold[i + 1]);
        of_label[i / 2 % 2][fold[i]] += 2;
    }
    for (unsigned f = 0; f < FOLDS; f++)
        assert_true(of_label[0][f] == 4 && of_label[1][f] == 4);
    heed_corpus_free(c);
    writer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_learnt_in_every_fold),
        cmocka_unit_test(rows_of_a_split_have_folds_of_their_own),
        cmocka_unit_test(a_drawn_part_leaves_a_row_of_each_label),
    };
    return cmocka_run_group_tests_name("split labels", tests, NULL, NULL);
}
