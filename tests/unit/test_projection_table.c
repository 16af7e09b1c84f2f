/* The table of a vocabulary's products: as floats it changes no bit of an answer, whenever it comes; in fewer bytes its
 * numbers are the nearest ones, and answers stay near and do not depend on threads or neighbours. */
#include "unit/kernel_cases.h"
#include "unit/made_rows.h"
#include "unit/network_cases.h"

#include <math.h>

#include "network/scorer.h"
#include "network/projection_table.h"

enum { VOCABULARY = 211, WINDOW = 12, ROWS = 61 }; /* more than two tasks of tokens, several chunks of rows */

static const char *const architectures[] = {"embed 5 | lstm 3 | attention additive 2", "embed 4 | bilstm 19 | max",
                                            "embed 4 | gru 6 | last", "embed 3 | bigru 17 | attention dot | dense 3",
                                            "embed 5 | conv 4 2 3 | max"};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static network *network_with(const char *architecture, uint32_t vocabulary, bool mask)
{
    return network_of((network_spec){
        .architecture = architecture, .vocabulary = vocabulary, .window = WINDOW, .outputs = 1, .mask = mask});
}

static uint32_t word(uint32_t purpose, uint32_t row, uint32_t element)
{
    return random_word((random_key){5, RANDOM_SPLIT, purpose, 0, row}, element);
}

typedef struct texts {
    uint32_t ids[ROWS][WINDOW];
    batch_row rows[ROWS];
} texts;

static void make_texts(texts *x)
{
    for (uint32_t r = 0; r < ROWS; r++) {
        int length = (int)(r * 5 % (WINDOW + 1));
        for (uint32_t t = 0; t < (uint32_t)length; t++)
            x->ids[r][t] = 1 + word(0, r, t) % (VOCABULARY - 1);
        x->rows[r] = (batch_row){.ids = x->ids[r], .length = length, .number = r};
    }
}

/* Probabilities of count rows; table NULL: without one. */
static void score(real *out, const network *net, const real *weights, const projection_table *table, unsigned threads,
                  const batch_row *rows, int count)
{
    pool *workers = NULL;
    scorer *s = NULL;
    must(pool_new(&workers, threads, &made_error));
    must(scorer_new_with_table(&s, net, table, workers, count, &made_error));
    scorer_run(s, weights, rows, count, out, NULL);
    assert_int_equal(scorer_projected(s) == 0, table != NULL);
    scorer_free(s);
    pool_free(workers);
}

static projection_table *table_of(const network *net, heed_precision storage, const real *weights)
{
    pool *workers = NULL;
    projection_table *t = NULL;
    must(pool_new(&workers, 3, &made_error));
    must(projection_table_new(&t, net, storage, weights, workers, &made_error));
    pool_free(workers);
    return t;
}

static void floats_change_no_bit(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    for (size_t i = 0; i < 2 * ARCHITECTURES; i++) {
        network *net = network_with(architectures[i / 2], VOCABULARY, i % 2 == 0);
        for (int k = 0; k < TABLES; k++) {
            if (table(k) == NULL)
                continue;
            net->kernels = table(k);
            real *w = weights_of(net), without[ROWS], with[ROWS];
            projection_table *t = table_of(net, HEED_PRECISION_FLOAT32, w);
            score(without, net, w, NULL, 1, x.rows, ROWS);
            for (unsigned threads = 1; threads <= 3; threads += 2) {
                score(with, net, w, t, threads, x.rows, ROWS);
                assert_memory_equal(without, with, sizeof with);
            }
            score(with, net, w, t, 1, x.rows + 7, 1);
            assert_memory_equal(without + 7, with, sizeof *with);
            projection_table_free(t);
            free(w);
        }
        network_free(net);
    }
}

