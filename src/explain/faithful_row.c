#include "explain/faithful_row.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "explain/attribution.h"
#include "explain/erased_rows.h"
#include "explain/permuted_attention.h"
#include "explain/token_map.h"
#include "metrics/rank_correlation.h"
#include "model/classifier.h"

struct row_measurer {
    const heed_model *model;
    const heed_faithfulness_options *options;
    heed_method methods[MAX_METHODS];
    size_t method_count; /* random order is the last */
    classifier *classes;
    heed_model randomised; /* the model with random weights */
    attributor *trained,
        *random; /* of the model, and of the randomised one; random NULL: its kind has no random weights */
    token_map map;
};

/* The current text, as a model reads it. Scores are sums over the tokens of a word; random order has none. */
typedef struct measured_text {
    batch_row whole;
    token_map_word *words; /* [word_count]: those of the token map that have tokens */
    size_t word_count;
    size_t label;       /* that is predicted for the whole text, */
    double probability; /* and its probability */
    double *token_scores;
    double *trained, *random; /* [methods][words]: scores of the network, and of the one with random weights */
    double *sizes;            /* [words] */
    erased_rows erased;
    float *probabilities; /* [orders][ERASED_VARIANTS][labels] */
} measured_text;

/* ---- what is measured */

static void list_methods(row_measurer *m)
{
    static const heed_method all[] = {HEED_METHOD_ATTENTION, HEED_METHOD_GRADIENT, HEED_METHOD_INTEGRATED,
                                      HEED_METHOD_LEAVE_ONE_OUT, HEED_METHOD_WEIGHTS};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (model_has_method(m->model, all[i]))
            m->methods[m->method_count++] = all[i];
    m->methods[m->method_count++] = HEED_METHOD_AUTO;
}

/* The number of orders in which words are erased: one of each method, then the random ones. */
static size_t order_count(const row_measurer *m)
{
    return m->method_count - 1 + m->options->orders;
}

/* A model of the same shape with initial weights, but not those with which this training began. */
static heed_status randomise(row_measurer *m, pool *workers, heed_error *error)
{
    uint64_t seed = m->model->config.training.options.seed + 1 + m->options->seed;
    m->randomised = *m->model;
    m->randomised.trained = NULL;
    heed_status status = m->model->class->randomise(&m->randomised.trained, m->model, seed, error);
    return status == HEED_OK && m->randomised.trained != NULL
               ? attributor_new(&m->random, &m->randomised, workers, error)
               : status;
}

heed_status row_measurer_new(row_measurer **out, const heed_model *model, const heed_faithfulness_options *options,
                             pool *workers, heed_error *error)
{
    *out = NULL;
    row_measurer *m = memory_array(1, sizeof *m);
    heed_status status;
    if (m == NULL)
        return fail_memory(error, "faithfulness");
    m->model = model;
    m->options = options;
    list_methods(m);
    TRY(token_map_init(&m->map, error));
    TRY(classifier_new(&m->classes, model, workers, error));
    TRY(attributor_new(&m->trained, model, workers, error));
    if (model->class->randomise != NULL)
        TRY(randomise(m, workers, error));
    *out = m;
    m = NULL;
done:
    row_measurer_free(m);
    return status;
}

void row_measurer_free(row_measurer *m)
{
    if (m == NULL)
        return;
    attributor_free(m->trained);
    attributor_free(m->random);
    m->model->class->free(m->randomised.trained);
    classifier_free(m->classes);
    token_map_release(&m->map);
    free(m);
}

const heed_method *row_measurer_methods(const row_measurer *m, size_t *count)
{
    *count = m->method_count;
    return m->methods;
}

/* ---- the current text */

static size_t count_words(const token_map *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->word_count; i++)
        count += r->words[i].tokens > 0;
    return count;
}

