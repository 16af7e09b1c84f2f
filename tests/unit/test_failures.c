/* After a failure every output is NULL or 0: each function of heed.h that returns a status is called so that it fails,
 * with an argument that it refuses, or with memory that runs out at each of its allocations in turn (--wrap of the
 * linker, CMakeLists.txt). A function that is missing here fails the test. */
#include "unit/failing_checks.h"

#include <math.h>

MAKES(heed_model_load, heed_model_free, (w.model_path))
MAKES(heed_predictor_new, heed_predictor_free, (w.model, 1))
MAKES(heed_explainer_new, heed_explainer_free, (w.model, &w.explain))
MAKES(heed_explainer_run, heed_explanation_free, (w.explainer, a_text))
MAKES(heed_explanation_skipped, heed_explanation_free, ("rows.csv:2: row 1: found no label"))
MAKES(heed_reader_open, heed_reader_free, (&(const char *){w.rows}, 1, &w.rows_options))
MAKES(heed_cleaner_new, heed_cleaner_free, (&w.text))
CALL(heed_tokens_new, heed_tokens_free(o->first), OUT(first), error)
MAKES(heed_vectors_load, heed_vectors_free, (w.vectors, NULL, 0, NULL))
MAKES(heed_vectors_near, heed_neighbours_free, (w.word_vectors, a_text, (const float[]){1, 2}, 2))
MAKES(heed_corpus_new, heed_corpus_free, (&w.text))
MAKES(heed_corpus_new_like, heed_corpus_free, (w.model, 0, 1))
MAKES(heed_train, heed_model_free, (w.corpus, &w.train, NULL))
MAKES(heed_cross_validate, heed_folds_free, (2, w.corpus, &w.train, NULL))
MAKES(heed_evaluation_new, heed_evaluation_free, ((const char *const[]){"a", "b"}, LABELS, 1, 0.5))
MAKES(heed_evaluation_new_multilabel, heed_evaluation_free,
      ((const char *const[]){"a", "b"}, LABELS, (const double[]){0.5, 0.5}))
MAKES(heed_compare, heed_comparison_free, (w.corpus, &w.compare, NULL))
MAKES(heed_tune, heed_tuning_free, (&w.tune, NULL))
TEXT_OF(heed_corpus_cache_path,
        (w.corpus, "/tmp", &w.rows_options, &(heed_corpus_files){&(const char *){w.rows}, 1, HEED_PART_ANY}, 1))
TEXT_OF(heed_folds_report, (w.folds))
TEXT_OF(heed_evaluation_curves_csv, (w.evaluation))
TEXT_OF(heed_evaluation_report, (w.evaluation, 2))
TEXT_OF(heed_evaluation_json, (w.evaluation))
TEXT_OF(heed_evaluation_unknown_labels, (w.unknown))
TEXT_OF(heed_faithfulness_report, (w.faithfulness))
TEXT_OF(heed_faithfulness_json, (w.faithfulness))
TEXT_OF(heed_faithfulness_picture, (w.faithfulness))
TEXT_OF(heed_comparison_report, (w.comparison))
TEXT_OF(heed_comparison_json, (w.comparison))
TEXT_OF(heed_comparison_csv, (w.comparison))
TEXT_OF(heed_comparison_picture, (w.comparison))
TEXT_OF(heed_tuning_report, (w.tuning))
TEXT_OF(heed_tuning_json, (w.tuning))
TEXT_OF(heed_model_parse_thresholds, (w.model, "0.5"))
TEXT_OF(heed_model_summary, (w.model))
TEXT_OF(heed_model_json, (w.model))
TEXT_OF(heed_model_history_csv, (w.model))
TEXT_OF(heed_model_dot, (w.model))
TEXT_OF(heed_model_picture, (w.model))
TEXT_OF(heed_outline_summary, (&w.train, &w.text, HEED_TASK_BINARY, LABELS))
TEXT_OF(heed_outline_json, (&w.train, &w.text, HEED_TASK_BINARY, LABELS))
TEXT_OF(heed_outline_dot, (&w.train, &w.text, HEED_TASK_BINARY, LABELS))
TEXT_OF(heed_learning_picture,
        (&(heed_line){"a", (const double[]){1, 2}, (const double[]){0.5, 0.6}, NULL, NULL, 2, NAN}, 1, "accuracy"))

