/* A training that was stopped and goes on from its checkpoint ends in the bytes of one that was not. */
#include "unit/made_encoder.h"

#include <dirent.h>
#include <time.h>

#include "base/file.h"
#include "model/model.h"
#include "model/model_file.h"
#include "model/model_write.h"

static char folder[] = "/tmp/heed-checkpoint-XXXXXX";

/* ---- the folder */

static void each_file(void (*act)(const char *path))
{
    char path[400];
    DIR *files = opendir(folder);
    assert_non_null(files);
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;)
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            act(path);
        }
    closedir(files);
}

static void remove_file(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

/* ---- trainings */

typedef struct training_case {
    const char *architecture;
    heed_train_options options;
} training_case;

static training_case of(const char *architecture)
{
    training_case c = {architecture, made_train_options()};
    c.options.architecture = architecture;
    c.options.encoder_epochs = 3;
    c.options.encoder_rate = 1e-3;
    return c;
}

enum { CASES = 5 };

static void list_cases(training_case cases[CASES])
{
    cases[0] = of("embed 4 | bilstm 3 | attention additive 2 | dropout 0.3");
    cases[0].options.average_weights = 0.5;
    cases[0].options.schedule = HEED_SCHEDULE_PLATEAU;
    cases[1] = of("embed 4 | mean");
    cases[1].options.optimizer = HEED_OPTIMIZER_SGD;
    cases[1].options.keep = HEED_KEEP_LAST;
    cases[2] = of("embed 4 | conv 3 3 | max");
    cases[2].options.optimizer = HEED_OPTIMIZER_ADAMW;
    cases[2].options.weight_decay = 0.1;
    cases[2].options.patience = 1;
    cases[3] = of("encoder trained | mean | dropout 0.2");
    cases[4] = of("encoder trained | mean ; wide words 1-1 min-count 1 weight idf C 1");
    cases[4].options.validation = HEED_VALIDATION_NONE;
}

/* Waits after each event, so that the next batch has one of its own, and stops at one. */
typedef struct stopper {
    int events, stop_at; /* 0: never */
} stopper;

static int count_event(void *user, const heed_event *event)
{
    stopper *s = user;
    (void)event;
    if (s->stop_at == 0)
        return 0;
    nanosleep(&(struct timespec){.tv_nsec = 110000000}, NULL);
    return ++s->events == s->stop_at;
}

static heed_status train(writer *out, const training_case *c, const made_encoder *e, int stop_at)
{
    stopper s = {.stop_at = stop_at};
    const heed_listener listener = {count_event, &s};
    const heed_text_options text =
        strstr(c->architecture, "encoder") == NULL ? made_text_options() : encoder_text_options(e, 12);
    heed_model *m = NULL;
    heed_corpus *corpus;
    char *rows = told_rows(60, 2);
    must(heed_corpus_new(&corpus, &text, &made_error));
    must(add_rows(corpus, rows, HEED_PART_ANY, NULL));
    heed_status status = heed_train(&m, corpus, &c->options, &listener, &made_error);
    writer_release(out);
    if (status == HEED_OK)
        must(model_print(out, m, &made_error));
    heed_model_free(m);
    heed_corpus_free(corpus);
    heed_free(rows);
    return status;
}

static void check_same(const writer *found, const writer *expected, const training_case *c, const char *what)
{
    if (found->size != expected->size || memcmp(found->data, expected->data, found->size) != 0)
        fail_msg("%s: other bytes %s", c->architecture, what);
}

static void check_case(training_case *c, const made_encoder *e)
{
    static const int stops[] = {4, 9};
    writer expected = {0}, found = {0};
    must(train(&expected, c, e, 0));
    c->options.checkpoint = folder;
    c->options.resume = true;
    assert_int_equal(train(&found, c, e, stops[0]), HEED_STOPPED);
    for (size_t i = 1; i < sizeof stops / sizeof *stops; i++)
        train(&found, c, e, stops[i]);
    c->options.threads = 3;
    must(train(&found, c, e, 0));
    check_same(&found, &expected, c, "after two stops");
    must(train(&found, c, e, 0));
    check_same(&found, &expected, c, "of a training that had ended");
    c->options.resume = false;
    must(train(&found, c, e, 0));
    check_same(&found, &expected, c, "without --resume");
    each_file(remove_file);
    writer_release(&expected);
    writer_release(&found);
}

static void a_resumed_training_ends_in_the_same_bytes(void **state)
{
    (void)state;
    training_case cases[CASES];
    made_encoder e;
    made_encoder_open(&e, "bert", "vocab.txt");
    list_cases(cases);
    for (size_t i = 0; i < CASES; i++)
        check_case(&cases[i], &e);
    made_encoder_close(&e);
}

/* ---- damage */

static int damage; /* which */

static void damage_file(const char *path)
{
    char *data;
    size_t size;
    must(file_read(&data, &size, path, 1 << 24, &made_error));
    char *numbers = data + 8 + *(uint64_t *)(void *)data; /* the first tensor; it begins with the epoch */
    if (damage == 0)
        size /= 2;
    else if (damage == 1)
        memset(numbers, 0xFF, 4);
    else
        memcpy(strstr(data + 8, "moment1"), "moment9", 7);
    must(file_write(path, data, size, &made_error));
    heed_free(data);
}

static void a_damaged_checkpoint_is_refused(void **state)
{
    (void)state;
    static const char *const pieces[] = {"is no checkpoint: ", "found numbers that no training has",
                                         "bytes of 'moment1'"};
    made_encoder e;
    writer found = {0};
    training_case c = of("embed 4 | mean");
    made_encoder_open(&e, "bert", "vocab.txt");
    c.options.checkpoint = folder;
    c.options.resume = true;
    for (damage = 0; damage < 3; damage++) {
        must(train(&found, &c, &e, 0));
        each_file(damage_file);
        must_refuse(train(&found, &c, &e, 0), HEED_BAD_DATA, pieces[damage], "a damaged checkpoint");
        each_file(remove_file);
    }
    c.options.checkpoint = "/dev/null/x";
    must_refuse(train(&found, &c, &e, 0), HEED_FAILED,
                "/dev/null/x: this folder cannot be created: ", "a folder that cannot be");
    c.options.checkpoint = "/dev/null";
    must_refuse(train(&found, &c, &e, 0), HEED_FAILED,
                "/dev/null: this folder cannot be created: ", "a file in the place of the folder");
    made_encoder_close(&e);
    writer_release(&found);
}

/* ---- a folder that is gone */

static int warnings;

/* Takes the folder away after the first epoch. */
static int lose_folder(void *user, const heed_event *event)
{
    const char *elsewhere = user;
    if (event->stage == HEED_STAGE_EPOCH)
        rename(folder, elsewhere);
    if (event->stage == HEED_STAGE_WARNING && event->warning == HEED_WARNING_CHECKPOINT)
        warnings++;
    return 0;
}

static void a_checkpoint_that_cannot_be_written_ends_no_training(void **state)
{
    (void)state;
    char elsewhere[sizeof folder + 5];
    const heed_listener listener = {lose_folder, elsewhere};
    heed_train_options options = made_train_options();
    char *rows = told_rows(60, 2);
    snprintf(elsewhere, sizeof elsewhere, "%s.gone", folder);
    options.checkpoint = folder;
    heed_model *m = trained_on(rows, NULL, &options, &listener);
    assert_int_equal(warnings, 1);
    assert_int_equal(heed_model_describe(m)->epochs, options.epochs);
    assert_int_equal(rename(elsewhere, folder), 0);
    heed_model_free(m);
    heed_free(rows);
}

/* ---- other trainings have other files */

static int files;

static void count_file(const char *path)
{
    (void)path;
    files++;
}

static void what_decides_a_training_names_its_file(void **state)
{
    (void)state;
    made_encoder e;
    writer found = {0};
    training_case c = of("embed 4 | mean");
    made_encoder_open(&e, "bert", "vocab.txt");
    c.options.checkpoint = folder;
    for (int i = 0; i < 6; i++) {
        if (i == 1)
            c.options.seed++;
        if (i == 2)
            c.options.epochs++;
        if (i == 3)
            c.options.learning_rate *= 2;
        if (i == 4)
            c.options.validation_fraction = 0.5;
        if (i == 5)
            c.options.threads = 1; /* does not decide it */
        must(train(&found, &c, &e, 0));
        files = 0;
        each_file(count_file);
        assert_int_equal(files, i < 5 ? i + 1 : 5);
    }
    each_file(remove_file);
    made_encoder_close(&e);
    writer_release(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resumed_training_ends_in_the_same_bytes),
        cmocka_unit_test(a_damaged_checkpoint_is_refused),
        cmocka_unit_test(a_checkpoint_that_cannot_be_written_ends_no_training),
        cmocka_unit_test(what_decides_a_training_names_its_file),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    int status = cmocka_run_group_tests(tests, NULL, NULL);
    return rmdir(folder) != 0 || status;
}
