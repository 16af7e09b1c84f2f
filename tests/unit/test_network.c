/* Networks as a whole: masked answers do not depend on batch mates, order or window, bit for bit; empty texts and
 * extreme weights stay finite; the tutorial's parameter count. */
#include "unit/kernel_cases.h"
#include "unit/layered_networks.h"
#include "unit/network_cases.h"

#include "network/scorer.h"

static const char tutorial[] = "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05";

static network *masked_network(const char *architecture, uint32_t vocabulary, uint32_t window, uint32_t outputs)
{
    return network_of((network_spec){.architecture = architecture,
                                     .vocabulary = vocabulary,
                                     .window = window,
                                     .outputs = outputs,
                                     .mask = true,
                                     .encoder_width = width_of(architecture)});
}

static uint32_t word(uint32_t row, uint32_t element)
{
    return random_word((random_key){11, RANDOM_SPLIT, 0, 0, row}, element);
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

enum { VOCABULARY = 40, SHORT_WINDOW = 12, ROWS = 23, MAX_OUTPUTS = 3 };

typedef struct texts {
    uint32_t ids[ROWS][SHORT_WINDOW];
    real states[ROWS][1 + SHORT_WINDOW][STATES_WIDTH];
    batch_row rows[ROWS];
} texts;

typedef struct answers {
    float probability[ROWS][MAX_OUTPUTS], attention[ROWS][SHORT_WINDOW]; /* in the order of the texts */
} answers;

/* Lengths 0 to SHORT_WINDOW, in no order; labels 0 and 1. */
static void make_texts(texts *x)
{
    for (uint32_t r = 0; r < ROWS; r++) {
        int length = (int)(r * 5 % (SHORT_WINDOW + 1));
        for (uint32_t t = 0; t < (uint32_t)length; t++)
            x->ids[r][t] = 1 + word(r, t) % (VOCABULARY - 1);
        memcpy(x->states[r], made_states(r), sizeof x->states[r]);
        x->rows[r] = (batch_row){.ids = x->ids[r],
                                 .length = length,
                                 .number = r,
                                 .label = r % 2,
                                 .states = row_states_of(x->states[r][0], STATES_WIDTH)};
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
    network *net = masked_network(architecture, VOCABULARY, SHORT_WINDOW, outputs);
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
        network *wide = masked_network(architecture, VOCABULARY, windows[i], outputs);
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

static void masked_answers_do_not_depend_on_the_batch(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        const kernels *k = table(i);
        if (k == NULL)
            continue;
        for (int j = 0; j < ALL_LAYERED; j++)
            check_invariance(layered[j].architecture, layered[j].outputs, k, false);
        for (int j = 0; j < ALL_LAYERED; j++) /* and in training, where dropout drops */
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
        network_spec spec = {.architecture = layered[i / 2].architecture,
                             .vocabulary = VOCABULARY,
                             .window = SHORT_WINDOW,
                             .outputs = layered[i / 2].outputs,
                             .pad_behind = behind};
        network *unmasked = network_of(spec);
        network *masked = masked_network(spec.architecture, VOCABULARY, SHORT_WINDOW, spec.outputs);
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
    for (int i = 0; i < ALL_LAYERED; i++) {
        network *net = masked_network(layered[i].architecture, VOCABULARY, SHORT_WINDOW, layered[i].outputs);
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
    float probability[ROWS * MAX_OUTPUTS];
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
        network *net = network_of((network_spec){.architecture = layered[i / 2].architecture,
                                                 .vocabulary = VOCABULARY,
                                                 .window = SHORT_WINDOW,
                                                 .outputs = 3,
                                                 .mask = i % 2 == 0});
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
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes * ALL_LAYERED; i++)
        for (uint32_t outputs = 1; outputs <= MAX_OUTPUTS; outputs += 2) {
            network *net = masked_network(layered[i % ALL_LAYERED].architecture, VOCABULARY, SHORT_WINDOW, outputs);
            double size = sizes[i / ALL_LAYERED];
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
    network *net = masked_network(architecture, VOCABULARY, SHORT_WINDOW, 1);
    real *w = weights_of(net);
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *p = &net->parameters[i];
        size_t at = p->taps > 1 ? parameter_count(p) / 2 : parameter_count(p) - 1; /* what every text reads */
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

/* The same of a state, wherever it is in the text, or of that of the first token where it is read. */
static void nan_states_give_nan_answers(void **state)
{
    (void)state;
    static texts x;
    static answers found;
    for (size_t i = LAYERED; i < ALL_LAYERED; i++) {
        network *net = masked_network(layered[i].architecture, VOCABULARY, SHORT_WINDOW, 1);
        real *w = weights_of(net);
        for (int r = 1; r < ROWS; r++) {
            make_texts(&x);
            if (x.rows[r].length == 0)
                continue;
            size_t at = strstr(layered[i].architecture, "first") != NULL ? 0 : 1 + (size_t)r % (size_t)x.rows[r].length;
            x.states[r][at][r % STATES_WIDTH] = NAN;
            answer(&found, net, w, x.rows, ROWS, false);
            for (int other = 0; other < ROWS; other++)
                assert_int_equal(isnan(found.probability[other][0]), other == r);
        }
        free(w);
        network_free(net);
    }
}

static void nan_weights_give_nan_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALL_LAYERED; i++)
        check_nan(layered[i].architecture);
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
    network *net = masked_network("embed 3 | lstm 2 | attention additive 2 | dense 4000 | dropout 0.3", VOCABULARY,
                                  SHORT_WINDOW, 1);
    real *w = weights_of(net);
    check_dropout(net, w, x.rows + 1, false);
    check_dropout(net, w, x.rows + 1, true);
    free(w);
    network_free(net);
}

/* ---- parameters */

static void the_tutorial_has_its_parameters(void **state)
{
    (void)state;
    network *net = masked_network(tutorial, 6000, 130, 1);
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

/* The encoder is no part of the network: its states have no weights, and no words are known. */
static void states_have_no_parameters(void **state)
{
    (void)state;
    network *net = masked_network("encoder | attention additive 5 | dense 4", 6000, 130, 1);
    assert_int_equal(net->weight_count, (7 * 5 + 5) + (7 * 5 + 5) + (5 + 1) + (7 * 4 + 4) + (4 + 1));
    assert_int_equal(net->embedding_count, 0);
    assert_int_equal(net->spec.vocabulary, 0);
    assert_int_equal(net->projection_count, 0);
    network_free(net);
}

static void states_need_an_encoder_and_a_mask(void **state)
{
    (void)state;
    heed_error error;
    network *net;
    network_spec spec = {.architecture = "encoder | max", .vocabulary = 9, .window = 5, .outputs = 1, .mask = true};
    assert_int_equal(network_new(&net, &spec, &error), HEED_USAGE);
    assert_null(net);
    assert_non_null(strstr(error.message, "found 'encoder', expected a pretrained one with it"));
    spec.encoder_width = 4;
    spec.mask = false;
    assert_int_equal(network_new(&net, &spec, &error), HEED_USAGE);
    assert_null(net);
    assert_non_null(strstr(error.message, "--no-mask: found 'encoder', which has no states for padding"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_no_parameters),
        cmocka_unit_test(states_need_an_encoder_and_a_mask),
        cmocka_unit_test(every_layer_is_in_the_list),
        cmocka_unit_test(masked_answers_do_not_depend_on_the_batch),
        cmocka_unit_test(unmasked_networks_read_padding),
        cmocka_unit_test(attention_sums_to_1),
        cmocka_unit_test(empty_texts_have_finite_answers),
        cmocka_unit_test(extreme_weights_keep_probabilities_and_loss_finite),
        cmocka_unit_test(nan_weights_give_nan_answers),
        cmocka_unit_test(nan_states_give_nan_answers),
        cmocka_unit_test(dropout_keeps_the_mean),
        cmocka_unit_test(the_tutorial_has_its_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
