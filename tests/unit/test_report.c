/* Reports: the words with the most pull against heed_explainer's own scores, the sample, and what is refused. */
#include "unit/made_encoder.h"

#include <jansson.h>
#include <math.h>

#include "base/file.h"
#include "model/sum.h"
#include "report/report_rows.h"

enum { ROWS = 60 };

typedef struct made {
    heed_model *model;
    heed_evaluation *evaluation;
    char folder[64];
    char **texts; /* [ROWS] */
} made;

static heed_model *train_model(const char *architecture, unsigned labels, const heed_text_options *text)
{
    heed_model *out = NULL;
    heed_train_options train = made_train_options();
    train.architecture = architecture;
    train.epochs = 6;
    heed_corpus *c = made_corpus(text);
    char *rows = told_rows(64, labels);
    must(add_rows(c, rows, HEED_PART_ANY, NULL));
    must(heed_train(&out, c, &train, NULL, &made_error));
    free(rows);
    heed_corpus_free(c);
    return out;
}

/* text: NULL: the usual options. */
static void made_begin_as(made *m, const char *architecture, unsigned labels, const heed_text_options *text)
{
    static const char *const words[] = {"awful", "lovely", "usual", "weird"};
    m->model = train_model(architecture, labels, text);
    size_t count;
    const char *const *names = heed_model_describe(m->model)->labels;
    count = heed_model_describe(m->model)->label_count;
    must(heed_evaluation_new(&m->evaluation, names, count, heed_model_describe(m->model)->positive, 0.5, &made_error));
    strcpy(m->folder, "/tmp/heed-report-XXXXXX");
    assert_non_null(mkdtemp(m->folder));
    m->texts = calloc(ROWS, sizeof *m->texts);
    assert_non_null(m->texts);
    for (unsigned i = 0; i < ROWS; i++) {
        char text[80];
        snprintf(text, sizeof text, "the film was %s and %s, %s again", words[i % labels], words[i / 7 % labels],
                 i % 3 ? "lovely" : "nothing");
        m->texts[i] = strdup(text);
    }
}

static void made_begin(made *m, const char *architecture, unsigned labels)
{
    made_begin_as(m, architecture, labels, NULL);
}

static void made_end(made *m)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", m->folder);
    assert_int_equal(system(command), 0);
    for (unsigned i = 0; i < ROWS; i++)
        free(m->texts[i]);
    free(m->texts);
    heed_evaluation_free(m->evaluation);
    heed_model_free(m->model);
}

