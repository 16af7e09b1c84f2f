/* Training steps: the same bits at any number of threads, gradients that are plain sums over the batch, no allocation,
 * broken weights noticed, and a loss that falls. Allocations are counted by --wrap of the linker (CMakeLists.txt). */
#include "unit/failing_memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "network/initial_weights.h"
#include "network/pass.h"
#include "train/trainer.h"
#include "unit/layered_networks.h"

/* ---- made data, and a trainer over it */

enum { VOCABULARY = 150, WINDOW = 9, MAX_ROWS = 333, STEPS = 5 };

static const char small[] = "embed 7 | bilstm 5 | lstm 4 | attention additive 3 | dense 6 | dropout 0.3";
static const char others[] =
    "embed 7 | conv 6 3 2 | transformer 2 9 | transformer-pre 3 5 | attention additive 3 | dense 6";

static uint32_t word(uint32_t purpose, uint32_t row, uint32_t element)
{
    return random_word((random_key){21, RANDOM_SPLIT, purpose, 0, row}, element);
}

/* Rows of 0 to WINDOW tokens, some of them often (the square of a uniform number); the label says whether token 1 or 2
 * is there. */
static const batch_row *made_rows(void)
{
    static uint32_t ids[MAX_ROWS][WINDOW];
    static batch_row rows[MAX_ROWS];
    for (uint32_t r = 0; r < MAX_ROWS; r++) {
        rows[r] = (batch_row){.ids = ids[r], .length = (int)(word(0, r, 0) % (WINDOW + 1)), .number = r};
        rows[r].states = row_states_of(made_states(r), STATES_WIDTH);
        for (uint32_t t = 0; t < (uint32_t)rows[r].length; t++) {
            double u = random_unit(word(1, r, t));
            ids[r][t] = 1 + (uint32_t)(u * u * (VOCABULARY - 1));
            rows[r].label |= ids[r][t] <= 2;
        }
    }
    return rows;
}

typedef struct bench {
    network *net;
    pool *workers;
    trainer *t;
    double rate;
} bench;

static void bench_init(bench *b, const char *architecture, unsigned threads, int capacity, bool mask, double rate)
{
    trainer_options options = {.batch_rows = capacity, .seed = 77};
    network_spec spec = {architecture, VOCABULARY, WINDOW, 1, mask, false, HEED_TASK_BINARY, width_of(architecture)};
    heed_error error = {0};
    *b = (bench){.rate = rate};
    if (network_new(&b->net, &spec, &error) != HEED_OK || pool_new(&b->workers, threads, &error) != HEED_OK ||
        trainer_new(&b->t, b->net, b->workers, &options, &error) != HEED_OK)
        fail_msg("%s", error.message);
}

static void bench_release(bench *b)
{
    trainer_free(b->t);
    pool_free(b->workers);
    network_free(b->net);
}

/* ---- threads */

typedef struct outcome {
    real *weights; /* [count] */
    size_t count;
    double loss[STEPS];
    real probability[STEPS][MAX_ROWS];
} outcome;

/* STEPS steps over batches of `rows`, walking through the made rows. */
static void train(outcome *out, const char *architecture, unsigned threads, int rows, int capacity, bool mask)
{
    const batch_row *all = made_rows();
    bench b;
    bench_init(&b, architecture, threads, capacity, mask, 0.01);
    memset(out->probability, 0, sizeof out->probability);
    for (int i = 0; i < STEPS; i++) {
        int first = i * 31 % (MAX_ROWS - rows + 1);
        trainer_gradient(b.t, all + first, rows, (uint32_t)i, &out->loss[i], out->probability[i]);
        assert_true(trainer_finite(b.t));
        trainer_update(b.t, b.rate);
    }
    out->count = b.net->weight_count;
    out->weights = malloc(out->count * sizeof *out->weights);
    assert_non_null(out->weights);
    memcpy(out->weights, trainer_weights(b.t), out->count * sizeof *out->weights);
    bench_release(&b);
}

