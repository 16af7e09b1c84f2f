/* For test_failures: memory that runs out when it is told to, and one of everything that heed.h knows. */
#ifndef UNIT_FAILING_WORLD_H
#define UNIT_FAILING_WORLD_H

#include "unit/failing_memory.h"
#include "unit/made_rows.h"

/* ---- what the calls are made with */

enum { ROWS = 40, LABELS = 2 };

static struct {
    char rows[64], vectors[64], model_path[64], folder[64], table[128];
    heed_text_options text;
    heed_train_options train;
    heed_corpus *corpus;
    heed_model *model, *linear;
    heed_predictor *predictor, *linear_predictor;
    heed_explainer *explainer;
    heed_explanation *explanation;
    heed_cleaner *cleaner;
    heed_tokens *tokens;
    heed_vectors *word_vectors;
    heed_evaluation *evaluation; /* finished, with intervals */
    heed_evaluation *unknown;    /* finished, with a label that it was not made for */
    heed_faithfulness *faithfulness;
    heed_comparison *comparison;
    heed_tuning *tuning;
    heed_folds *folds;
    heed_check *check; /* finished, with a serious finding */
    heed_split *split;
    heed_rows_options rows_options;
    heed_explain_options explain;
    heed_faithfulness_options measure;
    heed_compare_options compare;
    const heed_train_options *contenders[1];
    heed_tune_options tune;
    heed_report_options report;
} w;

static const heed_bytes a_text = {"w1 x2 up", 8};
static const float probabilities[LABELS] = {0.25f, 0.75f};

static heed_status read_corpus(void *user, heed_corpus *corpus, heed_error *error)
{
    heed_reader *reader = NULL;
    (void)user;
    heed_status status = heed_reader_open(&reader, &(const char *){w.rows}, 1, &w.rows_options, error);
    if (status == HEED_OK)
        status = heed_corpus_add(corpus, reader, HEED_PART_ANY, 1, NULL, error);
    heed_reader_free(reader);
    return status;
}

static heed_reader *open_rows(void)
{
    long kept = left;
    heed_reader *reader = NULL;
    left = LONG_MAX;
    must(heed_reader_open(&reader, &(const char *){w.rows}, 1, &w.rows_options, &made_error));
    left = kept;
    return reader;
}

/* ---- before and after */

static const char *const some_ranges[] = {"batch-size=8,9"};

static void make_options(void)
{
    heed_rows_options_init(&w.rows_options);
    w.text = made_text_options();
    w.train = made_train_options();
    w.train.epochs = w.train.threads = 1;
    heed_explain_options_init(&w.explain);
    w.explain.threads = 1;
    heed_faithfulness_options_init(&w.measure);
    w.measure.rows = 3;
    w.measure.orders = w.measure.permutations = w.measure.resamples = 2;
    w.measure.steps = 8;
    w.measure.threads = 1;
    heed_compare_options_init(&w.compare);
    w.contenders[0] = &w.train;
    w.compare.contenders = w.contenders;
    w.compare.count = w.compare.seeds = 1;
    w.compare.resamples = 2;
    heed_tune_options_init(&w.tune);
    w.tune.text = &w.text;
    w.tune.train = &w.train;
    w.tune.ranges = some_ranges;
    w.tune.range_count = 1;
    w.tune.trials = 2;
    w.tune.table = w.table;
    w.tune.resume = true; /* of a call that failed */
    w.tune.read = read_corpus;
    heed_report_options_init(&w.report);
    w.report.folder = w.folder;
    w.report.threads = 1;
}

static void make_files(void)
{
    writer rows = {0};
    writer_print(&rows, "label\ttext\n");
    for (int i = 0; i < ROWS; i++)
        writer_print(&rows, "%s\tw%d x%d %s\n", i % 2 ? "aa" : "bb", i % 7, i % 10, i % 2 ? "up" : "no");
    made_file(w.rows, ".tsv", rows.data, rows.size);
    writer_release(&rows);
    made_file(w.vectors, ".txt", "up 1 2\nno 2 1\n", 14);
    made_file(w.model_path, ".safetensors", "", 0);
    snprintf(w.folder, sizeof w.folder, "/tmp/heed-test-XXXXXX");
    assert_non_null(mkdtemp(w.folder));
    snprintf(w.table, sizeof w.table, "%s/table.csv", w.folder);
}

static void make_evaluation(void)
{
    must(heed_evaluation_new(&w.evaluation, (const char *const[]){"a", "b"}, LABELS, 1, 0.5, &made_error));
    for (size_t i = 0; i < 8; i++)
        must(heed_evaluation_add(w.evaluation, i % 3 == 0, probabilities, &made_error));
    must(heed_evaluation_finish(w.evaluation, &made_error));
    must(heed_evaluation_bootstrap(w.evaluation, 10, 1, 1, &made_error));
    size_t other;
    must(heed_evaluation_new(&w.unknown, (const char *const[]){"a", "b"}, LABELS, 1, 0.5, &made_error));
    must(heed_evaluation_label(&other, w.unknown, (heed_bytes){"c", 1}, &made_error));
    must(heed_evaluation_add(w.unknown, other, probabilities, &made_error));
    must(heed_evaluation_add(w.unknown, 0, probabilities, &made_error));
    must(heed_evaluation_finish(w.unknown, &made_error));
}

