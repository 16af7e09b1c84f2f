/* A program as it could have been compiled with the heed.h beside it: train ROWS FOLDER fills every struct of options,
 * trains, evaluates, explains and compares, and prints what it finds. tests/cli/abi.sh runs it on later libraries. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heed.h"

static heed_error error;

static void must(heed_status status)
{
    if (status == HEED_OK)
        return;
    fprintf(stderr, "train: %s\n", error.message);
    exit(1);
}

static int print_epoch(void *user, const heed_event *event)
{
    if (event->stage == HEED_STAGE_EPOCH && event->trials == 0)
        printf("%s epoch %u of %u, fold %u: loss %.4f and %.4f, accuracy %.4f\n", (const char *)user, event->epoch,
               event->epochs, event->fold, event->train->loss, event->validation->loss, event->validation->accuracy);
    return 0;
}

static void set(void *options, const char *name, const char *value)
{
    must(heed_options_set(options, name, value, &error));
}

static heed_reader *open_rows(const char *path)
{
    heed_rows_options options;
    heed_reader *reader = NULL;
    heed_rows_options_init(&options);
    options.on_bad_row = HEED_BAD_ROW_IS_SKIPPED;
    set(&options, "label-column", "kind");
    must(heed_reader_open(&reader, &path, 1, &options, &error));
    return reader;
}

static heed_status fill(void *user, heed_corpus *corpus, heed_error *problem)
{
    heed_reader *reader = open_rows(user);
    heed_status status = heed_corpus_add(corpus, reader, HEED_PART_ANY, 1, NULL, problem);
    const heed_reader_info *read = heed_reader_describe(reader);
    printf("%zu columns, %" PRIu64 " of %" PRIu64 " bytes\n", read->column_count, read->done, read->total);
    heed_reader_free(reader);
    return status;
}

static void print_corpus(heed_corpus *corpus)
{
    const heed_corpus_info *info = heed_corpus_describe(corpus);
    printf("%" PRIu64 " rows, %.4f tokens, %zu labels\n", info->rows, info->mean_tokens, info->label_count);
    for (size_t i = 0; i < info->label_count; i++)
        printf("  %s %" PRIu64 "\n", info->labels[i], info->label_rows[i]);
}

static void print_model(const heed_model *model)
{
    heed_text_options text;
    heed_rows_options rows;
    const heed_model_info *info = heed_model_describe(model);
    heed_text_options_init(&text, HEED_PRESET_OFF);
    heed_rows_options_init(&rows);
    must(heed_options_copy(&text, info->text, &error));
    must(heed_options_copy(&rows, info->rows, &error));
    printf("%s: %zu labels, %" PRIu64 " parameters, epoch %u of %u, loss %.4f, tokens %u, column %s\n",
           info->architecture, info->label_count, info->parameters, info->epoch, info->epochs, info->validation->loss,
           text.max_length, rows.label_column);
}

static void explain(const heed_model *model, heed_bytes text)
{
    heed_explain_options options;
    heed_explainer *explainer = NULL;
    heed_explanation *e = NULL;
    heed_explain_options_init(&options);
    options.method = HEED_METHOD_GRADIENT;
    options.threads = 1;
    must(heed_explainer_new(&explainer, model, &options, &error));
    must(heed_explainer_run(&e, explainer, text, &error));
    const heed_explanation_info *info = heed_explanation_describe(e);
    printf("%s, logit %.4f\n", info->labels[info->label], info->logit);
    for (size_t i = 0; i < info->token_count; i++) {
        const heed_explained_token *token = heed_explanation_token(e, i);
        printf("  token %zu-%zu %.4f\n", token->begin, token->end, token->score);
    }
    for (size_t i = 0; i < info->segment_count; i++) {
        const heed_segment *segment = heed_explanation_segment(e, i);
        printf("  segment %zu-%zu %s\n", segment->begin, segment->end, heed_token_status_name(segment->status));
    }
    heed_explanation_free(e);
    heed_explainer_free(explainer);
}

static void measure(const heed_model *model, const char *path)
{
    heed_faithfulness_options options;
    heed_faithfulness *f = NULL;
    heed_reader *reader = open_rows(path);
    heed_faithfulness_options_init(&options);
    options.rows = options.orders = options.permutations = options.resamples = 4;
    options.threads = 1;
    must(heed_faithfulness_measure(&f, model, reader, &options, NULL, &error));
    const heed_faithfulness_info *info = heed_faithfulness_describe(f);
    for (size_t i = 0; i < info->method_count; i++) {
        const heed_method_faithfulness *method = heed_faithfulness_method(f, i);
        printf("  %s %.4f over %" PRIu64 " rows\n", heed_method_name(method->method), method->gain.mean, info->rows);
    }
    heed_faithfulness_free(f);
    heed_reader_free(reader);
}

static void compare(heed_corpus *corpus, const heed_train_options *train)
{
    heed_compare_options options;
    heed_comparison *c = NULL;
    heed_train_options other = *train;
    const heed_train_options *contenders[] = {train, &other};
    other.architecture = "embed 4 | mean";
    heed_compare_options_init(&options);
    options.contenders = contenders;
    options.count = 2;
    options.seeds = 2;
    options.resamples = 20;
    must(heed_compare(&c, corpus, &options, NULL, &error));
    const heed_comparison_info *info = heed_comparison_describe(c);
    for (size_t i = 0; i < info->contender_count; i++) {
        const heed_contender *k = heed_comparison_contender(c, i);
        printf("  %s %.4f, %zu trials, baseline %d\n", k->name, k->accuracy.mean, k->trials, k->baseline);
    }
    for (size_t i = 0; i < info->trial_count; i++) {
        const heed_trial *t = heed_comparison_trial(c, i);
        printf("  %s seed %" PRIu64 " %.4f %.4f\n", t->name, t->seed, t->accuracy, t->validation->loss);
    }
    heed_comparison_free(c);
}

static void tune(char *path, const char *folder, const heed_text_options *text, const heed_train_options *train)
{
    static const char *const ranges[] = {"batch-size=4,8"};
    heed_tune_options options;
    heed_tuning *t = NULL;
    char table[4096];
    snprintf(table, sizeof table, "%s/table.csv", folder);
    heed_tune_options_init(&options);
    options.text = text;
    options.train = train;
    options.ranges = ranges;
    options.range_count = 1;
    options.trials = 2;
    options.table = table;
    options.read = fill;
    options.user = path;
    must(heed_tune(&t, &options, NULL, &error));
    const heed_tuning_info *info = heed_tuning_describe(t);
    printf("  best: trial %u, batch size %u, pad %d\n", info->best->number, info->train->batch_size,
           (int)info->text->pad);
    for (size_t i = 0; i < info->trial_count; i++)
        printf("  trial %u: %.4f\n", heed_tuning_trial(t, i)->number, heed_tuning_trial(t, i)->loss);
    heed_tuning_free(t);
}

static void cross_validate(heed_corpus *corpus, const heed_train_options *train)
{
    static char say[] = "folds,";
    heed_listener listener = {print_epoch, say};
    heed_folds *folds = NULL;
    must(heed_cross_validate(&folds, 2, corpus, train, &listener, &error));
    for (unsigned i = 0; i < heed_folds_count(folds); i++)
        printf("  fold of %" PRIu64 " rows: %.4f\n", heed_folds_item(folds, i)->rows_train,
               heed_folds_item(folds, i)->validation->accuracy);
    heed_folds_free(folds);
}

static void evaluate(const heed_model *model, const char *path, const char *folder)
{
    heed_report_options options;
    heed_report *report = NULL;
    heed_evaluation *evaluation = NULL;
    heed_predictor *predictor = NULL;
    const heed_record *record;
    const heed_model_info *m = heed_model_describe(model);
    heed_reader *reader = open_rows(path);
    double accuracy;
    heed_report_options_init(&options);
    options.folder = folder;
    options.threads = 1;
    must(heed_predictor_new(&predictor, model, 1, &error));
    must(heed_evaluation_new(&evaluation, m->labels, m->label_count, m->positive, m->thresholds[0], &error));
    must(heed_report_new(&report, model, evaluation, &options, &error));
    while (heed_reader_next(&record, reader, &error) == HEED_OK) {
        float probabilities[8];
        size_t truth = 0;
        must(heed_predictor_run(probabilities, predictor, &record->text, 1, &error));
        while (strncmp(m->labels[truth], record->label.data, record->label.size) != 0)
            truth++;
        must(heed_evaluation_add(evaluation, truth, probabilities, &error));
        must(heed_report_add(report, record->text, record->id, &error));
    }
    must(heed_evaluation_finish(evaluation, &error));
    must(heed_evaluation_metric(&accuracy, evaluation, "accuracy", &error));
    must(heed_report_write(report, NULL, &error));
    printf("accuracy %.4f, %" PRIu64 " tokens\n", accuracy, heed_predictor_describe(predictor)->tokens);
    heed_report_free(report);
    heed_evaluation_free(evaluation);
    heed_predictor_free(predictor);
    heed_reader_free(reader);
}

static void learn_vectors(const char *path, const heed_text_options *text)
{
    heed_vectors_options options;
    heed_vectors *v = NULL;
    heed_neighbours *near = NULL;
    heed_reader *reader = open_rows(path);
    const heed_bytes word = {"good", 4};
    heed_vectors_options_init(&options);
    set(&options, "dimensions", "4");
    options.min_count = options.epochs = options.threads = 1;
    must(heed_vectors_train(&v, reader, text, &options, NULL, &error));
    must(heed_vectors_near(&near, v, word, heed_vectors_of(v, word), 2, &error));
    printf("%" PRIu64 " vectors of %u\n", heed_vectors_describe(v)->found, heed_vectors_describe(v)->dimensions);
    for (size_t i = 0; i < heed_neighbours_count(near); i++)
        printf("  %.*s %.4f\n", (int)heed_neighbours_item(near, i)->word.size, heed_neighbours_item(near, i)->word.data,
               heed_neighbours_item(near, i)->cosine);
    heed_neighbours_free(near);
    heed_vectors_free(v);
    heed_reader_free(reader);
}

static void clean(const heed_text_options *text)
{
    heed_cleaner *cleaner = NULL;
    heed_tokens *tokens = NULL;
    must(heed_cleaner_new(&cleaner, text, &error));
    must(heed_tokens_new(&tokens, &error));
    must(heed_cleaner_run(tokens, cleaner, (heed_bytes){"A <b>good</b> day", 17}, &error));
    for (size_t i = 0; i < heed_tokens_count(tokens); i++)
        printf("  %zu-%zu\n", heed_tokens_item(tokens, i)->begin, heed_tokens_item(tokens, i)->end);
    heed_tokens_free(tokens);
    heed_cleaner_free(cleaner);
}

int main(int argc, char **argv)
{
    static char say[] = "training,";
    heed_listener listener = {print_epoch, say};
    heed_text_options text;
    heed_train_options train;
    heed_corpus *corpus = NULL;
    heed_model *model = NULL;
    if (argc != 3)
        return 2;
    heed_text_options_init(&text, HEED_PRESET_DEFAULT);
    heed_train_options_init(&train, HEED_PRESET_DEFAULT);
    text.min_count = 1;
    set(&text, "pad", "post");
    set(&train, "learning-rate", "0.02");
    set(&train, "architecture", "embed 4 | lstm 3 | attention additive 2");
    train.epochs = 3;
    train.batch_size = 8;
    train.threads = 1;
    must(heed_corpus_new(&corpus, &text, &error));
    must(fill(argv[1], corpus, &error));
    print_corpus(corpus);
    must(heed_train(&model, corpus, &train, &listener, &error));
    heed_rows_options rows;
    heed_rows_options_init(&rows);
    rows.label_column = "kind";
    must(heed_model_set_rows_options(model, &rows, &error));
    print_model(model);
    explain(model, (heed_bytes){"a very good day, unseen", 23});
    measure(model, argv[1]);
    evaluate(model, argv[1], argv[2]);
    compare(corpus, &train);
    cross_validate(corpus, &train);
    tune(argv[1], argv[2], &text, &train);
    learn_vectors(argv[1], &text);
    clean(&text);
    heed_model_free(model);
    heed_corpus_free(corpus);
    return 0;
}
