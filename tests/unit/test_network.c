/* Networks as a whole: masked answers do not depend on batch mates, order or window, bit for bit; empty texts and
 * extreme weights stay finite; architectures and their messages; initial weights; the tutorial's parameter count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/random.h"
#include "network/architecture.h"
#include "network/initial_weights.h"
#include "network/network.h"
#include "network/scorer.h"

static const char tutorial[] = "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05";

static network *network_of(const char *architecture, uint32_t vocabulary, uint32_t window, uint32_t outputs)
{
    network_spec spec = {architecture, vocabulary, window, outputs, true, false, HEED_TASK_BINARY};
    heed_error error = {0};
    network *net;
    if (network_new(&net, &spec, &error) != HEED_OK)
        fail_msg("%s", error.message);
    return net;
}

static uint32_t word(uint32_t purpose, uint32_t row, uint32_t element)
{
    return random_word((random_key){11, RANDOM_SPLIT, purpose, 0, row}, element);
}

/* Initial weights, moved a little, so that no bias is 0. */
static real *weights_of(const network *net)
{
    real *w = memory_aligned(net->weight_count, sizeof *w);
    assert_non_null(w);
    assert_int_equal(network_initialize(net, w, 3, NULL), HEED_OK);
    for (size_t i = 0; i < net->weight_count; i++)
        w[i] += (real)(random_unit(word(9, 0, (uint32_t)i)) * 0.6 - 0.3);
    return w;
}

/* The same weights for a network of a longer window: a transformer's table of positions has more rows behind them, and
 * the kernel of location attention more columns in front. */
static real *weights_of_window(const network *wide, const network *net, const real *weights)
{
    real *w = weights_of(wide);
    assert_int_equal(wide->parameter_count, net->parameter_count);
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *to = &wide->parameters[i], *from = &net->parameters[i];
        assert_string_equal(to->name, from->name);
        for (int row = 0; row < from->rows; row++)
            memcpy(w + to->offset + (row + 1) * to->columns - from->columns,
                   weights + from->offset + row * from->columns, (size_t)from->columns * sizeof *w);
    }
    return w;
}

/* ---- answers do not depend on the batch */

enum { VOCABULARY = 40, SHORT_WINDOW = 12, ROWS = 23, MOST_OUTPUTS = 3 };

typedef struct texts {
    uint32_t ids[ROWS][SHORT_WINDOW];
    batch_row rows[ROWS];
} texts;

typedef struct answers {
    float probability[ROWS][MOST_OUTPUTS], attention[ROWS][SHORT_WINDOW]; /* in the order of the texts */
} answers;

/* Lengths 0 to SHORT_WINDOW, in no order; labels 0 and 1. */
static void make_texts(texts *x)
{
    for (uint32_t r = 0; r < ROWS; r++) {
        int length = (int)(r * 5 % (SHORT_WINDOW + 1));
        for (uint32_t t = 0; t < (uint32_t)length; t++)
            x->ids[r][t] = 1 + word(0, r, t) % (VOCABULARY - 1);
        x->rows[r] = (batch_row){.ids = x->ids[r], .length = length, .number = r, .label = r % 2};
    }
}

static void keep_answer(answers *out, const pass *p, int r)
{
    const network *net = p->net;
    const chunk *c = p->chunk;
    uint32_t number = c->number[r];
    size_t outputs = net->spec.outputs;
    memcpy(out->probability[number], p->slot[net->probability] + (size_t)r * outputs, outputs * sizeof(float));
    for (int t = 0; t < c->length[r] && net->attention >= 0; t++)
        out->attention[number][t] = p->slot[net->attention][c->offset[t] + r];
}

/* The answers of some rows as one batch. */
static void answer(answers *out, const network *net, const real *weights, const batch_row *rows, int count,
                   bool training)
{
    batch *b = NULL;
    pass *p = NULL;
    assert_int_equal(batch_new(&b, net, count, NULL), HEED_OK);
    assert_int_equal(pass_new(&p, net, ROWS_PER_CHUNK, (int)net->spec.window, training, NULL), HEED_OK);
    batch_pack(b, rows, count);
    p->weights = weights;
    for (int i = 0; i < b->chunk_count; i++) {
        p->chunk = &b->chunks[i];
        network_forward(p);
        for (int r = 0; r < p->chunk->rows; r++)
            keep_answer(out, p, r);
    }
    pass_free(p);
    batch_free(b);
}

static void check_same(const char *what, const network *net, const answers *found, const answers *expected)
{
    if (memcmp(found, expected, sizeof *found) != 0)
        fail_msg("'%s' by %s: %s change the bits of an answer", net->architecture, net->kernels->name, what);
}

