/* Rows are divided by shares: each label, any number of small labels together, groups whole. */
#include <math.h>

#include "unit/made_rows.h"

#include "data/shares.h"

enum { MAX_ROWS = 6000, MAX_PARTS = 5 };

/* Rows with one label each; label 0 has the first place in the order. */
typedef struct made {
    uint64_t group[MAX_ROWS], rows_of[MAX_ROWS];
    uint32_t label[MAX_ROWS], rank[MAX_ROWS], part[MAX_ROWS];
    size_t first[MAX_ROWS + 1];
    size_t rows;
    uint32_t labels;
} made;

static void add_row_of(made *m, uint64_t group, uint32_t label)
{
    m->group[m->rows] = group;
    m->label[m->rows] = label;
    m->rows++;
    m->first[m->rows] = m->rows;
    m->rows_of[label]++;
    for (; m->labels <= label; m->labels++)
        m->rank[m->labels] = m->labels;
}

static void divide(made *m, const double *shares, size_t parts, uint64_t seed)
{
    shared_rows rows = {m->group, m->label, m->first, m->rank, m->rows_of, m->rows, m->labels};
    must(shares_assign(m->part, &rows, shares, parts, seed, &made_error));
}

static void count(size_t *out, const made *m, size_t parts, uint32_t label, bool all)
{
    memset(out, 0, parts * sizeof *out);
    for (size_t i = 0; i < m->rows; i++) {
        assert_true(m->part[i] < parts);
        out[m->part[i]] += all || m->label[i] == label;
    }
}

static const double usual[] = {0.8, 0.1, 0.1};

static void every_label_has_its_share_in_every_part(void **state)
{
    (void)state;
    static const size_t sizes[] = {3000, 700, 95, 40, 12, 3, 1};
    static const double others[] = {0.05, 0.15, 0.5, 0.1, 0.2};
    made *m = calloc(1, sizeof *m);
    for (uint32_t label = 0; label < 7; label++)
        for (size_t i = 0; i < sizes[label]; i++)
            add_row_of(m, m->rows * 7919 + 1, label);
    for (uint64_t seed = 0; seed < 20; seed++) {
        const double *shares = seed % 2 ? usual : others;
        size_t parts = seed % 2 ? 3 : 5, found[MAX_PARTS], largest = seed % 2 ? 0 : 2;
        divide(m, shares, parts, seed);
        for (uint32_t label = 0; label < 7; label++) {
            count(found, m, parts, label, false);
            assert_true(found[largest] > 0);
            for (size_t p = 0; p < parts; p++)
                assert_true(fabs((double)found[p] - shares[p] * (double)sizes[label]) <= 2);
        }
        count(found, m, parts, 0, true);
        for (size_t p = 0; p < parts; p++)
            assert_true(fabs((double)found[p] - shares[p] * (double)m->rows) <= 2);
    }
    free(m);
}

/* Each of them has too few rows for a share, all together do not. */
static void many_small_labels_together_have_their_shares(void **state)
{
    (void)state;
    made *m = calloc(1, sizeof *m);
    size_t found[3];
    for (uint32_t label = 0; label < 1000; label++)
        for (unsigned i = 0; i < 5; i++)
            add_row_of(m, m->rows * 31 + 5, label);
    divide(m, usual, 3, 1);
    count(found, m, 3, 0, true);
    assert_in_range(found[0], 3999, 4001);
    assert_in_range(found[1], 499, 501);
    for (uint32_t label = 0; label < 1000; label++) {
        count(found, m, 3, label, false);
        assert_true(found[0] >= 1);
    }
    free(m);
}

static void groups_are_whole_and_large_ones_go_where_there_is_room(void **state)
{
    (void)state;
    made *m = calloc(1, sizeof *m);
    size_t found[3];
    for (unsigned i = 0; i < 1000; i++) /* one group of 600, others of 1 to 7 */
        add_row_of(m, i < 600 ? 0 : i / 4 + i % 3, i % 2);
    divide(m, usual, 3, 4);
    count(found, m, 3, 0, true);
    assert_true(found[0] > 790 && found[0] < 810 && found[1] > 90 && found[1] < 110);
    for (size_t i = 0; i < m->rows; i++)
        for (size_t k = 0; k < i; k++)
            if (m->group[i] == m->group[k])
                assert_int_equal(m->part[i], m->part[k]);
    free(m);
}

/* The order of rows is not that of the files that they are in. */
static void the_order_of_rows_does_not_matter_and_the_seed_does(void **state)
{
    (void)state;
    made *one = calloc(1, sizeof *one), *other = calloc(1, sizeof *other);
    size_t moved = 0;
    for (unsigned i = 0; i < 1000; i++) {
        add_row_of(one, i / 2, i % 4 / 2);
        add_row_of(other, (999 - i) / 2, (999 - i) % 4 / 2);
    }
    divide(one, usual, 3, 9);
    divide(other, usual, 3, 9);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(one->part[i], other->part[999 - i]);
    divide(other, usual, 3, 10);
    for (unsigned i = 0; i < 1000; i++)
        moved += one->part[i] != other->part[999 - i];
    assert_true(moved > 100);
    free(one);
    free(other);
}

/* Row i has label 0, and each tenth also the rare label 1, by which it is divided. */
static void a_row_with_several_labels_counts_under_the_rarest(void **state)
{
    (void)state;
    static uint32_t labels[1100], part[1000];
    static uint64_t group[1000];
    static size_t first[1001];
    static const uint32_t rank[] = {0, 1};
    static const uint64_t rows_of[] = {1000, 100};
    size_t rare[3] = {0}, all[3] = {0}, n = 0;
    for (size_t i = 0; i < 1000; i++) {
        labels[n++] = 0;
        if (i % 10 == 0)
            labels[n++] = 1;
        first[i + 1] = n;
        group[i] = i;
    }
    shared_rows rows = {group, labels, first, rank, rows_of, 1000, 2};
    must(shares_assign(part, &rows, usual, 3, 2, &made_error));
    for (size_t i = 0; i < 1000; i++) {
        all[part[i]]++;
        rare[part[i]] += i % 10 == 0;
    }
    assert_in_range(rare[0], 79, 81);
    assert_in_range(rare[1], 9, 11);
    assert_int_equal(all[0], 800);
    assert_int_equal(all[1], 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_label_has_its_share_in_every_part),
        cmocka_unit_test(many_small_labels_together_have_their_shares),
        cmocka_unit_test(groups_are_whole_and_large_ones_go_where_there_is_room),
        cmocka_unit_test(the_order_of_rows_does_not_matter_and_the_seed_does),
        cmocka_unit_test(a_row_with_several_labels_counts_under_the_rarest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