/* Rows that are still padding share their states where a pass only predicts: a pass of training is the plain way. */
static void shared_padding_changes_no_bit(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    for (int i = 0; i < 2 * ARCHITECTURES * TABLES; i++) {
        network *net = network_with(architectures[i % ARCHITECTURES], VOCABULARY, false);
        const kernels *k = table(i / ARCHITECTURES / 2);
        net->kernels = k == NULL ? net->kernels : k;
        net->spec.pad_behind = i / ARCHITECTURES % 2 == 1;
        real *w = weights_of(net), found[ROWS];
        batch *b = NULL;
        pass *p = NULL;
        score(found, net, w, NULL, 2, x.rows, ROWS);
        must(batch_new(&b, net, ROWS, &made_error));
        must(pass_new(&p, net, ROWS_PER_CHUNK, WINDOW, true, &made_error));
        batch_pack(b, x.rows, ROWS);
        p->weights = w;
        for (int c = 0; c < b->chunk_count; c++) {
            p->chunk = &b->chunks[c];
            network_forward(p);
            for (int r = 0; r < p->chunk->rows; r++)
                assert_memory_equal(&found[b->order[c * ROWS_PER_CHUNK + r]], p->slot[net->probability] + r,
                                    sizeof *found);
        }
        pass_free(p);
        batch_free(b);
        free(w);
        network_free(net);
    }
}

static void fewer_bytes_do_not_depend_on_neighbours_or_threads(void **state)
{
    (void)state;
    static texts x;
    make_texts(&x);
    for (size_t i = 0; i < 2 * ARCHITECTURES; i++)
        for (heed_precision storage = HEED_PRECISION_BFLOAT16; storage <= HEED_PRECISION_INT8; storage++) {
            network *net = network_with(architectures[i / 2], VOCABULARY, i % 2 == 0);
            real *w = weights_of(net), exact[ROWS], all[ROWS], other[ROWS];
            projection_table *t = table_of(net, storage, w);
            score(exact, net, w, NULL, 1, x.rows, ROWS);
            score(all, net, w, t, 1, x.rows, ROWS);
            score(other, net, w, t, 3, x.rows, ROWS);
            assert_memory_equal(all, other, sizeof all);
            for (int r = 0; r < ROWS; r++) {
                score(other, net, w, t, 1, x.rows + r, 1);
                assert_memory_equal(all + r, other, sizeof *other);
                assert_true(fabs((double)(all[r] - exact[r])) < 0.01);
            }
            projection_table_free(t);
            free(w);
            network_free(net);
        }
}

/* The nearest bfloat16 by frexp: 8 significant bits, ties to even. */
static double nearest_bfloat16(double x)
{
    int exponent;
    double part = frexp(x, &exponent);
    return ldexp(rint(ldexp(part, 8)), exponent - 8);
}

static void check_row(const projection_table *t, const real *exact, const real *found, int columns)
{
    double max = 0;
    for (int j = 0; j < columns; j++)
        max = fmax(max, fabs((double)exact[j]));
    for (int j = 0; j < columns; j++)
        if (t->storage == HEED_PRECISION_BFLOAT16)
            assert_true((double)found[j] == nearest_bfloat16((double)exact[j]));
        else
            assert_true(fabs((double)(found[j] - exact[j])) <= max / 127 * 0.5001);
}

/* Tokens 0, 1, ... in place of a chunk's positions. */
static void numbers_are_the_nearest_ones(void **state)
{
    (void)state;
    for (int i = 0; i < ARCHITECTURES * TABLES; i++)
        for (heed_precision storage = HEED_PRECISION_BFLOAT16; storage <= HEED_PRECISION_INT8; storage++) {
            network *net = network_with(architectures[i % ARCHITECTURES], VOCABULARY, true);
            const kernels *k = table(i / ARCHITECTURES);
            net->kernels = k == NULL ? net->kernels : k;
            real *w = weights_of(net);
            projection_table *whole = table_of(net, HEED_PRECISION_FLOAT32, w), *t = table_of(net, storage, w);
            int place[VOCABULARY], columns = net->projections[0].columns;
            for (int token = 0; token < VOCABULARY; token++)
                place[token] = token;
            real *out = memory_array(VOCABULARY * (size_t)columns, sizeof *out);
            for (int d = 0; d < net->projection_count; d++) {
                projection_table_gather(t, d, place, VOCABULARY, out);
                for (int token = 0; token < VOCABULARY; token++)
                    check_row(t, whole->whole[d] + token * columns, out + token * columns, columns);
            }
            free(out);
            projection_table_free(t);
            projection_table_free(whole);
            free(w);
            network_free(net);
        }
}