/* ---- calls with more than one output, or none */

static heed_status call_heed_predictor_run(outputs *o, heed_error *error)
{
    o->floats[0] = o->floats[1] = 7;
    heed_status status = heed_predictor_run(o->floats, w.predictor, &a_text, 1, error);
    if (status == HEED_OK)
        assert_true(fabsf(o->floats[0] + o->floats[1] - 1) < 1e-5f);
    return status;
}

static heed_status call_heed_explainer_compare(outputs *o, heed_error *error)
{
    heed_status status = heed_explainer_compare(OUT(first), ((o->second = garbage), (void *)&o->second), w.explainer,
                                                a_text, (heed_bytes){"w1 no", 5}, error);
    if (status == HEED_OK) {
        heed_explanation_free(o->first);
        heed_explanation_free(o->second);
    }
    return status;
}

static heed_status call_heed_explanations_draw(outputs *o, heed_error *error)
{
    o->size = 7;
    heed_status status = heed_explanations_draw(OUT(first), &o->size, &(const heed_explanation *){w.explanation}, 1,
                                                HEED_EXPLANATION_HTML, error);
    if (status == HEED_OK)
        heed_free(o->first);
    return status;
}

static heed_status call_heed_demo_data(outputs *o, heed_error *error)
{
    o->size = 7;
    heed_status status = heed_demo_data(OUT(first), &o->size, "test", error);
    if (status == HEED_OK)
        heed_free(o->first);
    return status;
}

static heed_status call_heed_cleaner_run(outputs *o, heed_error *error)
{
    heed_tokens *fresh = NULL;
    long kept = left;
    left = LONG_MAX;
    must(heed_tokens_new(&fresh, &made_error));
    must(heed_cleaner_run(fresh, w.cleaner, (heed_bytes){"old", 3}, &made_error));
    left = kept;
    heed_status status =
        heed_cleaner_run(fresh, w.cleaner, (heed_bytes){"<b>one two three four five six</b>", 34}, error);
    o->size = status == HEED_OK ? 0 : heed_tokens_count(fresh);
    heed_tokens_free(fresh);
    return status;
}

/* A row that lacks a field. */
static heed_status call_heed_reader_next(outputs *o, heed_error *error)
{
    char path[64];
    heed_reader *reader = NULL;
    made_file(path, ".tsv", "label\ttext\naa\n", 14);
    must(heed_reader_open(&reader, &(const char *){path}, 1, &w.rows_options, &made_error));
    unlink(path);
    heed_status status = heed_reader_next(OUT(first), reader, error);
    heed_reader_free(reader);
    return status;
}

static int take_tokens(void *user, const heed_record *record, heed_tokens *tokens)
{
    (void)user, (void)record, (void)tokens;
    return 0;
}

static heed_status call_heed_clean_rows(outputs *o, heed_error *error)
{
    (void)o;
    heed_reader *reader = open_rows();
    heed_status status = heed_clean_rows(reader, w.cleaner, 1, take_tokens, NULL, error);
    heed_reader_free(reader);
    return status;
}

static int take_probabilities(void *user, const heed_record *record, const float *p)
{
    (void)user, (void)record, (void)p;
    return 0;
}

static heed_status call_heed_predict_rows(outputs *o, heed_error *error)
{
    (void)o;
    heed_reader *reader = open_rows();
    heed_status status = heed_predict_rows(w.predictor, reader, take_probabilities, NULL, NULL, error);
    heed_reader_free(reader);
    return status;
}

static heed_status call_heed_vectors_train(outputs *o, heed_error *error)
{
    heed_vectors_options options;
    heed_reader *reader = open_rows();
    heed_vectors_options_init(&options);
    options.dimensions = 2;
    options.epochs = options.threads = options.min_count = 1;
    heed_status status = heed_vectors_train(OUT(first), reader, &w.text, &options, NULL, error);
    if (status == HEED_OK)
        heed_vectors_free(o->first);
    heed_reader_free(reader);
    return status;
}

