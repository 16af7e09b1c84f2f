/* Parts of a sum that have weight 0: nothing is computed for them, no bit of an answer changes, and what only they
 * would read is not read. */
#include "unit/made_encoder.h"

#include <math.h>

#include "explain/explanation.h"
#include "model/classifier.h"
#include "model/encode.h"
#include "model/network_classifier.h"
#include "model/sum_classifier.h"

enum { PARTS = 3, MOST_TOKENS = 200 };

static const char *const texts[] = {
    "the film n3 was lovely to 2",
    "",
    "zebra quux",
    "the film was awful, awful and bad and we saw it with others, and it was not good and not long and the film n1 was "
    "lovely to us and to them and wonderful and boring to 4 and dreadful to 5!",
};
enum { TEXTS = sizeof texts / sizeof *texts, LONG = TEXTS - 1 };

static const struct {
    const char *architecture;
    bool encoder;
    size_t network; /* a part that is one */
} cases[] = {
    {"encoder | mean | linear 1 ; wide words 1-2 letters 2-3 C 3 ; encoder | attention additive 4", true, 2},
    {"embed 4 | bilstm 3 | max ; encoder | max | linear 1 ; linear", true, 0},
    {"wide C 3 ; embed 4 | conv 4 2 | max ; linear", false, 1},
};
enum { CASES = sizeof cases / sizeof *cases };

static made_encoder tiny;

static heed_model *model_of(size_t number)
{
    heed_text_options with = encoder_text_options(&tiny, 12), without = made_text_options();
    return made_encoder_model(cases[number].encoder ? &with : &without, cases[number].architecture);
}

static void set_weights(heed_model *m, const float weights[PARTS])
{
    model_sum *s = m->trained;
    for (uint32_t i = 0; i < s->count; i++)
        s->parts[i].weight = weights[i];
}

static heed_bytes text_at(size_t number)
{
    return (heed_bytes){texts[number], strlen(texts[number])};
}

/* ---- answers */

static double logit_of(const heed_model *m, const batch_row *row)
{
    classifier *c = NULL;
    pool *workers = NULL;
    double z[2];
    must(pool_new(&workers, 1, &made_error));
    must(classifier_new(&c, m, workers, &made_error));
    must(classifier_outputs(c, row, 1, z, &made_error));
    classifier_free(c);
    pool_free(workers);
    return z[0];
}

static batch_row encode(text_encoder *e, const heed_model *m, size_t text)
{
    must(text_encoder_init(e, &made_error));
    must(text_encode(e, m, text_at(text), NULL, &made_error));
    return (batch_row){.ids = e->ids, .length = (int)e->count, .spelling = text_encoder_spelling(e, m)};
}

/* The sum of what the parts give by themselves, of a text that is read for all of them. */
static double plain_sum(heed_model *m, size_t text, const float weights[PARTS])
{
    static const float all[PARTS] = {1, 1, 1};
    uint32_t ids[MOST_TOKENS];
    text_encoder e;
    double z = 0;
    set_weights(m, all);
    const batch_row row = encode(&e, m, text);
    assert_in_range(row.length, 0, MOST_TOKENS);
    for (uint32_t i = 0; i < PARTS; i++) {
        const sum_part *part = &model_parts(m)->parts[i];
        const batch_row own = sum_part_row(part, &row, ids, NULL);
        z += (double)weights[i] * logit_of(part->model, &own);
    }
    text_encoder_release(&e);
    return z;
}

static void idle_parts_change_no_bit(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        heed_model *m = model_of(c);
        for (unsigned counting = 1; counting < 1 << PARTS; counting++)
            for (size_t t = 0; t < TEXTS; t++) {
                const float weights[PARTS] = {counting & 1 ? 0.7F : 0, counting & 2 ? 1.3F : 0,
                                              counting & 4 ? 0.4F : 0};
                const double expected = plain_sum(m, t, weights);
                text_encoder e;
                set_weights(m, weights);
                const batch_row row = encode(&e, m, t);
                const double found = logit_of(m, &row);
                if (memcmp(&found, &expected, sizeof found) != 0)
                    fail_msg("'%s', parts %u, text %zu: found %.17g, expected %.17g", cases[c].architecture, counting,
                             t, found, expected);
                text_encoder_release(&e);
            }
        heed_model_free(m);
    }
}

static void idle_parts_are_not_computed(void **state)
{
    (void)state;
    for (size_t c = 0; c < CASES; c++) {
        heed_model *m = model_of(c);
        float weights[PARTS] = {1, 1, 1}, p[2];
        heed_explain_options options;
        heed_explainer *x = NULL;
        heed_explanation *e = NULL;
        heed_explain_options_init(&options);
        weights[cases[c].network] = 0;
        set_weights(m, weights);
        const trained_network *n = model_network(model_parts(m)->parts[cases[c].network].model);
        for (size_t i = 0; i < n->net->weight_count; i++)
            n->weights[i] = (real)NAN;
        const heed_bytes text = text_at(0);
        made_predictions(p, m, &text, 1, 1);
        assert_true(p[0] > 0 && p[1] > 0);
        must(heed_explainer_new(&x, m, &options, &made_error));
        must(heed_explainer_run(&e, x, text, &made_error));
        heed_explanation_free(e);
        heed_explainer_free(x);
        heed_model_free(m);
    }
}