static heed_bytes bytes(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

static heed_report *new_report(const made *m)
{
    heed_report *out = NULL;
    heed_report_options options;
    heed_report_options_init(&options);
    options.folder = m->folder;
    options.threads = 2;
    must(heed_report_new(&out, m->model, m->evaluation, &options, &made_error));
    return out;
}

/* Rows with the model's own probabilities; row i is of label i modulo their number. */
static void add_all(const made *m, heed_report *r)
{
    size_t labels = m->evaluation->label_count;
    float p[8];
    heed_predictor *predictor = NULL;
    must(heed_predictor_new(&predictor, m->model, 2, &made_error));
    for (unsigned i = 0; i < ROWS; i++) {
        heed_bytes text = bytes(m->texts[i]);
        must(heed_predictor_run(p, predictor, &text, 1, &made_error));
        must(heed_evaluation_add(m->evaluation, i % labels, p, &made_error));
        must(heed_report_add(r, text, (heed_bytes){NULL, 0}, &made_error));
    }
    heed_predictor_free(predictor);
    must(heed_evaluation_finish(m->evaluation, &made_error));
}

static json_t *read_json(const made *m)
{
    char path[96], *data = NULL;
    size_t size;
    snprintf(path, sizeof path, "%s/report.json", m->folder);
    must(file_read(&data, &size, path, 1 << 24, &made_error));
    json_t *out = json_loads(data, 0, NULL);
    assert_non_null(out);
    free(data);
    return out;
}

static bool is_word(heed_bytes text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

/* Adds what a word of an explanation does; of a model on an encoder sub-words are put together. false: it has no such
 * word. */
static bool add_pull(double *sum, const heed_explanation *e, const char *word, bool together)
{
    heed_explanation_info info = *heed_explanation_describe(e);
    bool some = false;
    for (size_t t = 0; t < info.token_count && !together; t++) {
        const heed_explained_token *token = heed_explanation_token(e, t);
        *sum += is_word(token->text, word) ? token->score : 0;
        some = some || is_word(token->text, word);
    }
    for (size_t i = 0; i < info.segment_count && together; i++) {
        const heed_segment *s = heed_explanation_segment(e, i);
        *sum += is_word(s->word, word) ? s->score : 0;
        some = some || is_word(s->word, word);
    }
    return some;
}

/* The mean of a word's pull towards a label and its rows, from explanations of each row. */
static double mean_pull(const made *m, heed_method method, size_t label, const char *word, unsigned *rows)
{
    heed_explain_options options;
    heed_explainer *explainer = NULL;
    double sum = 0;
    heed_explain_options_init(&options);
    options.method = method;
    options.steps = method == HEED_METHOD_INTEGRATED ? 8 : options.steps;
    bool binary = m->evaluation->label_count == 2;
    options.label = binary ? heed_model_describe(m->model)->labels[label] : NULL;
    must(heed_explainer_new(&explainer, m->model, &options, &made_error));
    *rows = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        heed_explanation *e = NULL;
        must(heed_explainer_run(&e, explainer, bytes(m->texts[i]), &made_error));
        if (heed_explanation_describe(e)->label == label)
            *rows += add_pull(&sum, e, word, m->model->encoder != NULL);
        heed_explanation_free(e);
    }
    heed_explainer_free(explainer);
    return sum / *rows;
}

/* The words of a report on m, which this ends. Returns how many there are. */
static size_t check_made_words(made *m, unsigned labels, heed_method method)
{
    heed_report *r = new_report(m);
    add_all(m, r);
    must(heed_report_write(r, NULL, &made_error));
    json_t *report = read_json(m), *words = json_object_get(json_object_get(report, "words"), "labels");
    size_t found = 0;
    for (size_t i = 0; i < labels; i++) {
        json_t *list = json_object_get(words, m->model->labels[i]);
        for (size_t j = 0; j < json_array_size(list); j++, found++) {
            json_t *word = json_array_get(list, j);
            unsigned rows;
            double mean = mean_pull(m, method, i, json_string_value(json_object_get(word, "word")), &rows);
            assert_int_equal(json_integer_value(json_object_get(word, "rows")), rows);
            assert_true(fabs(json_real_value(json_object_get(word, "mean")) - mean) <= 1e-9 + 1e-6 * fabs(mean));
        }
    }
    json_decref(report);
    heed_report_free(r);
    made_end(m);
    return found;
}

static void check_words(const char *architecture, unsigned labels, heed_method method)
{
    made m;
    made_begin(&m, architecture, labels);
    assert_true(check_made_words(&m, labels, method) >= 3);
}

static void words_have_the_mean_of_their_explanations(void **state)
{
    (void)state;
    check_words("embed 4 | bilstm 3 | attention additive 2", 2, HEED_METHOD_GRADIENT);
    check_words("embed 4 | conv 4 2 | max", 3, HEED_METHOD_GRADIENT);
    check_words("linear", 2, HEED_METHOD_WEIGHTS);
    check_words("wide C 10", 3, HEED_METHOD_WEIGHTS);
}

/* The same of models on an encoder, whose sub-words are put together: alone, and in a sum whose other part reads words
 * and may count for nothing. */
static void words_of_an_encoder_are_those_of_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        float weight; /* of the part that reads words */
    } cases[] = {{"encoder | mean | linear 1", 0},
                 {"encoder | mean | linear 1 ; wide C 3", 0},
                 {"encoder | mean | linear 1 ; wide C 3", 0.25F}};
    made_encoder encoder;
    made_encoder_open(&encoder, "bert", "vocab.txt");
    const heed_text_options text = encoder_text_options(&encoder, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        made m;
        made_begin_as(&m, cases[i].architecture, 2, &text);
        model_sum *sum = m.model->class->has_parts ? m.model->trained : NULL;
        if (sum != NULL)
            sum->parts[1].weight = cases[i].weight;
        /* the film was and lovely awful, each of which is for one of the two labels, and the comma */
        assert_true(check_made_words(&m, 2, HEED_METHOD_INTEGRATED) >= 7);
    }
    made_encoder_close(&encoder);
}

