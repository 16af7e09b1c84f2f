/* Nearly equal texts against brute force over all pairs, and the pieces by which they are found. */
#include "unit/made_check.h"

#include <math.h>

#include "check/min_hash.h"
#include "check/shingles.h"
#include "check/statistics.h"

enum { ROWS = 800, MOST_WORDS = 120, RUN = 5 };

#define LEAST 0.8

/* Row i: its words as numbers. */
typedef struct made_text {
    unsigned words[MOST_WORDS], count;
} made_text;

static uint64_t state_of_chance = 1;

/* Knuth's MMIX generator. */
static unsigned chance(unsigned below)
{
    state_of_chance = state_of_chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state_of_chance >> 33) % below;
}

/* Half of the texts are earlier ones with some words changed, added or taken away. */
static made_text *texts_make(void)
{
    made_text *texts = calloc(ROWS, sizeof *texts);
    for (unsigned i = 0; i < ROWS; i++) {
        made_text *t = &texts[i];
        if (i > 0 && chance(2) == 0) {
            *t = texts[chance(i)];
            for (unsigned changes = chance(3); changes > 0; changes--)
                t->words[chance(t->count)] = chance(5000);
            t->count -= t->count > 2 ? chance(2) : 0;
        } else {
            t->count = i % 10 == 0 ? 1 + chance(7) : 40 + chance(MOST_WORDS - 40);
            for (unsigned k = 0; k < t->count; k++)
                t->words[k] = chance(i % 10 == 0 ? 12 : 5000);
        }
    }
    return texts;
}

static char *texts_print(const made_text *texts)
{
    writer w = {0};
    char *out = NULL;
    writer_text(&w, "label\ttext\n");
    for (unsigned i = 0; i < ROWS; i++) {
        writer_text(&w, i % 2 ? "a\t" : "b\t");
        for (unsigned k = 0; k < texts[i].count; k++)
            writer_print(&w, "%sW%u", k > 0 ? " " : "", texts[i].words[k]);
        writer_byte(&w, '\n');
    }
    must(writer_take(&w, &out, NULL, &made_error));
    return out;
}

/* ---- brute force: sets of runs of words, compared word by word */

static unsigned run_size(const made_text *t)
{
    return t->count < RUN ? 1 : RUN;
}

static bool run_same(const made_text *a, unsigned i, const made_text *b, unsigned k)
{
    return a->words[i] == b->words[k] && run_size(a) == run_size(b) &&
           memcmp(a->words + i, b->words + k, run_size(a) * sizeof *a->words) == 0;
}

static bool has_run(const made_text *t, unsigned before, const made_text *of, unsigned at)
{
    for (unsigned i = 0; i < before; i++)
        if (run_same(t, i, of, at))
            return true;
    return false;
}

static double similarity(const made_text *a, const made_text *b)
{
    unsigned in_a = 0, in_b = 0, both = 0, runs_a = a->count + 1 - run_size(a), runs_b = b->count + 1 - run_size(b);
    for (unsigned i = 0; i < runs_a; i++)
        if (!has_run(a, i, a, i)) {
            in_a++;
            both += has_run(b, runs_b, a, i);
        }
    for (unsigned i = 0; i < runs_b; i++)
        in_b += !has_run(b, i, b, i);
    return (double)both / (in_a + in_b - both);
}

static bool is_same(const made_text *a, const made_text *b)
{
    return a->count == b->count && memcmp(a->words, b->words, a->count * sizeof *a->words) == 0;
}

static bool is_reported(const heed_check *check, const heed_finding *f, size_t one, size_t other)
{
    for (size_t i = 0; f != NULL && i < f->pair_count; i++) {
        const heed_checked_pair *pair = heed_check_pair(check, f->first_pair + i);
        if (pair->one == one && pair->other == other)
            return true;
    }
    return false;
}

/* Rows that repeat an earlier text are no part of near pairs. */
static void repeated_find(bool repeated[ROWS], const made_text *texts)
{
    for (unsigned i = 0; i < ROWS; i++) {
        repeated[i] = false;
        for (unsigned k = 0; k < i && !repeated[i]; k++)
            repeated[i] = is_same(&texts[i], &texts[k]);
    }
}

