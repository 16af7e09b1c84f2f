/* The mean of the weights over an epoch's last steps: which steps it is of, that it is their mean, and that a training
 * keeps it only where validation prefers it. */
#include <math.h>

#include "unit/made_rows.h"

#include "base/random.h"
#include "train/mean_weights.h"

static mean_weights made_mean(double share, size_t count)
{
    mean_weights m;
    must(mean_weights_init(&m, share, count, &made_error));
    mean_weights_begin(&m);
    return m;
}

static void it_is_of_the_last_steps_at_even_distances(void **state)
{
    static const struct {
        double share;
        unsigned steps, first, distance, points;
    } rows[] = {
        {0, 100, 0, 0, 0}, {0.01, 10, 10, 1, 1}, {0.5, 1, 1, 1, 1}, {0.5, 10, 6, 1, 5},       {1, 3, 1, 1, 3},
        {1, 32, 1, 1, 32}, {1, 63, 32, 1, 32},   {1, 64, 2, 2, 32}, {0.5, 1000, 535, 15, 32}, {0.25, 625, 501, 4, 32},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mean_weights m = made_mean(rows[i].share, 1);
        unsigned points = 0;
        for (unsigned step = 1; step <= rows[i].steps; step++) {
            if (!mean_weights_want(&m, step, rows[i].steps))
                continue;
            assert_int_equal(step, rows[i].first + points * rows[i].distance);
            points++;
        }
        assert_int_equal(points, rows[i].points);
        mean_weights_release(&m);
    }
}

static void it_is_the_arithmetic_mean_of_each_weight(void **state)
{
    enum { WEIGHTS = 300 };
    double sum[WEIGHTS] = {0};
    real weights[WEIGHTS];
    mean_weights m = made_mean(1, WEIGHTS);
    (void)state;
    for (unsigned epoch = 0; epoch < 2; epoch++) { /* the second forgets the first */
        memset(sum, 0, sizeof sum);
        mean_weights_begin(&m);
        for (unsigned step = 1; step <= MEAN_POINTS; step++) {
            for (uint32_t i = 0; i < WEIGHTS; i++) {
                weights[i] = (real)(random_unit(random_word((random_key){5, RANDOM_SPLIT, epoch, 0, step}, i)) - 0.3);
                sum[i] += (double)weights[i];
            }
            mean_weights_add(&m, weights);
        }
        for (size_t i = 0; i < WEIGHTS; i++)
            if (fabs((double)m.mean[i] - sum[i] / MEAN_POINTS) > 1e-6)
                fail_msg("weight %zu is %.9g, expected %.9g", i, (double)m.mean[i], sum[i] / MEAN_POINTS);
    }
    mean_weights_release(&m);
}

/* ---- a training */

enum { ROWS = 90, MOST_EPOCHS = 6 };

typedef struct heard {
    double loss[MOST_EPOCHS + 1]; /* of validation, by epoch from 1 */
} heard;

static int hear(void *user, const heed_event *event)
{
    heard *h = user;
    if (event->stage == HEED_STAGE_EPOCH)
        h->loss[event->epoch] = event->validation->loss;
    return 0;
}

/* Every fourth label is wrong, so that weights wander about. */
static const char *made_text(char out[64], unsigned i)
{
    snprintf(out, 64, "the film n%u was %s to %u", i, i % 2 ? "lovely" : "awful", i % 5);
    return out;
}

static bool is_good(unsigned i)
{
    return (i % 2 == 1) != (i % 4 == 0);
}

static heed_corpus *noisy_rows(bool validate)
{
    heed_corpus *c = made_corpus(NULL);
    for (unsigned part = 0; part < (validate ? 2 : 1); part++) {
        writer tsv = {0};
        char *rows = NULL, text[64];
        writer_print(&tsv, "label\ttext\n");
        for (unsigned i = part * ROWS; i < (part + 1) * ROWS; i++)
            writer_print(&tsv, "%s\t%s\n", is_good(i) ? "good" : "bad", made_text(text, i));
        must(writer_take(&tsv, &rows, NULL, &made_error));
        must(add_rows(c, rows, part == 0 ? HEED_PART_TRAIN : HEED_PART_VALIDATION, NULL));
        free(rows);
    }
    return c;
}

static heed_model *train(heard *h, heed_corpus *c, double share, unsigned epochs)
{
    heed_train_options o = made_train_options();
    heed_model *m = NULL;
    const heed_listener listener = {hear, h};
    *h = (heard){.loss = {0}};
    o.epochs = epochs;
    o.batch_size = 4;
    o.learning_rate = 0.05;
    o.patience = 0;
    o.keep = HEED_KEEP_LAST;
    o.average_weights = share;
    o.validation = HEED_VALIDATION_NONE;
    must(heed_train(&m, c, &o, &listener, &made_error));
    return m;
}

/* The mean log loss of the validation rows. */
static double loss_of(const heed_model *m)
{
    double loss = 0;
    for (unsigned i = ROWS; i < 2 * ROWS; i++) {
        char text[64];
        float p[2]; /* bad, good */
        made_predictions(p, m, &(heed_bytes){made_text(text, i), strlen(text)}, 1, 1);
        loss -= log((double)p[is_good(i)]) / ROWS;
    }
    return loss;
}

static void training_keeps_the_better_of_weights_and_mean(void **state)
{
    heed_corpus *c = noisy_rows(true);
    heard with, without;
    (void)state;
    heed_model *mean = train(&with, c, 1, MOST_EPOCHS), *last = train(&without, c, 0, MOST_EPOCHS);
    unsigned won = 0;
    for (unsigned e = 1; e <= MOST_EPOCHS; e++) { /* the steps are the same, so the weights themselves are, too */
        assert_true(with.loss[e] <= without.loss[e]);
        won += with.loss[e] < without.loss[e] - 0.001;
    }
    assert_true(won > 0);
    assert_true(fabs(loss_of(mean) - with.loss[MOST_EPOCHS]) < 1e-5);
    assert_true(fabs(loss_of(last) - without.loss[MOST_EPOCHS]) < 1e-5);
    assert_true(loss_of(mean) < loss_of(last));
    heed_model_free(mean);
    heed_model_free(last);
    heed_corpus_free(c);
}

static void without_validation_rows_the_mean_is_kept(void **state)
{
    heed_corpus *c = noisy_rows(false);
    heard of;
    (void)state;
    heed_model *mean = train(&of, c, 1, 1), *last = train(&of, c, 0, 1);
    assert_true(fabs(loss_of(mean) - loss_of(last)) > 0.001);
    heed_model_free(mean);
    heed_model_free(last);
    heed_corpus_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_of_the_last_steps_at_even_distances),
        cmocka_unit_test(it_is_the_arithmetic_mean_of_each_weight),
        cmocka_unit_test(training_keeps_the_better_of_weights_and_mean),
        cmocka_unit_test(without_validation_rows_the_mean_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
