/* Steps that rows of the embedding take late leave the same bits as steps taken at once: for every optimiser, with
 * decay, momentum, clipping, schedules and frozen epochs, at any number of threads, through many steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "train/lazy_rows.h"
#include "train/schedule.h"
#include "train/trainer.h"

enum { VOCABULARY = 90, WINDOW = 4, ROWS = 3, STEPS = 2600, CHECK_EVERY = 850 };

typedef struct late_case {
    const char *name;
    optimizer_options optimizer;
    heed_schedule kind;
    double rate;
    int frozen, thawed; /* steps between which the embedding is frozen */
    bool jumps;         /* of the rate: nearly 0 for 60 steps of 100, so that weights settle */
} late_case;

static const late_case cases[] = {
    {"adam", {HEED_OPTIMIZER_ADAM, 0, 0, 0}, HEED_SCHEDULE_CONSTANT, 0.01, 0, 0, false},
    {"adam, cosine with a warm-up", {HEED_OPTIMIZER_ADAM, 0, 0, 0}, HEED_SCHEDULE_COSINE, 0.02, 0, 0, false},
    {"adam, clipped and frozen", {HEED_OPTIMIZER_ADAM, 0, 0, 0.01}, HEED_SCHEDULE_CONSTANT, 0.01, 300, 420, false},
    {"adam, jumping rate", {HEED_OPTIMIZER_ADAM, 0, 0, 0}, HEED_SCHEDULE_CONSTANT, 0.01, 0, 0, true},
    {"adamw", {HEED_OPTIMIZER_ADAMW, 0.01, 0, 0}, HEED_SCHEDULE_CONSTANT, 0.01, 0, 0, false},
    {"adamw, much decay, cosine", {HEED_OPTIMIZER_ADAMW, 0.9, 0, 0.1}, HEED_SCHEDULE_COSINE, 0.1, 0, 70, false},
    {"sgd", {HEED_OPTIMIZER_SGD, 0, 0, 0}, HEED_SCHEDULE_CONSTANT, 0.1, 0, 0, false},
    {"sgd, momentum, clipped", {HEED_OPTIMIZER_SGD, 0, 0.9, 0.05}, HEED_SCHEDULE_COSINE, 0.1, 900, 1000, false},
};

/* A trainer, and beside it the same weights moved at once by every step. */
typedef struct bench {
    const late_case *of;
    network *net;
    pool *workers;
    trainer *t;
    optimizer plain;
    optimizer_step step, embedding_step;
    real *weights, *gradient;
    double rate;
    bool frozen;
} bench;

static void bench_init(bench *b, const late_case *of, unsigned threads, int lazy_steps)
{
    static const char architecture[] = "embed 19 | mean | dense 2";
    trainer_options options = {.batch_rows = ROWS, .seed = 5, .optimizer = of->optimizer, .lazy_steps = lazy_steps};
    network_spec spec = {architecture, VOCABULARY, WINDOW, 1, true, false, HEED_TASK_BINARY, 0};
    heed_error error = {0};
    *b = (bench){.of = of};
    if (network_new(&b->net, &spec, &error) != HEED_OK || pool_new(&b->workers, threads, &error) != HEED_OK ||
        trainer_new(&b->t, b->net, b->workers, &options, &error) != HEED_OK ||
        optimizer_init(&b->plain, b->net, &of->optimizer, &error) != HEED_OK)
        fail_msg("%s", error.message);
    b->weights = malloc(b->net->weight_count * sizeof *b->weights);
    b->gradient = malloc(b->net->weight_count * sizeof *b->gradient);
    assert_non_null(b->weights);
    assert_non_null(b->gradient);
    memcpy(b->weights, trainer_weights(b->t), b->net->weight_count * sizeof *b->weights);
}

static void bench_release(bench *b)
{
    trainer_free(b->t);
    optimizer_release(&b->plain);
    pool_free(b->workers);
    network_free(b->net);
    free(b->weights);
    free(b->gradient);
}

/* Three rows of up to four tokens; most of them are one of nine common ones, so that the others wait for long. */
static void make_batch(int step, batch_row rows[ROWS], uint32_t ids[ROWS][WINDOW])
{
    for (uint32_t r = 0; r < ROWS; r++) {
        uint32_t words[4];
        random_block(words, (random_key){3, RANDOM_SPLIT, 0, 0, (uint32_t)step}, r);
        rows[r] =
            (batch_row){.ids = ids[r], .length = (int)(words[0] % WINDOW) + 1, .number = r, .label = words[1] % 2};
        for (uint32_t i = 0; i < WINDOW; i++) {
            uint32_t word = random_word((random_key){4, RANDOM_SPLIT, 0, 0, (uint32_t)step}, r * WINDOW + i);
            ids[r][i] = 1 + (word % 64 == 0 ? word / 64 % (VOCABULARY - 8) : word / 64 % 9);
        }
    }
}

static double square_of(const bench *b)
{
    double sum = 0;
    for (size_t i = b->frozen ? b->net->embedding_count : 0; i < b->net->weight_count; i++)
        sum += (double)(b->gradient[i] * b->gradient[i]);
    return sum;
}

