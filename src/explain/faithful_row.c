#include "explain/faithful_row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "explain/attribution.h"
#include "explain/reading.h"
#include "model/classifier.h"
#include "metrics/rank_correlation.h"
#include "network/initial_weights.h"

enum { SHARES = 3, VARIANTS = 2 * SHARES }; /* of an order: without its top words, then with them alone */
static const size_t percents[SHARES] = {10, 20, 50};

/* A word's place in an order: highest score first, equal ones by their tie. */
typedef struct ranked {
    double score;
    uint32_t tie, word;
} ranked;

/* The same attributions by the network as it is and by one whose weights are random. */
typedef struct explained {
    attributor *attributor;
    double *scores[MOST_METHODS]; /* [words]; random order has none */
    size_t capacity[MOST_METHODS];
} explained;

struct row_measurer {
    const heed_model *model;
    const heed_faithfulness_options *options;
    heed_method methods[MOST_METHODS];
    size_t method_count; /* random order is the last */
    classifier *classes;
    explained trained, random;
    heed_model randomised; /* the model but for its weights; a network's */
    reading reading;
    /* of the row at hand */
    uint32_t *words; /* [word_count]: those of the reading that have tokens */
    size_t word_count;
    size_t label;
    double *token_scores, *sizes;
    ranked *order;
    uint32_t *ties;
    bool *marked;    /* [tokens] */
    batch_row *rows; /* [orders][VARIANTS], the ids of each in ids [..][tokens] */
    uint32_t *ids;
    float *probabilities; /* [orders][VARIANTS][labels] */
    uint32_t *dealt;      /* [1 + permutations][tokens] */
    float *outputs;       /* [1 + permutations][K] */
    double *moved;        /* [permutations] */
    size_t word_room, score_room, size_room, order_room, tie_room, mark_room, row_room, id_room, answer_room, deal_room;
};

/* ---- what there is to measure */

static void list_methods(row_measurer *m)
{
    static const heed_method all[] = {HEED_METHOD_ATTENTION, HEED_METHOD_GRADIENT, HEED_METHOD_INTEGRATED,
                                      HEED_METHOD_LEAVE_ONE_OUT, HEED_METHOD_WEIGHTS};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (model_has_method(m->model, all[i]))
            m->methods[m->method_count++] = all[i];
    m->methods[m->method_count++] = HEED_METHOD_AUTO;
}

/* A network of the same shape as training begins with, though not the one that this training began with. */
static heed_status randomise(row_measurer *m, pool *workers, heed_error *error)
{
    const network *net = m->model->net;
    real *weights = memory_aligned(net->weight_count, sizeof *weights);
    uint64_t seed = m->model->config.training.seed + 1 + m->options->seed;
    m->randomised = *m->model;
    m->randomised.weights = weights;
    if (weights == NULL)
        return fail_memory(error, "random weights");
    heed_status status = network_initialize(net, weights, seed, error);
    return status == HEED_OK ? attributor_new(&m->random.attributor, &m->randomised, workers, error) : status;
}

heed_status row_measurer_new(row_measurer **out, const heed_model *model, const heed_faithfulness_options *options,
                             pool *workers, heed_error *error)
{
    *out = NULL;
    row_measurer *m = memory_array(1, sizeof *m);
    if (m == NULL)
        return fail_memory(error, "faithfulness");
    m->model = model;
    m->options = options;
    list_methods(m);
    m->outputs = memory_array((1 + (size_t)options->permutations) * model->config.network.outputs, sizeof *m->outputs);
    m->moved = memory_array(options->permutations, sizeof *m->moved);
    heed_status status =
        m->outputs == NULL || m->moved == NULL ? fail_memory(error, "faithfulness") : reading_init(&m->reading, error);
    if (status == HEED_OK)
        status = classifier_new(&m->classes, model, workers, error);
    if (status == HEED_OK)
        status = attributor_new(&m->trained.attributor, model, workers, error);
    if (status == HEED_OK && model->linear == NULL)
        status = randomise(m, workers, error);
    if (status != HEED_OK) {
        row_measurer_free(m);
        return status;
    }
    *out = m;
    return HEED_OK;
}

static void release_explained(explained *e)
{
    attributor_free(e->attributor);
    for (size_t i = 0; i < MOST_METHODS; i++)
        free(e->scores[i]);
}

