/* Networks on the states of a pretrained encoder, with a small one: what they read is what the encoder computes, in any
 * company, kept or not, at any number of threads; a model in a file answers as the one that was trained; explanations
 * add up; what does not fit is refused. */
#include "unit/lying_file.h"
#include "unit/made_encoder.h"

#include <math.h>

#include "data/encoded_states.h"
#include "explain/text_gradients.h"
#include "features/text_encoding.h"
#include "model/classifier.h"
#include "model/network_classifier.h"

enum { ROWS = 60, WINDOW = 14, MOST = 700 };

static const char architecture[] = "encoder | attention additive 4 | dense 9 | dropout 0.2";

static made_encoder tiny;

static int make_encoder(void **state)
{
    (void)state;
    made_encoder_open(&tiny, "bert", "vocab.txt");
    return 0;
}

static int clean_up(void **state)
{
    made_encoder_close(&tiny);
    return tear_down(state);
}

static heed_text_options text_options(void)
{
    return encoder_text_options(&tiny, WINDOW);
}

static heed_corpus *corpus_of(unsigned labels)
{
    heed_text_options text = text_options();
    heed_corpus *c = made_corpus(&text);
    char *rows = told_rows(ROWS, labels);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    heed_free(rows);
    return c;
}

static heed_train_options train_options(const char *text)
{
    heed_train_options train = made_train_options();
    train.architecture = text;
    return train;
}

static heed_model *model_of(heed_corpus *c, const char *text, unsigned threads)
{
    heed_model *m = NULL;
    heed_train_options train = train_options(text);
    train.threads = threads;
    must(heed_train(&m, c, &train, NULL, &made_error));
    return m;
}

static writer file_of(const heed_model *m)
{
    writer out = {0};
    must(model_print(&out, m, &made_error));
    return out;
}

static void check_same_file(const heed_model *one, const heed_model *other, const char *what)
{
    writer first = file_of(one), second = file_of(other);
    if (first.size != second.size || memcmp(first.data, second.data, first.size) != 0)
        fail_msg("the model file differs by %s", what);
    writer_release(&first);
    writer_release(&second);
}

/* ---- states */

/* The states of a text by itself, [1 + its tokens]: a pass over it between [CLS] and [SEP]. */
static void check_states(const shared_encoder *e, text_ids text, const real *found)
{
    const size_t width = shared_encoder_width(e);
    uint32_t ids[WINDOW + 2] = {2};
    const int length = (int)text.count + 2;
    real *states = calloc((size_t)length * width, sizeof *states);
    encoder_pass *p = NULL;
    pool *workers = NULL;
    memcpy(ids + 1, text.ids, text.count * sizeof *ids);
    ids[text.count + 1] = 3;
    must(pool_new(&workers, 1, &made_error));
    must(encoder_pass_new(&p, e->net, workers, WINDOW + 2, false, &made_error));
    must(encoder_pass_run(p, &(encoder_texts){.ids = ids, .lengths = &length, .count = 1}, states, &made_error));
    assert_memory_equal(found, states, (1 + text.count) * width * sizeof *states);
    encoder_pass_free(p);
    pool_free(workers);
    free(states);
}

static void states_are_those_of_the_first_token_and_of_the_text(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of(2);
    const size_t width = shared_encoder_width(c->encoder);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        text_ids texts[ROWS];
        real *states[ROWS];
        text_encoding *s = NULL;
        pool *workers = NULL;
        must(pool_new(&workers, threads, &made_error));
        must(text_encoding_new(&s, c->encoder, (feature_rule){.room = WINDOW}, workers, &made_error));
        for (size_t i = 0; i < ROWS; i++) {
            texts[i].ids = corpus_subwords(c, i, &texts[i].count);
            texts[i].count = i % 7 == 3 ? 0 : texts[i].count; /* some have no tokens */
            states[i] = calloc((1 + texts[i].count) * width, sizeof(real));
        }
        must(text_encoding_run(s, texts, ROWS, NULL, states, &made_error));
        for (size_t i = 0; i < ROWS; i++) {
            check_states(c->encoder, texts[i], states[i]);
            free(states[i]);
        }
        text_encoding_free(s);
        pool_free(workers);
    }
    heed_corpus_free(c);
}

