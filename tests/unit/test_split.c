/* How rows are divided: groups whole, labels in their share, the same seed the same parts. */
#include <math.h>

#include "unit/made_rows.h"

#include "data/split.h"
#include "data/text_digest.h"

enum { MAX_ROWS = 2000 };

/* Splits and folds are looked at as one part a row. */
typedef enum place { NOWHERE, TRAINS, VALIDATES } place;

static void find_places(place *places, const heed_corpus *c, const split *s)
{
    for (size_t i = 0; i < c->row_count; i++)
        places[i] = NOWHERE;
    for (uint32_t i = 0; i < s->train_count; i++) {
        assert_true(i == 0 || s->train[i - 1] < s->train[i]);
        places[s->train[i]] = TRAINS;
    }
    for (uint32_t i = 0; i < s->validation_count; i++) {
        assert_true(i == 0 || s->validation[i - 1] < s->validation[i]);
        assert_int_equal(places[s->validation[i]], NOWHERE);
        places[s->validation[i]] = VALIDATES;
    }
}

static void find_split(place *places, heed_corpus *c, heed_validation kind, double fraction, uint64_t seed)
{
    split s;
    must(corpus_sort_labels(c, &made_error));
    must(split_rows(&s, c, kind, fraction, seed, &made_error));
    find_places(places, c, &s);
    split_release(&s);
}

static heed_corpus *corpus_of(const char *tsv, const heed_rows_options *options)
{
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, tsv, HEED_PART_ANY, options));
    return c;
}