static void near_copies_are_those_of_brute_force(void **state)
{
    (void)state;
    made_text *texts = texts_make();
    char *rows = texts_print(texts);
    bool repeated[ROWS];
    heed_check *check = made_check(rows, NULL, NULL);
    const heed_finding *f = must_find(check, "near-copies-within", HEED_PART_TRAIN, HEED_PART_TRAIN);
    unsigned true_pairs = 0, found = 0;
    repeated_find(repeated, texts);
    for (size_t i = 0; i < f->pair_count; i++) { /* none is reported wrongly */
        const heed_checked_pair *pair = heed_check_pair(check, f->first_pair + i);
        double expected = similarity(&texts[pair->one], &texts[pair->other]);
        if (pair->one >= pair->other || expected < LEAST || fabs(expected - pair->similarity) > 1e-12)
            fail_msg("rows %zu and %zu: found %g, expected %g", pair->one, pair->other, pair->similarity, expected);
    }
    for (unsigned i = 0; i < ROWS; i++)
        for (unsigned k = i + 1; k < ROWS; k++)
            if (!repeated[i] && !repeated[k] && similarity(&texts[i], &texts[k]) >= LEAST) {
                true_pairs++;
                found += is_reported(check, f, i, k);
            }
    assert_int_equal(f->pair_count, found);
    assert_true(true_pairs > 100);
    if (found * 100 < true_pairs * 99)
        fail_msg("found %u of %u pairs, expected 99%%", found, true_pairs);
    heed_check_free(check);
    free(rows);
    free(texts);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    made_text *texts = texts_make();
    char *rows = texts_print(texts), *first = NULL;
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        char *json = NULL;
        heed_check *check = NULL;
        must(heed_check_new(&check, &made_error));
        FILE *file = fopen("/tmp/heed-test-same-rows.tsv", "w");
        assert_non_null(file);
        fputs(rows, file);
        fclose(file);
        heed_reader *reader = NULL;
        heed_rows_options options = made_rows_options(NULL);
        must(heed_reader_open(&reader, &(const char *){"/tmp/heed-test-same-rows.tsv"}, 1, &options, &made_error));
        must(heed_check_add(check, reader, HEED_PART_TRAIN, threads, NULL, &made_error));
        must(heed_check_finish(check, threads, NULL, &made_error));
        must(heed_check_json(&json, check, &made_error));
        if (first == NULL)
            first = json;
        else
            assert_string_equal(json, first);
        if (json != first)
            heed_free(json);
        heed_reader_free(reader);
        heed_check_free(check);
    }
    unlink("/tmp/heed-test-same-rows.tsv");
    heed_free(first);
    free(rows);
    free(texts);
}

/* 3,000 texts that differ by a word have 4.5 million pairs: each text is found, but not with each other. */
static void thousands_of_near_copies_are_found_without_all_their_pairs(void **state)
{
    (void)state;
    enum { CROWD = 3000 };
    writer w = {0};
    char *rows = NULL;
    writer_text(&w, "label\ttext\n");
    for (unsigned i = 0; i < CROWD; i++) {
        writer_print(&w, "a\tnumber%u", i);
        for (unsigned k = 0; k < 60; k++)
            writer_print(&w, " word%u", k);
        writer_byte(&w, '\n');
    }
    must(writer_take(&w, &rows, NULL, &made_error));
    heed_check *check = made_check(rows, NULL, NULL);
    const heed_finding *f = must_find(check, "near-copies-within", HEED_PART_TRAIN, HEED_PART_TRAIN);
    assert_int_equal(f->rows, CROWD - 1);
    assert_in_range(f->pair_count, CROWD - 1, 20 * 4 * CROWD);
    heed_check_free(check);
    free(rows);
}

/* ---- the pieces */

/* Two sketches agree at as many places as the sets are similar: the mean over many sets is near, within four standard
 * errors. */