static void check_invariance(const char *architecture, uint32_t outputs, const kernels *k, bool training)
{
    static const uint32_t windows[] = {SHORT_WINDOW + 1, 130};
    static texts x;
    static answers together, other;
    make_texts(&x);
    network *net = network_of(architecture, VOCABULARY, SHORT_WINDOW, outputs);
    net->kernels = k;
    real *w = weights_of(net);
    memset(&together, 0, sizeof together);
    answer(&together, net, w, x.rows, ROWS, training);
    for (int r = 0; r < ROWS; r++)
        for (uint32_t i = 0; i < outputs; i++)
            assert_true(together.probability[r][i] >= 0 && together.probability[r][i] <= 1);

    memset(&other, 0, sizeof other);
    for (int r = 0; r < ROWS; r++)
        answer(&other, net, w, &x.rows[r], 1, training);
    check_same("batch mates", net, &other, &together);

    batch_row turned[ROWS];
    memset(&other, 0, sizeof other);
    for (int r = 0; r < ROWS; r++)
        turned[r] = x.rows[(r * 7 + 3) % ROWS];
    answer(&other, net, w, turned, ROWS, training);
    check_same("places in the batch", net, &other, &together);

    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        network *wide = network_of(architecture, VOCABULARY, windows[i], outputs);
        wide->kernels = k;
        wide->spec.pad_behind = i % 2; /* the side of the padding as well */
        real *wide_weights = weights_of_window(wide, net, w);
        memset(&other, 0, sizeof other);
        answer(&other, wide, wide_weights, x.rows, ROWS, training);
        check_same("windows", net, &other, &together);
        free(wide_weights);
        network_free(wide);
    }
    network_free(net);
    free(w);
}

/* Every encoder and every pooling: with and without final state, alone and side by side. */
static const struct {
    const char *architecture;
    uint32_t outputs;
} layered[] = {
    {"embed 5 | bilstm 6 | attention additive 4 | dense 7", 1},
    {"embed 19 | lstm 17 | lstm 3 | attention additive 10 | dense 20 | dropout 0.5 | dense 3", 3},
    {"embed 33 | bilstm 16 | bilstm 9 | attention additive 17", 1},
    {"embed 19 | conv 17 3 | conv 5 2 9 40 | attention additive 4", 1},
    {"embed 20 | transformer 4 17 | transformer 1 9 | attention additive 4 | dense 3", 3},
    {"embed 7 | conv 6 3 | transformer-pre 2 5 | bilstm 4 | attention additive 4", 1},
    {"embed 19 | gru 17 | bigru 5 | attention dot | dense 3", 1},
    {"embed 7 | bigru 16 | attention scaled", 3},
    {"embed 7 | lstm 17 | attention general | dense 3", 1},
    {"embed 7 | bigru 9 | attention location | dense 3", 1},
    {"embed 18 | attention location", 3},
    {"embed 7 | bilstm 9 | attention cosine | dense 3", 1},
    {"embed 19 | conv 6 3 | attention cosine", 1},
    {"embed 7 | bigru 9 | max | dense 3", 1},
    {"embed 19 | max", 3},
    {"embed 7 | gru 17 | mean | dense 3", 1},
    {"embed 4 | transformer 2 5 | mean", 1},
    {"embed 7 | bigru 9 | last | dense 3", 1},
    {"embed 7 | dropout 0.3 | bilstm 9 recurrent-dropout 0.4 | dropout 0.2 | attention additive 4", 1},
    {"embed 19 | bigru 9 recurrent-dropout 0.4 | dropout 0.5 | lstm 5 recurrent-dropout 0.2 | max + last | dense 3", 3},
    {"embed 7 | bilstm 9 | attention additive 4 + max + mean + last + attention dot | dense 3", 3},
};
enum { LAYERED = sizeof layered / sizeof *layered };

static void masked_answers_do_not_depend_on_the_batch(void **state)
{
    (void)state;
    static const char *const tables[] = {"plain", "generic", "avx2", "avx512", "avx512-bf16"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const kernels *k = kernels_named(tables[i]);
        if (k == NULL)
            continue;
        for (int j = 0; j < LAYERED; j++)
            check_invariance(layered[j].architecture, layered[j].outputs, k, false);
        for (int j = 0; j < LAYERED; j++) /* and in training, where dropout drops */
            if (strstr(layered[j].architecture, "dropout") != NULL)
                check_invariance(layered[j].architecture, layered[j].outputs, k, true);
    }
}

