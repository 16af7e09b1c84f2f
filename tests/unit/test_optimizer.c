/* Optimisers and schedules: equal to Keras's (golden/optimizers.json, made by make_optimizers.py), clipping by the norm
 * over all weights, embedding rows in and out of the batch, and whole trainings with all of it. */
#include <jansson.h>
#include <math.h>

#include "base/random.h"
#include "model/network_classifier.h"
#include "train/schedule.h"
#include "train/trainer.h"
#include "train/training.h"
#include "unit/made_rows.h"

static json_t *golden; /* of the whole file */

static int load_golden(void **state)
{
    (void)state;
    golden = json_load_file("golden/optimizers.json", 0, NULL);
    return golden == NULL;
}

static int free_golden(void **state)
{
    (void)state;
    json_decref(golden);
    return 0;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static unsigned choice(const json_t *object, const char *key, const char *const names[3])
{
    for (unsigned i = 0; i < 3; i++)
        if (strcmp(json_string_value(json_object_get(object, key)), names[i]) == 0)
            return i;
    fail_msg("golden: %s", key);
    return 0;
}

/* ---- against Keras */

static network *golden_network(void)
{
    network_spec spec = {json_string_value(json_object_get(golden, "architecture")),
                         (uint32_t)number(golden, "ids"),
                         (uint32_t)number(golden, "window"),
                         1,
                         true,
                         false,
                         HEED_TASK_BINARY,
                         0};
    network *net = NULL;
    must(network_new(&net, &spec, &made_error));
    return net;
}

static void biases_norms_and_padding_are_spared(void **state)
{
    (void)state;
    network *net = golden_network();
    const json_t *parameters = json_object_get(golden, "parameters");
    assert_int_equal(net->parameter_count, json_array_size(parameters));
    for (int i = 0; i < net->parameter_count; i++) {
        const json_t *expected = json_array_get(parameters, (size_t)i);
        assert_string_equal(net->parameters[i].name, json_string_value(json_object_get(expected, "name")));
        assert_int_equal(parameter_count(&net->parameters[i]), (size_t)number(expected, "count"));
        assert_int_equal(parameter_decays(&net->parameters[i]), json_is_true(json_object_get(expected, "decays")));
    }
    network_free(net);
}

/* As make_optimizers.py draws it; rows of tokens that the batch does not hold are 0. */
static void make_gradient(real *g, size_t count, int step)
{
    size_t ids = (size_t)number(golden, "ids"), width = (size_t)number(golden, "width");
    for (size_t i = 0; i < count; i++) {
        bool absent = i / width < ids && (i / width + (size_t)step) % 3 == 0;
        g[i] = absent ? 0 : (real)(0.3 * cos(0.37 * (double)i + step));
    }
}

/* One step in parts: rows of the embedding, then blocks that no parameter ends with. */
static void take_step(const optimizer *o, const optimizer_step *step, int number_of_step, real *g, real *w)
{
    const size_t block = 23, count = o->net->weight_count, embedding = o->net->embedding_count;
    size_t width = (size_t)o->net->embedded.width;
    optimizer_decay(o, step, 0, embedding, w);
    for (size_t row = 0; row < embedding / width; row++)
        optimizer_move(o, step, row * width, width, (row + (size_t)number_of_step) % 3 == 0 ? NULL : g + row * width,
                       w);
    for (size_t first = embedding; first < count; first += block) {
        size_t part = count - first < block ? count - first : block;
        optimizer_decay(o, step, first, part, w);
        optimizer_move(o, step, first, part, g + first, w);
    }
}

static void check_case(const network *net, const json_t *expected)
{
    static const char *const kinds[] = {"adam", "adamw", "sgd"};
    optimizer_options options = {choice(expected, "optimizer", kinds), number(expected, "weight_decay"),
                                 number(expected, "momentum"), number(expected, "clip_norm")};
    const json_t *rates = json_object_get(golden, "learning_rates"), *after = json_object_get(expected, "after");
    size_t count = net->weight_count;
    real *w = calloc(count, sizeof *w), *g = calloc(count, sizeof *g);
    optimizer o;
    must(optimizer_init(&o, net, &options, &made_error));
    assert_int_equal(json_array_size(after), count);
    for (size_t i = 0; i < count; i++)
        w[i] = (real)(0.8 * sin(1 + (double)i));
    for (size_t s = 0; s < json_array_size(rates); s++) {
        double square = 0;
        make_gradient(g, count, (int)s);
        for (size_t i = 0; i < count; i++)
            square += (double)g[i] * (double)g[i];
        optimizer_step step = optimizer_step_of(&o, s, json_number_value(json_array_get(rates, s)), square);
        take_step(&o, &step, (int)s, g, w);
    }
    for (size_t i = 0; i < count; i++) {
        double found = (double)w[i], sought = json_number_value(json_array_get(after, i));
        if (!(fabs(found - sought) <= 1e-6))
            fail_msg("%s, decay %g, momentum %g, clip %g: weight %zu is %.9g, Keras's %.9g", kinds[options.kind],
                     options.weight_decay, options.momentum, options.clip_norm, i, found, sought);
    }
    optimizer_release(&o);
    free(w);
    free(g);
}

static void steps_are_those_of_keras(void **state)
{
    (void)state;
    network *net = golden_network();
    const json_t *cases = json_object_get(golden, "cases");
    assert_true(json_array_size(cases) >= 7);
    for (size_t i = 0; i < json_array_size(cases); i++)
        check_case(net, json_array_get(cases, i));
    network_free(net);
}

static void schedules_are_those_of_keras(void **state)
{
    (void)state;
    static const char *const kinds[] = {"constant", "cosine", "plateau"};
    const json_t *cases = json_object_get(golden, "schedules");
    assert_true(json_array_size(cases) >= 4);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *expected = json_array_get(cases, i), *rates = json_object_get(expected, "rates");
        schedule s = {choice(expected, "schedule", kinds), number(expected, "learning_rate"),
                      number(expected, "warmup"), (unsigned)number(expected, "epochs"),
                      (uint64_t)number(expected, "epoch_steps")};
        assert_int_equal(json_array_size(rates), s.epochs * s.epoch_steps);
        for (size_t step = 0; step < json_array_size(rates); step++) {
            double found = schedule_rate(&s, step, 3), sought = json_number_value(json_array_get(rates, step));
            if (!(fabs(found - sought) <= 1e-8))
                fail_msg("schedule %zu, step %zu: %.9g, Keras's %.9g", i, step, found, sought);
        }
    }
}