/* In a task of the pool, where denormals are flushed as they are for the trainer. */
static void step_at_once(void *context, size_t task, unsigned worker)
{
    bench *b = context;
    size_t embedding = b->net->embedding_count, count = b->net->weight_count;
    double square = square_of(b);
    (void)task;
    (void)worker;
    b->step = optimizer_step_of(&b->plain, b->step.number, b->rate, square);
    optimizer_decay(&b->plain, &b->step, embedding, count - embedding, b->weights);
    optimizer_move(&b->plain, &b->step, embedding, count - embedding, b->gradient + embedding, b->weights);
    if (b->frozen)
        return;
    b->embedding_step = optimizer_step_of(&b->plain, b->embedding_step.number, b->rate, square);
    optimizer_decay(&b->plain, &b->embedding_step, 0, embedding, b->weights);
    optimizer_move(&b->plain, &b->embedding_step, 0, embedding, b->gradient, b->weights);
}

static void check_weights(bench *b, int step)
{
    const real *found = trainer_weights(b->t);
    size_t width = (size_t)b->net->embedded.width;
    for (size_t i = 0; i < b->net->weight_count; i++)
        if (memcmp(&found[i], &b->weights[i], sizeof *found) != 0)
            fail_msg("%s, after step %d: weight %zu of row %zu is %.9g, at once %.9g", b->of->name, step, i % width,
                     i / width, (double)found[i], (double)b->weights[i]);
}

static void run_case(const late_case *of, unsigned threads, int lazy_steps)
{
    bench b;
    schedule plan = {of->kind, of->rate, 0.05, 1, STEPS};
    bench_init(&b, of, threads, lazy_steps);
    for (int step = 0; step < STEPS; step++) {
        batch_row rows[ROWS];
        uint32_t ids[ROWS][WINDOW];
        double loss;
        b.frozen = step >= of->frozen && step < of->thawed;
        b.rate = schedule_rate(&plan, (uint64_t)step, 0) * (of->jumps && step % 100 < 60 ? 1e-12 : 1);
        make_batch(step, rows, ids);
        trainer_freeze(b.t, b.frozen);
        trainer_gradient(b.t, rows, ROWS, 1, &loss, NULL);
        trainer_copy_gradient(b.t, b.gradient);
        trainer_update(b.t, b.rate);
        pool_run(b.workers, 1, step_at_once, &b);
        if (step % CHECK_EVERY == CHECK_EVERY - 1 || step == STEPS - 1)
            check_weights(&b, step);
    }
    bench_release(&b);
}

static void late_steps_leave_the_bits_of_steps_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned threads = 1; threads <= 3; threads++)
            run_case(&cases[i], threads, LAZY_STEPS);
}

static void so_do_fewer_steps_at_a_time(void **state)
{
    (void)state;
    static const int lazy_steps[] = {0, 1, 2, 37};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t j = 0; j < sizeof lazy_steps / sizeof *lazy_steps; j++)
            run_case(&cases[i], 2, lazy_steps[j]);
}

/* Without checks between, so that steps fill the list more than once. */
static void more_steps_than_are_kept_lose_nothing(void **state)
{
    (void)state;
    assert_true((int)STEPS > 2 * (int)LAZY_STEPS && (int)CHECK_EVERY < (int)LAZY_STEPS);
    bench b;
    bench_init(&b, &cases[0], 2, LAZY_STEPS);
    b.rate = 0.01;
    for (int step = 0; step < STEPS; step++) {
        batch_row rows[ROWS];
        uint32_t ids[ROWS][WINDOW];
        double loss;
        make_batch(step, rows, ids);
        trainer_gradient(b.t, rows, ROWS, 1, &loss, NULL);
        trainer_copy_gradient(b.t, b.gradient);
        trainer_update(b.t, b.rate);
        pool_run(b.workers, 1, step_at_once, &b);
    }
    check_weights(&b, STEPS);
    bench_release(&b);
}

/* Weights of all sizes that Adam has to stop moving: what is taken for settled must be so. */
static void settled_rows_really_are(void **state)
{
    (void)state;
    enum { COUNT = 33, IDLE = 1000 };
    static const char *const names[] = {"plain", "avx2", "avx512"};
    for (int i = 0; i < 3; i++) {
        const kernels *k = kernels_named(names[i]);
        real w[COUNT], m[COUNT], v[COUNT], before[COUNT];
        int settled = 0;
        for (int j = 0; j < COUNT && k != NULL; j++) {
            w[j] = (real)ldexp(j % 2 ? 1 : -1.37, j - 20);
            m[j] = (real)(1e-3 * cos(j));
            v[j] = (real)(1e-6 * (1 + sin(j)));
        }
        for (int step = 0; step < IDLE && k != NULL; step++) {
            memcpy(before, w, sizeof w);
            const real rate = (real)0.001;
            bool now = k->adam_idle(COUNT, 1, &rate, NULL, w, m, v);
            assert_true(now || settled == 0);
            settled += now;
            if (settled > 1)
                assert_memory_equal(before, w, sizeof w);
        }
        assert_true(k == NULL || (settled > IDLE / 3 && settled < IDLE));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_steps_leave_the_bits_of_steps_at_once),
        cmocka_unit_test(so_do_fewer_steps_at_a_time),
        cmocka_unit_test(more_steps_than_are_kept_lose_nothing),
        cmocka_unit_test(settled_rows_really_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
