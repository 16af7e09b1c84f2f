/* Texts through a pretrained encoder: features are those of its states, whoever else is computed; gradients are those
 * of finite differences; and predictions do not depend on the company of a text. Random weights, golden/encoders. */
#include "unit/made_encoder.h"

#include <math.h>

#include "explain/text_gradients.h"
#include "features/text_encoding.h"
#include "model/encoder_classifier.h"
#include "model/encode.h"

enum { SIXTY = 60, LONGEST = 40 };

static const struct {
    const char *weights, *words;
} kinds[] = {{"bert", "vocab.txt"}, {"distilbert", "vocab.txt"}, {"static", "static.json"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static shared_encoder *open_kind(size_t kind)
{
    made_encoder folder;
    shared_encoder *e;
    made_encoder_open(&folder, kinds[kind].weights, kinds[kind].words);
    must(shared_encoder_open(&e, folder.path, HEED_PRECISION_FLOAT32, &made_error));
    made_encoder_close(&folder);
    return e;
}

/* ---- features by hand */

/* The states of ids between the tokens around a text; *length: how many. free() releases them. */
static real *states_of(const shared_encoder *e, const uint32_t *ids, size_t count, const real *words, int *length)
{
    size_t before, around = tokenizer_around(e->words), width = shared_encoder_width(e);
    const uint32_t *frame = tokenizer_frame(e->words, &before);
    uint32_t framed[LONGEST + 8];
    encoder_pass *pass;
    pool *workers;
    real *states = calloc((count + around) * width + 1, sizeof *states);
    assert_non_null(states);
    *length = (int)(count + around);
    for (size_t i = 0; i < (size_t)*length; i++)
        framed[i] = i < before ? frame[i] : i < before + count ? ids[i - before] : frame[i - count];
    must(pool_new(&workers, 1, &made_error));
    must(encoder_pass_new(&pass, e->net, workers, LONGEST + 8, false, &made_error));
    must(encoder_pass_run(pass, &(encoder_texts){framed, length, 1, words}, states, &made_error));
    encoder_pass_free(pass);
    pool_free(workers);
    return states;
}

/* features [E], by the definition. */
static void pool_by_hand(double *features, const real *states, int length, size_t width, feature_pooling pooling)
{
    for (size_t j = 0; j < width; j++) {
        double sum = 0, most = -INFINITY;
        for (int t = 0; t < length; t++) {
            double x = (double)states[(size_t)t * width + j];
            sum += x;
            most = x > most ? x : most;
        }
        features[j] = length == 0                 ? 0
                      : pooling == FEATURES_MEAN  ? sum / length
                      : pooling == FEATURES_FIRST ? (double)states[j]
                                                  : most;
    }
}

/* features [E] of a text in stretches of so many tokens: the mean of theirs, each computed by itself. */
static void features_by_hand(double *features, const shared_encoder *e, feature_rule rule, text_ids text)
{
    size_t width = shared_encoder_width(e), stretches = text.count == 0 ? 1 : (text.count + rule.room - 1) / rule.room;
    double *own = calloc(width, sizeof *own);
    assert_non_null(own);
    memset(features, 0, width * sizeof *features);
    for (size_t s = 0; s < stretches; s++) {
        size_t first = s * rule.room, rest = text.count - first;
        int length;
        real *states = states_of(e, text.ids + first, rest < rule.room ? rest : rule.room, NULL, &length);
        pool_by_hand(own, states, length, width, rule.pooling);
        for (size_t j = 0; j < width; j++)
            features[j] += own[j] / (double)stretches;
        free(states);
    }
    free(own);
}

typedef struct random_texts {
    uint32_t ids[SIXTY][LONGEST];
    text_ids text[SIXTY];
} random_texts;

/* Of all lengths from 0 on. */
static void make_texts(random_texts *t, const shared_encoder *e)
{
    uint32_t seed = 5;
    for (size_t i = 0; i < SIXTY; i++) {
        t->text[i] = (text_ids){t->ids[i], i % 7 == 0 ? 0 : i * 13 % (LONGEST + 1)};
        for (size_t k = 0; k < LONGEST; k++) {
            seed = seed * 1664525 + 1013904223;
            t->ids[i][k] = (seed >> 8) % tokenizer_size(e->words);
        }
    }
}

static void features_are_pooled_states(void **state)
{
    (void)state;
    static const uint32_t rooms[] = {LONGEST, 13, 1};
    for (size_t kind = 0; kind < KINDS; kind++) {
        shared_encoder *e = open_kind(kind);
        const size_t width = shared_encoder_width(e);
        random_texts texts;
        pool *workers;
        real *found = calloc(SIXTY * width, sizeof *found);
        double *expected = calloc(width, sizeof *expected);
        make_texts(&texts, e);
        must(pool_new(&workers, 2, &made_error));
        for (size_t i = 0; i < FEATURE_POOLINGS * sizeof rooms / sizeof *rooms; i++) {
            const feature_rule rule = {(feature_pooling)(i % FEATURE_POOLINGS), rooms[i / FEATURE_POOLINGS]};
            text_encoding *f;
            must(text_encoding_new(&f, e, rule, workers, &made_error));
            must(text_encoding_run(f, texts.text, SIXTY, found, NULL, &made_error));
            for (size_t t = 0; t < SIXTY; t += 3) {
                features_by_hand(expected, e, rule, texts.text[t]);
                for (size_t j = 0; j < width; j++)
                    assert_true(fabs((double)found[t * width + j] - expected[j]) <= 1e-5 * (1 + fabs(expected[j])));
            }
            text_encoding_free(f);
        }
        pool_free(workers);
        free(found);
        free(expected);
        shared_encoder_release(e);
    }
}

/* To the bit, for each text by itself, for all of them many times over, and by any number of threads. */
static void features_do_not_depend_on_company(void **state)
{
    (void)state;
    enum { MANY = 12 * SIXTY };
    static const unsigned threads[] = {1, 2, 3};
    for (size_t kind = 0; kind < KINDS; kind++) {
        shared_encoder *e = open_kind(kind);
        const size_t width = shared_encoder_width(e);
        const feature_rule rule = {FEATURES_MEAN, 17};
        random_texts texts;
        text_ids many[MANY];
        real *alone = calloc(SIXTY * width, sizeof *alone), *together = calloc(MANY * width, sizeof *together);
        make_texts(&texts, e);
        for (size_t i = 0; i < MANY; i++)
            many[i] = texts.text[i % SIXTY];
        for (size_t n = 0; n < sizeof threads / sizeof *threads; n++) {
            pool *workers;
            text_encoding *f;
            must(pool_new(&workers, threads[n], &made_error));
            must(text_encoding_new(&f, e, rule, workers, &made_error));
            for (size_t i = 0; i < SIXTY && n == 0; i++)
                must(text_encoding_run(f, &texts.text[i], 1, alone + i * width, NULL, &made_error));
            must(text_encoding_run(f, many, MANY, together, NULL, &made_error));
            for (size_t i = 0; i < MANY; i++)
                assert_memory_equal(together + i * width, alone + i % SIXTY * width, width * sizeof *alone);
            text_encoding_free(f);
            pool_free(workers);
        }
        free(alone);
        free(together);
        shared_encoder_release(e);
    }
}

/* ---- gradients */

static const char *const poolings[] = {"mean", "first", "max"};

/* The model's logit where the word embeddings of token t of the row have the factor `own` and the others `rest`: by
 * states of each stretch. */
static double logit_at(const heed_model *m, const uint32_t *ids, size_t count, size_t t, double own, double rest)
{
    const encoder_head *head = model_encoder_head(m);
    const shared_encoder *e = m->encoder;
    const size_t width = shared_encoder_width(e), around = tokenizer_around(e->words), room = head->key.rule.room;
    size_t before, stretches = count == 0 ? 1 : (count + room - 1) / room;
    const uint32_t *frame = tokenizer_frame(e->words, &before);
    double logit = (double)head->fit.bias[0], features[64];
    for (size_t first = 0; first == 0 || first < count; first += room) {
        size_t size = count - first < room ? count - first : room;
        real *words = calloc((size + around) * width + 1, sizeof *words);
        int length;
        for (size_t i = 0; i < size + around; i++) {
            bool inside = i >= before && i < before + size;
            double factor = !inside ? 1 : first + i - before == t ? own : rest;
            encoder_word(e->net,
                         i < before ? frame[i]
                         : inside   ? ids[first + i - before]
                                    : frame[i - size],
                         words + i * width);
            for (size_t j = 0; j < width; j++)
                words[i * width + j] *= (real)factor;
        }
        real *states = states_of(e, ids + first, size, words, &length);
        pool_by_hand(features, states, length, width, head->spec.pooling);
        for (size_t j = 0; j < width; j++)
            logit += features[j] / (double)stretches * (double)head->fit.weights[j];
        free(states);
        free(words);
    }
    return logit;
}

/* Weights of a size that shows. */
static void set_weights(const heed_model *m)
{
    logistic *fit = (logistic *)(uintptr_t)&model_encoder_head(m)->fit;
    for (size_t j = 0; j < fit->features; j++)
        fit->weights[j] = (float)sin((double)j * 2.3 + 1);
    fit->bias[0] = 0.5F;
}

/* Within the slopes on both sides, which differ where another token becomes the largest. */
static void check_gradients(const heed_model *m, const uint32_t *ids, size_t count, const char *what)
{
    static const double shrink[] = {1, 0.4}, step = 0.001;
    double products[2 * LONGEST], logits[2], most = 0, worst = 0;
    uint32_t marked[LONGEST];
    text_gradients *g;
    pool *workers;
    for (size_t t = 0; t < count; t++)
        marked[t] = ids[t] | SUBWORD_BIT;
    must(pool_new(&workers, 2, &made_error));
    must(text_gradients_new(&g, m, NULL, workers, &made_error));
    must(text_gradients_run(g, &(batch_row){.ids = marked, .length = (int)count}, 0,
                            &(line_points){shrink, 2, products, logits}, &made_error));
    for (size_t i = 0; i < 2; i++) {
        assert_true(fabs(logits[i] - logit_at(m, ids, count, count, 1, shrink[i])) < 1e-4 * (1 + fabs(logits[i])));
        for (size_t t = 0; t < count; t++) {
            double found = products[i * count + t], here = logit_at(m, ids, count, t, shrink[i], shrink[i]);
            double left = (here - logit_at(m, ids, count, t, shrink[i] - step, shrink[i])) / step;
            double right = (logit_at(m, ids, count, t, shrink[i] + step, shrink[i]) - here) / step;
            most = fmax(most, fabs(found));
            worst = fmax(worst, fmax(fmin(left, right) - found, found - fmax(left, right)));
        }
    }
    if (!(worst <= 0.01 * most + 3e-3) || (count > 0 && most < 0.01))
        fail_msg("%s, %zu tokens: gradients differ by %g from finite differences, of at most %g", what, count, worst,
                 most);
    text_gradients_free(g);
    pool_free(workers);
}

static void check_attention(const heed_model *m, const uint32_t *ids, size_t count)
{
    double scores[LONGEST], rest, sum = 0;
    uint32_t marked[LONGEST];
    text_gradients *g;
    pool *workers;
    if (!encoder_has_attention(m->encoder->net))
        return;
    for (size_t t = 0; t < count; t++)
        marked[t] = ids[t] | SUBWORD_BIT;
    must(pool_new(&workers, 1, &made_error));
    must(text_gradients_new(&g, m, NULL, workers, &made_error));
    must(text_gradients_attention(g, &(batch_row){.ids = marked, .length = (int)count}, scores, &rest, &made_error));
    for (size_t t = 0; t < count; t++) {
        assert_true(scores[t] > 0);
        sum += scores[t];
    }
    assert_true(rest > 0 && fabs(sum + rest - 1) < 1e-6);
    text_gradients_free(g);
    pool_free(workers);
}

static void gradients_are_those_of_finite_differences(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 7, 19};
    for (size_t i = 0; i < KINDS * 3; i++) {
        made_encoder folder;
        char architecture[40], what[80];
        uint32_t ids[LONGEST];
        made_encoder_open(&folder, kinds[i / 3].weights, kinds[i / 3].words);
        heed_text_options text = encoder_text_options(&folder, 12);
        text.stretches = 2;
        snprintf(architecture, sizeof architecture, "encoder | %s | linear 1", poolings[i % 3]);
        heed_model *m = made_encoder_model(&text, architecture);
        made_encoder_close(&folder);
        set_weights(m);
        for (uint32_t t = 0; t < LONGEST; t++) /* no token twice: which of two equal ones is the largest? */
            ids[t] = (t * 7 + 3) % tokenizer_size(m->encoder->words);
        snprintf(what, sizeof what, "%s, %s", kinds[i / 3].weights, poolings[i % 3]);
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            check_gradients(m, ids, lengths[k], what);
            check_attention(m, ids, lengths[k]);
        }
        heed_model_free(m);
    }
}

