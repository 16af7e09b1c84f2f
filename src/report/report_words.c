#include "report/report_words.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "explain/attribution.h"

/* A word of a row: the sum of the scores of its occurrences. */
typedef struct word_effect {
    uint32_t label, word, row; /* row: of the sample */
    double score;
} word_effect;

/* The part of the effects for one row: as many as it has tokens, of which `count` are used. */
typedef struct effect_run {
    size_t first, count;
} effect_run;

/* What a thread needs to count, and its first failure. Its pool has one thread, so that several rows are counted at the
 * same time, not parts of one row. */
typedef struct counter {
    pool *single;
    attributor *attributor;
    double *scores;
    uint64_t *order;
    size_t score_capacity, order_capacity;
    heed_status status;
    heed_error error;
} counter;

typedef struct counting {
    const heed_model *model;
    const row_sample *sample;
    heed_method method;
    counter *counters; /* [threads] */
    unsigned threads;
    word_effect *effects;
    effect_run *runs; /* [rows of the sample] */
    size_t first;     /* row of the first task */
} counting;

/* ---- one row */

/* Of integrated gradients; sums over many rows need no more. */
enum { FEW_STEPS = 8 };

static int compare_orders(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The number of a token's word, in the vocabulary or in the sample's table; INTERN_NONE: padding, <unk>, or dropped. */
static uint32_t word_of(const sampled_row *s, const vocabulary *v, uint32_t token)
{
    uint32_t id = s->text.ids[token];
    if (s->words.number != NULL)
        return s->words.number[token];
    return id >= v->first && id < v->size ? id - v->first : INTERN_NONE;
}

/* Adds up the scores of the tokens of equal words, by word and then by place. */
static size_t sum_words(word_effect *out, const sampled_row *s, uint32_t number, const heed_model *model,
                        const double *scores, uint64_t *order)
{
    size_t count = 0;
    for (uint32_t t = 0; t < s->text.length; t++)
        order[t] = (uint64_t)word_of(s, &model->words, t) << 32 | t;
    qsort(order, s->text.length, sizeof *order, compare_orders);
    for (uint32_t i = 0; i < s->text.length; i++) {
        uint32_t word = (uint32_t)(order[i] >> 32);
        if (word == INTERN_NONE)
            break;
        if (count == 0 || out[count - 1].word != word)
            out[count++] = (word_effect){.label = s->label, .word = word, .row = number};
        out[count - 1].score += scores[(uint32_t)order[i]];
    }
    return count;
}

static heed_status count_row(counting *c, counter *own, size_t number)
{
    const sampled_row *s = &c->sample->rows[number];
    batch_row row = {.ids = s->text.ids, .length = (int)s->text.length, .spelling = s->text.spelling};
    attribution sum;
    heed_status status = HEED_OK;
    if (s->text.length == 0)
        return HEED_OK;
    TRY(memory_grow(&own->scores, &own->score_capacity, s->text.length, sizeof *own->scores, &own->error));
    TRY(memory_grow(&own->order, &own->order_capacity, s->text.length, sizeof *own->order, &own->error));
    const attribution_query query = {c->method, FEW_STEPS, &row, s->label};
    TRY(attributor_run(own->attributor, &query, own->scores, &sum, &own->error));
    c->runs[number].count =
        sum_words(c->effects + c->runs[number].first, s, (uint32_t)number, c->model, own->scores, own->order);
done:
    return status;
}

static void count_task(void *context, size_t task, unsigned worker)
{
    counting *c = context;
    counter *own = &c->counters[worker];
    if (own->status == HEED_OK)
        own->status = count_row(c, own, c->first + task);
}

/* ---- all of them */

static heed_status counter_init(counter *c, const heed_model *model, heed_error *error)
{
    heed_status status = pool_new(&c->single, 1, error);
    return status == HEED_OK ? attributor_new(&c->attributor, model, c->single, error) : status;
}

static heed_status counting_init(counting *c, const heed_model *model, const row_sample *sample, unsigned threads,
                                 heed_error *error)
{
    size_t tokens = 0;
    for (size_t i = 0; i < sample->count; i++)
        tokens += sample->rows[i].text.length;
    *c = (counting){.model = model,
                    .sample = sample,
                    .method = model_method_of_many(model),
                    .counters = memory_array(threads, sizeof *c->counters),
                    .threads = threads,
                    .effects = memory_array(tokens, sizeof *c->effects),
                    .runs = memory_array(sample->count, sizeof *c->runs)};
    if (c->counters == NULL || c->effects == NULL || c->runs == NULL)
        return fail_memory(error, "words of a report");
    for (size_t i = 1; i < sample->count; i++)
        c->runs[i].first = c->runs[i - 1].first + sample->rows[i - 1].text.length;
    heed_status status = HEED_OK;
    for (unsigned i = 0; i < threads && status == HEED_OK; i++)
        status = counter_init(&c->counters[i], model, error);
    return status;
}

static void counting_release(counting *c)
{
    for (unsigned i = 0; c->counters != NULL && i < c->threads; i++) {
        attributor_free(c->counters[i].attributor);
        pool_free(c->counters[i].single);
        free(c->counters[i].scores);
        free(c->counters[i].order);
    }
    free(c->counters);
    free(c->runs);
    free(c->effects);
}

/* false: the listener stops. */
static bool tell(const counting *c, const heed_listener *listener, stopwatch *watch)
{
    heed_event event = {.stage = HEED_STAGE_PREDICT, .done = c->first, .total = c->sample->count};
    if (listener == NULL || !stopwatch_due(watch))
        return true;
    event.seconds = stopwatch_seconds(watch);
    return listener->on_event(listener->user, &event) == 0;
}

static heed_status count_rows(counting *c, pool *workers, const heed_listener *listener, heed_error *error)
{
    enum { ROWS_AT_ONCE = 64 };
    stopwatch watch = stopwatch_start();
    for (c->first = 0; c->first < c->sample->count; c->first += ROWS_AT_ONCE) {
        size_t rest = c->sample->count - c->first;
        pool_run(workers, rest < ROWS_AT_ONCE ? rest : ROWS_AT_ONCE, count_task, c);
        for (unsigned i = 0; i < c->threads; i++)
            if (c->counters[i].status != HEED_OK)
                return fail(error, c->counters[i].status, "%s", c->counters[i].error.message);
        if (!tell(c, listener, &watch))
            return fail(error, HEED_STOPPED, "stopped; no report");
    }
    return HEED_OK;
}

/* ---- means over rows */

static int compare_effects(const void *left, const void *right)
{
    const word_effect *a = left, *b = right;
    if (a->label != b->label)
        return a->label < b->label ? -1 : 1;
    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* The effects without gaps between rows, sorted; returns their number. */
static size_t sort_effects(counting *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->sample->count; i++)
        for (size_t j = 0; j < c->runs[i].count; j++)
            c->effects[count++] = c->effects[c->runs[i].first + j];
    qsort(c->effects, count, sizeof *c->effects, compare_effects);
    return count;
}

/* Keeps the largest means above 0; among equals the word of the smaller number comes first, which in a vocabulary is
 * the more frequent one. */
static void offer_word(label_words *to, report_word word)
{
    if (!(word.mean > 0) || (to->count == REPORT_WORDS && word.mean <= to->words[REPORT_WORDS - 1].mean))
        return;
    size_t at = to->count < REPORT_WORDS ? to->count++ : REPORT_WORDS - 1;
    for (; at > 0 && to->words[at - 1].mean < word.mean; at--)
        to->words[at] = to->words[at - 1];
    to->words[at] = word;
}

/* effects [count], sorted: each run of a label and a word is replaced by its mean. binary: an effect for one label is
 * against the other. */
static void take_means(report_words *out, bool binary, const word_effect *effects, size_t count)
{
    for (size_t begin = 0, end; begin < count; begin = end) {
        const word_effect *first = &effects[begin];
        double sum = 0;
        for (end = begin; end < count && effects[end].label == first->label && effects[end].word == first->word; end++)
            sum += effects[end].score;
        report_word word = {first->word, (uint32_t)(end - begin), sum / (double)(end - begin)};
        if (word.rows < out->min_rows)
            continue;
        offer_word(&out->labels[first->label], word);
        word.mean = -word.mean;
        if (binary)
            offer_word(&out->labels[1 - first->label], word);
    }
}

heed_status report_words_count(report_words *out, const heed_model *model, const heed_evaluation *evaluation,
                               const row_sample *sample, pool *workers, const heed_listener *listener,
                               heed_error *error)
{
    enum { LEAST = 3, SHARE = 100 };
    counting c;
    heed_status status;
    out->labels = memory_array(evaluation->label_count, sizeof *out->labels);
    if (out->labels == NULL)
        return fail_memory(error, "words of a report");
    out->min_rows = (uint32_t)(sample->count / SHARE > LEAST ? sample->count / SHARE : LEAST);
    TRY(counting_init(&c, model, sample, pool_threads(workers), error));
    out->method = c.method;
    out->texts = model->encoder != NULL ? &sample->words : &model->words.words;
    TRY(count_rows(&c, workers, listener, error));
    take_means(out, evaluation_is_binary(evaluation), c.effects, sort_effects(&c));
done:
    counting_release(&c);
    return status;
}

void report_words_release(report_words *w)
{
    free(w->labels);
    w->labels = NULL;
}
