/* Rows that share rare words are kept together: which ones, how many, and what a split of them keeps. */
#include "unit/made_rows.h"

#include "data/likeness.h"
#include "data/split.h"

enum { FILMS = 40, REVIEWS = 5, ROWS = FILMS * REVIEWS, FOLDS = 5 };

/* Row i is of film i % FILMS: its two names, words that all rows have, and a word of its own; a film's reviews are of
 * both labels. names: how many films share each name, 1 or more. */
static char *film_rows(unsigned names)
{
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < ROWS; i++)
        writer_print(&text, "%s\tthe film with hero%u and city%u was own%u\n", i / FILMS % 2 == 0 ? "a" : "b",
                     i % FILMS / names, i % FILMS / names, i);
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

static heed_corpus *sorted_corpus(char *tsv, const heed_rows_options *options)
{
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, tsv, HEED_PART_ANY, options));
    must(corpus_sort_labels(c, &made_error));
    free(tsv);
    return c;
}

static uint64_t *groups_of_all(const heed_corpus *c)
{
    uint32_t rows[ROWS];
    for (uint32_t i = 0; i < c->row_count; i++)
        rows[i] = i;
    uint64_t *group = likeness_groups(c, rows, c->row_count, false);
    assert_non_null(group);
    return group;
}

static void rows_of_one_film_are_a_group(void **state)
{
    (void)state;
    heed_corpus *c = sorted_corpus(film_rows(1), NULL);
    uint64_t *group = groups_of_all(c);
    for (unsigned i = 0; i < ROWS; i++)
        for (unsigned k = 0; k < ROWS; k++)
            assert_int_equal(group[i] == group[k], i % FILMS == k % FILMS);
    free(group);
    heed_corpus_free(c);
}

/* Two films share their names, so that 10 rows of 200 are alike: more than a group may have. */
static void no_group_is_larger_than_its_share(void **state)
{
    (void)state;
    heed_corpus *c = sorted_corpus(film_rows(2), NULL);
    uint64_t *group = groups_of_all(c);
    unsigned joined = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned size = 0;
        for (unsigned k = 0; k < ROWS; k++)
            size += group[k] == group[i];
        assert_in_range(size, 1, REVIEWS);
        joined += size > 1;
    }
    assert_true(joined >= ROWS / 2); /* the first 5 rows of each 10 */
    free(group);
    heed_corpus_free(c);
}

static char *text_of(const char *tsv)
{
    return memcpy(malloc(strlen(tsv) + 1), tsv, strlen(tsv) + 1);
}

static void rows_that_share_nothing_stay_alone(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "label\ttext\na\tone\nb\ttwo\na\tthree\nb\tfour\n",
        "label\ttext\na\tthe film\nb\tthe play\na\tthe book\nb\tthe song\na\tthe poem\n", /* a word that all have */
        "label\ttext\na\tone\n", "label\ttext\na\t\nb\t!\nb\t?\n"}; /* texts without words are equal */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = sorted_corpus(text_of(cases[i]), NULL);
        uint64_t *group = groups_of_all(c);
        for (size_t k = 0; k < c->row_count; k++)
            assert_true(group[k] == c->rows[k].group);
        free(group);
        heed_corpus_free(c);
    }
    heed_corpus *none = made_corpus(NULL);
    uint64_t *group = likeness_groups(none, NULL, 0, false);
    assert_non_null(group);
    free(group);
    heed_corpus_free(none);
}

/* By hand: N is 8, so a rare word is in 2 rows (sqrt(8) is 2.8), and least is log(8) / 2 = 1.04. zeta is the one rare
 * word of rows 0 and 1: log(4) = 1.39. eta in rows 2 and 3, of 5 rare words each: log(4) / sqrt(5) = 0.62. */
static void a_shared_word_counts_less_among_many(void **state)
{
    (void)state;
    heed_corpus *c = sorted_corpus(text_of("label\ttext\na\tzeta x0\nb\tzeta x1\n"
                                           "a\teta k1 k2 k3 k4 x2\nb\teta m1 m2 m3 m4 x3\n"
                                           "a\tk1 k2 x4\nb\tk3 k4 x5\na\tm1 m2 x6\nb\tm3 m4 x7\n"),
                                   NULL);
    uint64_t *group = groups_of_all(c);
    assert_true(group[0] == group[1]);
    assert_true(group[2] != group[3]);
    free(group);
    heed_corpus_free(c);
}

static void equal_texts_are_never_divided(void **state)
{
    (void)state;
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < 60; i++) /* 20 equal rows: more than a group is made of */
        writer_print(&text, "%s\t%s %u\n", i % 2 == 0 ? "a" : "b", i % 3 == 0 ? "hero city" : "other", i % 3 * i);
    must(writer_take(&text, &out, NULL, &made_error));
    heed_corpus *c = sorted_corpus(out, NULL);
    uint64_t *group = groups_of_all(c);
    for (unsigned i = 3; i < 60; i += 3)
        assert_true(group[i] == group[0]);
    free(group);
    heed_corpus_free(c);
}