/* ---- predictions */

/* More texts than a classifier takes at a time, some of them empty: each has the bits that it has by itself. */
static void predictions_do_not_depend_on_company(void **state)
{
    (void)state;
    enum { MANY = 2 * CLASSIFIER_BLOCK + 33, DISTINCT = 41 };
    static const char *const architectures[] = {
        "encoder | mean | linear 1", "encoder | max | linear 1 ; wide words 1-1 min-count 1 weight idf C 10"};
    static char bytes[DISTINCT][60];
    static heed_bytes texts[MANY];
    static float alone[DISTINCT][2], together[MANY][2];
    for (unsigned i = 0; i < DISTINCT; i++)
        snprintf(bytes[i], sizeof bytes[i], i % 6 == 0 ? "" : "the film n%u was %s to %u", i,
                 i % 2 ? "awful" : "lovely!", i % 5);
    for (size_t i = 0; i < MANY; i++)
        texts[i] = bytes_of(bytes[i % DISTINCT]);
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t a = 0; a < 2; a++) {
            made_encoder folder;
            made_encoder_open(&folder, kinds[kind].weights, kinds[kind].words);
            heed_text_options text = encoder_text_options(&folder, 12);
            heed_model *m = made_encoder_model(&text, architectures[a]);
            made_encoder_close(&folder);
            for (size_t i = 0; i < DISTINCT; i++)
                made_predictions(alone[i], m, &texts[i], 1, 1);
            for (unsigned threads = 1; threads <= 3; threads += 2) {
                made_predictions(*together, m, texts, MANY, threads);
                for (size_t i = 0; i < MANY; i++)
                    assert_memory_equal(together[i], alone[i % DISTINCT], sizeof *alone);
            }
            assert_true(alone[1][0] != alone[2][0]);
            heed_model_free(m);
        }
}