static void a_plateau_halves(void **state)
{
    (void)state;
    schedule s = {HEED_SCHEDULE_PLATEAU, 0.08, 0.5, 4, 8};
    assert_true(schedule_rate(&s, 9, 0) == 0.08 && schedule_rate(&s, 9, 1) == 0.04 &&
                schedule_rate(&s, 31, 4) == 0.005);
    assert_true(schedule_rate(&s, 0, 0) == 0.02 && schedule_rate(&s, 3, 0) == 0.08); /* 4 steps of warm-up */
    assert_true(schedule_rate(&s, 0, 1) == 0.01);
    s.warmup = 0.001; /* less than a step */
    assert_true(schedule_rate(&s, 0, 0) == 0.08);
    assert_true(schedule_rate(&s, 0, 5000) == 0);
    s = (schedule){HEED_SCHEDULE_COSINE, 0.08, 9, 4, 8}; /* a warm-up that never ends */
    assert_true(fabs(schedule_rate(&s, 31, 0) - 0.08 * 32 / 72) < 1e-12);
}

static void a_line_falls_to_0(void **state)
{
    (void)state;
    schedule s = {HEED_SCHEDULE_LINEAR, 0.08, 0.5, 4, 8}; /* 4 steps of warm-up, 28 of the line */
    const double expected[] = {0.02, 0.04, 0.06, 0.08, 0.08, 0.08 * 27 / 28};
    for (uint64_t step = 0; step < sizeof expected / sizeof *expected; step++)
        assert_true(fabs(schedule_rate(&s, step, 0) - expected[step]) < 1e-12);
    assert_true(fabs(schedule_rate(&s, 31, 0) - 0.08 / 28) < 1e-12);
    s.warmup = 0;
    assert_true(schedule_rate(&s, 0, 0) == 0.08 && fabs(schedule_rate(&s, 16, 0) - 0.04) < 1e-12);
}