/* Each row's once, cut as a model reads it; another window gives others. */
static void a_corpus_keeps_the_states_of_its_rows(void **state)
{
    (void)state;
    static const uint32_t rows[] = {7, 3, 59, 3};
    heed_corpus *c = corpus_of(2);
    real *const *kept = NULL, *const *again = NULL, *first;
    pool *workers = NULL;
    must(pool_new(&workers, 2, &made_error));
    state_query q = {c, {5, HEED_CUT_POST}, rows, 4};
    must(encoded_states_find(&kept, &q, workers, NULL, &made_error));
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(kept[i] != NULL, i == 3 || i == 7 || i == 59);
    for (size_t i = 0; i < 3; i++) {
        text_ids text;
        text.ids = corpus_subwords(c, rows[i], &text.count);
        assert_true(text.count > 5);
        text.count = 5;
        check_states(c->encoder, text, kept[rows[i]]);
    }
    first = kept[7];
    must(encoded_states_find(&again, &q, workers, NULL, &made_error));
    assert_ptr_equal(again[7], first);
    q.key.length = 4;
    q.count = 1;
    must(encoded_states_find(&again, &q, workers, NULL, &made_error));
    assert_true(again[7] != NULL && again[3] == NULL);
    c->states->most = ROWS * 5 * shared_encoder_width(c->encoder) * sizeof(real) - 1;
    must(encoded_states_find(&again, &q, workers, NULL, &made_error));
    assert_null(again);
    pool_free(workers);
    heed_corpus_free(c);
}

/* ---- models */

/* Its parts read features and states of one pass through the encoder, where nothing is kept. */
static const char of_both[] = "encoder | mean | linear 1 ; wide C 1 ; encoder | attention additive 3 | dropout 0.3";

static const char *const architectures[] = {
    architecture,
    "encoder | mean + max | dense 7",
    "encoder | first | dense tanh 6 | dropout 0.1",
    "encoder | bilstm 3 | attention dot + last",
    "encoder bert 2x24 | dropout 0.2 | conv 4 3 | transformer 2 5 | max",
    "wide C 1 ; encoder | attention additive 3",
    "encoder | max ; embed 3 | mean ; encoder | mean | linear 1",
    of_both,
};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static void threads_and_room_change_no_bit(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARCHITECTURES; i++) {
        heed_corpus *c = corpus_of(3);
        heed_model *one = model_of(c, architectures[i], 1), *two = model_of(c, architectures[i], 2);
        check_same_file(one, two, "threads");
        heed_model_free(two);
        c->states->most = 0; /* nothing is kept: computed for each batch */
        state_table_empty(c->states);
        two = model_of(c, architectures[i], 3);
        assert_null(c->states->of);
        check_same_file(one, two, "what the corpus keeps");
        heed_model_free(two);
        heed_model_free(one);
        heed_corpus_free(c);
    }
}

static heed_model *read_again(const heed_model *m)
{
    char path[64];
    heed_model *out = NULL;
    made_file(path, ".safetensors", "", 0);
    must(heed_model_save(m, path, &made_error));
    must(heed_model_load(&out, path, &made_error));
    unlink(path);
    return out;
}

/* Texts of a corpus, and its rows' probabilities as trainings measure them. */
static void check_answers(const heed_corpus *c, const heed_model *m, const char *what)
{
    float *rows = NULL, found[ROWS * 3];
    uint32_t numbers[ROWS];
    heed_bytes texts[ROWS];
    pool *workers = NULL;
    char *tsv = told_rows(ROWS, 3), *at = strchr(tsv, '\n') + 1;
    for (uint32_t i = 0; i < ROWS; i++) {
        char *tab = strchr(at, '\t'), *end = strchr(at, '\n');
        texts[i] = (heed_bytes){tab + 1, (size_t)(end - tab - 1)};
        numbers[i] = i;
        at = end + 1;
    }
    must(pool_new(&workers, 2, &made_error));
    must(classify_rows(&rows, m, c, numbers, ROWS, workers, &made_error));
    made_predictions(found, m, texts, ROWS, 3);
    assert_true(found[0] != found[3] && found[3] != found[6]); /* texts have answers of their own */
    if (memcmp(found, rows, sizeof found) != 0)
        fail_msg("'%s': predictions differ from the answers of rows (%s)", m->config.network.architecture, what);
    free(rows);
    heed_free(tsv);
    pool_free(workers);
}