/* ---- reading */

/* How many words of the long text an explanation says were read and cut off; whether a predictor counts it as cut. */
typedef struct reading {
    size_t read, cut;
    bool counted;
} reading;

static reading read_long(heed_model *m, const float weights[PARTS])
{
    reading out = {0};
    float p[2];
    const heed_bytes text = text_at(LONG);
    heed_explain_options options;
    heed_explainer *x = NULL;
    heed_explanation *e = NULL;
    heed_predictor *predictor = NULL;
    heed_explain_options_init(&options);
    set_weights(m, weights);
    must(heed_explainer_new(&x, m, &options, &made_error));
    must(heed_explainer_run(&e, x, text, &made_error));
    for (size_t i = 0; i < heed_explanation_describe(e)->segment_count; i++) {
        out.read += heed_explanation_segment(e, i)->status == HEED_TOKEN_READ;
        out.cut += heed_explanation_segment(e, i)->status == HEED_TOKEN_CUT;
    }
    heed_explanation_free(e);
    heed_explainer_free(x);
    must(heed_predictor_new(&predictor, m, 1, &made_error));
    must(heed_predictor_run(p, predictor, &text, 1, &made_error));
    out.counted = heed_predictor_describe(predictor)->cut == 1;
    heed_predictor_free(predictor);
    return out;
}

static void what_no_part_that_counts_reads_is_cut_off(void **state)
{
    (void)state;
    static const struct {
        size_t number;
        float weights[PARTS];
        size_t most; /* words that are read; 0: all */
    } expected[] = {
        {0, {1, 1, 1}, 0},  {0, {1, 0, 1}, 10}, {0, {0, 0, 1}, 10}, {0, {0, 1, 0}, 0}, {1, {1, 1, 1}, 0},
        {1, {1, 1, 0}, 22}, {1, {1, 0, 0}, 12}, {1, {0, 1, 0}, 10}, {2, {0, 1, 0}, 8}, {2, {1, 1, 0}, 0},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        heed_model *m = model_of(expected[i].number);
        const reading found = read_long(m, expected[i].weights);
        const bool cut = expected[i].most > 0;
        if (found.counted != cut || (found.cut > 0) != cut || found.read == 0 || (cut && found.read > expected[i].most))
            fail_msg("case %zu: %zu words are read and %zu cut off, %s", i, found.read, found.cut,
                     found.counted ? "counted" : "not counted");
        heed_model_free(m);
    }
}

static void find_attention(double *scores, const heed_model *m, const batch_row *row)
{
    attributor *a = NULL;
    pool *workers = NULL;
    attribution sum;
    const attribution_query q = {.method = HEED_METHOD_ATTENTION, .row = row};
    must(pool_new(&workers, 1, &made_error));
    must(attributor_new(&a, m, workers, &made_error));
    must(attributor_run(a, &q, scores, &sum, &made_error));
    attributor_free(a);
    pool_free(workers);
}

static void attention_is_that_of_a_part_that_counts(void **state)
{
    (void)state;
    static const float second[PARTS] = {0, 1};
    const heed_text_options text = made_text_options();
    heed_model *m = made_encoder_model(&text, "embed 4 | attention dot ; embed 4 | attention additive 2");
    double found[MOST_TOKENS] = {0}, expected[MOST_TOKENS] = {0};
    uint32_t ids[MOST_TOKENS];
    text_encoder e;
    set_weights(m, second);
    const batch_row row = encode(&e, m, 0);
    const batch_row own = sum_part_row(&model_parts(m)->parts[1], &row, ids, NULL);
    find_attention(found, m, &row);
    find_attention(expected, model_parts(m)->parts[1].model, &own);
    assert_memory_equal(found, expected, sizeof found);
    text_encoder_release(&e);
    heed_model_free(m);
}

static int make_encoder(void **state)
{
    (void)state;
    made_encoder_open(&tiny, "bert", "vocab.txt");
    return 0;
}

static int drop_encoder(void **state)
{
    (void)state;
    made_encoder_close(&tiny);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_parts_change_no_bit),
        cmocka_unit_test(idle_parts_are_not_computed),
        cmocka_unit_test(what_no_part_that_counts_reads_is_cut_off),
        cmocka_unit_test(attention_is_that_of_a_part_that_counts),
    };
    return cmocka_run_group_tests_name("idle parts", tests, make_encoder, drop_encoder);
}