static heed_status call_heed_faithfulness_measure(outputs *o, heed_error *error)
{
    heed_reader *reader = open_rows();
    heed_status status = heed_faithfulness_measure(OUT(first), w.model, reader, &w.measure, NULL, error);
    if (status == HEED_OK)
        heed_faithfulness_free(o->first);
    heed_reader_free(reader);
    return status;
}

static heed_status call_heed_corpus_add(outputs *o, heed_error *error)
{
    (void)o;
    heed_corpus *corpus = NULL;
    heed_reader *reader = open_rows();
    long kept = left;
    left = LONG_MAX;
    must(heed_corpus_new(&corpus, &w.text, &made_error));
    left = kept;
    heed_status status = heed_corpus_add(corpus, reader, HEED_PART_ANY, 1, NULL, error);
    heed_reader_free(reader);
    heed_corpus_free(corpus);
    return status;
}

/* No such folder; the corpus that could not be filled stays empty. */
static heed_status call_heed_corpus_keep_features(outputs *o, heed_error *error)
{
    (void)o;
    return heed_corpus_keep_features(w.corpus, "/nowhere", error);
}

static heed_status call_heed_corpus_keep(outputs *o, heed_error *error)
{
    (void)o;
    return heed_corpus_keep(w.corpus, "/nowhere/heed-00000000000000000000000000000000.corpus", error);
}

static heed_status call_heed_corpus_restore(outputs *o, heed_error *error)
{
    heed_corpus *corpus = NULL;
    must(heed_corpus_new(&corpus, &w.text, &made_error));
    heed_status status = heed_corpus_restore(corpus, w.rows, error);
    o->size = (size_t)heed_corpus_describe(corpus)->rows;
    heed_corpus_free(corpus);
    return status;
}

/* What a set refused is as it was. */
static heed_status call_heed_options_set(outputs *o, heed_error *error)
{
    heed_train_options options = w.train;
    heed_status status = heed_options_set(&options, "learning-rate", "much", error);
    o->flag = memcmp(&options, &w.train, sizeof options) != 0;
    return status;
}

static heed_status call_heed_options_copy(outputs *o, heed_error *error)
{
    heed_train_options options = w.train;
    heed_status status = heed_options_copy(&options, &w.text, error);
    o->flag = memcmp(&options, &w.train, sizeof options) != 0;
    return status;
}

static heed_status call_heed_tune_check(outputs *o, heed_error *error)
{
    heed_tune_options options = w.tune;
    options.ranges = (const char *const[]){"pad=left"};
    options.range_count = 1;
    o->flag = true;
    return heed_tune_check(&o->flag, &options, error);
}

static heed_status call_heed_evaluation_metric(outputs *o, heed_error *error)
{
    o->number = 7;
    return heed_evaluation_metric(&o->number, w.evaluation, "acuracy", error);
}

static heed_status call_heed_evaluation_interval(outputs *o, heed_error *error)
{
    o->interval = (heed_interval){7, 7, 7};
    return heed_evaluation_interval(&o->interval, w.evaluation, "loss", error);
}

static heed_status call_heed_evaluation_label(outputs *o, heed_error *error)
{
    o->size = 7;
    return heed_evaluation_label(&o->size, w.evaluation, (heed_bytes){"\xFF", 1}, error);
}

REFUSED(heed_vectors_save, w.word_vectors, "/nowhere/v.txt", false)
REFUSED(heed_architecture_check, "embed 8 | bilsm 4")
REFUSED(heed_model_set_rows_options, w.model, (const heed_rows_options *)(const void *)&w.text)
REFUSED(heed_model_save, w.model, "/nowhere/m.safetensors")
REFUSED(heed_model_export_huggingface, w.model, "/nowhere/folder")
REFUSED(heed_evaluation_add, w.evaluation, 9, probabilities)
REFUSED(heed_evaluation_saw, w.evaluation, true)
REFUSED(heed_evaluation_add_labels, w.evaluation, (const size_t[]){0}, 1, probabilities)
REFUSED(heed_evaluation_check_metric, w.evaluation, "acuracy")
REFUSED(heed_evaluation_check_requirements, w.evaluation, (const char *const[]){"accuracy"}, 1)
REFUSED(heed_evaluation_require, w.evaluation, (const char *const[]){"accuracy=1.5"}, 1)
REFUSED(heed_evaluation_bootstrap, w.evaluation, 0, 1, 1)
REFUSED(heed_model_set_explanation, w.linear, w.faithfulness)
REFUSED(heed_predictor_set_projections, w.linear_predictor, HEED_PRECISION_INT8)
REFUSED(heed_predictor_set_weights, w.predictor, HEED_PRECISION_INT8)
REFUSED(heed_explainer_set, w.explainer, NULL)
REFUSED(heed_check_thresholds, "half")