/* A network without mask reads padding as a word: as the masked one with pads written out. */
static void unmasked_networks_read_padding(void **state)
{
    (void)state;
    static texts x, padded;
    static answers found, expected;
    for (int i = 0; i < 2 * LAYERED; i++) {
        int behind = i % 2;
        network_spec spec = {layered[i / 2].architecture,
                             VOCABULARY,
                             SHORT_WINDOW,
                             layered[i / 2].outputs,
                             false,
                             behind,
                             HEED_TASK_BINARY};
        network *unmasked, *masked = network_of(spec.architecture, VOCABULARY, SHORT_WINDOW, spec.outputs);
        assert_int_equal(network_new(&unmasked, &spec, NULL), HEED_OK);
        real *w = weights_of(masked);
        make_texts(&x);
        memset(&padded, 0, sizeof padded);
        for (int r = 0; r < ROWS; r++) {
            int length = x.rows[r].length;
            memcpy(padded.ids[r] + (behind ? 0 : SHORT_WINDOW - length), x.ids[r], (size_t)length * sizeof(uint32_t));
            padded.rows[r] =
                (batch_row){.ids = padded.ids[r], .length = SHORT_WINDOW, .number = (uint32_t)r, .label = 0};
        }
        memset(&found, 0, sizeof found);
        memset(&expected, 0, sizeof expected);
        answer(&found, unmasked, w, x.rows, ROWS, false);
        answer(&expected, masked, w, padded.rows, ROWS, false);
        check_same("pads", unmasked, &found, &expected);
        free(w);
        network_free(masked);
        network_free(unmasked);
    }
}

/* ---- texts without tokens, and weights out of all proportion */

static void attention_sums_to_1(void **state)
{
    (void)state;
    static texts x;
    static answers found;
    make_texts(&x);
    for (int i = 0; i < LAYERED; i++) {
        network *net = network_of(layered[i].architecture, VOCABULARY, SHORT_WINDOW, layered[i].outputs);
        real *w = weights_of(net);
        answer(&found, net, w, x.rows, ROWS, false);
        assert_int_equal(net->attention >= 0, strstr(layered[i].architecture, "attention") != NULL);
        for (int r = 0; r < ROWS && net->attention >= 0; r++) {
            double sum = 0;
            for (int t = 0; t < x.rows[r].length; t++)
                sum += (double)found.attention[r][t];
            assert_true(fabs(sum - (x.rows[r].length > 0)) < 1e-6);
        }
        free(w);
        network_free(net);
    }
}

static void check_finite(const network *net, const real *weights, const batch_row *rows, int count)
{
    uint32_t outputs = net->spec.outputs;
    float probability[ROWS * MOST_OUTPUTS];
    double loss = NAN;
    pool *workers = NULL;
    scorer *s = NULL;
    assert_int_equal(pool_new(&workers, 1, NULL), HEED_OK);
    assert_int_equal(scorer_new(&s, net, workers, count, NULL), HEED_OK);
    scorer_run(s, weights, rows, count, probability, &loss);
    assert_true(isfinite(loss) && loss >= 0);
    for (int r = 0; r < count; r++) {
        double sum = 0;
        for (uint32_t i = 0; i < outputs; i++) {
            float p = probability[(uint32_t)r * outputs + i];
            assert_true(p >= 0 && p <= 1);
            sum += (double)p;
        }
        assert_true(outputs == 1 || fabs(sum - 1) < 1e-6);
    }
    scorer_free(s);
    pool_free(workers);
}

static void empty_texts_have_finite_answers(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * LAYERED; i++) {
        network_spec spec = {
            layered[i / 2].architecture, VOCABULARY, SHORT_WINDOW, 3, i % 2 == 0, false, HEED_TASK_BINARY};
        network *net;
        assert_int_equal(network_new(&net, &spec, NULL), HEED_OK);
        real *w = weights_of(net);
        batch_row empty[ROWS] = {{0}};
        uint32_t nothing = 0;
        for (int r = 0; r < ROWS; r++)
            empty[r].ids = &nothing;
        check_finite(net, w, empty, 1);
        check_finite(net, w, empty, ROWS);
        free(w);
        network_free(net);
    }
}

static void extreme_weights_keep_probabilities_and_loss_finite(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    static const double sizes[] = {1e2, 1e4, 1e6};
    static const char *const architectures[] = {
        "embed 6 | bilstm 5 | attention additive 3 | dense 9 | dense 7",
        "embed 6 | conv 5 3 | attention additive 3 | dense 7",
        "embed 6 | transformer 2 5 | attention additive 3 | dense 7",
        "embed 6 | bigru 5 | attention dot + attention scaled + attention general + attention location | dense 7",
        "embed 6 | gru 5 | attention cosine + max + mean + last | dense 7",
        "embed 6 | attention cosine | dense 7",
    };
    enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes * ARCHITECTURES; i++)
        for (uint32_t outputs = 1; outputs <= MOST_OUTPUTS; outputs += 2) {
            network *net = network_of(architectures[i % ARCHITECTURES], VOCABULARY, SHORT_WINDOW, outputs);
            double size = sizes[i / ARCHITECTURES];
            real *w = weights_of(net);
            for (size_t j = 0; j < net->weight_count; j++)
                w[j] = (real)(w[j] < 0 ? -size : size);
            check_finite(net, w, x.rows, ROWS);
            free(w);
            network_free(net);
        }
}

