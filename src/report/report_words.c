/* The words with the most pull towards each label, and the mistakes explained. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "explain/explainer.h"
#include "report/report.h"

/* A word of a row: the sum of its places' scores. */
typedef struct pull {
    uint32_t label, id, row; /* row: of the sample */
    double score;
} pull;

/* A row's place among the pulls: as many as it has tokens, of which `count` are used. */
typedef struct pull_run {
    size_t first, count;
} pull_run;

/* What a worker has for itself: a pool of one thread, so that rows are what is done at once. */
typedef struct counter {
    pool *alone;
    attributor *attributor;
    double *scores;
    uint64_t *order;
    size_t score_capacity, order_capacity;
    heed_status status;
    heed_error error;
} counter;

typedef struct counting {
    const heed_report *report;
    heed_method method;
    counter *counters; /* [threads] */
    pull *pulls;
    pull_run *runs; /* [sampled] */
    size_t first;   /* row of the first task */
} counting;

heed_method report_word_method(const heed_report *r)
{
    return r->model->class->method_of_many;
}

/* ---- one row */

static int compare_orders(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Adds up the scores of equal tokens, by id and then by place, leaving out padding, <unk> and what was dropped. */
static size_t sum_words(pull *out, const sampled_row *s, uint32_t number, const vocabulary *words, const double *scores,
                        uint64_t *order)
{
    size_t count = 0;
    for (uint32_t t = 0; t < s->length; t++)
        order[t] = (uint64_t)s->ids[t] << 32 | t;
    qsort(order, s->length, sizeof *order, compare_orders);
    for (uint32_t i = 0; i < s->length; i++) {
        uint32_t id = (uint32_t)(order[i] >> 32);
        if (id < words->first || id >= words->size)
            continue;
        if (count == 0 || out[count - 1].id != id)
            out[count++] = (pull){.label = s->label, .id = id, .row = number};
        out[count - 1].score += scores[(uint32_t)order[i]];
    }
    return count;
}

static heed_status count_row(counting *c, counter *own, size_t number)
{
    const sampled_row *s = &c->report->sample[number];
    batch_row row = {.ids = s->ids, .length = (int)s->length};
    attribution sum;
    if (s->length == 0)
        return HEED_OK;
    heed_status status = memory_grow(&own->scores, &own->score_capacity, s->length, sizeof *own->scores, &own->error);
    if (status == HEED_OK)
        status = memory_grow(&own->order, &own->order_capacity, s->length, sizeof *own->order, &own->error);
    if (status == HEED_OK)
        status = attributor_run(own->attributor, &(attribution_query){c->method, 0, &row, s->label}, own->scores, &sum, &own->error);
    if (status == HEED_OK)
        c->runs[number].count = sum_words(c->pulls + c->runs[number].first, s, (uint32_t)number,
                                          &c->report->model->words, own->scores, own->order);
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

static heed_status counting_init(counting *c, heed_report *r, heed_error *error)
{
    unsigned threads = pool_threads(r->workers);
    size_t tokens = 0;
    *c = (counting){.report = r, .method = report_word_method(r)};
    c->counters = memory_array(threads, sizeof *c->counters);
    c->runs = memory_array(r->sampled, sizeof *c->runs);
    for (size_t i = 0; i < r->sampled && c->runs != NULL; i++) {
        c->runs[i].first = tokens;
        tokens += r->sample[i].length;
    }
    c->pulls = memory_array(tokens, sizeof *c->pulls);
    if (c->counters == NULL || c->runs == NULL || c->pulls == NULL)
        return fail_memory(error, "words of a report");
    heed_status status = HEED_OK;
    for (unsigned i = 0; i < threads && status == HEED_OK; i++) {
        status = pool_new(&c->counters[i].alone, 1, error);
        if (status == HEED_OK)
            status = attributor_new(&c->counters[i].attributor, r->model, c->counters[i].alone, error);
    }
    return status;
}

static void counting_release(counting *c, unsigned threads)
{
    for (unsigned i = 0; c->counters != NULL && i < threads; i++) {
        attributor_free(c->counters[i].attributor);
        pool_free(c->counters[i].alone);
        free(c->counters[i].scores);
        free(c->counters[i].order);
    }
    free(c->counters);
    free(c->runs);
    free(c->pulls);
}

static heed_status count_rows(counting *c, heed_report *r, const heed_listener *listener, heed_error *error)
{
    enum { ROWS_AT_ONCE = 64 };
    stopwatch watch = stopwatch_start();
    for (c->first = 0; c->first < r->sampled; c->first += ROWS_AT_ONCE) {
        size_t rest = r->sampled - c->first;
        pool_run(r->workers, rest < ROWS_AT_ONCE ? rest : ROWS_AT_ONCE, count_task, c);
        for (unsigned i = 0; i < pool_threads(r->workers); i++)
            if (c->counters[i].status != HEED_OK)
                return fail(error, c->counters[i].status, "%s", c->counters[i].error.message);
        heed_event event = {.stage = HEED_STAGE_PREDICT, .done = c->first, .total = r->sampled};
        if (listener == NULL || !stopwatch_due(&watch))
            continue;
        event.seconds = stopwatch_seconds(&watch);
        if (listener->tell(listener->user, &event) != 0)
            return fail(error, HEED_STOPPED, "stopped; no report");
    }
    return HEED_OK;
}

/* ---- means over rows */

static int compare_pulls(const void *left, const void *right)
{
    const pull *a = left, *b = right;
    if (a->label != b->label)
        return a->label < b->label ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Keeps the largest means above 0; the commoner word, which has the smaller id, first among equals. */
static void offer_word(label_words *to, report_word word)
{
    if (!(word.mean > 0) || (to->count == REPORT_WORDS && word.mean <= to->words[REPORT_WORDS - 1].mean))
        return;
    size_t at = to->count < REPORT_WORDS ? to->count++ : REPORT_WORDS - 1;
    for (; at > 0 && to->words[at - 1].mean < word.mean; at--)
        to->words[at] = to->words[at - 1];
    to->words[at] = word;
}

/* pulls [count], sorted: each run of a label and a word becomes its mean. */
static void take_means(heed_report *r, const pull *pulls, size_t count)
{
    bool binary = evaluation_is_binary(r->evaluation);
    for (size_t begin = 0, end; begin < count; begin = end) {
        const pull *first = &pulls[begin];
        double sum = 0;
        for (end = begin; end < count && pulls[end].label == first->label && pulls[end].id == first->id; end++)
            sum += pulls[end].score;
        report_word word = {first->id, (uint32_t)(end - begin), sum / (double)(end - begin)};
        if (word.rows < r->word_least)
            continue;
        offer_word(&r->words[first->label], word);
        word.mean = -word.mean;
        if (binary)
            offer_word(&r->words[1 - first->label], word);
    }
}

heed_status report_count_words(heed_report *r, const heed_listener *listener, heed_error *error)
{
    enum { LEAST = 3, SHARE = 100 };
    counting c;
    size_t count = 0;
    report_trim_sample(r);
    r->word_least = (uint32_t)(r->sampled / SHARE > LEAST ? r->sampled / SHARE : LEAST);
    r->words = memory_array(r->evaluation->label_count, sizeof *r->words);
    heed_status status = counting_init(&c, r, error);
    if (status == HEED_OK && r->words == NULL)
        status = fail_memory(error, "words of a report");
    if (status == HEED_OK)
        status = count_rows(&c, r, listener, error);
    for (size_t i = 0; i < r->sampled && status == HEED_OK; i++) /* one behind the other */
        for (size_t j = 0; j < c.runs[i].count; j++)
            c.pulls[count++] = c.pulls[c.runs[i].first + j];
    if (status == HEED_OK) {
        qsort(c.pulls, count, sizeof *c.pulls, compare_pulls);
        take_means(r, c.pulls, count);
    }
    counting_release(&c, pool_threads(r->workers));
    return status;
}

/* ---- mistakes */

heed_status report_explain(heed_report *r, heed_error *error)
{
    heed_explain_options options;
    heed_explainer *explainer = NULL;
    heed_explain_options_init(&options);
    options.threads = pool_threads(r->workers);
    heed_status status = r->mistake_count > 0 ? heed_explainer_new(&explainer, r->model, &options, error) : HEED_OK;
    for (size_t i = 0; i < r->mistake_count && status == HEED_OK; i++) {
        const kept_row *m = &r->mistakes[i];
        status = explainer_run_label(&r->explanations[i], explainer, (heed_bytes){m->text, m->size}, m->label, error);
    }
    heed_explainer_free(explainer);
    return status;
}