static heed_status call_heed_evaluation_finish(outputs *o, heed_error *error)
{
    heed_evaluation *empty = NULL;
    (void)o;
    must(heed_evaluation_new(&empty, (const char *const[]){"a", "b"}, LABELS, 1, 0.5, &made_error));
    heed_status status = heed_evaluation_finish(empty, error);
    heed_evaluation_free(empty);
    return status;
}

/* An evaluation that has rows already. */
MAKES(heed_report_new, heed_report_free, (w.model, w.evaluation, &w.report))

static heed_report *report_of(heed_evaluation *evaluation)
{
    heed_report *report = NULL;
    must(heed_report_new(&report, w.model, evaluation, &w.report, &made_error));
    return report;
}

static heed_status call_heed_report_add(outputs *o, heed_error *error)
{
    heed_evaluation *empty = NULL;
    (void)o;
    must(heed_evaluation_new(&empty, heed_model_describe(w.model)->labels, LABELS, 1, 0.5, &made_error));
    heed_report *report = report_of(empty);
    heed_status status = heed_report_add(report, a_text, (heed_bytes){0}, error);
    heed_report_free(report);
    heed_evaluation_free(empty);
    return status;
}

static heed_status call_heed_report_write(outputs *o, heed_error *error)
{
    heed_evaluation *empty = NULL;
    (void)o;
    must(heed_evaluation_new(&empty, heed_model_describe(w.model)->labels, LABELS, 1, 0.5, &made_error));
    heed_report *report = report_of(empty);
    heed_status status = heed_report_write(report, NULL, error);
    heed_report_free(report);
    heed_evaluation_free(empty);
    return status;
}

/* ---- all of them */

typedef heed_status failing_call(outputs *o, heed_error *error);

/* clang-format off */
/* X(name) */
#define RUNNING_OUT(X) \
    X(heed_model_load) X(heed_predictor_new) X(heed_predictor_run) X(heed_explainer_new) X(heed_explainer_run) X(heed_explanation_skipped) \
    X(heed_reader_open) X(heed_cleaner_new) X(heed_tokens_new) X(heed_cleaner_run) X(heed_clean_rows) \
    X(heed_vectors_load) X(heed_vectors_near) X(heed_vectors_train) X(heed_corpus_new) X(heed_corpus_new_like) \
    X(heed_corpus_add) X(heed_corpus_cache_path) X(heed_corpus_keep_features) X(heed_train) X(heed_cross_validate) X(heed_folds_report) \
    X(heed_evaluation_new) X(heed_evaluation_new_multilabel) X(heed_evaluation_curves_csv) X(heed_evaluation_report) \
    X(heed_evaluation_json) X(heed_evaluation_unknown_labels) X(heed_faithfulness_measure) \
    X(heed_faithfulness_report) X(heed_faithfulness_json) X(heed_faithfulness_picture) X(heed_compare) \
    X(heed_comparison_report) X(heed_comparison_json) X(heed_comparison_csv) X(heed_comparison_picture) X(heed_tune) \
    X(heed_tuning_report) X(heed_tuning_json) X(heed_predict_rows) X(heed_model_parse_thresholds) \
    X(heed_explainer_compare) X(heed_explanations_draw) X(heed_model_summary) X(heed_model_json) \
    X(heed_model_history_csv) X(heed_model_dot) X(heed_model_picture) X(heed_learning_picture) X(heed_demo_data) \
    X(heed_outline_summary) X(heed_outline_json) X(heed_outline_dot) X(heed_check_new) X(heed_check_add) \
    X(heed_check_finish) X(heed_check_text) X(heed_check_report) X(heed_check_json) \
    X(heed_check_page) X(heed_check_write_clean) X(heed_split_new) X(heed_split_write) X(heed_split_report) \
    X(heed_split_json)