static void too_large_or_without_products(void **state)
{
    (void)state;
    const struct {
        const char *architecture;
        uint32_t vocabulary;
        bool applies[3];
    } cases[] = {{"embed 4 | bilstm 32", 100000, {true, true, true}},
                 {"embed 4 | bilstm 32", 600000, {false, false, true}},
                 {"embed 4 | bilstm 32", 4000000, {false, false, false}},
                 {"embed 4 | conv 3 2", 100, {true, true, true}},
                 {"embed 4 | dropout 0.5 | lstm 3", 100, {false, false, false}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s | max", cases[i].architecture);
        network *net = network_with(text, cases[i].vocabulary, true);
        for (heed_precision s = HEED_PRECISION_FLOAT32; s <= HEED_PRECISION_INT8; s++)
            assert_int_equal(projection_table_applies(net, s), cases[i].applies[s]);
        network_free(net);
    }
}

/* ---- the public way */

enum { TEXTS = 4, RUNS = 30 }; /* several tables' worth of words */
static const char *const told[TEXTS] = {"w1 x2 up", "w3 x4 no", "never seen", ""};

static void answers_stay_when_the_table_comes(void **state)
{
    (void)state;
    heed_bytes texts[TEXTS];
    heed_model *m = made_model("embed 4 | bilstm 3 | attention additive 2");
    for (int i = 0; i < TEXTS; i++)
        texts[i] = (heed_bytes){told[i], strlen(told[i])};
    for (heed_precision s = HEED_PRECISION_FLOAT32; s <= HEED_PRECISION_INT8; s++) {
        heed_predictor *p = NULL;
        float first[2 * TEXTS], later[2 * TEXTS];
        must(heed_predictor_new(&p, m, 2, &made_error));
        must(heed_predictor_set_projections(p, s, &made_error));
        must(heed_predictor_run(first, p, texts, TEXTS, &made_error));
        for (int run = 0; run < RUNS; run++) {
            must(heed_predictor_run(later, p, texts, TEXTS, &made_error));
            assert_memory_equal(first, later, sizeof first);
            must(heed_predictor_run(later, p, texts + run % TEXTS, 1, &made_error));
            assert_memory_equal(first + 2 * (run % TEXTS), later, 2 * sizeof *first);
        }
        must(heed_predictor_set_projections(p, HEED_PRECISION_FLOAT32, &made_error)); /* and back */
        must(heed_predictor_run(later, p, texts, TEXTS, &made_error));
        for (int i = 0; i < 2 * TEXTS; i++)
            assert_true(fabsf(first[i] - later[i]) < 0.01F);
        heed_predictor_free(p);
    }
    heed_model_free(m);
}

static void models_without_products_refuse(void **state)
{
    (void)state;
    const char *const others[] = {"linear", "embed 4 | mean", "embed 4 | transformer 2 4 | mean"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        heed_model *m = made_model(others[i]);
        heed_predictor *p = NULL;
        must(heed_predictor_new(&p, m, 1, &made_error));
        must(heed_predictor_set_projections(p, HEED_PRECISION_FLOAT32, &made_error));
        must_refuse(heed_predictor_set_projections(p, HEED_PRECISION_INT8, &made_error), HEED_USAGE,
                    "storage: ", others[i]);
        heed_predictor_free(p);
        heed_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_change_no_bit),
        cmocka_unit_test(shared_padding_changes_no_bit),
        cmocka_unit_test(fewer_bytes_do_not_depend_on_neighbours_or_threads),
        cmocka_unit_test(numbers_are_the_nearest_ones),
        cmocka_unit_test(too_large_or_without_products),
        cmocka_unit_test(answers_stay_when_the_table_comes),
        cmocka_unit_test(models_without_products_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