/* A weight that is not a number is seen in the answer: no activation turns it into a number. */
static void check_nan(const char *architecture)
{
    static texts x;
    static answers found;
    make_texts(&x);
    network *net = network_of(architecture, VOCABULARY, SHORT_WINDOW, 1);
    real *w = weights_of(net);
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *p = &net->parameters[i];
        size_t at = parameter_count(p) - 1;
        if (p->start == INITIAL_EMBEDDING) /* of a token, or of a place, that the text has */
            at = (p->layer == 0 ? x.ids[1][0] : 0) * (size_t)p->columns;
        real kept = w[p->offset + at];
        w[p->offset + at] = NAN;
        answer(&found, net, w, &x.rows[1], 1, false);
        if (!isnan(found.probability[1][0]))
            fail_msg("%s[%zu] is NaN and the answer is %g", p->name, at, (double)found.probability[1][0]);
        w[p->offset + at] = kept;
    }
    free(w);
    network_free(net);
}

static void nan_weights_give_nan_answers(void **state)
{
    (void)state;
    check_nan("embed 6 | lstm 5 | bilstm 4 | attention additive 3 | dense 5");
    check_nan("embed 6 | conv 5 3 2 | attention additive 3 | dense 5");
    check_nan("embed 6 | transformer 2 5 | transformer-pre 3 4 | attention additive 3 | dense 5");
    check_nan("embed 6 | gru 5 | bigru 4 | attention general | dense 5");
    check_nan("embed 6 | bigru 4 | attention location");
    check_nan("embed 6 | bigru 4 | attention dot");
    check_nan("embed 6 | bigru 4 | attention cosine");
    check_nan("embed 6 | attention cosine");
    check_nan("embed 6 | bigru 4 | max");
    check_nan("embed 6 | bigru 4 | mean");
    check_nan("embed 6 | bigru 4 | last + attention scaled");
}

/* ---- dropout */

/* In training the rate's share of elements is 0 and the others grow by as much; in use nothing happens. */
static void check_dropout(const network *net, const real *weights, const batch_row *rows, bool training)
{
    enum { COUNT = 5 };
    const layer *dropout = &net->layers[net->layer_count - 2];
    batch *b = NULL;
    pass *p = NULL;
    int dropped = 0, changed = 0;
    assert_int_equal(batch_new(&b, net, COUNT, NULL), HEED_OK);
    assert_int_equal(pass_new(&p, net, ROWS_PER_CHUNK, SHORT_WINDOW, training, NULL), HEED_OK);
    batch_pack(b, rows, COUNT);
    p->weights = weights;
    p->chunk = b->chunks;
    network_forward(p);
    const real *in = pass_value(p, dropout->in).data, *out = pass_value(p, dropout->out).data;
    for (int i = 0; i < COUNT * dropout->in.width; i++)
        if (out[i] != in[i]) { /* one that was 0 before does not count */
            changed++;
            dropped += out[i] == 0;
            assert_true(out[i] == 0 || fabs((double)out[i] / (double)in[i] - 1 / 0.7) < 1e-6);
        }
    assert_int_equal(changed > 0, training);
    if (training)
        assert_true(fabs((double)dropped / changed - 0.3) < 4 * sqrt(0.3 * 0.7 / changed));
    pass_free(p);
    batch_free(b);
}

static void dropout_keeps_the_mean(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    network *net =
        network_of("embed 3 | lstm 2 | attention additive 2 | dense 4000 | dropout 0.3", VOCABULARY, SHORT_WINDOW, 1);
    real *w = weights_of(net);
    check_dropout(net, w, x.rows + 1, false);
    check_dropout(net, w, x.rows + 1, true);
    free(w);
    network_free(net);
}

/* ---- architectures */