static void mistakes_are_the_surest_wrong_answers(void **state)
{
    (void)state;
    made m;
    made_begin(&m, "linear", 2);
    heed_report *r = new_report(&m);
    add_all(&m, r);
    must(heed_report_write(r, NULL, &made_error));
    uint64_t wrong = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        const float *p = m.evaluation->probabilities + 2 * (size_t)i;
        size_t answer = p[m.evaluation->positive] > 0.5F ? m.evaluation->positive : 1 - m.evaluation->positive;
        bool kept = false;
        for (size_t k = 0; k < r->mistakes.count; k++)
            kept = kept || r->mistakes.rows[k].row == i;
        wrong += answer != i % 2;
        assert_true(!kept || answer != i % 2);
        if (answer != i % 2 && !kept)
            assert_true(r->mistakes.count == REPORT_MISTAKES &&
                        p[answer] <= r->mistakes.rows[REPORT_MISTAKES - 1].sure);
    }
    assert_true(wrong > 0);
    assert_int_equal(r->mistakes.wrong, wrong);
    heed_report_free(r);
    made_end(&m);
}

static int compare_places(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Every row's place against the rows that are kept in the end. */
static void the_sample_is_the_rows_of_the_smallest_places(void **state)
{
    (void)state;
    enum { MANY = 3 * REPORT_SAMPLE + 17 };
    made m;
    made_begin(&m, "linear", 2);
    heed_report *r = new_report(&m);
    uint64_t *places = calloc(MANY, sizeof *places);
    assert_non_null(places);
    for (unsigned i = 0; i < MANY; i++) {
        must(heed_evaluation_add(m.evaluation, i % 2, (const float[]){0.3F, 0.7F}, &made_error));
        must(heed_report_add(r, bytes(m.texts[i % ROWS]), (heed_bytes){NULL, 0}, &made_error));
        places[i] = row_sample_place(&r->sample, i);
        assert_int_equal(places[i] & UINT32_MAX, i);
    }
    must(heed_evaluation_finish(m.evaluation, &made_error));
    must(heed_report_write(r, NULL, &made_error));
    qsort(places, MANY, sizeof *places, compare_places);
    assert_int_equal(r->sample.count, REPORT_SAMPLE);
    for (size_t i = 0; i < REPORT_SAMPLE; i++)
        assert_true(r->sample.rows[i].place == places[i]);
    free(places);
    heed_report_free(r);
    made_end(&m);
}

static void check_graph(const char *graph, const char *expected)
{
    made m;
    heed_report *r = NULL;
    heed_report_options options;
    char path[96], *page = NULL, *file = NULL;
    size_t size;
    made_begin(&m, "linear", 2);
    heed_report_options_init(&options);
    options.folder = m.folder;
    options.threads = 1;
    options.graph = graph;
    must(heed_report_new(&r, m.model, m.evaluation, &options, &made_error));
    add_all(&m, r);
    must(heed_report_write(r, NULL, &made_error));
    snprintf(path, sizeof path, "%s/report.html", m.folder);
    must(file_read(&page, &size, path, 1 << 24, &made_error));
    snprintf(path, sizeof path, "%s/pictures/graph.svg", m.folder);
    if (expected != NULL) {
        must(file_read(&file, &size, path, 1 << 24, &made_error));
        assert_string_equal(file, expected);
        const char *figure = strstr(page, "<figure id=\"picture-graph\">");
        assert_non_null(figure);
        figure = strchr(figure, '>') + 1;
        assert_memory_equal(figure, expected, strlen(expected));
    } else {
        assert_null(strstr(page, "id=\"picture-graph\""));
        assert_int_equal(file_read(&file, &size, path, 1 << 24, NULL), HEED_BAD_DATA);
    }
    free(page);
    free(file);
    heed_report_free(r);
    made_end(&m);
}

/* The graph comes from the caller; what names a document type does not belong into the page. */
static void the_graph_is_the_callers(void **state)
{
    (void)state;
    check_graph("<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"x\" \"http://x/\">\n<svg>of layers</svg>\n",
                "<svg>of layers</svg>\n");
    check_graph(NULL, NULL);
    check_graph("not a picture", NULL);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    made m;
    made_begin(&m, "linear", 2);
    heed_report *r = NULL;
    heed_report_options options;
    heed_report_options_init(&options);
    must_refuse(heed_report_new(&r, m.model, m.evaluation, &options, &made_error), HEED_USAGE, "no folder",
                "no folder");
    options.folder = "/dev/null";
    must_refuse(heed_report_new(&r, m.model, m.evaluation, &options, &made_error), HEED_FAILED, "cannot be created",
                "a file");
    options.folder = m.folder;
    options.model_file = "/nothing/here";
    must_refuse(heed_report_new(&r, m.model, m.evaluation, &options, &made_error), HEED_BAD_DATA, "/nothing/here",
                "no model file");
    heed_evaluation *three = NULL;
    must(heed_evaluation_new(&three, (const char *const[]){"a", "b", "c"}, 3, 3, 0.5, &made_error));
    options.model_file = NULL;
    must_refuse(heed_report_new(&r, m.model, three, &options, &made_error), HEED_USAGE, "3 labels", "labels");
    heed_evaluation_free(three);
    r = new_report(&m);
    must_refuse(heed_report_add(r, bytes("x"), bytes("id"), &made_error), HEED_USAGE, "0 rows", "a text too many");
    must(heed_evaluation_add(m.evaluation, 0, (const float[]){0.5F, 0.5F}, &made_error));
    must_refuse(heed_report_write(r, NULL, &made_error), HEED_USAGE, "finish", "not finished");
    must(heed_evaluation_finish(m.evaluation, &made_error));
    must_refuse(heed_report_write(r, NULL, &made_error), HEED_USAGE, "0 texts", "a text is missing");
    must(heed_report_add(r, bytes("a lovely film"), bytes("id"), &made_error));
    must(heed_report_write(r, NULL, &made_error));
    must_refuse(heed_report_write(r, NULL, &made_error), HEED_USAGE, "already", "twice");
    heed_report_free(r);
    heed_report_free(NULL);
    made_end(&m);
}

static void lengths_fall_into_bars_that_hold_them_all(void **state)
{
    (void)state;
    for (uint32_t longest = 0; longest < 3000; longest = longest * 3 / 2 + 1) {
        uint64_t bars[REPORT_LENGTHS];
        uint32_t step;
        const uint32_t lengths[] = {0, longest, longest / 2};
        size_t count = count_lengths(bars, &step, lengths, 3);
        assert_true(count <= REPORT_LENGTHS && (uint64_t)count * step > longest);
        assert_true(bars[count - 1] >= 1 && bars[longest / 2 / step] >= 1 && bars[0] >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_the_mean_of_their_explanations),
        cmocka_unit_test(words_of_an_encoder_are_those_of_the_text),
        cmocka_unit_test(mistakes_are_the_surest_wrong_answers),
        cmocka_unit_test(the_sample_is_the_rows_of_the_smallest_places),
        cmocka_unit_test(the_graph_is_the_callers),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(lengths_fall_into_bars_that_hold_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