/* The same rows to train and to test on. */
static heed_check *made_check(void)
{
    heed_check *check = NULL;
    must(heed_check_new(&check, &made_error));
    for (heed_part part = HEED_PART_TRAIN; part <= HEED_PART_TEST; part += HEED_PART_TEST - HEED_PART_TRAIN) {
        heed_reader *reader = open_rows();
        must(heed_check_add(check, reader, part, 1, NULL, &made_error));
        heed_reader_free(reader);
    }
    return check;
}

static int make_everything(void **state)
{
    (void)state;
    jansson_fails(true);
    heed_reader *reader = NULL;
    make_files();
    make_options();
    w.model = made_model(w.train.architecture);
    w.linear = made_model("linear");
    must(heed_model_save(w.model, w.model_path, &made_error));
    w.corpus = made_corpus(&w.text);
    must(read_corpus(NULL, w.corpus, &made_error));
    must(heed_predictor_new(&w.predictor, w.model, 1, &made_error));
    must(heed_predictor_new(&w.linear_predictor, w.linear, 1, &made_error));
    must(heed_explainer_new(&w.explainer, w.model, &w.explain, &made_error));
    must(heed_explainer_run(&w.explanation, w.explainer, a_text, &made_error));
    must(heed_cleaner_new(&w.cleaner, &w.text, &made_error));
    must(heed_vectors_load(&w.word_vectors, w.vectors, NULL, 0, NULL, &made_error));
    make_evaluation();
    reader = open_rows();
    must(heed_faithfulness_measure(&w.faithfulness, w.model, reader, &w.measure, NULL, &made_error));
    heed_reader_free(reader);
    must(heed_compare(&w.comparison, w.corpus, &w.compare, NULL, &made_error));
    must(heed_tune(&w.tuning, &w.tune, NULL, &made_error));
    unlink(w.table);
    w.check = made_check();
    must(heed_check_finish(w.check, 1, NULL, &made_error));
    reader = open_rows();
    must(heed_split_new(&w.split, reader, "one=0.5,two=0.5", 1, 1, NULL, &made_error));
    heed_reader_free(reader);
    must(heed_cross_validate(&w.folds, 2, w.corpus, &w.train, NULL, &made_error));
    return 0;
}

static int free_everything(void **state)
{
    (void)state;
    heed_check_free(w.check);
    heed_split_free(w.split);
    heed_folds_free(w.folds);
    heed_tuning_free(w.tuning);
    heed_comparison_free(w.comparison);
    heed_faithfulness_free(w.faithfulness);
    heed_evaluation_free(w.evaluation);
    heed_evaluation_free(w.unknown);
    heed_vectors_free(w.word_vectors);
    heed_cleaner_free(w.cleaner);
    heed_explanation_free(w.explanation);
    heed_explainer_free(w.explainer);
    heed_predictor_free(w.linear_predictor);
    heed_predictor_free(w.predictor);
    heed_corpus_free(w.corpus);
    heed_model_free(w.linear);
    heed_model_free(w.model);
    unlink(w.rows);
    unlink(w.vectors);
    unlink(w.model_path);
    return 0; /* the folder of reports is left to the system, as it may have files */
}

/* ---- calls that fail: CALL(heed_x, arguments) sets outputs to garbage first, and releases what a success gives */

/* All outputs of a call; those that it does not have stay 0. */
typedef struct outputs {
    void *first, *second;
    size_t size;
    double number;
    float floats[LABELS];
    heed_interval interval;
    bool flag;
} outputs;

static void *const garbage = &w;

#define OUT(field) ((void *)((o->first = garbage), &o->field))
#define CALL(name, release, ...)                                                                                       \
    static heed_status call_##name(outputs *o, heed_error *error)                                                      \
    {                                                                                                                  \
        heed_status status = name(__VA_ARGS__);                                                                        \
        if (status == HEED_OK) {                                                                                       \
            release;                                                                                                   \
        }                                                                                                              \
        (void)o;                                                                                                       \
        return status;                                                                                                 \
    }
#define STRIP(...) __VA_ARGS__
#define MAKES(name, free_it, arguments) CALL(name, free_it(o->first), OUT(first), STRIP arguments, error)
#define TEXT_OF(name, arguments) CALL(name, heed_free(o->first), OUT(first), STRIP arguments, error)

#define REFUSED(name, ...)                                                                                             \
    static heed_status call_##name(outputs *o, heed_error *error)                                                      \
    {                                                                                                                  \
        (void)o;                                                                                                       \
        return name(__VA_ARGS__, error);                                                                               \
    }

#endif