/* ---- in the trainer */

enum { VOCABULARY = 90, WINDOW = 7, ROWS = 33 };

typedef struct bench {
    network *net;
    pool *workers;
    trainer *t;
    uint32_t ids[ROWS][WINDOW];
    batch_row rows[ROWS];
    real *before, *gradient; /* [weights] */
} bench;

static void bench_init(bench *b, optimizer_options rule)
{
    network_spec spec = {
        "embed 5 | bilstm 4 | attention additive 3", VOCABULARY, WINDOW, 1, true, false, HEED_TASK_BINARY, 0};
    *b = (bench){0};
    must(network_new(&b->net, &spec, &made_error));
    must(pool_new(&b->workers, 2, &made_error));
    must(trainer_new(&b->t, b->net, b->workers, &(trainer_options){ROWS, 5, rule, 0}, &made_error));
    for (uint32_t r = 0; r < ROWS; r++) {
        for (uint32_t t = 0; t < WINDOW; t++) /* the ids above 40 are not there */
            b->ids[r][t] = 1 + random_word((random_key){8, RANDOM_SPLIT, 0, 0, r}, t) % 40;
        b->rows[r] = (batch_row){.ids = b->ids[r], .length = 1 + (int)r % WINDOW, .number = r, .label = r % 2};
    }
    b->before = calloc(b->net->weight_count, sizeof(real));
    b->gradient = calloc(b->net->weight_count, sizeof(real));
}

static void bench_release(bench *b)
{
    trainer_free(b->t);
    pool_free(b->workers);
    network_free(b->net);
    free(b->before);
    free(b->gradient);
}

/* A gradient, and what it was, beside the weights before the step that follows. */
static void bench_gradient(bench *b)
{
    double loss;
    trainer_gradient(b->t, b->rows, ROWS, 1, &loss, NULL);
    trainer_copy_gradient(b->t, b->gradient);
    memcpy(b->before, trainer_weights(b->t), b->net->weight_count * sizeof(real));
}

static double norm_of(const real *x, size_t count)
{
    double square = 0;
    for (size_t i = 0; i < count; i++)
        square += (double)x[i] * (double)x[i];
    return sqrt(square);
}

/* Plain gradient descent shows the gradient that the optimiser saw. While the embedding is frozen its gradient is none
 * of the norm. */
static void gradients_are_clipped_by_their_norm_over_all_weights(void **state)
{
    (void)state;
    for (int frozen = 0; frozen < 2; frozen++)
        for (int clips = 0; clips < 2; clips++) {
            bench b;
            double longest = clips ? 0.001 : 100;
            bench_init(&b, (optimizer_options){HEED_OPTIMIZER_SGD, 0, 0, longest});
            size_t count = b.net->weight_count, first = frozen ? b.net->embedding_count : 0;
            trainer_freeze(b.t, frozen);
            bench_gradient(&b);
            double norm = norm_of(b.gradient + first, count - first), factor = clips ? longest / norm : 1;
            assert_true(norm > 0.002 && norm < 100);
            trainer_update(b.t, 0.5);
            const real *w = trainer_weights(b.t);
            assert_memory_equal(w, b.before, first * sizeof *w);
            for (size_t i = first; i < count; i++) {
                double moved = (double)w[i] - (double)b.before[i], expected = -0.5 * factor * (double)b.gradient[i];
                if (!(fabs(moved - expected) <= 1e-7))
                    fail_msg("weight %zu moved by %.9g, expected %.9g", i, moved, expected);
            }
            bench_release(&b);
        }
}