/* count groups of 1 to `most` copies; a third has label a, the rest b. The number of a row's group is in `group`. */
static char *grouped_rows(unsigned count, unsigned most, unsigned *group)
{
    static const char *const forms[] = {"film %u, GOOD", "Film %u good!", "  film  %u -- gOOd", "FILM %u GOOD..."};
    writer text = {0};
    char *out = NULL, row[64];
    unsigned rows = 0;
    writer_print(&text, "label\ttext\n");
    for (unsigned copy = 0; copy < most; copy++) /* the copies of a group are far apart */
        for (unsigned g = 0; g < count; g++)
            if (copy <= g % most) {
                snprintf(row, sizeof row,
                         copy == 0   ? forms[0]
                         : copy == 1 ? forms[1]
                         : copy == 2 ? forms[2]
                                     : forms[3],
                         g + 1000);
                writer_print(&text, "%s\t%s\n", g % 3 == 0 ? "a" : "b", row);
                group[rows++] = g;
            }
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

static void equal_texts_have_one_digest(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other;
        bool equal;
    } cases[] = {
        {"Good film!", "good FILM", true},
        {"it's", "its", true},
        {"a_b", "ab", false}, /* the underscore is one of \w */
        {"Straße", "STRASSE", true},
        {"ΣΊΣΥΦΟΣ", "σίσυφος", true},
        {"\xEF\xBC\xA1", "\xEF\xBD\x81", true}, /* full-width A, a */
        {"caf\xC3\xA9", "cafe", false},
        {"x\xC2\xB2", "x2", false}, /* casefold is no compatibility decomposition */
        {"", "?!", true},
        {"ab", "a", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_bytes one = {cases[i].one, strlen(cases[i].one)}, other = {cases[i].other, strlen(cases[i].other)};
        if ((group_digest(one) == group_digest(other)) != cases[i].equal)
            fail_msg("'%s' and '%s'", cases[i].one, cases[i].other);
    }
    char *long_text = malloc(5001); /* over several blocks of the digest, at every phase */
    memset(long_text, 'x', 5000);
    for (size_t size = 1000; size < 1100; size++)
        assert_true(group_digest((heed_bytes){long_text, size}) != group_digest((heed_bytes){long_text, size + 1}));
    free(long_text);
}

static void fraction_keeps_groups_whole_and_labels_in_their_share(void **state)
{
    (void)state;
    static unsigned group[MAX_ROWS];
    static place places[MAX_ROWS], of_group[MAX_ROWS];
    for (unsigned most = 1; most <= 4; most++) {
        char *tsv = grouped_rows(300, most, group);
        heed_corpus *c = corpus_of(tsv, NULL);
        find_split(places, c, HEED_VALIDATION_FRACTION, 0.2, 7);
        memset(of_group, 0, sizeof of_group);
        size_t rows[2] = {0}, validate[2] = {0};
        for (size_t i = 0; i < c->row_count; i++) {
            assert_int_not_equal(places[i], NOWHERE);
            assert_true(of_group[group[i]] == NOWHERE || of_group[group[i]] == places[i]);
            of_group[group[i]] = places[i];
            rows[group[i] % 3 > 0]++;
            validate[group[i] % 3 > 0] += places[i] == VALIDATES;
        }
        for (int l = 0; l < 2; l++) {
            size_t quota = (size_t)(0.2 * (double)rows[l] + 0.5);
            assert_in_range(validate[l], quota, quota + most - 1); /* the last group may be over */
        }
        heed_corpus_free(c);
        free(tsv);
    }
}

static void mixed_group_stands_under_its_commonest_label(void **state)
{
    (void)state;
    /* 40 groups of a, a, b: all of them a's, so b's share is taken of the 10 texts that are only b */
    writer text = {0};
    static place places[MAX_ROWS];
    writer_print(&text, "label\ttext\n");
    for (int i = 0; i < 40; i++)
        writer_print(&text, "b\tmixed %d\na\tmixed %d\na\tMixed %d\n", i, i, i);
    for (int i = 0; i < 10; i++)
        writer_print(&text, "b\tplain %d\n", i);
    writer_byte(&text, '\0');
    heed_corpus *c = corpus_of(text.data, NULL);
    find_split(places, c, HEED_VALIDATION_FRACTION, 0.3, 1);
    size_t mixed = 0, plain = 0;
    for (size_t i = 0; i < c->row_count; i++)
        *(i < 120 ? &mixed : &plain) += places[i] == VALIDATES;
    assert_int_equal(mixed, 36);
    assert_int_equal(plain, 3);
    heed_corpus_free(c);
    writer_release(&text);
}

static void last_group_of_a_label_trains(void **state)
{
    (void)state;
    static place places[MAX_ROWS];
    heed_corpus *c =
        corpus_of("label\ttext\na\tone\na\ttwo\na\tthree\na\tfour\nb\tsame\nb\tSame!\nb\tsame.\nc\tlone\n", NULL);
    for (uint64_t seed = 0; seed < 20; seed++) {
        find_split(places, c, HEED_VALIDATION_FRACTION, 0.5, seed);
        for (size_t i = 4; i < 8; i++)
            assert_int_equal(places[i], TRAINS);
    }
    heed_corpus_free(c);
}

static void last_validates_from_floor(void **state)
{
    (void)state;
    static const struct {
        unsigned rows;
        double fraction;
        unsigned first; /* floor((1 - fraction) rows), as Keras's validation_split */
    } cases[] = {{10, 0.2, 8}, {7, 0.2, 5}, {1, 0.2, 0}, {12, 0.1, 10}, {1000, 0.2, 800}, {999, 0.25, 749}};
    static place places[MAX_ROWS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *tsv = told_rows(cases[i].rows, 2);
        heed_corpus *c = corpus_of(tsv, NULL);
        find_split(places, c, HEED_VALIDATION_LAST, cases[i].fraction, 1);
        for (unsigned r = 0; r < cases[i].rows; r++)
            assert_int_equal(places[r], r < cases[i].first ? TRAINS : VALIDATES);
        heed_corpus_free(c);
        free(tsv);
    }
}

static void split_column_decides_and_other_rows_train(void **state)
{
    (void)state;
    static place places[MAX_ROWS];
    static const place expected[] = {TRAINS, VALIDATES, NOWHERE, TRAINS, VALIDATES, NOWHERE, VALIDATES, TRAINS};
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.split_column = "part";
    heed_corpus *c = corpus_of(
        "label\ttext\tpart\na\tr0\ttrain\nb\tr1\tvalid\na\tr2\ttest\nb\tr3\t0\na\tr4\t1\nb\tr5\t2\na\tr6\tdev\n",
        &options);
    must(add_rows(c, "label\ttext\nb\tr7\n", HEED_PART_ANY, NULL));
    for (heed_validation kind = HEED_VALIDATION_FRACTION; kind <= HEED_VALIDATION_NONE; kind++) {
        find_split(places, c, kind, 0.5, 1);
        for (size_t i = 0; i < 8; i++)
            assert_int_equal(places[i], expected[i]);
    }
    heed_corpus_free(c);
}

static void part_of_a_file_decides(void **state)
{
    (void)state;
    static place places[MAX_ROWS];
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, "label\ttext\na\tr0\nb\tr1\n", HEED_PART_ANY, NULL));
    must(add_rows(c, "label\ttext\na\tr2\nb\tr3\n", HEED_PART_VALIDATION, NULL));
    must(add_rows(c, "label\ttext\na\tr4\nb\tr5\n", HEED_PART_TEST, NULL));
    find_split(places, c, HEED_VALIDATION_FRACTION, 0.5, 1);
    static const place expected[] = {TRAINS, TRAINS, VALIDATES, VALIDATES, NOWHERE, NOWHERE};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(places[i], expected[i]);
    heed_corpus_free(c);
}

