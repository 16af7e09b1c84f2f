/* Poolings: what stands side by side, the query where an encoder leaves no state, and whose weights a network shows.
 * (Scores and gradients are held by the golden networks and by finite differences.) */
#include "unit/network_cases.h"

#include <math.h>

#include "network/attention.h"
#include "network/batch.h"
#include "network/layers.h"

enum { VOCABULARY = 20, WINDOW = 12, WIDTH = 6, LENGTH = 5 };

static const uint32_t text[LENGTH] = {3, 17, 5, 3, 9};

static network *network_with(const char *architecture)
{
    return network_of((network_spec){
        .architecture = architecture, .vocabulary = VOCABULARY, .window = WINDOW, .outputs = 1, .mask = true});
}

/* The text through "embed 6 | attention dot + max", in double: weights [LENGTH], row [2 WIDTH]. */
static void expect_pooled(const real *w, double *weights, double *row)
{
    double mean[WIDTH] = {0}, sum = 0;
    for (int t = 0; t < LENGTH; t++)
        for (int i = 0; i < WIDTH; i++)
            mean[i] += (double)w[text[t] * WIDTH + (uint32_t)i] / LENGTH;
    for (int t = 0; t < LENGTH; t++) {
        double score = 0;
        for (int i = 0; i < WIDTH; i++)
            score += mean[i] * (double)w[text[t] * WIDTH + (uint32_t)i];
        sum += weights[t] = exp(score);
    }
    for (int t = 0; t < LENGTH; t++)
        weights[t] /= sum;
    for (int i = 0; i < WIDTH; i++) {
        row[i] = 0;
        row[WIDTH + i] = -INFINITY;
        for (int t = 0; t < LENGTH; t++) {
            double h = (double)w[text[t] * WIDTH + (uint32_t)i];
            row[i] += weights[t] * h;
            row[WIDTH + i] = fmax(row[WIDTH + i], h);
        }
    }
}

static void without_a_state_the_query_is_the_mean(void **state)
{
    (void)state;
    double weights[LENGTH], row[2 * WIDTH];
    network *net = network_with("embed 6 | attention dot + max");
    real *w = calloc(net->weight_count, sizeof *w);
    batch *b = NULL;
    pass *p = NULL;
    assert_non_null(w);
    for (size_t i = 0; i < net->weight_count; i++)
        w[i] = (real)(random_unit(random_word((random_key){.seed = 5, .purpose = RANDOM_INIT}, (uint32_t)i)) * 2 - 1);
    assert_int_equal(batch_new(&b, net, 1, NULL), HEED_OK);
    assert_int_equal(pass_new(&p, net, ROWS_PER_CHUNK, WINDOW, false, NULL), HEED_OK);
    batch_pack(b, &(batch_row){.ids = text, .length = LENGTH, .number = 0, .label = 0}, 1);
    p->weights = w;
    p->chunk = b->chunks;
    network_forward(p);
    expect_pooled(w, weights, row);
    const layer *output = &net->layers[net->layer_count - 1];
    assert_int_equal(output->in.width, 2 * WIDTH);
    for (int t = 0; t < LENGTH; t++)
        assert_true(fabs((double)p->slot[net->attention][t] - weights[t]) < 1e-6);
    for (int i = 0; i < 2 * WIDTH; i++)
        assert_true(fabs((double)pass_value(p, output->in).data[i] - row[i]) < 1e-6);
    pass_free(p);
    batch_free(b);
    free(w);
    network_free(net);
}

/* The attention that a network shows is its first; later ones have a number in their parameters' names. */
static void the_first_attention_is_the_networks(void **state)
{
    (void)state;
    network *net = network_with("embed 4 | bigru 3 | max + attention location + attention general");
    assert_int_equal(net->attention, net->layers[3].slot[ATTENTION_WEIGHTS]);
    static const char *const names[] = {"embedding.embeddings",
                                        "bi_gru_0.forward.kernel",
                                        "bi_gru_0.forward.recurrent_kernel",
                                        "bi_gru_0.forward.bias",
                                        "bi_gru_0.backward.kernel",
                                        "bi_gru_0.backward.recurrent_kernel",
                                        "bi_gru_0.backward.bias",
                                        "attention.kernel",
                                        "attention_1.kernel",
                                        "output.kernel",
                                        "output.bias"};
    assert_int_equal(net->parameter_count, sizeof names / sizeof *names);
    for (int i = 0; i < net->parameter_count; i++)
        assert_string_equal(net->parameters[i].name, names[i]);
    network_free(net);
}

/* No encoder so far leaves a state of another width than its output; the check is there for one that will. */
static void products_need_equal_widths(void **state)
{
    (void)state;
    static const layer_class *const alike[] = {&dot_layer, &scaled_layer, &cosine_layer};
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        network net = {.attention = -1};
        layer l = {.class = alike[i]};
        heed_error error = {0};
        builder b = {.net = &net, .layer = &l, .sequence = {.width = 4}, .state = {.width = 3}, .error = &error};
        alike[i]->build(&b, &l);
        assert_int_equal(b.status, HEED_USAGE);
        assert_non_null(strstr(error.message, "found widths 4 and 3, expected equal ones"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_state_the_query_is_the_mean),
        cmocka_unit_test(the_first_attention_is_the_networks),
        cmocka_unit_test(products_need_equal_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