/* Rows that no batch holds: AdamW lets them decay, all but that of padding; Adam and SGD leave them. */
static void embedding_rows_outside_of_the_batch_decay_alone(void **state)
{
    (void)state;
    for (unsigned kind = HEED_OPTIMIZER_ADAM; kind <= HEED_OPTIMIZER_SGD; kind++) {
        bench b;
        bench_init(&b, (optimizer_options){kind, 0.25, 0.9, 0});
        size_t width = (size_t)b.net->embedded.width;
        bench_gradient(&b);
        trainer_update(b.t, 0.1);
        for (size_t i = 0; i < b.net->embedding_count; i++) {
            size_t id = i / width;
            double kept = kind == HEED_OPTIMIZER_ADAMW && id > 0 ? 1 - 0.1 * 0.25 : 1;
            if (id == 0 || id > 40)
                assert_true(fabs((double)trainer_weights(b.t)[i] - kept * (double)b.before[i]) < 1e-8);
        }
        bench_release(&b);
    }
}

/* A frozen embedding neither moves nor decays; thawed, it begins with Adam's first step. */
static void a_frozen_embedding_does_not_decay(void **state)
{
    (void)state;
    bench b;
    bench_init(&b, (optimizer_options){HEED_OPTIMIZER_ADAMW, 0.5, 0, 0});
    size_t embedding = b.net->embedding_count, width = (size_t)b.net->embedded.width;
    trainer_freeze(b.t, true);
    for (int i = 0; i < 3; i++) {
        bench_gradient(&b);
        trainer_update(b.t, 0.01);
        assert_memory_equal(trainer_weights(b.t), b.before, embedding * sizeof(real));
    }
    trainer_freeze(b.t, false);
    bench_gradient(&b);
    trainer_update(b.t, 0.01);
    for (size_t i = width; i < embedding; i++) {
        double g = (double)b.gradient[i], decayed = (1 - 0.01 * 0.5) * (double)b.before[i];
        double expected = decayed - 0.01 * g / (fabs(g) + 1e-7 / sqrt(1 - 0.999));
        assert_true(fabs((double)trainer_weights(b.t)[i] - expected) < 2e-6);
    }
    bench_release(&b);
}

/* ---- whole trainings */

static heed_model *train_with(const heed_train_options *options)
{
    char *rows = told_rows(90, 3);
    heed_corpus *corpus = made_corpus(NULL);
    heed_model *model = NULL;
    must(add_rows(corpus, rows, HEED_PART_ANY, NULL));
    must(heed_train(&model, corpus, options, NULL, &made_error));
    heed_corpus_free(corpus);
    free(rows);
    return model;
}

static heed_train_options everything(void)
{
    heed_train_options o = made_train_options();
    o.architecture =
        "embed 6 | dropout 0.2 | bilstm 5 recurrent-dropout 0.3 | dropout 0.1 | gru 3 recurrent-dropout 0.2 "
        "| attention additive 2 + max | dense 4 | dropout 0.3";
    o.optimizer = HEED_OPTIMIZER_SGD;
    o.clip_norm = 0.2;
    o.schedule = HEED_SCHEDULE_COSINE;
    o.warmup = 0.5;
    o.keep = HEED_KEEP_LAST;
    return o;
}

static void the_same_bits_at_any_number_of_threads(void **state)
{
    (void)state;
    for (unsigned kind = HEED_OPTIMIZER_ADAM; kind <= HEED_OPTIMIZER_SGD; kind++) {
        heed_train_options o = everything();
        o.optimizer = kind;
        o.threads = 1;
        heed_model *one = train_with(&o);
        for (o.threads = 2; o.threads <= 4; o.threads++) {
            heed_model *more = train_with(&o);
            assert_memory_equal(model_network(more)->weights, model_network(one)->weights,
                                model_network(one)->net->weight_count * sizeof(real));
            heed_model_free(more);
        }
        heed_model_free(one);
    }
}

/* Up to the first epoch without a better loss the learning rate is the constant one's, and no longer. */
static void a_plateau_begins_behind_the_first_worse_epoch(void **state)
{
    (void)state;
    heed_train_options o = made_train_options();
    o.learning_rate = 0.5;
    o.epochs = 30;
    o.patience = 1;
    o.keep = HEED_KEEP_LAST;
    heed_model *model = train_with(&o);
    unsigned worse = model->config.training.epochs_run;
    heed_model_free(model);
    assert_true(worse < o.epochs);
    o.patience = 0;
    for (unsigned more = 0; more < 2; more++) {
        o.epochs = worse + more;
        o.schedule = HEED_SCHEDULE_CONSTANT;
        heed_model *constant = train_with(&o);
        o.schedule = HEED_SCHEDULE_PLATEAU;
        heed_model *plateau = train_with(&o);
        size_t bytes = model_network(constant)->net->weight_count * sizeof(real);
        assert_int_equal(memcmp(model_network(constant)->weights, model_network(plateau)->weights, bytes) != 0, more);
        heed_model_free(constant);
        heed_model_free(plateau);
    }
}