static void architectures_have_a_canonical_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {tutorial, tutorial},
        {"embed 8|lstm 4|attention additive 2", "embed 8 | lstm 4 | attention additive 2"},
        {"  embed\t8 |  lstm   4\n| attention \t additive  2  ", "embed 8 | lstm 4 | attention additive 2"},
        {"embed 8 | lstm 4 | attention additive", "embed 8 | lstm 4 | attention additive 10"},
        {"embed 08 | lstm 4. | attention additive 2.000", "embed 8 | lstm 4 | attention additive 2"},
        {"embed 8 | attention additive 4", "embed 8 | attention additive 4"},
        {"embed 8|bigru 4|max", "embed 8 | bigru 4 | max"},
        {"embed 8|gru 4|attention  dot+max +last", "embed 8 | gru 4 | attention dot + max + last"},
        {"embed 8 | attention additive + attention location | dense 3",
         "embed 8 | attention additive 10 + attention location | dense 3"},
        {"embed 8|dropout .1|lstm 4  recurrent-dropout  .20|dropout 0|bigru 2 recurrent-dropout 0|max|dropout 0.5",
         "embed 8 | dropout 0.1 | lstm 4 recurrent-dropout 0.2 | dropout 0 | bigru 2 | max | dropout 0.5"},
        {"embed 8 | gru recurrent-dropout 0.25 3 | last", "embed 8 | gru 3 recurrent-dropout 0.25 | last"},
        {"embed 8 | dropout 0.5 | attention additive 4", "embed 8 | dropout 0.5 | attention additive 4"},
        {"embed 8 | transformer 2 4 | max + mean", "embed 8 | transformer 2 4 | max + mean"},
        {"embed 4096 | bilstm 1 | lstm 2 | bilstm 3 | attention additive 1 | dropout 0 | dense 2 | dense 1",
         "embed 4096 | bilstm 1 | lstm 2 | bilstm 3 | attention additive 1 | dropout 0 | dense 2 | dense 1"},
        {"embed 8 | lstm 4 | attention additive 2 | dropout .5",
         "embed 8 | lstm 4 | attention additive 2 | dropout 0.5"},
        {"embed 8 | lstm 4 | attention additive 2 | dropout 0.000010",
         "embed 8 | lstm 4 | attention additive 2 | dropout 0.00001"},
        {"embed 8 | lstm 4 | attention additive 2 | dropout 0.123456 | dropout 0.95",
         "embed 8 | lstm 4 | attention additive 2 | dropout 0.123456 | dropout 0.95"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].text;
        for (int turn = 0; turn < 2; turn++) { /* the second reads what the first has printed */
            heed_error error = {0};
            layer_spec *layers = NULL;
            int count = 0;
            char *printed = NULL;
            if (architecture_parse(&layers, &count, text, &error) != HEED_OK)
                fail_msg("'%s': %s", text, error.message);
            assert_int_equal(architecture_print(&printed, layers, count, NULL), HEED_OK);
            assert_string_equal(printed, cases[i].canonical);
            free(printed);
            free(layers);
            text = cases[i].canonical;
        }
    }
}