static void last_rows_are_counted_without_those_of_a_test_part(void **state)
{
    (void)state;
    static place places[MAX_ROWS];
    char *tsv = told_rows(10, 2);
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, tsv, HEED_PART_ANY, NULL));
    must(add_rows(c, tsv, HEED_PART_TEST, NULL));
    find_split(places, c, HEED_VALIDATION_LAST, 0.2, 1);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(places[i], i < 8 ? TRAINS : i < 10 ? VALIDATES : NOWHERE);
    heed_corpus_free(c);
    free(tsv);
}

static void group_column_is_put_before_the_text(void **state)
{
    (void)state;
    static place places[MAX_ROWS];
    heed_rows_options options;
    heed_rows_options_init(&options);
    options.group_column = "by";
    writer text = {0};
    writer_print(&text, "label\ttext\tby\n");
    for (int i = 0; i < 100; i++) /* ten rows of each of ten authors; one text for all */
        writer_print(&text, "%s\tsame\tauthor %d\n", i % 20 < 10 ? "a" : "b", i % 10);
    writer_byte(&text, '\0');
    heed_corpus *c = corpus_of(text.data, &options);
    find_split(places, c, HEED_VALIDATION_FRACTION, 0.2, 3);
    size_t validate = 0;
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(places[i], places[i % 10]);
        validate += places[i] == VALIDATES;
    }
    assert_int_equal(validate, 20);
    heed_corpus_free(c);
    writer_release(&text);
}

/* The same rows in another order, and where a row stood before. */
static char *shuffled(const char *tsv, size_t *before, size_t rows)
{
    const char *line[MAX_ROWS];
    const char *end = strchr(tsv, '\n') + 1;
    char *out = malloc(strlen(tsv) + 1), *next = out + (end - tsv);
    memcpy(out, tsv, (size_t)(end - tsv));
    for (size_t i = 0; i < rows; i++, end = strchr(end, '\n') + 1)
        line[i] = end;
    for (size_t i = 0; i < rows; i++) {
        before[i] = i * 7 % rows; /* 7 does not divide rows */
        const char *from = line[before[i]];
        size_t size = (size_t)(strchr(from, '\n') + 1 - from);
        memcpy(next, from, size);
        next += size;
    }
    *next = '\0';
    return out;
}

