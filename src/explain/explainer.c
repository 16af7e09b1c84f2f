/* Explanations of texts: reading, prediction, attribution. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compose.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/suggest.h"
#include "explain/explainer.h"
#include "explain/explanation.h"
#include "model/classifier.h"
#include "model/encode.h"
#include "options/choices.h"
#include "options/option_structs.h"

/* What is asked of an explainer. */
typedef struct question {
    heed_method method;
    size_t label; /* the number of labels: the predicted one */
    unsigned steps;
} question;

/* What methods need is made when one first needs it, and kept. */
struct heed_explainer {
    const heed_model *model;
    question asked;
    bool (*stopped)(void *user); /* heed_explainer_watch */
    void *user;
    pool *workers;
    classifier *classes;
    attributor *attributor;
    token_map map;
    double *scores;
    size_t capacity;
};

const names token_status_names =
    NAMES("read", "unknown", "cut off", "stop word", "punctuation", "tag", "filtered", "between");

const char *heed_token_status_name(heed_token_status status)
{
    return names_of(&token_status_names, status);
}

static heed_status find_label(size_t *out, const heed_model *model, const char *name, heed_error *error)
{
    const size_t count = model->config.labels.count;
    const char *const *labels = model_labels(model);
    for (*out = 0; name != NULL && *out < count; ++*out)
        if (compose_same(bytes_of(labels[*out]), bytes_of(name)))
            return HEED_OK;
    *out = count;
    if (name == NULL)
        return HEED_OK;
    return fail(error, HEED_USAGE, "the model has no label '%.100s', expected one of its %zu, such as '%.100s'", name,
                count, suggest_nearest((heed_bytes){name, strlen(name)}, labels, count));
}

/* Checks the options for the model. */
static heed_status take_options(question *out, const heed_model *model, const heed_explain_options *o,
                                heed_error *error)
{
    heed_status status;
    TRY(options_check(HEED_OPTIONS_EXPLAIN, o, error));
    *out = (question){.method = o->method, .steps = o->steps};
    if (o->method != HEED_METHOD_AUTO)
        TRY(model->class->check_method(model, o->method, error));
    TRY(find_label(&out->label, model, o->label, error));
done:
    return status;
}

static heed_status init(heed_explainer *x, const heed_explain_options *options, heed_error *error)
{
    heed_status status;
    TRY(take_options(&x->asked, x->model, options, error));
    TRY(pool_new(&x->workers, options->threads, error));
    TRY(classifier_new(&x->classes, x->model, x->workers, error));
    TRY(attributor_new(&x->attributor, x->model, x->workers, error));
    TRY(token_map_init(&x->map, error));
done:
    return status;
}

heed_status heed_explainer_new(heed_explainer **out, const heed_model *model, const heed_explain_options *options,
                               heed_error *error)
{
    heed_explain_options o;
    heed_status status = options_take(HEED_OPTIONS_EXPLAIN, &o, options, error);
    *out = NULL;
    if (status != HEED_OK)
        return status;
    heed_explainer *x = memory_array(1, sizeof *x);
    if (x == NULL)
        return fail_memory(error, "an explainer");
    x->model = model;
    status = init(x, &o, error);
    if (status == HEED_OK)
        *out = x;
    else
        heed_explainer_free(x);
    return status;
}

heed_status heed_explainer_set(heed_explainer *x, const heed_explain_options *options, heed_error *error)
{
    heed_explain_options o;
    question asked;
    heed_status status;
    TRY(options_take(HEED_OPTIONS_EXPLAIN, &o, options, error));
    TRY(take_options(&asked, x->model, &o, error));
    x->asked = asked;
done:
    return status;
}

void heed_explainer_watch(heed_explainer *x, bool (*stopped)(void *user), void *user)
{
    x->stopped = stopped;
    x->user = user;
}

uint64_t heed_explain_passes(const heed_model *model, const heed_explain_options *options, size_t tokens)
{
    heed_explain_options o;
    question asked;
    if (options_take(HEED_OPTIONS_EXPLAIN, &o, options, NULL) != HEED_OK ||
        take_options(&asked, model, &o, NULL) != HEED_OK)
        return 0;
    heed_method method = asked.method != HEED_METHOD_AUTO ? asked.method : model_default_method(model);
    return 1 + attribution_passes(model, method, asked.steps, tokens);
}