static void check_same(const outcome *found, const outcome *expected, const char *what, unsigned number, int rows)
{
    if (memcmp(found->weights, expected->weights, found->count * sizeof *found->weights) != 0 ||
        memcmp(found->loss, expected->loss, sizeof found->loss) != 0 ||
        memcmp(found->probability, expected->probability, sizeof found->probability) != 0)
        fail_msg("%u %s change the bits of training with batches of %d rows", number, what, rows);
}

static void same_bits_at_any_thread_count(void **state)
{
    (void)state;
    static const int batches[] = {1, 9, 10, 11, 100, 333};
    static const unsigned threads[] = {2, 3, 4, 8};
    static outcome one, many;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++)
        for (int kind = 0; kind < 4; kind++) {
            const char *architecture = kind < 2 ? small : others;
            bool mask = kind % 2 == 1;
            train(&one, architecture, 1, batches[i], batches[i], mask);
            for (size_t j = 0; j < sizeof threads / sizeof *threads; j++) {
                train(&many, architecture, threads[j], batches[i], batches[i], mask);
                check_same(&many, &one, "threads", threads[j], batches[i]);
                free(many.weights);
            }
            free(one.weights);
        }
}

static void every_layer_keeps_its_bits_at_any_thread_count(void **state)
{
    (void)state;
    static outcome one, many;
    for (size_t i = 0; i < ALL_LAYERED + LAYERED; i++) {
        train(&one, layered[i % ALL_LAYERED].architecture, 1, 100, 100, i < ALL_LAYERED);
        for (unsigned threads = 2; threads <= 8; threads *= 2) {
            train(&many, layered[i % ALL_LAYERED].architecture, threads, 100, 100, i < ALL_LAYERED);
            check_same(&many, &one, "threads", threads, 100);
            free(many.weights);
        }
        free(one.weights);
    }
}

/* The last batch of an epoch is a small one of a large trainer. */
static void room_for_more_rows_changes_no_bit(void **state)
{
    (void)state;
    static const int rooms[] = {24, 57, 160, 333};
    static outcome tight, roomy;
    train(&tight, small, 2, 23, 23, true);
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        train(&roomy, small, 2, 23, rooms[i], true);
        check_same(&roomy, &tight, "rows of room", (unsigned)rooms[i], 23);
        free(roomy.weights);
    }
    free(tight.weights);
}

static void weights_start_as_the_networks_initial_ones(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        bench b;
        bench_init(&b, small, threads, 10, true, 0.01);
        real *expected = calloc(b.net->weight_count, sizeof *expected);
        assert_non_null(expected);
        assert_int_equal(network_initialize(b.net, expected, 77, NULL), HEED_OK);
        assert_memory_equal(trainer_weights(b.t), expected, b.net->weight_count * sizeof *expected);
        free(expected);
        bench_release(&b);
    }
}

/* A row's answer in training, dropout and all, follows the row's number and the epoch, never the place in the batch. */
static void check_dropout_follows_the_row(const char *architecture)
{
    enum { COUNT = 40 };
    const batch_row *rows = made_rows();
    batch_row turned[COUNT];
    real here[COUNT], there[COUNT], later[COUNT];
    double loss;
    bench b;
    bench_init(&b, architecture, 2, 60, true, 0.01);
    trainer_gradient(b.t, rows, COUNT, 6, &loss, here);
    for (int r = 0; r < COUNT; r++)
        turned[r] = rows[(r * 7 + 5) % COUNT];
    trainer_gradient(b.t, turned, COUNT, 6, &loss, there);
    trainer_gradient(b.t, rows, COUNT, 7, &loss, later);
    for (int r = 0; r < COUNT; r++)
        assert_true(there[r] == here[(r * 7 + 5) % COUNT]);
    assert_memory_not_equal(here, later, sizeof here);
    bench_release(&b);
}

