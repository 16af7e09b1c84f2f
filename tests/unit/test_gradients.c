/* Every gradient against central differences: the sources of the layers compiled for double (-DHEED_DOUBLE), whole
 * batches through the trainer. The gradient of the embedded tokens is checked through the embedding's weights, which
 * sum it over equal tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "network/layers.h"
#include "train/trainer.h"

typedef enum padding { MASKED, PADS_BEFORE, PADS_BEHIND } padding;

/* What shapes the loss, apart from the number of outputs. */
typedef enum shaping { SEVERAL = 1, WEIGHED_ROWS = 2, WEIGHED_CLASSES = 4, SMOOTHED = 8 } shaping;

/* A new layer adds a line. */
static const struct {
    const char *architecture;
    uint32_t outputs;
    padding pads;
    int rows;
    unsigned shaping;
} cases[] = {
    {"embed 4 | lstm 3 | attention additive 3", 1, MASKED, 7, 0},
    {"embed 4 | bilstm 3 | attention additive 3", 1, MASKED, 7, 0},
    {"embed 4 | bilstm 3 | attention additive 3", 1, PADS_BEFORE, 7, 0},
    {"embed 4 | bilstm 3 | attention additive 3", 3, PADS_BEHIND, 7, 0},
    {"embed 4 | lstm 3 | lstm 2 | last + max", 1, PADS_BEFORE, 13, 0}, /* rows that share their padding */
    {"embed 4 | bigru 3 | bilstm 2 | last + mean", 3, PADS_BEHIND, 13, 0},
    {"embed 4 | bilstm 3 | bilstm 2 | attention additive 3 | dense 4", 1, MASKED, 7, 0},
    {"embed 4 | lstm 2 | bilstm 2 | lstm 3 | attention additive 3 | dense 4 | dense 3", 3, MASKED, 7, 0},
    {"embed 3 | bilstm 2 | attention additive 2 | dropout 0.4 | dense 6 | dropout 0.25", 1, MASKED, 7, 0},
    {"embed 3 | bilstm 2 | attention additive 2 | dense 6 | dropout 0.25", 4, PADS_BEFORE, 23, 0},
    {"embed 2 | lstm 2 | attention additive 2 | dense 3", 2, MASKED, 23, 0},
    {"embed 4 | conv 5 3 | attention additive 3 | dense 4", 1, MASKED, 7, 0},
    {"embed 3 | conv 4 2 | conv 3 9 | attention additive 2 | dense 3", 1, MASKED, 7, 0}, /* even; wider than a text */
    {"embed 3 | conv 3 1 4 2 | bilstm 2 | attention additive 2", 3, MASKED, 13, 0},
    {"embed 3 | conv 3 3 2 | attention additive 2", 1, PADS_BEFORE, 7, 0},
    {"embed 6 | transformer 2 5 | attention additive 3 | dense 4", 1, MASKED, 7, 0},
    {"embed 6 | transformer 1 3 | transformer 6 4 | mean", 3, MASKED, 13, 0},
    {"embed 4 | transformer-pre 2 5 | transformer-pre 4 3 | attention additive 2 | dense 3", 1, MASKED, 13, 0},
    {"embed 3 | conv 2 3 2 | transformer-pre 2 5 | transformer 1 4 | lstm 2 | attention additive 2", 1, PADS_BEHIND, 7,
     0},
    {"embed 4 | gru 3 | attention dot", 1, MASKED, 7, 0},
    {"embed 4 | bigru 3 | attention dot | dense 3", 3, PADS_BEFORE, 7, 0},
    {"embed 3 | gru 2 | bigru 2 | gru 4 | attention scaled | dense 3", 1, MASKED, 13, 0},
    {"embed 3 | bilstm 2 | attention scaled", 1, PADS_BEHIND, 13, 0},
    {"embed 3 | bigru 2 | attention general | dense 3", 3, MASKED, 13, 0},
    {"embed 3 | lstm 3 | attention general", 1, PADS_BEFORE, 7, 0},
    {"embed 3 | bilstm 2 | attention location | dense 3", 1, MASKED, 13, 0},
    {"embed 3 | bigru 2 | attention location", 3, PADS_BEFORE, 7, 0},
    {"embed 3 | gru 3 | attention location", 1, PADS_BEHIND, 7, 0},
    {"embed 3 | bilstm 2 | attention cosine | dense 3", 1, MASKED, 13, 0},
    {"embed 3 | gru 4 | attention cosine", 3, PADS_BEFORE, 7, 0},
    {"embed 4 | bigru 2 | max | dense 3", 1, MASKED, 13, 0},
    {"embed 4 | bilstm 2 | max", 3, PADS_BEHIND, 7, 0},
    {"embed 4 | max | dense 3", 1, PADS_BEFORE, 13, 0}, /* equal tokens: more than one position holds the maximum */
    {"embed 4 | mean | dense 3", 3, MASKED, 13, 0},
    {"embed 4 | gru 3 | mean", 1, PADS_BEFORE, 7, 0},
    {"embed 4 | bigru 3 | last | dense 3", 1, MASKED, 13, 0},
    {"embed 4 | lstm 3 | last", 3, PADS_BEHIND, 7, 0},
    /* the query is the mean of the features */
    {"embed 4 | attention dot | dense 3", 1, MASKED, 13, 0},
    {"embed 4 | attention additive 3", 1, PADS_BEFORE, 7, 0},
    {"embed 4 | conv 3 2 | attention cosine", 1, MASKED, 13, 0},
    {"embed 4 | lstm 2 | conv 3 2 | attention general | dense 3", 1, MASKED, 7, 0},
    {"embed 4 | transformer 2 3 | attention location", 3, MASKED, 7, 0},
    /* several poolings side by side */
    {"embed 4 | bilstm 2 | attention additive 3 + max | dense 4", 1, MASKED, 13, 0},
    {"embed 4 | gru 3 | last + mean + attention dot + attention general + last", 3, PADS_BEFORE, 7, 0},
    {"embed 4 | attention scaled + max + attention cosine | dense 4", 1, MASKED, 7, 0},
    /* dropout, whose factors stay the same from loss to loss */
    {"embed 4 | dropout 0.3 | bilstm 3 recurrent-dropout 0.4 | attention additive 3", 1, MASKED, 7, 0},
    {"embed 3 | gru 3 recurrent-dropout 0.3 | dropout 0.4 | attention dot | dense 3", 1, PADS_BEHIND, 13, 0},
    {"embed 4 | bigru 3 recurrent-dropout 0.4 | dropout 0.2 | lstm 2 recurrent-dropout 0.5 | last", 3, MASKED, 13, 0},
    {"embed 2 | lstm 2 | attention additive 2", 1, MASKED, 173, 0}, /* more chunks than the trainer's lanes */
    /* states of an encoder in the place of an embedding */
    {"encoder | attention additive 3 | dense 4", 1, MASKED, 13, 0},
    {"encoder | dropout 0.3 | bilstm 3 recurrent-dropout 0.4 | attention general + max", 3, MASKED, 13, 0},
    {"encoder bert 6x4 | conv 3 3 2 | mean | dense 3", 1, MASKED, 13, WEIGHED_ROWS},
    {"encoder | transformer 2 3 | attention location", 3, MASKED, 7, 0},
    {"encoder | attention dot | dense 3", 4, MASKED, 173, SEVERAL | SMOOTHED},
    {"encoder | first | dense tanh 5 | dropout 0.2", 3, MASKED, 13, 0},
    {"encoder | dropout 0.3 | mean + first | dense 4 | dense tanh 3", 1, MASKED, 13, SMOOTHED},
    /* every loss */
    {"embed 2 | mean | dense 3", 1, MASKED, 13, WEIGHED_ROWS},
    {"embed 2 | mean | dense 3", 1, MASKED, 13, WEIGHED_CLASSES | SMOOTHED},
    {"embed 2 | mean | dense 3", 3, MASKED, 13, WEIGHED_ROWS},
    {"embed 2 | mean | dense 3", 3, MASKED, 13, WEIGHED_CLASSES | WEIGHED_ROWS | SMOOTHED},
    {"embed 2 | mean | dense 3", 4, MASKED, 13, SEVERAL},
    {"embed 2 | mean | dense 3", 2, MASKED, 13, SEVERAL | SMOOTHED},
    {"embed 3 | bilstm 2 | attention additive 2 | dense 3", 4, MASKED, 23,
     SEVERAL | WEIGHED_ROWS | WEIGHED_CLASSES | SMOOTHED},
};

