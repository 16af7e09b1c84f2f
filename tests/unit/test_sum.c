/* Sums of parts: their text, their outputs, their explanations, and bits that depend on nothing. Each part by itself is
 * a model trained alone on the same rows, which this compares with. */
#include "unit/made_rows.h"

#include <math.h>

#include "base/pool.h"
#include "explain/attribution.h"
#include "model/classifier.h"
#include "model/encode.h"
#include "model/model_file.h"
#include "model/sum_classifier.h"
#include "model/sum_text.h"

static const char wide_text[] = "wide words 1-2 letters 2-4 min-count 1 weight idf C 3";
static const char network_text[] = "embed 4 | bilstm 3 | attention additive 2";
static const char sum_text_of_both[] =
    "wide words 1-2 letters 2-4 min-count 1 weight idf C 3 ; embed 4 | bilstm 3 | attention additive 2";

enum { MOST_IDS = 64, MOST_LABELS = 4 };

/* Known words, words that no training row has, a text longer than the window, one without words. */
static const char *const texts[] = {
    "the film n3 was lovely to 2",
    "awful",
    "zzz the unheard qqq film was weird",
    "lovely lovely usual awful the film n1 was awful to me and to him and to n2 and that was weird",
    "",
};
enum { TEXTS = sizeof texts / sizeof *texts };

/* ---- text */