static heed_status measured_text_init(measured_text *w, const row_measurer *m, heed_error *error)
{
    const token_map *r = &m->map;
    size_t words = count_words(r), scores = (m->method_count - 1) * words, orders = order_count(m);
    *w = (measured_text){.whole = {.ids = r->ids, .length = (int)r->count, .spelling = r->spelling},
                         .words = memory_array(words, sizeof *w->words),
                         .token_scores = memory_array(r->count, sizeof *w->token_scores),
                         .trained = memory_array(scores, sizeof *w->trained),
                         .random = memory_array(scores, sizeof *w->random),
                         .sizes = memory_array(words, sizeof *w->sizes),
                         .probabilities = memory_array(orders * ERASED_VARIANTS * m->model->config.labels.count,
                                                       sizeof *w->probabilities)};
    bool fine = erased_rows_init(&w->erased, r, w->words, words, orders, m->options->erase);
    if (!fine || w->words == NULL || w->token_scores == NULL || w->trained == NULL || w->random == NULL ||
        w->sizes == NULL || w->probabilities == NULL)
        return fail_memory(error, "faithfulness");
    for (size_t i = 0; i < r->word_count; i++)
        if (r->words[i].tokens > 0)
            w->words[w->word_count++] = r->words[i];
    return HEED_OK;
}

static void measured_text_release(measured_text *w)
{
    free(w->words);
    free(w->token_scores);
    free(w->trained);
    free(w->random);
    free(w->sizes);
    free(w->probabilities);
    erased_rows_release(&w->erased);
}

static heed_status answer_whole(measured_text *w, const row_measurer *m, heed_error *error)
{
    const answer_rule rule = model_rule(m->model);
    heed_status status = classifier_run(m->classes, &w->whole, 1, w->probabilities, error);
    if (status != HEED_OK)
        return status;
    w->label = answer_one(&rule, w->probabilities);
    w->probability = (double)w->probabilities[w->label];
    return HEED_OK;
}

/* ---- scores of words, and texts without some of them */

/* scores [words] of a method. */
static heed_status score_words(measured_text *w, const row_measurer *m, attributor *a, heed_method method,
                               double *scores, heed_error *error)
{
    attribution sum;
    heed_status status = attributor_run(a, &(attribution_query){method, m->options->steps, &w->whole, w->label},
                                        w->token_scores, &sum, error);
    for (size_t i = 0; i < w->word_count; i++) {
        const token_map_word *word = &w->words[i];
        scores[i] = 0;
        for (size_t t = word->first_token; t < word->first_token + word->tokens; t++)
            scores[i] += w->token_scores[t];
    }
    return status;
}

/* Of a sum, the random one has no other parts than those whose weights are drawn, and perhaps not their method. */
static bool random_has(const row_measurer *m, heed_method method)
{
    return m->random != NULL && model_has_method(&m->randomised, method);
}

static heed_status score_all(measured_text *w, const row_measurer *m, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i + 1 < m->method_count; i++) {
        TRY(score_words(w, m, m->trained, m->methods[i], w->trained + i * w->word_count, error));
        if (random_has(m, m->methods[i]))
            TRY(score_words(w, m, m->random, m->methods[i], w->random + i * w->word_count, error));
    }
done:
    return status;
}

static void write_orders(measured_text *w, const row_measurer *m, uint32_t number)
{
    size_t last = m->method_count - 1;
    random_key key = {m->options->seed, RANDOM_EXPLAIN, DRAW_TIES, 0, number};
    for (size_t i = 0; i < last; i++)
        erased_rows_write(&w->erased, i, w->trained + i * w->word_count, key);
    key.layer = DRAW_ORDER;
    for (size_t i = last; i < order_count(m); i++, key.epoch++)
        erased_rows_write(&w->erased, i, NULL, key);
}

/* ---- measures */

/* Adds a part of the probability lost by the rows of an order, and of the mean over the three, to the measures of a
 * method. */
static void add_losses(const measured_text *w, size_t labels, size_t order, double share, double *measures)
{
    for (size_t v = 0; v < ERASED_VARIANTS; v++) {
        double loss = w->probability - (double)w->probabilities[(order * ERASED_VARIANTS + v) * labels + w->label];
        double *to = measures + (v < ERASED_SHARES ? ROW_COMPREHENSIVENESS : ROW_SUFFICIENCY);
        to[v % ERASED_SHARES] += share * loss;
        to[HEED_ERASED_MEAN] += share * loss / ERASED_SHARES;
    }
}