/* ---- training */

typedef struct heard {
    uint64_t done, total;
    unsigned events;
    bool stops; /* at the first event about features */
} heard;

static int hear(void *user, const heed_event *event)
{
    heard *h = user;
    if (event->stage != HEED_STAGE_ENCODE)
        return 0;
    assert_true(event->done > h->done || h->events == 0);
    h->done = event->done;
    h->total = event->total;
    h->events++;
    return h->stops;
}

/* What was computed before a training was stopped serves the next one, which gives the same model as an undisturbed
 * one. */
static void a_stopped_training_leaves_a_corpus_that_can_be_trained(void **state)
{
    (void)state;
    enum { ROWS = 300 };
    made_encoder folder;
    heed_model *m, *undisturbed;
    heard h = {.stops = true};
    char *rows = told_rows(ROWS, 2);
    float found[2], expected[2];
    const heed_bytes a_text = bytes_of("the film was lovely");
    heed_train_options train = made_train_options();
    train.architecture = "encoder | mean | linear 1";
    made_encoder_open(&folder, "bert", "vocab.txt");
    heed_text_options text = encoder_text_options(&folder, 12);
    heed_corpus *c = made_corpus(&text);
    made_encoder_close(&folder);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must_refuse(heed_train(&m, c, &train, &(heed_listener){.on_event = hear, .user = &h}, &made_error), HEED_STOPPED,
                "stopped", "a training");
    assert_null(m);
    assert_true(h.events == 1 && h.done > 0 && h.done < h.total);
    h = (heard){.stops = false};
    must(heed_train(&m, c, &train, &(heed_listener){.on_event = hear, .user = &h}, &made_error));
    assert_true(h.events == 1 && h.done == h.total && h.total > ROWS / 2); /* the first block was there */
    heed_corpus_free(c);
    made_encoder_open(&folder, "bert", "vocab.txt");
    text.encoder = folder.path;
    undisturbed = trained_on(rows, &text, &train, NULL);
    made_encoder_close(&folder);
    made_predictions(found, m, &a_text, 1, 1);
    made_predictions(expected, undisturbed, &a_text, 1, 1);
    assert_memory_equal(found, expected, sizeof found);
    heed_model_free(m);
    heed_model_free(undisturbed);
    heed_free(rows);
}

