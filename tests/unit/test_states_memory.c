/* Networks on the states of an encoder when memory runs out at each of their allocations in turn (--wrap of the linker,
 * CMakeLists.txt): states of rows, kept or computed, training, prediction and explanation. */
#include "unit/failing_memory.h"
#include "unit/made_rows.h"
#include "unit/made_encoder.h"

#include "data/encoded_states.h"
#include "model/row_encoding.h"

enum { ROWS = 12, WINDOW = 9 };

static made_encoder tiny;

static int make_encoder(void **state)
{
    (void)state;
    made_encoder_open(&tiny, "bert", "vocab.txt");
    return 0;
}

static int remove_encoder(void **state)
{
    (void)state;
    made_encoder_close(&tiny);
    return 0;
}

typedef struct parts {
    heed_corpus *corpus;
    heed_model *model;
    pool *workers;
    unsigned threads;
} parts;

static heed_status keep_states(void *user)
{
    parts *p = user;
    static const uint32_t rows[] = {1, 5, 2, 11};
    const state_query q = {p->corpus, {WINDOW, HEED_CUT_PRE}, rows, 4};
    real *const *found = NULL;
    heed_status status = encoded_states_find(&found, &q, p->workers, NULL, &made_error);
    assert_true((status == HEED_OK) == (found != NULL));
    state_table_empty(p->corpus->states);
    return status;
}

static heed_status compute_states(void *user)
{
    parts *p = user;
    uint32_t ids[] = {5 | SUBWORD_BIT, 6 | SUBWORD_BIT, 7 | SUBWORD_BIT};
    batch_row rows[] = {{.ids = ids, .length = 3}, {.ids = ids, .length = 0}, {.ids = ids, .length = 2}};
    row_encoding *s = NULL;
    heed_status status = row_encoding_new(&s, p->corpus->encoder, (feature_rule){.room = WINDOW}, ENCODING_BOTH,
                                          p->workers, &made_error);
    if (status == HEED_OK)
        status = row_encoding_give(s, rows, 3, &made_error);
    row_encoding_free(s);
    return status;
}

static heed_status train(void *user)
{
    parts *p = user;
    heed_train_options o = made_train_options();
    heed_model *m = NULL;
    o.architecture = "encoder | attention additive 2 | dense 3";
    o.epochs = 1;
    o.threads = p->threads;
    heed_status status = heed_train(&m, p->corpus, &o, NULL, &made_error);
    assert_true((status == HEED_OK) == (m != NULL));
    state_table_empty(p->corpus->states);
    heed_model_free(m);
    return status;
}

static heed_status predict(void *user)
{
    parts *p = user;
    const heed_bytes texts[] = {bytes_of("the film was lovely"), bytes_of(""), bytes_of("awful")};
    float found[3 * 2];
    heed_predictor *made = NULL;
    heed_status status = heed_predictor_new(&made, p->model, p->threads, &made_error);
    if (status == HEED_OK)
        status = heed_predictor_run(found, made, texts, 3, &made_error);
    heed_predictor_free(made);
    return status;
}

static heed_status explain_by(parts *p, heed_method method)
{
    heed_explain_options options;
    heed_explainer *made = NULL;
    heed_explanation *e = NULL;
    heed_explain_options_init(&options);
    options.method = method;
    options.threads = p->threads;
    options.steps = 8;
    heed_status status = heed_explainer_new(&made, p->model, &options, &made_error);
    if (status == HEED_OK)
        status = heed_explainer_run(&e, made, bytes_of("the film was lovely"), &made_error);
    assert_true((status == HEED_OK) == (e != NULL));
    heed_explanation_free(e);
    heed_explainer_free(made);
    return status;
}

static heed_status integrate(void *user)
{
    return explain_by(user, HEED_METHOD_INTEGRATED);
}

static heed_status attend(void *user)
{
    return explain_by(user, HEED_METHOD_ATTENTION);
}

static void all_is_released_when_memory_runs_out(void **state)
{
    (void)state;
    static const struct {
        memory_call *make;
        const char *what;
    } makers[] = {{keep_states, "states that are kept"},
                  {compute_states, "states that are computed"},
                  {train, "training"},
                  {predict, "prediction"},
                  {integrate, "integrated gradients"},
                  {attend, "attention"}};
    const heed_text_options text = encoder_text_options(&tiny, WINDOW + 2);
    heed_train_options o = made_train_options();
    parts p = {.threads = 2};
    char *rows = told_rows(ROWS, 2);
    p.corpus = made_corpus(&text);
    must(add_rows(p.corpus, rows, HEED_PART_ANY, NULL));
    o.architecture = "encoder | attention additive 2 | dense 3";
    must(heed_train(&p.model, p.corpus, &o, NULL, &made_error));
    must(pool_new(&p.workers, p.threads, &made_error));
    state_table_empty(p.corpus->states);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        fail_without_memory(makers[i].make, &p, &made_error, makers[i].what);
    pool_free(p.workers);
    heed_model_free(p.model);
    heed_corpus_free(p.corpus);
    heed_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_released_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, make_encoder, remove_encoder);
}