static void seed_alone_decides_not_the_order_of_rows(void **state)
{
    (void)state;
    static unsigned group[MAX_ROWS];
    static place first[MAX_ROWS], again[MAX_ROWS], other[MAX_ROWS], moved[MAX_ROWS];
    static size_t before[MAX_ROWS];
    char *tsv = grouped_rows(300, 3, group);
    heed_corpus *c = corpus_of(tsv, NULL);
    char *mixed = shuffled(tsv, before, c->row_count);
    heed_corpus *d = corpus_of(mixed, NULL);
    assert_int_equal(c->row_count, d->row_count);
    find_split(first, c, HEED_VALIDATION_FRACTION, 0.2, 5);
    find_split(again, c, HEED_VALIDATION_FRACTION, 0.2, 5);
    find_split(other, c, HEED_VALIDATION_FRACTION, 0.2, 6);
    find_split(moved, d, HEED_VALIDATION_FRACTION, 0.2, 5);
    assert_memory_equal(first, again, c->row_count * sizeof *first);
    assert_memory_not_equal(first, other, c->row_count * sizeof *first);
    for (size_t i = 0; i < c->row_count; i++)
        assert_int_equal(moved[i], first[before[i]]);
    heed_corpus_free(c);
    heed_corpus_free(d);
    free(tsv);
    free(mixed);
}

static void check_folds(const char *tsv, const unsigned *group, unsigned labels, unsigned folds, size_t most)
{
    heed_corpus *c = corpus_of(tsv, NULL);
    static place places[MAX_ROWS];
    static unsigned times[MAX_ROWS], fold_of_group[MAX_ROWS];
    size_t least_all = SIZE_MAX, most_all = 0, least[4] = {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX}, largest[4] = {0};
    memset(times, 0, sizeof times);
    memset(fold_of_group, 0, sizeof fold_of_group);
    must(corpus_sort_labels(c, &made_error));
    for (unsigned f = 0; f < folds; f++) {
        split s;
        must(split_fold(&s, c, f, folds, 11, &made_error));
        find_places(places, c, &s);
        size_t of_label[4] = {0};
        for (size_t i = 0; i < c->row_count; i++) {
            assert_int_not_equal(places[i], NOWHERE);
            if (places[i] != VALIDATES)
                continue;
            times[i]++;
            of_label[c->labels_of_rows[i]]++; /* one a row */
            assert_true(fold_of_group[group[i]] == 0 || fold_of_group[group[i]] == f + 1);
            fold_of_group[group[i]] = f + 1;
        }
        for (unsigned l = 0; l < labels; l++) {
            least[l] = of_label[l] < least[l] ? of_label[l] : least[l];
            largest[l] = of_label[l] > largest[l] ? of_label[l] : largest[l];
        }
        least_all = s.validation_count < least_all ? s.validation_count : least_all;
        most_all = s.validation_count > most_all ? s.validation_count : most_all;
        split_release(&s);
    }
    for (size_t i = 0; i < c->row_count; i++)
        assert_int_equal(times[i], 1);
    for (unsigned l = 0; l < labels; l++)
        assert_in_range(largest[l] - least[l], 0, most);
    assert_in_range(most_all - least_all, 0, most * labels);
    heed_corpus_free(c);
}

static void folds_hold_every_row_once_and_labels_in_their_share(void **state)
{
    (void)state;
    static unsigned group[MAX_ROWS];
    static const unsigned folds[] = {2, 3, 5, 10};
    for (size_t i = 0; i < 4; i++)
        for (unsigned most = 1; most <= 3; most++) {
            char *tsv = grouped_rows(200, most, group);
            check_folds(tsv, group, 2, folds[i], most);
            free(tsv);
        }
    for (unsigned i = 0; i < MAX_ROWS; i++)
        group[i] = i;
    char *tsv = told_rows(103, 4);
    check_folds(tsv, group, 4, 7, 1);
    free(tsv);
}

/* Labels rarer than there are folds share them out instead of all beginning with the first. */
static void rare_labels_fill_all_folds(void **state)
{
    (void)state;
    writer text = {0};
    writer_print(&text, "label\ttext\n");
    for (int i = 0; i < 20; i++)
        writer_print(&text, "l%d\ttext %d\n", i / 2, i);
    writer_byte(&text, '\0');
    heed_corpus *c = corpus_of(text.data, NULL);
    must(corpus_sort_labels(c, &made_error));
    for (unsigned f = 0; f < 5; f++) {
        split s;
        must(split_fold(&s, c, f, 5, 1, &made_error));
        assert_int_equal(s.validation_count, 4);
        assert_int_equal(s.train_count, 16);
        split_release(&s);
    }
    heed_corpus_free(c);
    writer_release(&text);
}