static void dropout_follows_the_row(void **state)
{
    (void)state;
    check_dropout_follows_the_row(small);
    check_dropout_follows_the_row("embed 7 | dropout 0.3 | bilstm 5 | max");
    check_dropout_follows_the_row("embed 7 | bigru 5 recurrent-dropout 0.3 | dropout 0.3 | lstm 3 | mean");
    check_dropout_follows_the_row("embed 7 | bilstm 5 recurrent-dropout 0.5 | attention additive 3");
}

/* ---- the gradient is a plain sum */

enum { SUM_ROWS = 47 };

/* Adds a chunk's gradients, those of tokens by id, in double. */
static void add_chunk(double *sum, pass *p, const chunk *c)
{
    const network *net = p->net;
    size_t width = (size_t)net->embedded.width, dense = net->weight_count - net->embedding_count;
    memset(p->gradient, 0, dense * sizeof *p->gradient);
    p->chunk = c;
    network_forward(p);
    network_backward(p);
    for (size_t i = 0; i < (size_t)c->positions; i++)
        for (size_t j = 0; j < width; j++)
            sum[c->ids[i] * width + j] += (double)pass_gradient(p, net->embedded).data[i * width + j];
    for (size_t i = 0; i < dense; i++)
        sum[net->embedding_count + i] += (double)p->gradient[i];
}

/* The gradient of a batch, and its rows' probabilities: one pass for each chunk, no lanes, no lists of tokens. */
static void plain_gradient(double *sum, real *probability, bench *b, const batch_row *rows, uint32_t epoch)
{
    const network *net = b->net;
    batch *packed = NULL;
    pass *p = NULL;
    real *transposed = calloc(net->transposed_count + 1, sizeof *transposed);
    real *gradient = calloc(net->weight_count, sizeof *gradient);
    assert_non_null(transposed);
    assert_non_null(gradient);
    assert_int_equal(batch_new(&packed, net, SUM_ROWS, NULL), HEED_OK);
    assert_int_equal(pass_new(&p, net, ROWS_PER_CHUNK, WINDOW, true, NULL), HEED_OK);
    network_transpose(net, trainer_weights(b->t), transposed);
    batch_pack(packed, rows, SUM_ROWS);
    p->weights = trainer_weights(b->t);
    p->transposed = transposed;
    p->gradient = gradient;
    p->seed = 77;
    p->epoch = epoch;
    p->row_share = 1.0 / SUM_ROWS;
    for (int i = 0; i < packed->chunk_count; i++) {
        add_chunk(sum, p, &packed->chunks[i]);
        for (int r = 0; r < packed->chunks[i].rows; r++)
            probability[packed->order[i * ROWS_PER_CHUNK + r]] = p->slot[net->probability][r];
    }
    pass_free(p);
    batch_free(packed);
    free(transposed);
    free(gradient);
}

/* And a row's answer is that of its chunk alone, bit for bit, however its tokens' products were shared. */
static void gradients_are_plain_sums_over_the_batch(void **state)
{
    (void)state;
    static const char *const architectures[] = {small,
                                                "embed 7 | bigru 5 | attention additive 3",
                                                "embed 7 | gru 3 recurrent-dropout 0.3 | bilstm 5 | max",
                                                "embed 7 | lstm 6 | attention dot",
                                                "embed 7 | dropout 0.2 | bilstm 5 | mean",
                                                others,
                                                "embed 7 | conv 5 1 3 4 | conv 3 2 | max",
                                                "embed 7 | conv 2 3 30 | mean" /* too many taps to be shared */};
    const batch_row *rows = made_rows();
    real answer[SUM_ROWS], alone[SUM_ROWS];
    for (size_t kind = 0; kind < 2 * sizeof architectures / sizeof *architectures; kind++) {
        bench b;
        bench_init(&b, architectures[kind / 2], 2, 60, kind % 2, 0.01);
        size_t count = b.net->weight_count;
        real *found = malloc(count * sizeof *found);
        double *expected = calloc(count, sizeof *expected), loss, largest = 0;
        assert_non_null(found);
        assert_non_null(expected);
        trainer_gradient(b.t, rows + 100, 60, 0, &loss, NULL); /* whose tokens must be forgotten */
        trainer_gradient(b.t, rows, SUM_ROWS, 4, &loss, answer);
        trainer_copy_gradient(b.t, found);
        plain_gradient(expected, alone, &b, rows, 4);
        assert_memory_equal(answer, alone, sizeof answer);
        for (size_t i = 0; i < count; i++)
            largest = fmax(largest, fabs(expected[i]));
        assert_true(largest > 1e-3);
        for (size_t i = 0; i < count; i++)
            if (!(fabs((double)found[i] - expected[i]) <= 1e-6 * largest))
                fail_msg("weight %zu: gradient %.9g, plain sum %.9g", i, (double)found[i], expected[i]);
        free(found);
        free(expected);
        bench_release(&b);
    }
}