/* ---- architectures */

static void architectures_are_read_and_printed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed; /* NULL: refused */
        const char *piece;          /* of the message */
    } cases[] = {
        {"encoder | mean | linear", "encoder | mean | linear", NULL},
        {" encoder|first|linear 3 ", "encoder | first | linear 3", NULL},
        {"encoder bert 2x24 | max | linear 0.03", "encoder bert 2x24 | max | linear 0.03", NULL},
        {"encoder\t| mean |\tlinear\t100", "encoder | mean | linear 100", NULL},
        {"encoder | mean | linear 0.0001", "encoder | mean | linear 0.0001", NULL},
        {"encoder | mean | linear 1000000", "encoder | mean | linear 1000000", NULL},
        {"encoder | sum | linear", NULL, "column 11: found 'sum', expected mean, first or max"},
        {"encoder | Mean | linear", NULL, "found 'Mean'"},
        {"encoder | | linear", NULL, "found '', expected mean, first or max"},
        {"encoder | mean 3 | linear", NULL, "found 'mean 3'"},
        {"encoder | mean | dense 3", NULL, "found 'dense 3', expected linear"},
        {"encoder | mean | linearly", NULL, "found 'linearly', expected linear"},
        {"encoder | mean | linear 0", NULL, "column 25: found '0', expected C, a number from 0.0001 to 1e+06"},
        {"encoder | mean | linear -1", NULL, "found '-1'"},
        {"encoder | mean | linear 1000001", NULL, "found '1000001'"},
        {"encoder | mean | linear 1e2", NULL, "found '1e2'"},
        {"encoder | mean | linear nan", NULL, "found 'nan'"},
        {"encoder | mean | linear C", NULL, "found 'C'"},
        {"encoder | mean | linear 1 2", NULL, "found '1 2'"},
        {"encoder | mean", NULL, "found 2 items in 'encoder | mean', expected 3"},
        {"encoder | mean | linear |", NULL, "found 4 items"},
        {"encode | mean | linear", NULL, "found 'encode', expected encoder"},
        {"encoder a name that is much longer than any that an encoder of heed could ever have | mean | linear", NULL,
         "column 9: found a name of 75 bytes, expected fewer than 64: encoder NAME"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        encoder_spec spec;
        char *printed = NULL;
        heed_status status = encoder_spec_parse(&spec, cases[i].text, &made_error);
        if (cases[i].printed == NULL) {
            must_refuse(status, HEED_USAGE, cases[i].piece, cases[i].text);
            continue;
        }
        must(status);
        must(encoder_spec_print(&printed, &spec, &made_error));
        assert_string_equal(printed, cases[i].printed);
        free(printed);
    }
}

