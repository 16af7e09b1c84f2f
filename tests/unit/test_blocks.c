/* Recurrent layers walk long chunks in blocks of steps (network/recurrent.h): the gradient of a chunk that is cut into
 * blocks is the mean of its rows' gradients, each of which is a single block. In double, so that the order of sums does
 * not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "network/network.h"
#include "network/recurrent_walk.h"
#include "train/trainer.h"

enum { VOCABULARY = 50, WINDOW = 120, ROWS = 10 };

static uint32_t word(uint32_t row, uint32_t element)
{
    return random_word((random_key){13, RANDOM_SPLIT, 0, 0, row}, element);
}

/* Lengths WINDOW, 0, 1 and others, in no order. */
static void make_rows(batch_row rows[ROWS], uint32_t ids[ROWS][WINDOW])
{
    static const int lengths[ROWS] = {WINDOW, 77, WINDOW, 1, 100, WINDOW, 0, 119, 60, WINDOW};
    for (uint32_t r = 0; r < ROWS; r++) {
        for (uint32_t t = 0; t < WINDOW; t++)
            ids[r][t] = 1 + word(r, t) % (VOCABULARY - 1);
        rows[r] = (batch_row){.ids = ids[r], .length = lengths[r], .number = r, .label = r % 2};
    }
}

static void add_gradient(trainer *t, const batch_row *rows, int count, size_t weights, double share, real *sum)
{
    double loss;
    real *gradient = calloc(weights, sizeof *gradient);
    assert_non_null(gradient);
    trainer_gradient(t, rows, count, 2, &loss, NULL);
    trainer_copy_gradient(t, gradient);
    for (size_t i = 0; i < weights; i++)
        sum[i] += share * gradient[i];
    free(gradient);
}

static void check_architecture(const char *architecture, bool mask)
{
    static uint32_t ids[ROWS][WINDOW];
    batch_row rows[ROWS];
    network_spec spec = {architecture, VOCABULARY, WINDOW, 1, mask, false, HEED_TASK_BINARY, 0};
    trainer_options options = {.batch_rows = ROWS, .seed = 5};
    network *net = NULL;
    pool *workers = NULL;
    trainer *t = NULL;
    heed_error error = {0};
    make_rows(rows, ids);
    if (network_new(&net, &spec, &error) != HEED_OK || pool_new(&workers, 1, &error) != HEED_OK ||
        trainer_new(&t, net, workers, &options, &error) != HEED_OK)
        fail_msg("%s", error.message);
    real *together = calloc(net->weight_count, sizeof *together), *alone = calloc(net->weight_count, sizeof *alone);
    assert_non_null(together);
    assert_non_null(alone);
    add_gradient(t, rows, ROWS, net->weight_count, 1, together);
    for (int r = 0; r < ROWS; r++)
        add_gradient(t, &rows[r], 1, net->weight_count, 1.0 / ROWS, alone);
    for (size_t i = 0; i < net->weight_count; i++)
        if (!(fabs((double)(together[i] - alone[i])) < 1e-12))
            fail_msg("'%s', weight %zu: %.15g in blocks, %.15g by rows", architecture, i, (double)together[i],
                     (double)alone[i]);
    free(together);
    free(alone);
    trainer_free(t);
    pool_free(workers);
    network_free(net);
}

static void gradients_of_blocks_add_up(void **state)
{
    (void)state;
    check_architecture("embed 4 | lstm 3 | lstm 2 | attention additive 3", true);
    check_architecture("embed 4 | bilstm 3 | bilstm 2 | attention additive 3 | dense 4", true);
    check_architecture("embed 4 | bilstm 3 | bilstm 2 | last", false);
    check_architecture("embed 4 | gru 3 | gru 2 | mean", true);
    check_architecture("embed 4 | bigru 3 recurrent-dropout 0.3 | bigru 2 recurrent-dropout 0.4 | last", true);
    check_architecture("embed 4 | dropout 0.2 | bilstm 3 recurrent-dropout 0.3 | max", false);
}

/* Both ways of cutting take every step of a chunk once; the chunk is cut, a row is not. */
static void blocks_cover_a_chunk(void **state)
{
    (void)state;
    int length[ROWS] = {WINDOW, WINDOW, WINDOW, 90, 80, 80, 7, 2, 1, 0}, active[WINDOW], offset[WINDOW + 1];
    static uint32_t ids[ROWS * WINDOW], own[WINDOW];
    const uint32_t *rows[ROWS];
    const layer l = {.units = 3};
    for (int r = 0; r < ROWS; r++)
        rows[r] = own;
    for (int count = 1; count <= ROWS; count += ROWS - 1) {
        chunk c = {.rows = count, .ids = ids, .length = length, .active = active, .offset = offset};
        chunk_pack(&c, rows);
        pass p = {.chunk = &c};
        for (int d = 0; d < 2; d++) {
            const recurrent_walk w = {.layer = &l, .pass = &p, .direction = d};
            int positions = 0, blocks = 0;
            for (block b = {0}; b.end < c.steps; positions += b.positions, blocks++) {
                int begin = b.end;
                b = walk_block_from(&w, begin);
                assert_int_equal(b.begin, begin);
                assert_true(b.end > begin && b.positions > 0);
                assert_int_equal(b.first, d == 0 ? positions : c.positions - positions - b.positions);
            }
            assert_int_equal(positions, c.positions);
            assert_int_equal(blocks > 1, count > 1);
            for (block b = {.begin = c.steps}; b.begin > 0; positions -= b.positions) {
                int end = b.begin;
                b = walk_block_until(&w, end);
                assert_int_equal(b.end, end);
                assert_true(b.begin < end && b.positions > 0);
                assert_int_equal(b.first, d == 0 ? positions - b.positions : c.positions - positions);
            }
            assert_int_equal(positions, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_cover_a_chunk),
        cmocka_unit_test(gradients_of_blocks_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