/* ---- steps */

static void steps_allocate_nothing(void **state)
{
    (void)state;
    const batch_row *rows = made_rows();
    static real probability[MAX_ROWS];
    for (unsigned threads = 1; threads <= 4; threads++) {
        bench b;
        double loss;
        long before_new = left;
        bench_init(&b, threads % 2 == 0 ? small : others, threads, 100, true, 0.01);
        assert_true(left < before_new); /* they are counted at all */
        trainer_gradient(b.t, rows, 100, 0, &loss, NULL);
        trainer_update(b.t, b.rate);
        long before = left;
        for (int i = 0; i < 3; i++) {
            trainer_gradient(b.t, rows + 40 * i, 100 - 33 * i, 0, &loss, probability);
            assert_true(trainer_finite(b.t));
            trainer_update(b.t, b.rate);
        }
        assert_int_equal(left, before);
        bench_release(&b);
    }
}

/* Every tensor's NaN, and an infinite weight. */
static void broken_weights_are_noticed(void **state)
{
    (void)state;
    const batch_row *rows = made_rows();
    bench b;
    double loss;
    bench_init(&b, small, 2, 40, true, 0.01);
    for (int i = 0; i < b.net->parameter_count; i++) {
        const parameter *p = &b.net->parameters[i];
        size_t at = p->start == INITIAL_EMBEDDING ? (size_t)p->columns : 0; /* of token 1, which is frequent */
        real *w = trainer_weights(b.t) + p->offset + at, kept = *w;
        *w = i % 2 ? NAN : -NAN;
        trainer_restart(b.t);
        trainer_gradient(b.t, rows, 40, 0, &loss, NULL);
        if (trainer_finite(b.t))
            fail_msg("a NaN in %s is not noticed", p->name);
        *w = kept;
    }
    trainer_weights(b.t)[b.net->weight_count - 1] = INFINITY; /* the output's bias */
    trainer_restart(b.t);
    trainer_gradient(b.t, rows, 40, 0, &loss, NULL);
    assert_false(trainer_finite(b.t));
    trainer_weights(b.t)[b.net->weight_count - 1] = 0;
    trainer_restart(b.t);
    trainer_gradient(b.t, rows, 40, 0, &loss, NULL);
    assert_true(trainer_finite(b.t)); /* nothing of it stays behind */
    bench_release(&b);
}

/* Loss and weights can be numbers where a gradient has left their range. */
static void broken_gradients_are_noticed(void **state)
{
    (void)state;
    bench b;
    double loss;
    bench_init(&b, small, 2, 40, true, 0.01);
    const parameter *kernel = &b.net->parameters[b.net->parameter_count - 2]; /* the output's */
    for (size_t i = 0; i < parameter_count(kernel); i++)
        trainer_weights(b.t)[kernel->offset + i] = (real)1e30;
    trainer_restart(b.t);
    trainer_gradient(b.t, made_rows(), 40, 0, &loss, NULL);
    assert_true(isfinite(loss));
    assert_false(trainer_finite(b.t));
    bench_release(&b);
}