void row_measurer_free(row_measurer *m)
{
    if (m == NULL)
        return;
    release_explained(&m->trained);
    release_explained(&m->random);
    free(m->randomised.weights);
    classifier_free(m->classes);
    reading_release(&m->reading);
    void *const blocks[] = {m->words, m->token_scores, m->sizes, m->order, m->ties,    m->marked,
                            m->rows,  m->ids,          m->dealt, m->moved, m->outputs, m->probabilities};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
    free(m);
}

const heed_method *row_measurer_methods(const row_measurer *m, size_t *count)
{
    *count = m->method_count;
    return m->methods;
}

/* ---- room */

static size_t order_count(const row_measurer *m)
{
    return m->method_count - 1 + m->options->orders;
}

static heed_status make_room(row_measurer *m, heed_error *error)
{
    size_t words = m->word_count, tokens = m->reading.count, rows = order_count(m) * VARIANTS;
    size_t labels = m->model->config.labels.count, dealt = 1 + (size_t)m->options->permutations;
    const struct {
        void *block;
        size_t *room, needed, size;
    } all[] = {
        {&m->token_scores, &m->score_room, tokens, sizeof *m->token_scores},
        {&m->sizes, &m->size_room, words, sizeof *m->sizes},
        {&m->order, &m->order_room, words, sizeof *m->order},
        {&m->ties, &m->tie_room, words, sizeof *m->ties},
        {&m->marked, &m->mark_room, tokens, sizeof *m->marked},
        {&m->rows, &m->row_room, rows, sizeof *m->rows},
        {&m->ids, &m->id_room, rows * tokens, sizeof *m->ids},
        {&m->probabilities, &m->answer_room, rows * labels, sizeof *m->probabilities},
        {&m->dealt, &m->deal_room, m->model->linear == NULL ? dealt * tokens : 0, sizeof *m->dealt},
    };
    heed_status status = HEED_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && status == HEED_OK; i++)
        status = memory_grow(all[i].block, all[i].room, all[i].needed, all[i].size, error);
    for (size_t i = 0; i + 1 < m->method_count && status == HEED_OK; i++) {
        explained *both[] = {&m->trained, &m->random};
        for (int j = 0; j < 2 && status == HEED_OK; j++)
            status = memory_grow(&both[j]->scores[i], &both[j]->capacity[i], words, sizeof(double), error);
    }
    return status;
}

/* ---- scores of words */

static batch_row row_of(const row_measurer *m)
{
    return (batch_row){.ids = m->reading.ids, .length = (int)m->reading.count};
}

static heed_status score_words(row_measurer *m, explained *e, size_t method, heed_error *error)
{
    attribution sum;
    batch_row row = row_of(m);
    heed_status status = attributor_run(e->attributor, m->methods[method], m->options->steps, &row, m->label,
                                        m->token_scores, &sum, error);
    for (size_t i = 0; i < m->word_count && status == HEED_OK; i++) {
        const reading_word *word = &m->reading.words[m->words[i]];
        e->scores[method][i] = 0;
        for (size_t t = word->first_token; t < word->first_token + word->tokens; t++)
            e->scores[method][i] += m->token_scores[t];
    }
    return status;
}

static heed_status score_all(row_measurer *m, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i + 1 < m->method_count && status == HEED_OK; i++) {
        status = score_words(m, &m->trained, i, error);
        if (status == HEED_OK && m->random.attributor != NULL)
            status = score_words(m, &m->random, i, error);
    }
    return status;
}

/* ---- orders of words, and texts without some of them */

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->tie > y->tie) - (x->tie < y->tie);
}

/* scores NULL: by the ties alone, which key shuffles. */
static void order_words(row_measurer *m, const double *scores, random_key key)
{
    for (uint32_t i = 0; i < m->word_count; i++)
        m->ties[i] = i;
    random_shuffle(m->ties, (uint32_t)m->word_count, key);
    for (uint32_t i = 0; i < m->word_count; i++)
        m->order[i] = (ranked){scores == NULL ? 0 : scores[i], m->ties[i], i};
    qsort(m->order, m->word_count, sizeof *m->order, compare_ranked);
}