static void canonical_text_is_that_of_the_parts(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {" linear 2;wide C 3 ", "linear 2 ; wide C 3"},
        {"wide;embed 8|mean", "wide ; embed 8 | mean"},
        {"embed 8 | max ;linear;\tembed 4|mean", "embed 8 | max ; linear 10 ; embed 4 | mean"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        must(sum_classifier.canonical(&text, cases[i][0], &made_error));
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

static void texts_that_are_no_sum_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"wide ;", "found an empty part in 'wide ;', expected parts separated by ;"},
        {"; wide", "found an empty part"},
        {"wide ; ; linear", "found an empty part"},
        {"wide ; embed", "embed"},
        {"wide C x ; embed 4 | mean", "'x'"},
        {"wide ; nonsense 3", "nonsense"},
        {"wide ; recipe fast", "recipe"},
        {"linear;linear;linear;linear;linear;linear;linear;linear;linear;linear;linear;linear;linear;linear;linear;"
         "linear;linear",
         "found more than 16 parts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        must_refuse(heed_architecture_check(cases[i][0], &made_error), HEED_USAGE, cases[i][1], cases[i][0]);
}

static void a_sum_without_attention_keeps_its_other_parts(void **state)
{
    (void)state;
    char *text = NULL;
    must(sum_classifier.without_attention(&text, sum_text_of_both, &made_error));
    assert_string_equal(text, "wide words 1-2 letters 2-4 min-count 1 weight idf C 3 ; embed 4 | bilstm 3 | mean");
    free(text);
    must(sum_classifier.without_attention(&text, "wide ; embed 4 | mean", &made_error));
    assert_null(text);
}

/* ---- models */

/* Of two labels, of three, or of three of which a row may have several. */
typedef enum made_task { TWO, THREE, SEVERAL, TASKS } made_task;

static heed_corpus *corpus_of(made_task task, heed_vocabulary vocabulary)
{
    char *tsv = told_rows(48, task == TWO ? 2 : 3);
    heed_text_options text = made_text_options();
    heed_rows_options rows = made_rows_options(task == SEVERAL ? "," : NULL);
    text.vocabulary = vocabulary;
    heed_corpus *c = made_corpus(&text);
    must(add_rows(c, tsv, HEED_PART_ANY, &rows));
    if (task == SEVERAL)
        must(add_rows(c, "label\ttext\ngood,fair\ta lovely and usual film\nbad,good\tlovely and awful\n", HEED_PART_ANY,
                      &rows));
    free(tsv);
    return c;
}

static heed_model *model_of(made_task task, heed_vocabulary vocabulary, const char *architecture,
                            heed_validation validation, unsigned threads)
{
    heed_train_options train = made_train_options();
    heed_corpus *c = corpus_of(task, vocabulary);
    heed_model *m = NULL;
    train.architecture = architecture;
    train.validation = validation;
    train.threads = threads;
    must(heed_train(&m, c, &train, NULL, &made_error));
    heed_corpus_free(c);
    return m;
}

/* A text as a model reads it; release_row releases it. */
typedef struct made_row {
    text_encoder encoder;
    batch_row row;
} made_row;

static void encode(made_row *out, const heed_model *m, const char *text)
{
    must(text_encoder_init(&out->encoder, &made_error));
    must(text_encode(&out->encoder, m, (heed_bytes){text, strlen(text)}, NULL, &made_error));
    out->row = (batch_row){.ids = out->encoder.ids,
                           .length = (int)out->encoder.count,
                           .spelling = text_encoder_spelling(&out->encoder, m)};
    assert_in_range(out->row.length, 0, MOST_IDS);
}

static void logits_of(double *z, const heed_model *m, const char *text)
{
    classifier *c = NULL;
    pool *workers = NULL;
    made_row r;
    must(pool_new(&workers, 1, &made_error));
    must(classifier_new(&c, m, workers, &made_error));
    encode(&r, m, text);
    must(classifier_outputs(c, &r.row, 1, z, &made_error));
    text_encoder_release(&r.encoder);
    classifier_free(c);
    pool_free(workers);
}

/* Weighted logits of the same parts, trained alone: so a part learns, and reads, what it would by itself. */
static void check_logits(made_task task, heed_vocabulary vocabulary)
{
    const heed_validation fraction = HEED_VALIDATION_FRACTION;
    heed_model *sum = model_of(task, vocabulary, sum_text_of_both, fraction, 2);
    heed_model *wide = model_of(task, vocabulary, wide_text, fraction, 2);
    heed_model *network = model_of(task, vocabulary, network_text, fraction, 2);
    const model_sum *s = model_parts(sum);
    assert_int_equal(s->count, 2);
    assert_true(s->parts[0].weight > 0 && s->parts[1].weight >= 0);
    for (size_t i = 0; i < TEXTS; i++) {
        double whole[MOST_LABELS], first[MOST_LABELS], second[MOST_LABELS];
        logits_of(whole, sum, texts[i]);
        logits_of(first, wide, texts[i]);
        logits_of(second, network, texts[i]);
        for (uint32_t k = 0; k < sum->config.network.outputs; k++) {
            double expected = (double)s->parts[0].weight * first[k] + (double)s->parts[1].weight * second[k];
            if (!(fabs(whole[k] - expected) <= 1e-9))
                fail_msg("task %d, '%s', output %u: found %.12f, expected %.12f", task, texts[i], k, whole[k],
                         expected);
        }
    }
    heed_model_free(sum);
    heed_model_free(wide);
    heed_model_free(network);
}

static void logits_are_the_weighted_sum_of_models_trained_alone(void **state)
{
    (void)state;
    for (made_task task = TWO; task < TASKS; task++) {
        check_logits(task, HEED_VOCABULARY_COUNTS);
        check_logits(task, HEED_VOCABULARY_KERAS);
    }
}

/* The sigmoid or softmax of the logits, in double. */
static double probability_of(const heed_model *m, const double *z, size_t label)
{
    double sum = 0;
    if (m->config.labels.task == HEED_TASK_BINARY)
        return 1 / (1 + exp(label == m->config.labels.positive ? -z[0] : z[0]));
    if (m->config.labels.task == HEED_TASK_MULTILABEL)
        return 1 / (1 + exp(-z[label]));
    for (size_t k = 0; k < m->config.labels.count; k++)
        sum += exp(z[k]);
    return exp(z[label]) / sum;
}

static void probabilities_are_those_of_the_logits(void **state)
{
    (void)state;
    for (made_task task = TWO; task < TASKS; task++) {
        heed_model *m = model_of(task, HEED_VOCABULARY_COUNTS, sum_text_of_both, HEED_VALIDATION_FRACTION, 2);
        for (size_t i = 0; i < TEXTS; i++) {
            double z[MOST_LABELS];
            float found[MOST_LABELS];
            logits_of(z, m, texts[i]);
            made_predictions(found, m, &(heed_bytes){texts[i], strlen(texts[i])}, 1, 1);
            for (size_t k = 0; k < m->config.labels.count; k++)
                assert_true(fabs((double)found[k] - probability_of(m, z, k)) < 1e-6);
        }
        heed_model_free(m);
    }
}

/* ---- files and threads */

static void print(writer *out, const heed_model *m)
{
    *out = (writer){0};
    must(model_print(out, m, &made_error));
}

static void a_loaded_sum_answers_bit_for_bit(void **state)
{
    (void)state;
    for (made_task task = TWO; task < TASKS; task++)
        for (int keras = 0; keras < 2; keras++) {
            heed_model *m = model_of(task, keras ? HEED_VOCABULARY_KERAS : HEED_VOCABULARY_COUNTS, sum_text_of_both,
                                     HEED_VALIDATION_NONE, 2);
            heed_model *loaded = NULL;
            writer file, again;
            print(&file, m);
            must(model_parse(&loaded, file.data, file.size, "m", &made_error));
            print(&again, loaded);
            assert_int_equal(again.size, file.size);
            assert_memory_equal(again.data, file.data, file.size);
            assert_string_equal(loaded->config.network.architecture, sum_text_of_both);
            for (size_t i = 0; i < TEXTS; i++) {
                const heed_bytes text = {texts[i], strlen(texts[i])};
                float before[MOST_LABELS] = {0}, after[MOST_LABELS] = {0};
                made_predictions(before, m, &text, 1, 1);
                made_predictions(after, loaded, &text, 1, 3);
                assert_memory_equal(before, after, sizeof before);
            }
            writer_release(&file);
            writer_release(&again);
            heed_model_free(m);
            heed_model_free(loaded);
        }
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    static const heed_validation validations[] = {HEED_VALIDATION_FRACTION, HEED_VALIDATION_NONE};
    for (size_t v = 0; v < 2; v++) {
        writer usual, other;
        heed_model *one = model_of(THREE, HEED_VOCABULARY_COUNTS, sum_text_of_both, validations[v], 1);
        heed_model *three = model_of(THREE, HEED_VOCABULARY_COUNTS, sum_text_of_both, validations[v], 3);
        print(&usual, one);
        print(&other, three);
        assert_int_equal(usual.size, other.size);
        assert_memory_equal(usual.data, other.data, usual.size);
        writer_release(&usual);
        writer_release(&other);
        heed_model_free(one);
        heed_model_free(three);
    }
}

/* ---- explanations */

static void score(double *scores, attribution *sum, const heed_model *m, const batch_row *row, heed_method method,
                  size_t label)
{
    attributor *a = NULL;
    pool *workers = NULL;
    const attribution_query q = {.method = method, .row = row, .label = label};
    must(pool_new(&workers, 1, &made_error));
    must(attributor_new(&a, m, workers, &made_error));
    must(attributor_run(a, &q, scores, sum, &made_error));
    attributor_free(a);
    pool_free(workers);
}

/* A text that no part cuts, of words that all parts have, so that row and tokens are the same for each. */
static const char plain[] = "the film was lovely";

/* The scores of the sum by `method`: those of wide by its weights and of the network by the method, weighted. */
static void check_scores(const heed_model *m, heed_method method, size_t label)
{
    const model_sum *s = model_parts(m);
    double whole[MOST_IDS], own[MOST_IDS], expected[MOST_IDS] = {0}, total = 0;
    attribution sum, part;
    made_row r, of_part;
    encode(&r, m, plain);
    score(whole, &sum, m, &r.row, method, label);
    for (uint32_t p = 0; p < 2; p++) {
        const heed_model *alone = s->parts[p].model;
        encode(&of_part, p == 0 ? m : alone, plain);
        assert_int_equal(of_part.row.length, r.row.length);
        score(own, &part, alone, &of_part.row, p == 0 ? HEED_METHOD_WEIGHTS : method, label);
        for (int t = 0; t < r.row.length; t++)
            expected[t] += (double)s->parts[p].weight * own[t];
        text_encoder_release(&of_part.encoder);
    }
    for (int t = 0; t < r.row.length; t++) {
        total += whole[t];
        assert_true(fabs(whole[t] - expected[t]) < 1e-9);
    }
    if (method == HEED_METHOD_INTEGRATED)
        assert_true(fabs(total - (sum.logit - sum.baseline)) < 1e-3 * (1 + fabs(sum.logit - sum.baseline)));
    text_encoder_release(&r.encoder);
}

static void scores_are_the_weighted_sum_of_the_parts_scores(void **state)
{
    (void)state;
    for (made_task task = TWO; task < TASKS; task++) {
        heed_model *m = model_of(task, HEED_VOCABULARY_COUNTS, sum_text_of_both, HEED_VALIDATION_NONE, 2);
        for (size_t label = 0; label < m->config.labels.count; label++) {
            check_scores(m, HEED_METHOD_INTEGRATED, label);
            check_scores(m, HEED_METHOD_GRADIENT, label);
        }
        heed_model_free(m);
    }
}

/* Words after the network's window have a score by wide, and no attention. */
static void tokens_outside_a_window_count_for_the_parts_that_read_them(void **state)
{
    (void)state;
    heed_model *m = model_of(TWO, HEED_VOCABULARY_COUNTS, sum_text_of_both, HEED_VALIDATION_NONE, 2);
    double scores[MOST_IDS], attention[MOST_IDS], total = 0;
    attribution sum;
    made_row r;
    encode(&r, m, texts[3]);
    assert_true(r.row.length > 8); /* the window of made_text_options */
    score(attention, &sum, m, &r.row, HEED_METHOD_ATTENTION, 0);
    score(scores, &sum, m, &r.row, HEED_METHOD_INTEGRATED, 0);
    for (int t = 0; t < r.row.length; t++) {
        total += attention[t];
        assert_true((attention[t] > 0) == (t < 2 || t >= r.row.length - 6)); /* the first quarter and the end */
        assert_true(scores[t] != 0);
    }
    assert_true(fabs(total - 1) < 1e-6);
    text_encoder_release(&r.encoder);
    heed_model_free(m);
}

static void leave_one_out_is_the_fall_of_the_whole_sum(void **state)
{
    (void)state;
    heed_model *m = model_of(TWO, HEED_VOCABULARY_COUNTS, sum_text_of_both, HEED_VALIDATION_NONE, 2);
    double scores[MOST_IDS], z, without;
    attribution sum;
    made_row r;
    encode(&r, m, plain);
    score(scores, &sum, m, &r.row, HEED_METHOD_LEAVE_ONE_OUT, m->config.labels.positive);
    logits_of(&z, m, plain);
    logits_of(&without, m, "the film was");
    assert_true(fabs(scores[3] - (z - without)) < 1e-9);
    logits_of(&without, m, "film was lovely");
    assert_true(fabs(scores[0] - (z - without)) < 1e-9);
    text_encoder_release(&r.encoder);
    heed_model_free(m);
}

static void methods_that_no_part_has_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        heed_method method;
        const char *piece;
    } cases[] = {
        {"wide C 1 ; embed 4 | mean", HEED_METHOD_ATTENTION, "expected gradient, integrated or leave-one-out"},
        {"wide C 1 ; embed 4 | mean", HEED_METHOD_WEIGHTS, "expected gradient, integrated or leave-one-out"},
        {"wide C 1 ; linear", HEED_METHOD_INTEGRATED, "no part of the sum has gradients, expected weights or"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_model *m = model_of(TWO, HEED_VOCABULARY_COUNTS, cases[i].architecture, HEED_VALIDATION_NONE, 2);
        heed_explain_options options;
        heed_explainer *e = NULL;
        heed_explain_options_init(&options);
        options.method = cases[i].method;
        must_refuse(heed_explainer_new(&e, m, &options, &made_error), HEED_USAGE, cases[i].piece,
                    cases[i].architecture);
        assert_null(e);
        heed_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_text_is_that_of_the_parts),
        cmocka_unit_test(texts_that_are_no_sum_are_refused),
        cmocka_unit_test(a_sum_without_attention_keeps_its_other_parts),
        cmocka_unit_test(logits_are_the_weighted_sum_of_models_trained_alone),
        cmocka_unit_test(probabilities_are_those_of_the_logits),
        cmocka_unit_test(a_loaded_sum_answers_bit_for_bit),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(scores_are_the_weighted_sum_of_the_parts_scores),
        cmocka_unit_test(tokens_outside_a_window_count_for_the_parts_that_read_them),
        cmocka_unit_test(leave_one_out_is_the_fall_of_the_whole_sum),
        cmocka_unit_test(methods_that_no_part_has_are_refused),
    };
    return cmocka_run_group_tests_name("sum", tests, NULL, NULL);
}