static const struct {
    const char *text, *message;
} bad_architectures[] = {
    {NULL, "architecture: empty; expected such as 'embed 128"},
    {"", "architecture: empty; expected such as 'embed 128"},
    {"   ", "architecture, column 4: no layer is called ''"},
    {"|", "architecture, column 1: no layer is called ''"},
    {"linear | dense 3", "architecture, column 1: 'linear' is no layer; expected it alone, or layers without it"},
    {"embed 8 | linear", "architecture, column 11: 'linear' is no layer"},
    {"liner", "architecture, column 1: no layer is called 'liner'; did you mean 'linear'?"},
    {"embed 8 | lstm 4 |", "architecture, column 19: no layer is called ''"},
    {"embed 8 || lstm 4", "architecture, column 10: no layer is called ''"},
    {"embed 8 | bilsm 4", "architecture, column 11: no layer is called 'bilsm'; did you mean 'bilstm'?"},
    {"embed 8 | lstm 4 | atention additve 3",
     "architecture, column 20: no layer is called 'atention additve'; did you mean 'attention additive'?"},
    {"embed 8 | LSTM 4", "architecture, column 11: no layer is called 'LSTM'"},
    {"embedding 8", "architecture, column 1: no layer is called 'embedding'; did you mean 'embed'?"},
    {"embed 8 | lstm4", "architecture, column 11: no layer is called 'lstm'"},
    {"embed 8 | \xff\xfe\x01\n 4", "architecture, column 11: no layer is called '\xff\xfe?"},
    {"embed \xc3\xa9", "architecture, column 7: found '\xc3\xa9', expected a number: embed WIDTH"},
    {"lstm 4 | embed 8", "architecture, column 1: 'lstm' (encoder) cannot stand here; expected: embed |"},
    {"embed 8 | embed 8", "architecture, column 11: 'embed' (embedding) cannot stand here"},
    {"embed 8 | dense 4", "architecture, column 11: 'dense' (head) cannot stand here"},
    {"embed 8 | lstm 4 | dropout 0.1", "architecture: ends without a pooling"},
    {"dropout 0.1 | embed 8", "architecture, column 1: 'dropout' (head) cannot stand here"},
    {"embed 8 | dropout 0.1 | dense 4 | max", "architecture, column 25: 'dense' (head) cannot stand here"},
    {"embed 8 | max | dropout 0.1 | lstm 4", "architecture, column 31: 'lstm' (encoder) cannot stand here"},
    {"embed 8 | max + dropout 0.1", "architecture, column 17: found 'dropout' (head) behind '+'"},
    {"embed 8 | dropout 0.1 + max", "architecture, column 25: found 'max' (pooling) behind '+'"},
    {"embed 8 | lstm 4 recurent-dropout 0.2",
     "architecture, column 18: found 'recurent-dropout', expected a number or 'recurrent-dropout': lstm UNITS "
     "[recurrent-dropout RATE]"},
    {"embed 8 | gru 4 recurrent-dropout", "architecture, column 17: 'recurrent-dropout' needs a number: gru UNITS ["},
    {"embed 8 | gru recurrent-dropout 0.2", "architecture, column 11: 'gru' needs a number: gru UNITS ["},
    {"embed 8 | gru 4 recurrent-dropout 1",
     "architecture, column 35: found 1, expected a number from 0 to 0.95: gru UNITS [recurrent-dropout RATE]"},
    {"embed 8 | gru 4 recurrent-dropout x", "architecture, column 35: found 'x', expected a number: gru UNITS ["},
    {"embed 8 | gru 4 recurrent-dropout 0.1 recurrent-dropout 0.1",
     "architecture, column 39: found 'recurrent-dropout' twice: gru UNITS ["},
    {"embed 8 | conv 4 3 recurrent-dropout 0.1",
     "architecture, column 20: found 'recurrent-dropout', expected a number: conv UNITS WIDTH"},
    {"embed 8 | lstm 4 | attention additive 2 | lstm 4", "architecture, column 43: 'lstm' (encoder) cannot stand here"},
    {"embed 8 | lstm 4 | attention additive 2 | attention additive 2",
     "architecture, column 43: 'attention additive' (pooling) cannot stand here"},
    {"embed 8", "architecture: ends without a pooling"},
    {"embed 8 | lstm 4", "architecture: ends without a pooling"},
    {"embed 8 | last", "architecture: 'last' needs a final state; put a recurrent layer"},
    {"embed 8 | lstm 4 | conv 3 2 | max + last", "architecture: 'last' needs a final state; put a recurrent layer"},
    {"embed 8 | max + dense 4",
     "architecture, column 17: found 'dense' (head) behind '+', which joins poolings alone; expected '|'"},
    {"embed 8 + max", "architecture, column 11: found 'max' (pooling) behind '+', which joins poolings alone"},
    {"embed 8 | lstm 4 + lstm 4", "architecture, column 20: found 'lstm' (encoder) behind '+'"},
    {"embed 8 | lstm 4 | max | mean", "architecture, column 26: 'mean' (pooling) cannot stand here"},
    {"embed 8 | lstm 4 | max + mean | last", "architecture, column 33: 'last' (pooling) cannot stand here"},
    {"embed 8 | lstm 4 | max +", "architecture, column 25: no layer is called ''"},
    {"embed 8 | lstm 4 | + max", "architecture, column 20: no layer is called ''"},
    {"+ embed 8", "architecture, column 1: no layer is called ''"},
    {"embed 8 | lstm 4 | max 3", "architecture, column 24: found '3' too much: max"},
    {"embed 8 | lstm 4 | attention dots",
     "architecture, column 20: no layer is called 'attention dots'; did you mean 'attention dot'?"},
    {"embed 8 | gru", "architecture, column 11: 'gru' needs a number: gru UNITS"},
    {"embed", "architecture, column 1: 'embed' needs a number: embed WIDTH"},
    {"embed 8 | lstm", "architecture, column 11: 'lstm' needs a number: lstm UNITS"},
    {"embed 8 9", "architecture, column 9: found '9' too much: embed WIDTH"},
    {"embed 8 | lstm 4 5 6", "architecture, column 18: found '5 6' too much: lstm UNITS"},
    {"embed 0", "architecture, column 7: found 0, expected a whole number from 1 to 4096: embed WIDTH"},
    {"embed 4097", "architecture, column 7: found 4097, expected a whole number from 1 to 4096"},
    {"embed 1000000000", "architecture, column 7: found 1000000000, expected a whole number"},
    {"embed 1e9", "architecture, column 7: found '1e9', expected a number"},
    {"embed -8", "architecture, column 7: found '-8', expected a number"},
    {"embed 0x10", "architecture, column 7: found '0x10', expected a number"},
    {"embed nan", "architecture, column 7: found 'nan', expected a number"},
    {"embed .", "architecture, column 7: found '.', expected a number"},
    {"embed 8,5", "architecture, column 7: found '8,5', expected a number"},
    {"embed 00000000000000000000000000000000000000000000000008",
     "architecture, column 7: found '0000000000000000000000000000000000000000', expected a number"},
    {"embed 8 | lstm 4 | attention additive 2 | dense 2.5",
     "architecture, column 49: found 2.5, expected a whole number from 1 to 4096: dense UNITS"},
    {"embed 8 | lstm 4 | attention additive 2 | dropout 1.5",
     "architecture, column 51: found 1.5, expected a number from 0 to 0.95: dropout RATE"},
    {"embed 8 | lstm 4 | attention additive 2 | dropout 0.0000001",
     "architecture, column 51: found '0.0000001', expected a number: dropout RATE"},
    {"embed 8 | lstm 4 | attention additive 2 | dropout 0.5.5",
     "architecture, column 51: found '0.5.5', expected a number: dropout RATE"},
};