static void sketches_agree_as_sets_are_similar(void **state)
{
    (void)state;
    enum { TIMES = 400 };
    static const struct {
        unsigned both, own;
    } sets[] = {{8, 1}, {1, 1}, {60, 20}, {300, 200}, {2000, 100}};
    uint64_t a[2100], b[2100];
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        unsigned size = sets[s].both + sets[s].own;
        double expected = (double)sets[s].both / (sets[s].both + 2 * sets[s].own), sum = 0;
        for (unsigned t = 0; t < TIMES; t++) {
            uint32_t one[SKETCH], other[SKETCH];
            for (unsigned i = 0; i < size; i++) {
                a[i] = (uint64_t)chance(1u << 31) << 31 ^ chance(1u << 31);
                b[i] = i < sets[s].both ? a[i] : ~a[i];
            }
            min_hash_sketch(one, a, size);
            min_hash_sketch(other, b, size);
            sum += min_hash_agree(one, other);
        }
        double error = sqrt(expected * (1 - expected) / SKETCH / TIMES), mean = sum / SKETCH / TIMES;
        if (fabs(mean - expected) > 4 * error)
            fail_msg("sets of %u with %u in both: %g, expected %g", size, sets[s].both, mean, expected);
    }
}

static void shingles_depend_on_the_order_of_words(void **state)
{
    (void)state;
    static const char *const words[] = {"a", "b", "c", "d", "e", "f", "a", "b"};
    heed_token tokens[8];
    shingles one = {0}, other = {0};
    for (unsigned i = 0; i < 8; i++)
        tokens[i] = (heed_token){.text = {words[i], 1}};
    must(shingles_make(&one, tokens, 6, &made_error)); /* abcde bcdef */
    assert_int_equal(one.count, 2);
    must(shingles_make(&other, tokens + 1, 7, &made_error)); /* bcdef cdefa defab */
    shingles_sort(&one);
    shingles_sort(&other);
    assert_true(shingles_similarity(&one, &other) == 0.25);
    heed_token turned[5] = {tokens[1], tokens[0], tokens[2], tokens[3], tokens[4]};
    must(shingles_make(&other, turned, 5, &made_error));
    assert_true(shingles_similarity(&one, &other) == 0);
    shingles_release(&one);
    shingles_release(&other);
}

/* Where the tail has a closed form: two degrees of freedom, more even ones, and one. */
static void tails_are_those_of_the_closed_forms(void **state)
{
    (void)state;
    for (double x = 0.1; x < 200; x *= 1.5) {
        double sum = 0, term = 1;
        for (unsigned half = 1; half <= 20; half++) {
            sum += term;
            term *= x / 2 / half;
            double expected = exp(-x / 2) * sum, found = chi_squared_tail(x, 2 * half);
            if (fabs(found - expected) > 1e-9 * expected + 1e-14)
                fail_msg("x %g, %u degrees: found %g, expected %g", x, 2 * half, found, expected);
        }
        double expected = erfc(sqrt(x / 2)), found = chi_squared_tail(x, 1);
        if (fabs(found - expected) > 1e-9 * expected + 1e-14)
            fail_msg("x %g, 1 degree: found %g, expected %g", x, found, expected);
    }
    assert_true(chi_squared_tail(0, 3) == 1 && fabs(normal_tail(1.959963984540054) - 0.025) < 1e-15);
}

/* 100 (10 * 40 - 20 * 30)^2 / (30 * 70 * 40 * 60), by hand. */
static void shares_are_compared_by_chi_squared(void **state)
{
    (void)state;
    shares_test t = shares_compare((const uint64_t[]){10, 20}, (const uint64_t[]){30, 40}, 2);
    assert_true(fabs(t.statistic - 4e6 / 5.04e6) < 1e-12);
    assert_int_equal(t.degrees, 1);
    assert_true(fabs(t.distance - fabs(10.0 / 30 - 30.0 / 70)) < 1e-12);
    /* The two rare categories are one: (40, 6) against (60, 14), as 100 and 20 of 120. */
    t = shares_compare((const uint64_t[]){40, 3, 3}, (const uint64_t[]){60, 7, 7}, 3);
    assert_int_equal(t.degrees, 1);
    assert_int_equal(t.most, 0);
    t = shares_compare((const uint64_t[]){40, 40}, (const uint64_t[]){80, 80}, 2);
    assert_true(t.statistic == 0 && t.p == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_copies_are_those_of_brute_force),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(thousands_of_near_copies_are_found_without_all_their_pairs),
        cmocka_unit_test(sketches_agree_as_sets_are_similar),
        cmocka_unit_test(shingles_depend_on_the_order_of_words),
        cmocka_unit_test(tails_are_those_of_the_closed_forms),
        cmocka_unit_test(shares_are_compared_by_chi_squared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
