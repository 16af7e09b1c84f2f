/* Poolings: what they compute, how they are joined, and whose weights a network shows. (Gradients are held by finite
 * differences, scores with weights by the golden networks.) */
#include "unit/network_cases.h"

#include <math.h>
#include <stdio.h>

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

/* ---- what a pooling computes: its row, written once more for one text, whose embeddings are h [LENGTH][WIDTH] */

typedef double embedded[LENGTH][WIDTH];

static void pool_max(double *row, embedded h)
{
    for (int i = 0; i < WIDTH; i++)
        for (int t = 0; t < LENGTH; t++)
            row[i] = t == 0 ? h[t][i] : fmax(row[i], h[t][i]);
}

static void pool_mean(double *row, embedded h)
{
    for (int t = 0; t < LENGTH; t++)
        for (int i = 0; i < WIDTH; i++)
            row[i] += h[t][i] / LENGTH;
}

/* Without an encoder the query is the mean. */
static void weigh_dot(double *weights, embedded h)
{
    double query[WIDTH] = {0}, sum = 0;
    pool_mean(query, h);
    for (int t = 0; t < LENGTH; t++) {
        double score = 0;
        for (int i = 0; i < WIDTH; i++)
            score += query[i] * h[t][i];
        sum += weights[t] = exp(score);
    }
    for (int t = 0; t < LENGTH; t++)
        weights[t] /= sum;
}

static void pool_dot(double *row, embedded h)
{
    double weights[LENGTH];
    weigh_dot(weights, h);
    for (int t = 0; t < LENGTH; t++)
        for (int i = 0; i < WIDTH; i++)
            row[i] += weights[t] * h[t][i];
}

/* A line for each pooling that has no weights. (Those with weights are in the golden networks.) */
static const struct {
    const char *keyword;
    void (*pool)(double *row, embedded h); /* row [WIDTH]: zeros */
} poolings[] = {
    {"max", pool_max},
    {"mean", pool_mean},
    {"attention dot", pool_dot},
};
enum { POOLINGS = sizeof poolings / sizeof *poolings };

typedef struct pooled {
    network *net;
    real *weights;
    batch *texts;
    pass *pass;
    embedded h;
} pooled;

static void pooled_init(pooled *p, const char *architecture)
{
    p->net = network_with(architecture);
    p->weights = calloc(p->net->weight_count, sizeof *p->weights);
    assert_non_null(p->weights);
    for (size_t i = 0; i < p->net->weight_count; i++)
        p->weights[i] =
            (real)(random_unit(random_word((random_key){.seed = 5, .purpose = RANDOM_INIT}, (uint32_t)i)) * 2 - 1);
    assert_int_equal(batch_new(&p->texts, p->net, 1, NULL), HEED_OK);
    assert_int_equal(pass_new(&p->pass, p->net, ROWS_PER_CHUNK, WINDOW, false, NULL), HEED_OK);
    batch_pack(p->texts, &(batch_row){.ids = text, .length = LENGTH, .number = 0, .label = 0}, 1);
    p->pass->weights = p->weights;
    p->pass->chunk = p->texts->chunks;
    network_forward(p->pass);
    for (int t = 0; t < LENGTH; t++)
        for (int i = 0; i < WIDTH; i++)
            p->h[t][i] = (double)p->weights[text[t] * WIDTH + (uint32_t)i];
}

static void pooled_release(pooled *p)
{
    pass_free(p->pass);
    batch_free(p->texts);
    free(p->weights);
    network_free(p->net);
}

static void check_row(const pooled *p, const char *architecture, int first, const double *row)
{
    const layer *output = &p->net->layers[p->net->layer_count - 1];
    matrix found = pass_value(p->pass, output->in);
    for (int i = 0; i < WIDTH; i++)
        if (!(fabs((double)found.data[first + i] - row[i]) < 1e-6))
            fail_msg("%s, feature %d: found %g, expected %g", architecture, i, (double)found.data[first + i], row[i]);
}

static void poolings_compute_what_they_say(void **state)
{
    (void)state;
    for (int k = 0; k < POOLINGS; k++) {
        char architecture[80];
        double row[WIDTH] = {0};
        pooled p;
        snprintf(architecture, sizeof architecture, "embed 6 | %s", poolings[k].keyword);
        pooled_init(&p, architecture);
        poolings[k].pool(row, p.h);
        check_row(&p, architecture, 0, row);
        pooled_release(&p);
    }
}

/* Those of the golden networks, and `last` and `first`, which compute nothing. */
static bool is_held_elsewhere(const char *keyword)
{
    static const char *const others[] = {"attention additive",
                                         "attention scaled",
                                         "attention general",
                                         "attention location",
                                         "attention cosine",
                                         "last",
                                         "first"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], keyword) == 0)
            return true;
    return false;
}

static void every_pooling_has_its_values(void **state)
{
    (void)state;
    for (int i = 0; layer_classes[i] != NULL; i++) {
        const layer_class *class = layer_classes[i];
        bool found = class->stage != STAGE_POOLING || is_held_elsewhere(class->keyword);
        for (int k = 0; k < POOLINGS && !found; k++)
            found = strcmp(poolings[k].keyword, class->keyword) == 0;
        if (!found)
            fail_msg("no line of poolings[] has '%s'", class->keyword);
    }
}

/* Side by side, in their order; the weights that a network shows are its attention's. */
static void poolings_are_joined(void **state)
{
    (void)state;
    static const char architecture[] = "embed 6 | attention dot + max";
    double weights[LENGTH], row[WIDTH] = {0}, other[WIDTH] = {0};
    pooled p;
    pooled_init(&p, architecture);
    pool_dot(row, p.h);
    pool_max(other, p.h);
    weigh_dot(weights, p.h);
    assert_int_equal(p.net->layers[p.net->layer_count - 1].in.width, 2 * WIDTH);
    check_row(&p, architecture, 0, row);
    check_row(&p, architecture, WIDTH, other);
    for (int t = 0; t < LENGTH; t++)
        assert_true(fabs((double)p.pass->slot[p.net->attention][t] - weights[t]) < 1e-6);
    pooled_release(&p);
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
        cmocka_unit_test(poolings_compute_what_they_say),
        cmocka_unit_test(every_pooling_has_its_values),
        cmocka_unit_test(poolings_are_joined),
        cmocka_unit_test(the_first_attention_is_the_networks),
        cmocka_unit_test(products_need_equal_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