static void files_answer_as_the_trained_model(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARCHITECTURES; i++) {
        heed_corpus *c = corpus_of(3);
        heed_model *trained = model_of(c, architectures[i], 2), *read = read_again(trained);
        check_same_file(trained, read, "reading it again");
        check_answers(c, trained, "trained");
        check_answers(c, read, "read, with an encoder of its own");
        c->states->most = 0;
        check_answers(c, trained, "trained, without states that are kept");
        heed_model_free(read);
        heed_model_free(trained);
        heed_corpus_free(c);
    }
}

static void architectures_have_the_name_of_the_encoder(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of(2);
    heed_model *m = model_of(c, "encoder|attention  additive 4|dense 5", 1);
    assert_string_equal(m->config.network.architecture, "encoder bert 2x24 | attention additive 4 | dense 5");
    assert_string_equal(m->class->architecture(m), m->config.network.architecture);
    heed_model_free(m);
    heed_corpus_free(c);
}

/* More texts than a class is called for at a time, and more tokens than are encoded at a time. */
static void check_company(const char *of)
{
    heed_text_options text = text_options();
    text.max_length = 60;
    heed_corpus *longer = made_corpus(&text);
    char *tsv = told_rows(ROWS, 2);
    must(add_rows(longer, tsv, HEED_PART_ANY, NULL));
    heed_model *m = model_of(longer, of, 2);
    static char texts[MOST][400];
    static float together[MOST * 2];
    heed_bytes all[MOST];
    for (size_t i = 0; i < MOST; i++) {
        size_t words = i % 60;
        texts[i][0] = '\0';
        for (size_t j = 0; j < words; j++)
            strcat(texts[i], (i + j) % 3 ? "film " : "lovely ");
        all[i] = bytes_of(texts[i]);
    }
    made_predictions(together, m, all, MOST, 2);
    for (size_t i = 0; i < MOST; i += 13) {
        float alone[2];
        made_predictions(alone, m, &all[i], 1, 1);
        assert_memory_equal(alone, together + i * 2, sizeof alone);
    }
    heed_free(tsv);
    heed_model_free(m);
    heed_corpus_free(longer);
}

static void texts_are_answered_alike_in_any_company(void **state)
{
    (void)state;
    check_company(architecture);
    check_company(of_both);
}

/* ---- explanations */

static const char explained[] = "the film was lovely, n12 to the weird film";

static void check_sum(const heed_model *m, heed_method method, const char *what)
{
    heed_explainer *x = NULL;
    heed_explanation *e = NULL;
    heed_explain_options options;
    double sum = 0, allowed = strchr(what, ';') != NULL ? 0.05 : 0.0101; /* parts may have opposite signs */
    heed_explain_options_init(&options);
    options.method = method;
    options.threads = 2;
    must(heed_explainer_new(&x, m, &options, &made_error));
    must(heed_explainer_run(&e, x, bytes_of(explained), &made_error));
    const heed_explanation_info *info = heed_explanation_describe(e);
    for (size_t i = 0; i < info->token_count; i++)
        sum += heed_explanation_token(e, i)->score;
    double whole = method == HEED_METHOD_ATTENTION ? 1 : info->logit - info->baseline;
    if (!(fabs(sum - whole) <= allowed * fabs(whole)) || !(fabs(whole) > 1e-4))
        fail_msg("%s: scores add up to %g, expected %g", what, sum, whole);
    heed_explanation_free(e);
    heed_explainer_free(x);
}

static void scores_add_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARCHITECTURES; i++) {
        heed_corpus *c = corpus_of(3);
        heed_model *m = model_of(c, architectures[i], 2);
        check_sum(m, HEED_METHOD_INTEGRATED, architectures[i]);
        if (strstr(architectures[i], "attention") != NULL)
            check_sum(m, HEED_METHOD_ATTENTION, architectures[i]);
        heed_model_free(m);
        heed_corpus_free(c);
    }
}

/* Gradient times input against the slope of the logit as all embeddings of the text grow, through network and
 * encoder. */