static void parts_with_an_encoder_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool has, is;
    } cases[] = {
        {"encoder | mean | linear", true, true},
        {" encoder bert 2x24|max|linear 3", true, true},
        {"encoder | mean | dense 3", true, false},
        {"wide ; encoder | mean | linear", true, false},
        {"encoder | mean | linear ; wide", true, false},
        {"wide;encoder|mean|linear", true, false},
        {"encoder", true, false},
        {"encoders | mean | linear", false, false},
        {"linear", false, false},
        {"embed 4 | mean ; wide", false, false},
        {"embed 4 | encoder | linear", false, false},
        {"", false, false},
        {NULL, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (architecture_has_encoder(cases[i].text) != cases[i].has ||
            architecture_is_encoder_linear(cases[i].text) != cases[i].is)
            fail_msg("'%s'", cases[i].text == NULL ? "none" : cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_pooled_states),
        cmocka_unit_test(features_do_not_depend_on_company),
        cmocka_unit_test(gradients_are_those_of_finite_differences),
        cmocka_unit_test(predictions_do_not_depend_on_company),
        cmocka_unit_test(a_stopped_training_leaves_a_corpus_that_can_be_trained),
        cmocka_unit_test(architectures_are_read_and_printed),
        cmocka_unit_test(parts_with_an_encoder_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