/* The row's tokens that are marked, or those that are not; others are gone, or unknown words. */
static int keep_tokens(const row_measurer *m, bool kept, uint32_t *ids)
{
    int length = 0;
    for (size_t t = 0; t < m->reading.count; t++) {
        if (m->marked[t] == kept)
            ids[length++] = m->reading.ids[t];
        else if (m->options->erase == HEED_ERASE_UNK)
            ids[length++] = 1;
    }
    return length;
}

static void write_variants(row_measurer *m, size_t order)
{
    size_t tokens = m->reading.count, top = 0;
    memset(m->marked, 0, tokens * sizeof *m->marked);
    for (size_t s = 0; s < SHARES; s++) {
        for (; top < (m->word_count * percents[s] + 99) / 100; top++) {
            const reading_word *word = &m->reading.words[m->words[m->order[top].word]];
            for (size_t t = word->first_token; t < word->first_token + word->tokens; t++)
                m->marked[t] = true;
        }
        for (size_t kept = 0; kept < 2; kept++) {
            size_t row = order * VARIANTS + kept * SHARES + s;
            uint32_t *ids = m->ids + row * tokens;
            m->rows[row] = (batch_row){.ids = ids, .length = keep_tokens(m, kept == 1, ids)};
        }
    }
}

static void write_orders(row_measurer *m, uint32_t number)
{
    random_key key = {m->options->seed, RANDOM_EXPLAIN, DRAW_TIES, 0, number};
    for (size_t i = 0; i + 1 < m->method_count; i++) {
        order_words(m, m->trained.scores[i], key);
        write_variants(m, i);
    }
    key.layer = DRAW_ORDER;
    for (size_t i = m->method_count - 1; i < order_count(m); i++, key.epoch++) {
        order_words(m, NULL, key);
        write_variants(m, i);
    }
}

/* ---- figures */

/* Adds a share of what an order's variants lose, and of the mean over the three, to the figures of a method. */
static void add_losses(const row_measurer *m, size_t order, double whole, double share, double *figures)
{
    size_t labels = m->model->config.labels.count;
    for (size_t v = 0; v < VARIANTS; v++) {
        double loss = whole - (double)m->probabilities[(order * VARIANTS + v) * labels + m->label];
        double *to = figures + (v < SHARES ? ROW_COMPREHENSIVENESS : ROW_SUFFICIENCY);
        to[v % SHARES] += share * loss;
        to[HEED_ERASED_MEAN] += share * loss / SHARES;
    }
}

static void fill_losses(const row_measurer *m, double whole, double *figures)
{
    size_t last = m->method_count - 1;
    double *random = figures + last * ROW_FIGURES;
    for (size_t i = 0; i < m->method_count; i++)
        for (size_t f = 0; f < ROW_OVER_RANDOM; f++)
            figures[i * ROW_FIGURES + f] = 0;
    for (size_t i = 0; i < last; i++)
        add_losses(m, i, whole, 1, figures + i * ROW_FIGURES);
    for (size_t i = last; i < order_count(m); i++)
        add_losses(m, i, whole, 1.0 / m->options->orders, random);
    for (size_t i = 0; i < last; i++) {
        double *to = figures + i * ROW_FIGURES;
        size_t c = ROW_COMPREHENSIVENESS + HEED_ERASED_MEAN, s = ROW_SUFFICIENCY + HEED_ERASED_MEAN;
        to[ROW_OVER_RANDOM] = to[c] - random[c];
        to[ROW_UNDER_RANDOM] = random[s] - to[s];
        to[ROW_GAIN] = (to[ROW_OVER_RANDOM] + to[ROW_UNDER_RANDOM]) / 2;
    }
}

static void fill_correlations(row_measurer *m, double *figures)
{
    const double *left_out = NULL;
    for (size_t i = 0; i + 1 < m->method_count; i++)
        if (m->methods[i] == HEED_METHOD_LEAVE_ONE_OUT)
            left_out = m->trained.scores[i];
    for (size_t i = 0; i < m->word_count; i++)
        m->sizes[i] = fabs(left_out[i]);
    for (size_t i = 0; i + 1 < m->method_count; i++) {
        double *to = figures + i * ROW_FIGURES;
        const double *scores = m->trained.scores[i];
        const double *others = m->methods[i] == HEED_METHOD_ATTENTION ? m->sizes : left_out;
        if (scores != left_out)
            to[ROW_LEAVE_ONE_OUT] = kendall_tau_b(scores, others, m->word_count);
        if (m->random.attributor != NULL)
            to[ROW_RANDOM_WEIGHTS] = kendall_tau_b(scores, m->random.scores[i], m->word_count);
    }
}