static const double class_weight[] = {0.5, 3, 1.25, 0};

enum { VOCABULARY = 11, WINDOW = 6, MAX_ROWS = 173, ENTRIES = 50, STATES_WIDTH = 4 };

static const double step = 1e-5, allowed = 1e-6;

typedef struct bench {
    network *net;
    pool *workers;
    trainer *t;
    uint32_t ids[MAX_ROWS][WINDOW];
    real states[MAX_ROWS][(1 + WINDOW) * STATES_WIDTH];
    uint32_t labels[MAX_ROWS][4];
    double weight[MAX_ROWS];
    batch_row rows[MAX_ROWS];
    int count;
} bench;

static uint32_t word(uint32_t purpose, uint32_t row, uint32_t element)
{
    return random_word((random_key){7, RANDOM_SPLIT, purpose, 0, row}, element);
}

/* Lengths WINDOW, 1, 0 and others in turn, in no order. */
static void make_rows(bench *b, uint32_t outputs, unsigned shaping)
{
    static const int lengths[] = {3, WINDOW, 1, 0, 4, 4, 2, 5};
    for (int r = 0; r < b->count; r++) {
        int length = lengths[(size_t)r % (sizeof lengths / sizeof *lengths)];
        for (int t = 0; t < length; t++)
            b->ids[r][t] = word(0, (uint32_t)r, (uint32_t)t) % VOCABULARY;
        uint32_t label = word(1, (uint32_t)r, 0) % (outputs == 1 ? 2 : outputs);
        for (uint32_t i = 0; i < (1 + WINDOW) * STATES_WIDTH; i++)
            b->states[r][i] = random_unit(word(5, (uint32_t)r, i)) * 2 - 1;
        b->rows[r] = (batch_row){.ids = b->ids[r],
                                 .length = length,
                                 .number = (uint32_t)r,
                                 .label = label,
                                 .states = row_states_of(b->states[r], STATES_WIDTH)};
        b->weight[r] = random_unit(word(3, (uint32_t)r, 0)) * 3;
        if (shaping & WEIGHED_ROWS)
            b->rows[r].weight = &b->weight[r];
        if (!(shaping & SEVERAL))
            continue;
        b->rows[r].label = 0;
        b->rows[r].labels = b->labels[r];
        for (uint32_t k = 0; k < outputs; k++)
            if (word(4, (uint32_t)r, k) % 3 == 0)
                b->labels[r][b->rows[r].label++] = k;
    }
}