#define REFUSING(X) \
    X(heed_options_set) X(heed_options_copy) X(heed_reader_next) X(heed_vectors_save) X(heed_corpus_keep) \
    X(heed_corpus_restore) X(heed_architecture_check) X(heed_model_set_rows_options) X(heed_model_save) \
    X(heed_evaluation_add) X(heed_evaluation_saw) X(heed_evaluation_add_labels) X(heed_evaluation_finish) X(heed_evaluation_metric) \
    X(heed_evaluation_check_metric) X(heed_evaluation_check_requirements) X(heed_evaluation_require) \
    X(heed_evaluation_bootstrap) X(heed_evaluation_interval) X(heed_evaluation_label) \
    X(heed_model_set_explanation) X(heed_report_new) X(heed_report_add) \
    X(heed_report_write) X(heed_explainer_set) X(heed_tune_check) X(heed_predictor_set_projections) X(heed_predictor_set_weights) \
    X(heed_model_export_huggingface) X(heed_check_thresholds) X(heed_check_require) X(heed_check_validate_last) X(heed_split_check)
/* clang-format on */

#define ROW(name) {#name, call_##name},
static const struct {
    const char *name;
    failing_call *call;
} running_out[] = {RUNNING_OUT(ROW)}, refusing[] = {REFUSING(ROW)};

static void check_failed(const char *name, heed_status status, const outputs *o, const heed_error *error)
{
    static const outputs none;
    if (memcmp(o, &none, sizeof none) != 0)
        fail_msg("%s: failed with '%s', but an output is neither NULL nor 0", name, error->message);
    if (status == HEED_OK || error->message[0] == '\0' || strchr(error->message, '\n') != NULL)
        fail_msg("%s: %s with the message '%s'", name, heed_status_name(status), error->message);
}

static void outputs_are_empty_when_memory_runs_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof running_out / sizeof *running_out; i++) {
        long failed = 0;
        for (long allowed = 0;; allowed++) {
            outputs o;
            heed_error error = {""};
            memset(&o, 0, sizeof o);
            left = allowed;
            heed_status status = running_out[i].call(&o, &error);
            left = LONG_MAX;
            unlink(w.table);
            if (status == HEED_OK)
                break;
            check_failed(running_out[i].name, status, &o, &error);
            failed++;
        }
        if (failed == 0)
            fail_msg("%s: never failed", running_out[i].name);
    }
}

static void outputs_are_empty_after_a_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusing / sizeof *refusing; i++) {
        outputs o;
        heed_error error = {""};
        memset(&o, 0, sizeof o);
        check_failed(refusing[i].name, refusing[i].call(&o, &error), &o, &error);
    }
}

static bool is_called(const char *name)
{
    for (size_t i = 0; i < sizeof running_out / sizeof *running_out; i++)
        if (strcmp(running_out[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < sizeof refusing / sizeof *refusing; i++)
        if (strcmp(refusing[i].name, name) == 0)
            return true;
    return false;
}

static void every_function_of_the_header_is_called(void **state)
{
    (void)state;
    char line[512], name[128];
    size_t found = 0;
    FILE *header = fopen("../include/heed.h", "r");
    assert_non_null(header);
    while (fgets(line, sizeof line, header) != NULL)
        if (sscanf(line, "HEED_API heed_status %127[a-z0-9_](", name) == 1) {
            found++;
            if (!is_called(name))
                fail_msg("%s is not among the calls of this test", name);
        }
    fclose(header);
    assert_int_equal(found, sizeof running_out / sizeof *running_out + sizeof refusing / sizeof *refusing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_of_the_header_is_called),
        cmocka_unit_test(outputs_are_empty_after_a_refusal),
        cmocka_unit_test(outputs_are_empty_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, make_everything, free_everything);
}