static void fill_losses(const measured_text *w, const row_measurer *m, double *measures)
{
    size_t last = m->method_count - 1, labels = m->model->config.labels.count;
    size_t c = ROW_COMPREHENSIVENESS + HEED_ERASED_MEAN, s = ROW_SUFFICIENCY + HEED_ERASED_MEAN;
    double *random = measures + last * ROW_MEASURES;
    for (size_t i = 0; i < m->method_count; i++)
        for (size_t f = 0; f < ROW_OVER_RANDOM; f++)
            measures[i * ROW_MEASURES + f] = 0;
    for (size_t i = last; i < order_count(m); i++)
        add_losses(w, labels, i, 1.0 / m->options->orders, random);
    for (size_t i = 0; i < last; i++) {
        double *to = measures + i * ROW_MEASURES;
        add_losses(w, labels, i, 1, to);
        to[ROW_OVER_RANDOM] = to[c] - random[c];
        to[ROW_UNDER_RANDOM] = random[s] - to[s];
        to[ROW_GAIN] = (to[ROW_OVER_RANDOM] + to[ROW_UNDER_RANDOM]) / 2;
    }
}

/* The scores by leave-one-out, which every model has. */
static const double *leave_one_out_scores(const measured_text *w, const row_measurer *m)
{
    size_t i = 0;
    while (m->methods[i] != HEED_METHOD_LEAVE_ONE_OUT)
        i++;
    return w->trained + i * w->word_count;
}

static void fill_correlations(measured_text *w, const row_measurer *m, double *measures)
{
    const double *left_out = leave_one_out_scores(w, m);
    for (size_t i = 0; i < w->word_count; i++)
        w->sizes[i] = fabs(left_out[i]);
    for (size_t i = 0; i + 1 < m->method_count; i++) {
        double *to = measures + i * ROW_MEASURES;
        const double *scores = w->trained + i * w->word_count, *random = w->random + i * w->word_count;
        const double *others = m->methods[i] == HEED_METHOD_ATTENTION ? w->sizes : left_out;
        if (scores != left_out)
            to[ROW_LEAVE_ONE_OUT] = kendall_tau_b(scores, others, w->word_count);
        if (random_has(m, m->methods[i]))
            to[ROW_RANDOM_WEIGHTS] = kendall_tau_b(scores, random, w->word_count);
    }
}

/* ---- the whole measurement */

static heed_status measure(measured_text *w, row_measurer *m, uint32_t number, double *measures, double *permuted,
                           heed_error *error)
{
    heed_status status;
    TRY(measured_text_init(w, m, error));
    TRY(answer_whole(w, m, error));
    TRY(score_all(w, m, error));
    write_orders(w, m, number);
    TRY(classifier_run(m->classes, w->erased.rows, order_count(m) * ERASED_VARIANTS, w->probabilities, error));
    fill_losses(w, m, measures);
    fill_correlations(w, m, measures);
    if (attributor_permutes(m->trained)) {
        const attention_draws draws = {m->options->permutations,
                                       {m->options->seed, RANDOM_EXPLAIN, DRAW_PERMUTATION, 0, number}};
        TRY(permuted_attention_distance(permuted, m->trained, m->model, &w->whole, &draws, error));
    }
done:
    measured_text_release(w);
    return status;
}

heed_status row_measurer_run(row_measurer *m, heed_bytes text, uint32_t number, double *measures, double *permuted,
                             bool *measured, heed_error *error)
{
    measured_text work;
    heed_status status = token_map_run(&m->map, m->model, text, error);
    *measured = status == HEED_OK && count_words(&m->map) >= 2 && m->map.count <= MAX_LEFT_OUT;
    if (!*measured)
        return status;
    *permuted = NAN;
    for (size_t i = 0; i < m->method_count * ROW_MEASURES; i++)
        measures[i] = NAN;
    return measure(&work, m, number, measures, permuted, error);
}
