/* heed_train as a whole: which epoch is kept, when it stops, and that no model is broken. */
#include "unit/made_training.h"

/* Rows that say the contrary of what training says, so that validation soon becomes worse. */
static char *contrary_rows(unsigned count)
{
    writer text = {0};
    char *out = NULL;
    writer_print(&text, "label\ttext\n");
    for (unsigned i = 0; i < count; i++)
        writer_print(&text, "%s\tthe film was %s to %u\n", i % 2 ? "good" : "bad", i % 2 ? "awful" : "lovely", i);
    must(writer_take(&text, &out, NULL, &made_error));
    return out;
}

/* ---- which epoch is kept */

static void kept_epoch_has_the_lowest_validation_loss(void **state)
{
    (void)state;
    char *train = told_rows(80, 2), *mixed = told_rows(30, 2), *contrary = contrary_rows(30);
    writer validation = {0}; /* good enough to be learnt, bad enough to turn */
    writer_print(&validation, "%s%s", mixed, strchr(contrary, '\n') + 1);
    writer_byte(&validation, '\0');
    const char *const cases[] = {mixed, contrary, validation.data};
    for (size_t i = 0; i < 3; i++) {
        heed_corpus *c = corpus_of(train, cases[i], NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        o.epochs = 12;
        o.patience = 0;
        o.learning_rate = 0.1;
        must(heed_train(&m, c, &o, NULL, &made_error));
        uint32_t best = 0;
        for (uint32_t e = 0; e < 12; e++)
            if (m->validation[e].loss < m->validation[best].loss)
                best = e;
        assert_int_equal(m->config.training.epochs_run, 12);
        assert_int_equal(m->config.training.epoch_kept, best + 1);
        const heed_model_info *info = heed_model_describe(m);
        assert_int_equal(info->epoch, best + 1);
        assert_int_equal(info->epochs, 12);
        assert_memory_equal(info->validation, &m->validation[best], sizeof m->validation[best]);
        double expected = m->validation[best].loss, found = loss_of(m, cases[i]);
        if (fabs(found - expected) > 1e-4 * expected + 1e-6)
            fail_msg("case %zu: the weights have the loss %g, epoch %u had %g", i, found, best + 1, expected);
        heed_model_free(m);
        heed_corpus_free(c);
    }
    writer_release(&validation);
    free(train);
    free(mixed);
    free(contrary);
}

static void last_epoch_is_kept_where_asked(void **state)
{
    (void)state;
    char *train = told_rows(80, 2), *contrary = contrary_rows(30);
    heed_corpus *c = corpus_of(train, contrary, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    o.epochs = 8;
    o.keep = HEED_KEEP_LAST;
    o.patience = 0;
    must(heed_train(&m, c, &o, NULL, &made_error));
    assert_int_equal(m->config.training.epoch_kept, 8);
    assert_true(m->validation[7].loss > m->validation[0].loss);
    double expected = m->validation[7].loss, found = loss_of(m, contrary);
    if (fabs(found - expected) > 1e-3 * expected)
        fail_msg("the weights have the loss %g, epoch 8 had %g", found, expected);
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
    free(contrary);
}

static void patience_ends_training(void **state)
{
    (void)state;
    char *train = told_rows(80, 2), *contrary = contrary_rows(30);
    heed_corpus *c = corpus_of(train, contrary, NULL);
    for (unsigned patience = 1; patience <= 3; patience++) {
        heed_train_options o = made_train_options();
        heed_model *m;
        o.epochs = 50;
        o.patience = patience;
        o.learning_rate = 0.1;
        must(heed_train(&m, c, &o, NULL, &made_error));
        assert_in_range(m->config.training.epochs_run, 2, 49);
        assert_int_equal(m->config.training.epochs_run, m->config.training.epoch_kept + patience);
        assert_false(m->config.training.stopped);
        heed_model_free(m);
    }
    heed_corpus_free(c);
    free(train);
    free(contrary);
}

static void without_validation_the_last_epoch_is_kept(void **state)
{
    (void)state;
    char *train = told_rows(40, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    o.validation = HEED_VALIDATION_NONE;
    o.patience = 1;
    o.epochs = 5;
    must(heed_train(&m, c, &o, NULL, &made_error));
    assert_int_equal(m->config.training.epochs_run, 5);
    assert_int_equal(m->config.training.epoch_kept, 5);
    assert_int_equal(m->config.training.rows_train, 40);
    assert_true(isnan(m->validation[4].loss));
    assert_true(isnan(heed_model_describe(m)->validation->loss));
    m->config.training.epoch_kept = 6; /* as a file may have it */
    assert_true(isnan(heed_model_describe(m)->validation->loss));
    m->config.training.epoch_kept = 0;
    assert_true(isnan(heed_model_describe(m)->validation->loss));
    assert_string_equal(m->config.training.validation, "none");
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
}

/* ---- warnings */

/* Takes the kind of the only warning. */
static int take_warning(void *user, const heed_event *event)
{
    heed_warning *kind = user;
    if (event->stage != HEED_STAGE_WARNING)
        return 0;
    assert_non_null(event->note);
    assert_int_equal(*kind, HEED_WARNING_NONE);
    *kind = event->warning;
    return 0;
}

static void what_no_validation_row_can_decide_is_warned_of(void **state)
{
    (void)state;
    static const struct {
        heed_validation validation;
        heed_schedule schedule;
        heed_warning expected;
    } cases[] = {
        {HEED_VALIDATION_FRACTION, HEED_SCHEDULE_COSINE, HEED_WARNING_NO_VALIDATION},
        {HEED_VALIDATION_NONE, HEED_SCHEDULE_PLATEAU, HEED_WARNING_SCHEDULE},
        {HEED_VALIDATION_NONE, HEED_SCHEDULE_COSINE, HEED_WARNING_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = corpus_of("label\ttext\na\tx\nb\ty\n", NULL, NULL);
        heed_train_options o = made_train_options();
        heed_warning found = HEED_WARNING_NONE;
        heed_model *m;
        o.validation = cases[i].validation;
        o.schedule = cases[i].schedule;
        must(heed_train(&m, c, &o, &(heed_listener){take_warning, &found}, &made_error));
        assert_int_equal(found, cases[i].expected);
        heed_model_free(m);
        heed_corpus_free(c);
    }
}

/* ---- why a training ended */

static int stop_in_second_epoch(void *user, const heed_event *event)
{
    (void)user;
    return event->stage == HEED_STAGE_TRAIN && event->epoch == 2;
}

static void the_reason_why_a_training_ended_is_named(void **state)
{
    (void)state;
    static const struct {
        unsigned epochs, patience;
        double rate;
        heed_optimizer optimizer;
        heed_validation validation;
        bool stop;
        const char *ending;
    } cases[] = {
        {2, 0, 0.001, HEED_OPTIMIZER_ADAM, HEED_VALIDATION_FRACTION, false,
         "the best epoch was the last: try more --epochs"},
        {1, 0, 0.001, HEED_OPTIMIZER_ADAM, HEED_VALIDATION_FRACTION, false, NULL},
        {2, 0, 0.001, HEED_OPTIMIZER_ADAM, HEED_VALIDATION_NONE, false, NULL},
        {9, 0, 0.001, HEED_OPTIMIZER_ADAM, HEED_VALIDATION_FRACTION, true, "the training was stopped"},
        {999, 2, 0.1, HEED_OPTIMIZER_ADAM, HEED_VALIDATION_FRACTION, false,
         "2 epochs without a better one ended the training"},
        {999, 1, 0.1, HEED_OPTIMIZER_ADAM, HEED_VALIDATION_FRACTION, false,
         "1 epoch without a better one ended the training"},
    };
    char *train = told_rows(80, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_corpus *c = corpus_of(train, NULL, NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        o.epochs = cases[i].epochs;
        o.patience = cases[i].patience;
        o.learning_rate = cases[i].rate;
        o.optimizer = cases[i].optimizer;
        o.validation = cases[i].validation;
        const heed_listener stop = {stop_in_second_epoch, NULL};
        assert_int_equal(heed_train(&m, c, &o, cases[i].stop ? &stop : NULL, &made_error),
                         cases[i].stop ? HEED_STOPPED : HEED_OK);
        const char *ending = heed_model_ending(m);
        assert_string_equal(ending == NULL ? "" : ending, cases[i].ending == NULL ? "" : cases[i].ending);
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(train);
}

/* ---- what goes wrong with numbers */

static void large_steps_never_leave_broken_weights(void **state)
{
    (void)state;
    static const char *const deep =
        "embed 4 | bilstm 3 | attention additive 2 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | "
        "dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8";
    char *train = told_rows(80, 2);
    for (unsigned i = 0; i < 16; i++) {
        heed_corpus *c = corpus_of(train, NULL, NULL);
        heed_train_options o = made_train_options();
        heed_model *m;
        if (i % 2 == 1)
            o.architecture = deep;
        o.learning_rate = 1000;
        o.epochs = 20;
        o.patience = 0;
        o.seed = i / 8;
        o.keep = i & 2 ? HEED_KEEP_LAST : HEED_KEEP_BEST;
        o.validation = i & 4 ? HEED_VALIDATION_NONE : HEED_VALIDATION_FRACTION;
        heed_warning warning = HEED_WARNING_NONE;
        heed_status status = heed_train(&m, c, &o, &(heed_listener){take_warning, &warning}, &made_error);
        if (status == HEED_OK) {
            check_finite(m);
            bool failed = m->config.training.epochs_run < o.epochs;
            assert_int_equal(warning == HEED_WARNING_EPOCH_FAILED, failed);
            if (failed)
                assert_string_equal(heed_model_ending(m),
                                    "the loss was no finite number any more, which ended the training");
            assert_in_range(m->config.training.epoch_kept, 1, m->config.training.epochs_run);
        } else {
            must_refuse(status, HEED_BAD_DATA, "finite number", "a learning rate of 1000");
            assert_non_null(strstr(made_error.message, "lower --learning-rate (now 1000)"));
            assert_null(m);
        }
        heed_model_free(m);
        heed_corpus_free(c);
    }
    free(train);
}

/* One batch an epoch, whose loss is infinite from the second on: the first is no reason to go on for ever. */
static void cross_validation_survives_large_steps(void **state)
{
    (void)state;
    char *train = told_rows(40, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_folds *folds;
    o.architecture = "embed 4 | bilstm 3 | attention additive 2 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | "
                     "dense 8 | dense 8 | "
                     "dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8 | dense 8";
    o.learning_rate = 1000;
    o.epochs = 6;
    heed_status status = heed_cross_validate(&folds, 4, c, &o, NULL, &made_error);
    if (status != HEED_OK)
        must_refuse(status, HEED_BAD_DATA, "finite number", "folds");
    assert_int_equal(folds != NULL, status == HEED_OK);
    heed_folds_free(folds);
    o = made_train_options();
    must(heed_cross_validate(&folds, 4, c, &o, NULL, &made_error));
    assert_int_equal(heed_folds_count(folds), 4);
    for (unsigned i = 0; i < 4; i++) {
        const heed_fold *fold = heed_folds_item(folds, i);
        assert_int_equal(fold->rows_validation, 10);
        assert_int_equal(fold->rows_train, 30);
        assert_in_range(fold->best_epoch, 1, 3);
        assert_true(isfinite(fold->validation->loss));
    }
    heed_folds_free(folds);
    heed_corpus_free(c);
    free(train);
}

/* ---- the listener */

typedef struct told {
    heed_stage stage;
    unsigned epoch; /* stop at this stage of this epoch; 0: any */
    unsigned epochs_ended, notes, bests;
    uint64_t last_done;
} told;

static int listen(void *user, const heed_event *event)
{
    told *t = user;
    t->notes += event->stage == HEED_STAGE_NOTE;
    t->epochs_ended += event->stage == HEED_STAGE_EPOCH;
    t->bests += event->stage == HEED_STAGE_EPOCH && event->best;
    if (event->stage == HEED_STAGE_NOTE)
        assert_non_null(event->note);
    if (event->stage == HEED_STAGE_TRAIN)
        assert_in_range(event->done, 1, event->total);
    return event->stage == t->stage && (t->epoch == 0 || event->epoch == t->epoch);
}

static void listener_stops_training(void **state)
{
    (void)state;
    static const struct {
        heed_stage stage;
        unsigned epoch, complete;
    } cases[] = {{HEED_STAGE_NOTE, 0, 0},  {HEED_STAGE_TRAIN, 1, 0}, {HEED_STAGE_VALIDATE, 1, 1},
                 {HEED_STAGE_EPOCH, 1, 1}, {HEED_STAGE_TRAIN, 3, 2}, {HEED_STAGE_EPOCH, 5, 5}};
    char *train = told_rows(60, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        told t = {.stage = cases[i].stage, .epoch = cases[i].epoch};
        heed_train_options o = made_train_options();
        heed_model *m = NULL, *straight;
        o.epochs = 5;
        o.patience = 0;
        heed_status status = heed_train(&m, c, &o, &(heed_listener){listen, &t}, &made_error);
        must_refuse(status, HEED_STOPPED, "stopped", "training");
        assert_int_equal(m != NULL, cases[i].complete > 0); /* no epoch, no model */
        if (m == NULL)
            continue;
        assert_int_equal(m->config.training.epochs_run, cases[i].complete);
        assert_true(m->config.training.stopped);
        o.epochs = cases[i].complete; /* the best so far is what a run of so many epochs keeps */
        must(heed_train(&straight, c, &o, NULL, &made_error));
        assert_int_equal(m->config.training.epoch_kept, straight->config.training.epoch_kept);
        assert_memory_equal(model_network(m)->weights, model_network(straight)->weights,
                            model_network(m)->net->weight_count * sizeof(real));
        heed_model_free(straight);
        heed_model_free(m);
    }
    told t = {.stage = HEED_STAGE_PREDICT};
    heed_train_options o = made_train_options();
    heed_model *m;
    must(heed_train(&m, c, &o, &(heed_listener){listen, &t}, &made_error));
    assert_int_equal(t.epochs_ended, 3);
    assert_int_equal(t.notes, 2); /* sizes; what the commonest answer would reach */
    assert_in_range(t.bests, 1, 3);
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
}

static void stopped_folds_say_so(void **state)
{
    (void)state;
    char *train = told_rows(60, 2);
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_folds *folds;
    told t = {.stage = HEED_STAGE_EPOCH, .epoch = 1};
    must_refuse(heed_cross_validate(&folds, 3, c, &o, &(heed_listener){listen, &t}, &made_error), HEED_STOPPED,
                "stopped", "folds");
    assert_null(folds);
    assert_int_equal(t.epochs_ended, 1);
    heed_corpus_free(c);
    free(train);
}

static void history_has_a_row_an_epoch(void **state)
{
    (void)state;
    char *train = told_rows(60, 2), *csv, *text;
    heed_corpus *c = corpus_of(train, NULL, NULL);
    heed_train_options o = made_train_options();
    heed_model *m;
    must(heed_train(&m, c, &o, NULL, &made_error));
    must(heed_model_history_csv(&csv, m, &made_error));
    const char *head = "epoch,loss,tp,fp,tn,fn,accuracy,precision,recall,auc,"
                       "val_loss,val_tp,val_fp,val_tn,val_fn,val_accuracy,val_precision,val_recall,val_auc\n1,";
    assert_memory_equal(csv, head, strlen(head));
    size_t lines = 0;
    for (const char *p = csv; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    assert_int_equal(lines, 4);
    must(heed_model_summary(&text, m, &made_error));
    assert_non_null(strstr(text, "Total params: "));
    heed_free(text);
    must(heed_model_json(&text, m, &made_error));
    assert_true(text[0] == '{');
    heed_free(text);
    heed_free(csv);
    heed_model_free(m);
    heed_corpus_free(c);
    free(train);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_epoch_has_the_lowest_validation_loss),
        cmocka_unit_test(last_epoch_is_kept_where_asked),
        cmocka_unit_test(patience_ends_training),
        cmocka_unit_test(without_validation_the_last_epoch_is_kept),
        cmocka_unit_test(what_no_validation_row_can_decide_is_warned_of),
        cmocka_unit_test(the_reason_why_a_training_ended_is_named),
        cmocka_unit_test(large_steps_never_leave_broken_weights),
        cmocka_unit_test(cross_validation_survives_large_steps),
        cmocka_unit_test(listener_stops_training),
        cmocka_unit_test(stopped_folds_say_so),
        cmocka_unit_test(history_has_a_row_an_epoch),
    };
    return cmocka_run_group_tests_name("training", tests, NULL, NULL);
}