/* A step's change of the weights is Adam's: in the first, the rate towards where every gradient points. */
static void the_first_step_moves_by_the_rate(void **state)
{
    (void)state;
    const batch_row *rows = made_rows();
    bench b;
    double loss;
    bench_init(&b, small, 2, 50, true, 0.01);
    size_t count = b.net->weight_count;
    real *before = malloc(count * sizeof *before), *gradient = malloc(count * sizeof *gradient);
    assert_non_null(before);
    assert_non_null(gradient);
    memcpy(before, trainer_weights(b.t), count * sizeof *before);
    trainer_gradient(b.t, rows, 50, 0, &loss, NULL);
    trainer_copy_gradient(b.t, gradient);
    trainer_update(b.t, b.rate);
    for (size_t i = 0; i < count; i++) {
        double g = (double)gradient[i], correction = sqrt(1 - 0.999);
        double expected = 0.01 * correction * g / (correction * fabs(g) + 1e-7);
        double moved = (double)before[i] - (double)trainer_weights(b.t)[i];
        if (!(fabs(moved - expected) <= 2e-6))
            fail_msg("weight %zu, gradient %.9g: moved by %.9g, expected %.9g", i, g, moved, expected);
    }
    free(before);
    free(gradient);
    bench_release(&b);
}

static void restarting_forgets_the_steps_before(void **state)
{
    (void)state;
    const batch_row *rows = made_rows();
    bench used, fresh;
    double loss_used, loss_fresh;
    bench_init(&used, small, 2, 50, true, 0.01);
    bench_init(&fresh, small, 2, 50, true, 0.01);
    size_t bytes = fresh.net->weight_count * sizeof(real);
    for (int i = 0; i < 3; i++) {
        trainer_gradient(used.t, rows + 50, 50, 0, &loss_used, NULL);
        trainer_update(used.t, used.rate);
    }
    assert_memory_not_equal(trainer_weights(used.t), trainer_weights(fresh.t), bytes);
    memcpy(trainer_weights(used.t), trainer_weights(fresh.t), bytes);
    trainer_restart(used.t);
    for (int i = 0; i < 2; i++) {
        trainer_gradient(used.t, rows, 50, 1, &loss_used, NULL);
        trainer_gradient(fresh.t, rows, 50, 1, &loss_fresh, NULL);
        assert_true(loss_used == loss_fresh);
        trainer_update(used.t, used.rate);
        trainer_update(fresh.t, fresh.rate);
    }
    assert_memory_equal(trainer_weights(used.t), trainer_weights(fresh.t), bytes);
    bench_release(&used);
    bench_release(&fresh);
}

/* Is token 1 or 2 in the text? */
static void the_loss_of_a_learnable_task_falls(void **state)
{
    (void)state;
    const batch_row *rows = made_rows();
    bench b;
    double first = 0, loss = 0;
    bench_init(&b, "embed 16 | bilstm 8 | attention additive 8 | dense 8", 2, MAX_ROWS, true, 0.03);
    for (int i = 0; i < 20; i++) {
        trainer_gradient(b.t, rows, MAX_ROWS, (uint32_t)i, &loss, NULL);
        first = i == 0 ? loss : first;
        trainer_update(b.t, b.rate);
    }
    assert_true(fabs(first / MAX_ROWS - log(2)) < 0.05); /* untrained: as good as a coin */
    if (!(loss < 0.3 * first))
        fail_msg("the loss fell from %g to %g only", first, loss);
    bench_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_at_any_thread_count),
        cmocka_unit_test(every_layer_keeps_its_bits_at_any_thread_count),
        cmocka_unit_test(room_for_more_rows_changes_no_bit),
        cmocka_unit_test(weights_start_as_the_networks_initial_ones),
        cmocka_unit_test(dropout_follows_the_row),
        cmocka_unit_test(gradients_are_plain_sums_over_the_batch),
        cmocka_unit_test(steps_allocate_nothing),
        cmocka_unit_test(broken_weights_are_noticed),
        cmocka_unit_test(broken_gradients_are_noticed),
        cmocka_unit_test(the_first_step_moves_by_the_rate),
        cmocka_unit_test(restarting_forgets_the_steps_before),
        cmocka_unit_test(the_loss_of_a_learnable_task_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
