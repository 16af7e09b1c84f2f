/* Hidden states of encoders: those of transformers, with every instruction set; the same bits at any number of threads,
 * in any group and company; what cannot be encoded is refused. */
#include "unit/golden_encoders.h"

#include <math.h>

enum { WINDOW = 80, MANY = 500 };

static void check_states(const char *folder, const char *kernels_name)
{
    golden_encoder g = golden_encoder_open(folder, 2);
    real *states = golden_states(&g, golden_texts(&g), MANY, false);
    for (size_t i = 0; i < g.tokens * g.width; i++)
        if (!(fabsf(states[i] - g.states[i]) <= 1e-5f * fmaxf(1, fabsf(g.states[i]))))
            fail_msg("%s with %s: feature %zu of token %zu is %.8g, expected %.8g", folder, kernels_name, i % g.width,
                     i / g.width, (double)states[i], (double)g.states[i]);
    free(states);
    golden_encoder_close(&g);
}

static void states_are_those_of_transformers(void **state)
{
    (void)state;
    check_with_all_kernels(check_states, GOLDEN_FOLDERS);
}

static void assert_same_states(const char *what, const golden_encoder *g, const real *found, const real *expected)
{
    if (memcmp(found, expected, g->tokens * g->width * sizeof *found) != 0)
        fail_msg("other bits: %s", what);
}

static void threads_and_groups_change_no_bit(void **state)
{
    (void)state;
    for (int f = 0; f < GOLDEN_FOLDERS; f++) {
        golden_encoder one = golden_encoder_open(golden_folders[f], 1);
        real *expected = golden_states(&one, golden_texts(&one), WINDOW, false);
        for (unsigned threads = 1; threads <= 4; threads++) {
            golden_encoder g = golden_encoder_open(golden_folders[f], threads);
            real *together = golden_states(&g, golden_texts(&g), MANY, false);
            real *groups = golden_states(&g, golden_texts(&g), WINDOW + 3, false);
            real *kept = golden_states(&g, golden_texts(&g), MANY, true);
            assert_same_states("all texts in one group", &one, together, expected);
            assert_same_states("several groups", &one, groups, expected);
            assert_same_states("a pass that keeps", &one, kept, expected);
            free(together);
            free(groups);
            free(kept);
            golden_encoder_close(&g);
        }
        free(expected);
        golden_encoder_close(&one);
    }
}

static void company_changes_no_bit(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("bert", 2);
    real *expected = golden_states(&g, golden_texts(&g), MANY, false);
    for (size_t i = 0, first = 0; i < g.count; first += (size_t)g.lengths[i++]) {
        const int lengths[] = {0, g.lengths[i], 0};
        encoder_texts alone = {.ids = g.ids + first, .lengths = lengths, .count = 3};
        real *states = golden_states(&g, alone, WINDOW, false);
        assert_memory_equal(states, expected + first * g.width, (size_t)g.lengths[i] * g.width * sizeof *states);
        free(states);
    }
    free(expected);
    golden_encoder_close(&g);
}

static void rows_in_place_of_words_are_used(void **state)
{
    (void)state;
    static const char *const tried[] = {"bert", "static-int8"};
    for (size_t f = 0; f < 2; f++) {
        golden_encoder g = golden_encoder_open(tried[f], 2);
        real *expected = golden_states(&g, golden_texts(&g), MANY, false),
             *words = calloc(g.tokens * g.width, sizeof *words);
        assert_non_null(words);
        for (size_t t = 0; t < g.tokens; t++)
            encoder_word(g.e, g.ids[t], words + t * g.width);
        encoder_texts texts = golden_texts(&g);
        texts.words = words;
        real *states = golden_states(&g, texts, WINDOW, false);
        assert_same_states("the words' own rows", &g, states, expected);
        memset(words, 0, g.tokens * g.width * sizeof *words);
        real *empty = golden_states(&g, texts, WINDOW, false);
        assert_memory_not_equal(empty, expected, g.tokens * g.width * sizeof *empty);
        free(empty);
        free(states);
        free(words);
        free(expected);
        golden_encoder_close(&g);
    }
}

static void check_refused(const golden_encoder *g, encoder_texts texts, bool keeps, const char *message)
{
    encoder_pass *p;
    real *states = calloc(MANY * g->width, sizeof *states);
    assert_non_null(states);
    encoder_must(encoder_pass_new(&p, g->e, g->workers, WINDOW + 10, keeps, &encoder_error));
    assert_int_equal(encoder_pass_run(p, &texts, states, &encoder_error), HEED_BAD_DATA);
    assert_string_equal(encoder_error.message, message);
    for (size_t i = 0; i < MANY * g->width; i++)
        assert_true(states[i] == 0);
    encoder_pass_backward(p, states, states); /* of nothing */
    encoder_pass_free(p);
    free(states);
}

static void what_cannot_be_encoded_is_refused(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("bert", 1);
    uint32_t ids[MANY] = {0};
    const int lengths[] = {2, 3}, longer[] = {1, WINDOW + 1}, both[] = {WINDOW, WINDOW}, negative[] = {-1};
    ids[4] = 60;
    check_refused(&g, (encoder_texts){ids, lengths, 2, NULL}, false,
                  "text 2: id 60 of token 3, expected one below the encoder's 60");
    ids[4] = UINT32_MAX;
    check_refused(&g, (encoder_texts){ids, lengths, 2, NULL}, true,
                  "text 2: id 4294967295 of token 3, expected one below the encoder's 60");
    ids[4] = 0;
    check_refused(&g, (encoder_texts){ids, longer, 2, NULL}, false, "text 2: 81 tokens, expected at most 80");
    check_refused(&g, (encoder_texts){ids, negative, 1, NULL}, false, "text 1: -1 tokens, expected at most 80");
    check_refused(&g, (encoder_texts){ids, both, 2, NULL}, true, "160 tokens, expected at most 90 for gradients");
    golden_encoder_close(&g);
    g = golden_encoder_open("static-int8", 1);
    ids[0] = 50; /* of the mapping, which is longer than the matrix */
    check_refused(&g, (encoder_texts){ids, lengths, 1, NULL}, false,
                  "text 1: id 50 of token 1, expected one below the encoder's 50");
    golden_encoder_close(&g);
}

static void no_texts_are_no_states(void **state)
{
    (void)state;
    golden_encoder g = golden_encoder_open("bert", 2);
    const int empty[] = {0, 0};
    free(golden_states(&g, (encoder_texts){0}, WINDOW, false));
    free(golden_states(&g, (encoder_texts){g.ids, empty, 2, NULL}, WINDOW, true));
    golden_encoder_close(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_those_of_transformers),
        cmocka_unit_test(threads_and_groups_change_no_bit),
        cmocka_unit_test(company_changes_no_bit),
        cmocka_unit_test(rows_in_place_of_words_are_used),
        cmocka_unit_test(what_cannot_be_encoded_is_refused),
        cmocka_unit_test(no_texts_are_no_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