static void check_refused(const char *text, const char *message)
{
    heed_error error = {0};
    layer_spec *layers = (layer_spec *)(void *)&error;
    int count = 99;
    heed_status status = architecture_parse(&layers, &count, text, &error);
    if (status == HEED_OK) { /* what only the build can see */
        network_spec spec = {text, VOCABULARY, SHORT_WINDOW, 1, true, false, HEED_TASK_BINARY};
        network *net;
        free(layers);
        layers = NULL;
        count = 0;
        status = network_new(&net, &spec, &error);
        assert_null(net);
    }
    assert_int_equal(status, HEED_USAGE);
    assert_null(layers);
    assert_int_equal(count, 0);
    if (strncmp(error.message, message, strlen(message)) != 0)
        fail_msg("'%s':\n  found    %s\n  expected %s", text == NULL ? "NULL" : text, error.message, message);
    for (const char *p = error.message; *p != '\0'; p++)
        assert_true((unsigned char)*p >= 0x20);
}

static void bad_architectures_are_refused_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_architectures / sizeof *bad_architectures; i++)
        check_refused(bad_architectures[i].text, bad_architectures[i].message);
}

static void long_architectures_are_refused(void **state)
{
    (void)state;
    buffer text = {0};
    assert_int_equal(buffer_print(&text, NULL, "embed 8"), HEED_OK);
    for (int i = 0; i < 70; i++)
        assert_int_equal(buffer_print(&text, NULL, " | lstm 2"), HEED_OK);
    assert_int_equal(buffer_byte(&text, '\0', NULL), HEED_OK);
    check_refused(text.data, "architecture: more than 63 layers");
    buffer_clear(&text);
    assert_int_equal(buffer_print(&text, NULL, "embed 8 | max"), HEED_OK);
    for (int i = 0; i < 61; i++)
        assert_int_equal(buffer_print(&text, NULL, " + max"), HEED_OK);
    assert_int_equal(buffer_byte(&text, '\0', NULL), HEED_OK);
    network *most = network_of(text.data, VOCABULARY, SHORT_WINDOW, 1);
    assert_int_equal(most->layer_count, 63 + 2); /* and their concatenation, and the output */
    assert_int_equal(most->layers[63].out.width, 62 * 8);
    network_free(most);
    text.size--;
    assert_int_equal(buffer_print(&text, NULL, " + max"), HEED_OK);
    assert_int_equal(buffer_byte(&text, '\0', NULL), HEED_OK);
    check_refused(text.data, "architecture: more than 63 layers");
    buffer_release(&text);

    char garbage[5000];
    memset(garbage, 'x', sizeof garbage);
    garbage[sizeof garbage - 1] = '\0';
    check_refused(garbage, "architecture: 4999 characters, expected at most 4096");
    garbage[4096] = '\0';
    check_refused(garbage, "architecture, column 1: no layer is called 'xxxx");
    memcpy(garbage, "embed ", 6);
    check_refused(garbage, "architecture, column 7: found 'xxxx");
    memset(garbage, '8', 4096);
    memcpy(garbage, "embed ", 6);
    check_refused(garbage, "architecture, column 7: found '8888");
}

/* ---- initial weights */

static const parameter *parameter_named(const network *net, const char *name)
{
    for (int i = 0; i < net->parameter_count; i++)
        if (strcmp(net->parameters[i].name, name) == 0)
            return &net->parameters[i];
    fail_msg("no parameter is called %s", name);
    return NULL;
}

/* Uniform in [-limit, limit]: nothing outside, nearly all of it used, mean 0, variance limit^2 / 3. */
static void check_uniform(const network *net, const real *weights, const char *name, double limit)
{
    const parameter *p = parameter_named(net, name);
    size_t count = parameter_count(p);
    double sum = 0, squares = 0, largest = 0;
    for (size_t i = 0; i < count; i++) {
        double w = (double)weights[p->offset + i];
        sum += w;
        squares += w * w;
        largest = fmax(largest, fabs(w));
    }
    double n = (double)count, mean = sum / n / limit, variance = squares / n / (limit * limit);
    if (largest > limit * 1.000001 || largest < limit * 0.98 || fabs(mean) > 4 / sqrt(3 * n) ||
        fabs(variance - 1.0 / 3) > 4 * sqrt(4.0 / 45 / n))
        fail_msg("%s: largest %g of %g, mean %g and variance %g of its square", name, largest, limit, mean, variance);
}