static void bench_init(bench *b, size_t number)
{
    padding pads = cases[number].pads;
    network_spec spec = {cases[number].architecture,
                         VOCABULARY,
                         WINDOW,
                         cases[number].outputs,
                         pads == MASKED,
                         pads == PADS_BEHIND,
                         cases[number].shaping & SEVERAL ? HEED_TASK_MULTILABEL : HEED_TASK_BINARY,
                         strncmp(cases[number].architecture, "encoder", 7) == 0 ? STATES_WIDTH : 0};
    trainer_options options = {.batch_rows = cases[number].rows, .seed = 5};
    heed_error error = {0};
    *b = (bench){.count = cases[number].rows};
    if (network_new(&b->net, &spec, &error) != HEED_OK || pool_new(&b->workers, 1, &error) != HEED_OK ||
        trainer_new(&b->t, b->net, b->workers, &options, &error) != HEED_OK)
        fail_msg("%s", error.message);
    make_rows(b, cases[number].outputs, cases[number].shaping);
    trainer_shape_loss(b->t, cases[number].shaping & SMOOTHED ? 0.2 : 0,
                       cases[number].shaping & WEIGHED_CLASSES ? class_weight : NULL);
    /* Biases of 0 would put the ReLUs of an empty text on their kink. */
    for (size_t i = 0; i < b->net->weight_count; i++)
        trainer_weights(b->t)[i] += random_unit(word(2, 0, (uint32_t)i)) * 1.6 - 0.8;
}

static void bench_release(bench *b)
{
    trainer_free(b->t);
    pool_free(b->workers);
    network_free(b->net);
}

/* The batch's mean loss with the weights as they are. */
static double mean_loss(bench *b)
{
    double loss;
    trainer_restart(b->t);
    trainer_gradient(b->t, b->rows, b->count, 3, &loss, NULL);
    return loss / b->count;
}

static void check_parameter(bench *b, const char *architecture, const parameter *p, const real *gradient)
{
    size_t count = parameter_count(p), entries = count < ENTRIES ? count : ENTRIES;
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(gradient[p->offset + i]));
    /* Differences of the loss are exact to some 1e-11: what is 0 but for rounding has no relative error. */
    double floor_of_tensor = fmax(largest * 1e-2, 3e-5);
    for (size_t i = 0; i < entries; i++) {
        size_t at = p->offset + i * count / entries;
        real *w = trainer_weights(b->t) + at, kept = *w;
        *w = kept + step;
        double above = mean_loss(b);
        *w = kept - step;
        double below = mean_loss(b);
        *w = kept;
        double difference = (above - below) / (2 * step), found = gradient[at];
        double error = fabs(found - difference) / fmax(floor_of_tensor, fmax(fabs(found), fabs(difference)));
        if (!(error <= allowed))
            fail_msg("'%s', %s[%zu]: gradient %.12g, difference %.12g, error %.3g", architecture, p->name,
                     at - p->offset, found, difference, error);
    }
}