/* ---- splits */

static void a_grouped_split_divides_no_film(void **state)
{
    (void)state;
    heed_corpus *c = sorted_corpus(film_rows(1), NULL);
    for (uint64_t seed = 1; seed < 6; seed++) {
        split s, again;
        bool validates[FILMS] = {false};
        must(split_rows(&s, c, HEED_VALIDATION_GROUPED, 0.2, seed, &made_error));
        must(split_rows(&again, c, HEED_VALIDATION_GROUPED, 0.2, seed, &made_error));
        assert_int_equal(s.validation_count, ROWS / 5); /* films have 3 rows of a and 2 of b, and count as a */
        assert_memory_equal(s.validation, again.validation, s.validation_count * sizeof *s.validation);
        for (uint32_t i = 0; i < s.validation_count; i++)
            validates[s.validation[i] % FILMS] = true;
        for (uint32_t i = 0; i < s.train_count; i++)
            assert_false(validates[s.train[i] % FILMS]);
        split_release(&s);
        split_release(&again);
    }
    heed_corpus_free(c);
}

static void grouped_folds_divide_no_film(void **state)
{
    (void)state;
    heed_corpus *c = sorted_corpus(film_rows(1), NULL);
    uint32_t rows[ROWS], fold[ROWS], within[FOLDS] = {0};
    for (uint32_t i = 0; i < ROWS; i++)
        rows[i] = i;
    must(split_within_grouped(fold, c, rows, ROWS, FOLDS, 7, &made_error));
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_int_equal(fold[i], fold[i % FILMS]);
        within[fold[i]]++;
    }
    for (unsigned f = 0; f < FOLDS; f++)
        assert_int_equal(within[f], ROWS / FOLDS);
    heed_corpus_free(c);
}

/* All rows of c are of one film, and so are all of d. */
static void every_label_keeps_training_rows(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "label\ttext\na\tu1 v1\na\tu2 v2\na\tu3 v3\na\tu4 v4\nb\tu5 v5\nb\tu6 v6\nb\tu7 v7\nb\tu8 v8\n"
        "c\thero one\nc\thero two\nd\tcity one1\nd\tcity two2\n",
        "label\ttext\na\tu1 v1\na\tu2 v2\na\tu3 v3\na\tu4 v4\nb\tu5 v5\nb\tu6 v6\nb\tu7 v7\nb\tu8 v8\n"
        "a;c\thero one\nc;b\thero two\nd;a\tcity one1\na;d\tcity two2\n"};
    heed_rows_options several = made_rows_options(";");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = sorted_corpus(text_of(cases[i]), &several);
        for (uint64_t seed = 1; seed < 20; seed++) {
            split s;
            unsigned trained = 0; /* a bit for each label */
            must(split_rows(&s, c, HEED_VALIDATION_GROUPED, 0.5, seed, &made_error));
            for (uint32_t k = 0; k < s.train_count; k++) {
                size_t count;
                const uint32_t *labels = corpus_labels(c, s.train[k], &count);
                for (size_t l = 0; l < count; l++)
                    trained |= 1U << labels[l];
            }
            assert_int_equal(trained, 15);
            assert_in_range(s.validation_count, 4, 6);
            split_release(&s);
        }
        heed_corpus_free(c);
    }
}

/* Where a file says what validates, nothing is drawn. */
static void fixed_rows_are_not_drawn(void **state)
{
    (void)state;
    split s;
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, "label\ttext\na\thero one\nb\thero two\n", HEED_PART_ANY, NULL));
    must(add_rows(c, "label\ttext\na\tcity\n", HEED_PART_VALIDATION, NULL));
    must(corpus_sort_labels(c, &made_error));
    must(split_rows(&s, c, HEED_VALIDATION_GROUPED, 0.5, 1, &made_error));
    assert_int_equal(s.train_count, 2);
    assert_int_equal(s.validation_count, 1);
    assert_int_equal(s.validation[0], 2);
    split_release(&s);
    heed_corpus_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_one_film_are_a_group),       cmocka_unit_test(no_group_is_larger_than_its_share),
        cmocka_unit_test(rows_that_share_nothing_stay_alone), cmocka_unit_test(a_shared_word_counts_less_among_many),
        cmocka_unit_test(equal_texts_are_never_divided),      cmocka_unit_test(a_grouped_split_divides_no_film),
        cmocka_unit_test(grouped_folds_divide_no_film),       cmocka_unit_test(every_label_keeps_training_rows),
        cmocka_unit_test(fixed_rows_are_not_drawn),
    };
    return cmocka_run_group_tests_name("likeness", tests, NULL, NULL);
}