/* What was used, and no default of what was not. */
static void the_model_records_what_was_used(void **state)
{
    (void)state;
    heed_train_options o = everything();
    heed_model *model = train_with(&o);
    char *text = NULL;
    must(heed_model_summary(&text, model, &made_error));
    assert_non_null(strstr(text, "  SGD            learning rate 0.02, cosine schedule, warm-up 0.5 epochs, "
                                 "momentum 0.9, gradients clipped to 0.2, batches of 8, seed 1\n"));
    heed_free(text);
    must(heed_model_json(&text, model, &made_error));
    json_t *root = json_loads(text, 0, NULL);
    const json_t *record = json_object_get(root, "training");
    assert_string_equal(json_string_value(json_object_get(record, "optimizer")), "sgd");
    assert_string_equal(json_string_value(json_object_get(record, "schedule")), "cosine");
    assert_true(number(record, "weight_decay") == 0 && number(record, "momentum") == 0.9);
    assert_true(number(record, "clip_norm") == 0.2 && number(record, "warmup") == 0.5);
    json_decref(root);
    heed_free(text);
    heed_model_free(model);
    o = made_train_options();
    model = train_with(&o);
    must(heed_model_summary(&text, model, &made_error));
    assert_non_null(strstr(text, "  Adam           learning rate 0.02, batches of 8, seed 1\n"));
    assert_true(model->config.training.options.weight_decay == 0 && model->config.training.options.momentum == 0);
    heed_free(text);
    heed_model_free(model);
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        double decay, momentum, clip, warmup;
        unsigned optimizer, schedule;
    } cases[] = {
        {"--weight-decay: found 1.5, expected 0 to 1", 1.5, 0, 0, 0, 0, 0},
        {"--weight-decay: found -1", -1, 0, 0, 0, 0, 0},
        {"--momentum: found 1, expected 0 to 0.9999", 0, 1, 0, 0, 0, 0},
        {"--clip-norm: found -0.5", 0, 0, -0.5, 0, 0, 0},
        {"--clip-norm: found nan", 0, 0, NAN, 0, 0, 0},
        {"--warmup: found 65536, expected 0 to 65535", 0, 0, 0, 65536, 0, 0},
        {"--optimizer: found the number 3, expected one of adam|adamw|sgd", 0, 0, 0, 0, 3, 0},
        {"--schedule: found the number 7, expected one of constant|cosine|plateau", 0, 0, 0, 0, 0, 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_train_options o = made_train_options();
        o.weight_decay = cases[i].decay;
        o.momentum = cases[i].momentum;
        o.clip_norm = cases[i].clip;
        o.warmup = cases[i].warmup;
        o.optimizer = cases[i].optimizer;
        o.schedule = cases[i].schedule;
        must_refuse(train_options_check(&o, &made_error), HEED_USAGE, cases[i].message, "options");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(biases_norms_and_padding_are_spared),
        cmocka_unit_test(steps_are_those_of_keras),
        cmocka_unit_test(schedules_are_those_of_keras),
        cmocka_unit_test(a_plateau_halves),
        cmocka_unit_test(a_line_falls_to_0),
        cmocka_unit_test(gradients_are_clipped_by_their_norm_over_all_weights),
        cmocka_unit_test(embedding_rows_outside_of_the_batch_decay_alone),
        cmocka_unit_test(a_frozen_embedding_does_not_decay),
        cmocka_unit_test(the_same_bits_at_any_number_of_threads),
        cmocka_unit_test(a_plateau_begins_behind_the_first_worse_epoch),
        cmocka_unit_test(the_model_records_what_was_used),
        cmocka_unit_test(options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, load_golden, free_golden);
}