static void gradients_equal_differences(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static bench b;
        bench_init(&b, i);
        real *gradient = calloc(b.net->weight_count, sizeof *gradient);
        assert_non_null(gradient);
        mean_loss(&b);
        assert_true(trainer_finite(b.t));
        trainer_copy_gradient(b.t, gradient);
        for (int j = 0; j < b.net->parameter_count; j++)
            check_parameter(&b, cases[i].architecture, &b.net->parameters[j], gradient);
        free(gradient);
        bench_release(&b);
    }
}

/* Adds the gradients of each row as a batch of its own, which has no row to share its padding with. */
static void add_rows_alone(bench *b, real *sum, real *kept)
{
    double loss;
    for (int r = 0; r < b->count; r++) {
        trainer_gradient(b->t, &b->rows[r], 1, 3, &loss, NULL);
        trainer_copy_gradient(b->t, kept);
        for (size_t i = 0; i < b->net->weight_count; i++)
            sum[i] += kept[i] / b->count;
    }
}

static void check_together(bench *b, const char *architecture)
{
    size_t count = b->net->weight_count;
    real *together = calloc(count, sizeof *together), *alone = calloc(count, sizeof *alone);
    real *one = calloc(count, sizeof *one);
    assert_true(together != NULL && alone != NULL && one != NULL);
    mean_loss(b);
    trainer_copy_gradient(b->t, together);
    add_rows_alone(b, alone, one);
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(alone[i]));
    assert_true(largest > 1e-3);
    for (size_t i = 0; i < count; i++)
        if (!(fabs(together[i] - alone[i]) <= 1e-12 * largest))
            fail_msg("'%s', weight %zu: together %.17g, alone %.17g", architecture, i, together[i], alone[i]);
    free(together);
    free(alone);
    free(one);
}

static void rows_share_padding_as_if_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static bench b;
        if (cases[i].pads == MASKED || strstr(cases[i].architecture, "dropout") != NULL)
            continue;
        bench_init(&b, i);
        check_together(&b, cases[i].architecture);
        for (int r = 0; r < b.count; r++) /* texts that are padding to the end */
            b.rows[r].length = r % 5 == 0;
        check_together(&b, cases[i].architecture);
        bench_release(&b);
    }
}

/* A gradient of 0 everywhere would equal differences of 0: every tensor moves the loss, but for what a softmax takes
 * away again, being the same in all of a query's scores: a score's bias, and the bias of a transformer's keys. */
static void every_tensor_has_a_gradient(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static bench b;
        bench_init(&b, i);
        real *gradient = calloc(b.net->weight_count, sizeof *gradient);
        assert_non_null(gradient);
        mean_loss(&b);
        trainer_copy_gradient(b.t, gradient);
        for (int j = 0; j < b.net->parameter_count; j++) {
            const parameter *p = &b.net->parameters[j];
            double largest = 0;
            for (size_t k = 0; k < parameter_count(p); k++)
                largest = fmax(largest, fabs(gradient[p->offset + k]));
            if (strstr(p->name, "score_bias") == NULL && strstr(p->name, "key.bias") == NULL && !(largest > 1e-5))
                fail_msg("'%s': the largest gradient of %s is %.3g", cases[i].architecture, p->name, largest);
        }
        free(gradient);
        bench_release(&b);
    }
}

static void every_layer_has_a_case(void **state)
{
    (void)state;
    for (size_t i = 0; layer_classes[i] != NULL; i++) {
        bool found = false;
        for (size_t j = 0; j < sizeof cases / sizeof *cases && !found; j++) {
            char bounded[256], sought[64];
            snprintf(bounded, sizeof bounded, "| %s |", cases[j].architecture);
            snprintf(sought, sizeof sought, "| %s ", layer_classes[i]->keyword);
            found = strstr(bounded, sought) != NULL;
        }
        if (!found)
            fail_msg("no case holds the layer '%s'", layer_classes[i]->keyword);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_has_a_case),
        cmocka_unit_test(every_tensor_has_a_gradient),
        cmocka_unit_test(rows_share_padding_as_if_alone),
        cmocka_unit_test(gradients_equal_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