static void fixed_rows_stay_out_of_folds(void **state)
{
    (void)state;
    static place places[MAX_ROWS];
    char *tsv = told_rows(20, 2);
    heed_corpus *c = made_corpus(NULL);
    must(add_rows(c, "label\ttext\ngood\tt0\n", HEED_PART_TRAIN, NULL));
    must(add_rows(c, "label\ttext\ngood\tt1\n", HEED_PART_VALIDATION, NULL));
    must(add_rows(c, "label\ttext\ngood\tt2\n", HEED_PART_TEST, NULL));
    must(add_rows(c, tsv, HEED_PART_ANY, NULL));
    must(corpus_sort_labels(c, &made_error));
    for (unsigned f = 0; f < 4; f++) {
        split s;
        must(split_fold(&s, c, f, 4, 1, &made_error));
        find_places(places, c, &s);
        assert_int_equal(places[0], TRAINS);
        assert_int_equal(places[1], NOWHERE);
        assert_int_equal(places[2], NOWHERE);
        assert_in_range(s.validation_count, 4, 6);
        split_release(&s);
    }
    heed_corpus_free(c);
    free(tsv);
}

/* Counts by label (a third of the groups is a's) lie at most a group over the share. */
static void a_share_keeps_groups_whole_and_labels_and_lies_within_a_larger_one(void **state)
{
    (void)state;
    enum { GROUPS = 300, MOST = 4 };
    static const double shares[] = {1, 0.5, 0.25, 0.125, 0.0001};
    static unsigned group[MAX_ROWS];
    char *tsv = grouped_rows(GROUPS, MOST, group);
    heed_corpus *c = corpus_of(tsv, NULL);
    bool within[MAX_ROWS];
    memset(within, true, sizeof within);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        split s;
        bool kept[MAX_ROWS] = {false};
        double of_label[2] = {0}, all[2] = {0};
        must(corpus_sort_labels(c, &made_error));
        must(split_rows(&s, c, HEED_VALIDATION_NONE, 0, 7, &made_error));
        must(split_thin(&s, c, shares[i], 7, &made_error));
        for (uint32_t j = 0; j < s.train_count; j++) {
            assert_true(j == 0 || s.train[j - 1] < s.train[j]);
            assert_true(within[s.train[j]]);
            kept[s.train[j]] = true;
        }
        for (size_t row = 0; row < c->row_count; row++) {
            all[group[row] % 3 == 0] += 1;
            of_label[group[row] % 3 == 0] += kept[row];
            for (size_t other = 0; other < row; other++)
                assert_true(group[row] != group[other] || kept[row] == kept[other]);
        }
        for (int label = 0; label < 2; label++)
            assert_true(of_label[label] >= shares[i] * all[label] && of_label[label] < shares[i] * all[label] + MOST);
        memcpy(within, kept, sizeof within);
        split_release(&s);
    }
    split s = {0};
    static const double refused[] = {0, -0.5, 1.5, NAN};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(split_thin(&s, c, refused[i], 7, &made_error), HEED_USAGE);
    heed_corpus_free(c);
    free(tsv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_have_one_digest),
        cmocka_unit_test(fraction_keeps_groups_whole_and_labels_in_their_share),
        cmocka_unit_test(mixed_group_stands_under_its_commonest_label),
        cmocka_unit_test(last_group_of_a_label_trains),
        cmocka_unit_test(last_validates_from_floor),
        cmocka_unit_test(split_column_decides_and_other_rows_train),
        cmocka_unit_test(part_of_a_file_decides),
        cmocka_unit_test(last_rows_are_counted_without_those_of_a_test_part),
        cmocka_unit_test(group_column_is_put_before_the_text),
        cmocka_unit_test(seed_alone_decides_not_the_order_of_rows),
        cmocka_unit_test(a_share_keeps_groups_whole_and_labels_and_lies_within_a_larger_one),
        cmocka_unit_test(folds_hold_every_row_once_and_labels_in_their_share),
        cmocka_unit_test(rare_labels_fill_all_folds),
        cmocka_unit_test(fixed_rows_stay_out_of_folds),
    };
    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