static void check_orthonormal_rows(const network *net, const real *weights, const char *name)
{
    const parameter *p = parameter_named(net, name);
    const real *w = weights + p->offset;
    for (int i = 0; i < p->rows; i++)
        for (int j = 0; j <= i; j++) {
            double along = 0;
            for (int k = 0; k < p->columns; k++)
                along += (double)w[i * p->columns + k] * (double)w[j * p->columns + k];
            if (!(fabs(along - (i == j)) < 1e-6))
                fail_msg("%s: row %d times row %d is %g", name, i, j, along);
        }
}

static void initial_weights_are_those_of_keras(void **state)
{
    (void)state;
    network *net = network_of(tutorial, 6000, 130, 1);
    real *w = memory_aligned(net->weight_count, sizeof *w);
    assert_non_null(w);
    for (size_t i = 0; i < net->weight_count; i++)
        w[i] = NAN; /* all of it has to be written */
    assert_int_equal(network_initialize(net, w, 1, NULL), HEED_OK);
    check_uniform(net, w, "embedding.embeddings", 0.05);
    check_uniform(net, w, "bi_lstm_0.forward.kernel", sqrt(6.0 / (128 + 4 * 32)));
    check_uniform(net, w, "bi_lstm_1.backward.kernel", sqrt(6.0 / (64 + 4 * 32)));
    check_uniform(net, w, "attention.features_kernel", sqrt(6.0 / (64 + 10)));
    check_uniform(net, w, "dense.kernel", sqrt(6.0 / (64 + 20)));
    check_orthonormal_rows(net, w, "bi_lstm_0.forward.recurrent_kernel");
    check_orthonormal_rows(net, w, "bi_lstm_1.backward.recurrent_kernel");
    const parameter *bias = parameter_named(net, "bi_lstm_0.forward.bias");
    for (int i = 0; i < bias->columns; i++)
        assert_true(w[bias->offset + (size_t)i] == (real)(i / 32 == 1)); /* gates i, f, g, o */
    static const char *const zeros[] = {"attention.features_bias", "attention.query_bias", "attention.score_bias",
                                        "dense.bias", "output.bias"};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        const parameter *p = parameter_named(net, zeros[i]);
        for (size_t j = 0; j < parameter_count(p); j++)
            assert_true(w[p->offset + j] == 0);
    }
    free(w);
    network_free(net);
}

static void initial_weights_follow_the_seed(void **state)
{
    (void)state;
    network *net = network_of("embed 20 | bilstm 8 | bilstm 8 | attention additive 8 | dense 8", 50, 10, 1);
    real *w[3];
    static const uint64_t seeds[] = {1, 1, (uint64_t)1 << 32 | 1}; /* all 64 bits count */
    for (int i = 0; i < 3; i++) {
        w[i] = memory_aligned(net->weight_count, sizeof *w[i]);
        assert_non_null(w[i]);
        assert_int_equal(network_initialize(net, w[i], seeds[i], NULL), HEED_OK);
    }
    assert_memory_equal(w[0], w[1], net->weight_count * sizeof *w[0]);
    assert_memory_not_equal(w[0], w[2], net->weight_count * sizeof *w[0]);
    const parameter *a = parameter_named(net, "bi_lstm_1.forward.kernel");
    const parameter *b = parameter_named(net, "bi_lstm_1.backward.kernel");
    assert_int_equal(parameter_count(a), parameter_count(b));
    assert_memory_not_equal(w[0] + a->offset, w[0] + b->offset, parameter_count(a) * sizeof *w[0]);
    for (int i = 0; i < 3; i++)
        free(w[i]);
    network_free(net);
}

static void the_tutorial_has_its_parameters(void **state)
{
    (void)state;
    network *net = network_of(tutorial, 6000, 130, 1);
    size_t sum = 0;
    for (int i = 0; i < net->parameter_count; i++) {
        assert_int_equal(net->parameters[i].offset, sum); /* one block without holes */
        sum += parameter_count(&net->parameters[i]);
    }
    assert_int_equal(sum, 836680);
    assert_int_equal(net->weight_count, 836680);
    assert_int_equal(net->embedding_count, 6000 * 128);
    assert_string_equal(net->spec.architecture, tutorial);
    network_free(net);
    network_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masked_answers_do_not_depend_on_the_batch),
        cmocka_unit_test(unmasked_networks_read_padding),
        cmocka_unit_test(attention_sums_to_1),
        cmocka_unit_test(empty_texts_have_finite_answers),
        cmocka_unit_test(extreme_weights_keep_probabilities_and_loss_finite),
        cmocka_unit_test(nan_weights_give_nan_answers),
        cmocka_unit_test(dropout_keeps_the_mean),
        cmocka_unit_test(architectures_have_a_canonical_text),
        cmocka_unit_test(bad_architectures_are_refused_in_words),
        cmocka_unit_test(long_architectures_are_refused),
        cmocka_unit_test(initial_weights_are_those_of_keras),
        cmocka_unit_test(initial_weights_follow_the_seed),
        cmocka_unit_test(the_tutorial_has_its_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