/* ---- permuted attention */

/* Total variation distance of two outputs; of several labels a row the mean of their distances. */
static double output_distance(const heed_model *model, const float *a, const float *b)
{
    size_t outputs = model->config.network.outputs;
    double sum = 0;
    for (size_t i = 0; i < outputs; i++)
        sum += fabs((double)a[i] - (double)b[i]);
    heed_task task = model->config.labels.task;
    return task == HEED_TASK_MULTICLASS ? sum / 2 : sum / (double)outputs;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static heed_status permute_attention(row_measurer *m, uint32_t number, double *median, heed_error *error)
{
    size_t tokens = m->reading.count, count = m->options->permutations, outputs = m->model->config.network.outputs;
    batch_row row = row_of(m);
    random_key key = {m->options->seed, RANDOM_EXPLAIN, DRAW_PERMUTATION, 0, number};
    for (size_t i = 0; i <= count; i++) { /* the first as it is */
        for (size_t t = 0; t < tokens; t++)
            m->dealt[i * tokens + t] = (uint32_t)t;
        key.epoch = (uint32_t)i;
        if (i > 0)
            random_shuffle(m->dealt + i * tokens, (uint32_t)tokens, key);
    }
    heed_status status = attributor_permuted(m->trained.attributor, &row, m->dealt, count + 1, m->outputs, error);
    if (status != HEED_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        m->moved[i] = output_distance(m->model, m->outputs, m->outputs + (i + 1) * outputs);
    qsort(m->moved, count, sizeof *m->moved, compare_numbers);
    *median = (m->moved[(count - 1) / 2] + m->moved[count / 2]) / 2;
    return HEED_OK;
}

/* ---- a row */

static heed_status list_words(row_measurer *m, heed_error *error)
{
    heed_status status = memory_grow(&m->words, &m->word_room, m->reading.word_count, sizeof *m->words, error);
    m->word_count = 0;
    for (size_t i = 0; i < m->reading.word_count && status == HEED_OK; i++)
        if (m->reading.words[i].tokens > 0)
            m->words[m->word_count++] = (uint32_t)i;
    return status;
}

/* What the whole text is answered, and how likely that is. */
static heed_status answer_whole(row_measurer *m, double *whole, heed_error *error)
{
    batch_row row = row_of(m);
    const answer_rule rule = model_rule(m->model);
    heed_status status = classifier_run(m->classes, &row, 1, m->probabilities, error);
    if (status == HEED_OK) {
        m->label = answer_one(&rule, m->probabilities);
        *whole = (double)m->probabilities[m->label];
    }
    return status;
}

heed_status row_measurer_run(row_measurer *m, heed_bytes text, uint32_t number, double *figures, double *permuted,
                             bool *measured, heed_error *error)
{
    double whole = 0;
    *measured = false;
    heed_status status = reading_run(&m->reading, m->model, text, error);
    if (status == HEED_OK)
        status = list_words(m, error);
    if (status != HEED_OK || m->word_count < 2 || m->reading.count > MOST_LEFT_OUT)
        return status;
    *measured = true;
    *permuted = NAN;
    for (size_t i = 0; i < m->method_count * ROW_FIGURES; i++)
        figures[i] = NAN;
    status = make_room(m, error);
    if (status == HEED_OK)
        status = answer_whole(m, &whole, error);
    if (status == HEED_OK)
        status = score_all(m, error);
    if (status != HEED_OK)
        return status;
    write_orders(m, number);
    status = classifier_run(m->classes, m->rows, order_count(m) * VARIANTS, m->probabilities, error);
    if (status != HEED_OK)
        return status;
    fill_losses(m, whole, figures);
    fill_correlations(m, figures);
    return model_has_method(m->model, HEED_METHOD_ATTENTION) ? permute_attention(m, number, permuted, error) : HEED_OK;
}