void heed_explainer_free(heed_explainer *x)
{
    if (x == NULL)
        return;
    token_map_release(&x->map);
    attributor_free(x->attributor);
    classifier_free(x->classes);
    pool_free(x->workers);
    free(x->scores);
    free(x);
}

/* How far the scores are from adding up; NaN if they need not. */
static double gap_of(const heed_explanation *e)
{
    double sum = 0, whole = e->info.logit - e->info.baseline;
    for (size_t i = 0; i < e->info.token_count; i++)
        sum += e->tokens[i].score;
    if (e->info.token_count == 0 && !isnan(whole))
        return 0; /* the two are one logit, perhaps rounded in two ways */
    return sum == whole ? 0 : fabs(sum - whole) / fabs(whole);
}

/* A logit can be infinite, or a gradient, although the probability is a number. */
static heed_status check_finite(const heed_explanation *e, heed_error *error)
{
    bool finite = isfinite(e->info.logit);
    for (size_t i = 0; i < e->info.token_count; i++)
        finite = finite && isfinite(e->tokens[i].score);
    return finite ? HEED_OK : fail(error, HEED_BAD_DATA, "a score of the explanation is " OVERFLOW_TEXT);
}

static heed_status score(heed_explainer *x, heed_explanation *e, const batch_row *row, heed_error *error)
{
    const heed_method method = x->asked.method != HEED_METHOD_AUTO ? x->asked.method : model_default_method(x->model);
    const attribution_query query = {method, x->asked.steps, row, e->info.label};
    attribution sum;
    heed_status status;
    TRY(memory_grow(&x->scores, &x->capacity, e->info.token_count, sizeof *x->scores, error));
    TRY(attributor_run(x->attributor, &query, x->scores, &sum, error));
    for (size_t i = 0; i < e->info.token_count; i++)
        e->tokens[i].score = x->scores[i];
    explanation_sum(e);
    e->info.method = method;
    if (x->asked.method == HEED_METHOD_AUTO && x->model->config.explanation.method != HEED_METHOD_AUTO) {
        const explanation_record *r = &x->model->config.explanation;
        e->info.measured_rows = r->rows;
        e->info.gain = (heed_interval){r->gain, r->gain_low, r->gain_high};
    }
    e->info.logit = sum.logit;
    e->info.baseline = sum.baseline;
    e->info.padding = sum.padding;
    e->framed = !attributor_permutes(x->attributor);
    e->info.steps = sum.steps;
    e->info.gap = gap_of(e);
    TRY(check_finite(e, error));
done:
    return status;
}

/* label: the number of labels means the predicted one. */
static heed_status explain(heed_explanation **out, heed_explainer *x, heed_bytes text, size_t label, heed_error *error)
{
    const answer_rule rule = model_rule(x->model);
    heed_explanation *e = NULL;
    heed_status status;
    *out = NULL;
    pool_watch(x->workers, x->stopped, x->user);
    TRY(text_check(text, "text", 0, error));
    TRY(token_map_run(&x->map, x->model, text, error));
    TRY(explanation_new(&e, x->model, &x->map, text, error));
    const batch_row row = {.ids = x->map.ids, .length = (int)x->map.count, .spelling = x->map.spelling};
    TRY(classifier_run(x->classes, &row, 1, e->probabilities, error));
    e->info.label = label < e->info.label_count ? label : answer_one(&rule, e->probabilities);
    TRY(score(x, e, &row, error));
    TRY(pool_check(x->workers, error));
    *out = e;
    e = NULL;
done:
    pool_watch(x->workers, NULL, NULL);
    heed_explanation_free(e);
    return status;
}

heed_status explainer_run_label(heed_explanation **out, heed_explainer *explainer, heed_bytes text, size_t label,
                                heed_error *error)
{
    return explain(out, explainer, text, label, error);
}

heed_status heed_explainer_run(heed_explanation **out, heed_explainer *explainer, heed_bytes text, heed_error *error)
{
    return explain(out, explainer, text, explainer->asked.label, error);
}

heed_status heed_explainer_compare(heed_explanation **out, heed_explanation **other, heed_explainer *explainer,
                                   heed_bytes text, heed_bytes against, heed_error *error)
{
    heed_status status;
    *other = NULL;
    TRY(explain(out, explainer, text, explainer->asked.label, error));
    TRY(explain(other, explainer, against, (*out)->info.label, error));
    TRY(explanation_align(*out, *other, error));
    return HEED_OK;
done:
    heed_explanation_free(*out);
    heed_explanation_free(*other);
    *out = *other = NULL;
    return status;
}