static void gradients_are_slopes_of_the_logit(void **state)
{
    (void)state;
    static const char *const smooth[] = {"encoder | attention additive 4", "encoder | first | dense tanh 5",
                                         "encoder | transformer 2 5 | mean",
                                         "encoder | bilstm 3 | attention dot + last"}; /* no maxima; few corners */
    static const double step = 0.02;
    heed_corpus *c = corpus_of(3);
    for (size_t i = 0; i < sizeof smooth / sizeof *smooth; i++) {
        heed_model *m = model_of(c, smooth[i], 2);
        saliency *s = NULL;
        text_gradients *g = NULL;
        pool *workers = NULL;
        const trained_network *n = model_network(m);
        uint32_t ids[] = {5 | SUBWORD_BIT, 6 | SUBWORD_BIT, 15 | SUBWORD_BIT, 18 | SUBWORD_BIT};
        const batch_row row = {.ids = ids, .length = 4};
        double shrink[] = {0.7 - step, 0.7, 0.7 + step, 1}, products[4 * 4], logits[4], sum = 0, logit;
        classifier *classes = NULL;
        must(pool_new(&workers, 2, &made_error));
        must(saliency_new(&s, n->net, n->weights, workers, &made_error));
        must(text_gradients_new(&g, m, s, workers, &made_error));
        must(text_gradients_run(g, &row, 1, &(line_points){shrink, 4, products, logits}, &made_error));
        for (size_t t = 0; t < 4; t++)
            sum += products[4 + t];
        double slope = (logits[2] - logits[0]) / (2 * step);
        if (!(fabs(sum - slope) <= 0.01 * fabs(slope) + 1e-4) || !(fabs(slope) > 1e-3))
            fail_msg("'%s': the gradient along the line is %g, the slope %g", smooth[i], sum, slope);
        must(classifier_new(&classes, m, workers, &made_error));
        must(classifier_logits(classes, &row, 1, 1, &logit, &made_error));
        assert_true(fabs(logit - logits[3]) < 1e-5);
        classifier_free(classes);
        text_gradients_free(g);
        saliency_free(s);
        pool_free(workers);
        heed_model_free(m);
    }
    heed_corpus_free(c);
}

/* ---- what does not fit */

static void trainings_that_cannot_be_are_refused(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of(2), *without = made_corpus(NULL);
    char *rows = told_rows(ROWS, 2);
    must(add_rows(without, rows, HEED_PART_ANY, NULL));
    heed_train_options o = train_options(architecture);
    heed_model *m = NULL, *start = model_of(c, architecture, 1);
    must_refuse(heed_train(&m, without, &o, NULL, &made_error), HEED_USAGE, "expected --encoder FOLDER", "no encoder");
    o.mask = false;
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--no-mask: found 'encoder'", "no mask");
    o = train_options("encoder bert 6x384 | max");
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE,
                "found 'encoder bert 6x384', and the encoder is bert 2x24", "another encoder");
    o = train_options(architecture);
    o.vectors = "self";
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--vectors: the architecture is a network on an",
                "vectors");
    o = train_options(architecture);
    o.init_from = start;
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--init-from: the architecture is a network on",
                "a start");
    c->options.stretches = 3;
    o = train_options("wide ; encoder | max");
    must_refuse(heed_train(&m, c, &o, NULL, &made_error), HEED_USAGE, "--stretches: found 3", "stretches");
    assert_null(m);
    heed_free(rows);
    heed_model_free(start);
    heed_corpus_free(c);
    heed_corpus_free(without);
}

static void lying_files_are_refused(void **state)
{
    (void)state;
    static const lying_text texts[] = {
        {"encoder bert 2x24 | attention", "encoder bert 9x24 | attention", "is not on the encoder bert 2x24"},
        {"\"mask\":true", "\"mask\":null", "mask"},
        {"\"mask\":true", "\"mask\":false", "encoder"},
    };
    heed_corpus *c = corpus_of(2);
    heed_model *m = model_of(c, architecture, 1);
    writer_release(&bytes);
    bytes = file_of(m);
    check_configurations(texts, sizeof texts / sizeof *texts);
    heed_model_free(m);
    heed_corpus_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_those_of_the_first_token_and_of_the_text),
        cmocka_unit_test(a_corpus_keeps_the_states_of_its_rows),
        cmocka_unit_test(threads_and_room_change_no_bit),
        cmocka_unit_test(files_answer_as_the_trained_model),
        cmocka_unit_test(architectures_have_the_name_of_the_encoder),
        cmocka_unit_test(texts_are_answered_alike_in_any_company),
        cmocka_unit_test(scores_add_up),
        cmocka_unit_test(gradients_are_slopes_of_the_logit),
        cmocka_unit_test(trainings_that_cannot_be_are_refused),
        cmocka_unit_test(lying_files_are_refused),
    };
    return cmocka_run_group_tests(tests, make_encoder, clean_up);
}
