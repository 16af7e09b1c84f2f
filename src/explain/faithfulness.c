/* Faithfulness of explanations: the rows of a sample measured one by one, their means, and a bootstrap over rows. */
#include "explain/faithfulness.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "explain/attribution.h"
#include "metrics/bootstrap.h"
#include "explain/text_sample.h"
#include "options/choices.h"
#include "options/option_structs.h"

enum { DEFAULT_ORDERS = 10, DEFAULT_PERMUTATIONS = 100, DEFAULT_RESAMPLES = 2000 };
enum { MAX_ORDERS = 1000, MAX_PERMUTATIONS = 10000, MAX_RESAMPLES = 100000 };
enum { MAX_COLUMNS = MAX_METHODS * ROW_MEASURES + 1 }; /* the measures of each method, and permuted attention */

typedef struct measuring {
    heed_faithfulness *result;
    pool *workers;
    row_measurer *rows;
    text_sample sample;
    size_t methods, columns, count; /* count: rows that could be measured */
    double *values;                 /* [sample][columns] */
    double *means;                  /* [resamples][columns] */
    resample *draws;                /* [threads] */
    heed_interval intervals[MAX_COLUMNS];
} measuring;

const names erase_names = NAMES("remove", "unk");

const char *order_name(heed_method method)
{
    return method == HEED_METHOD_AUTO ? "random order" : heed_method_name(method);
}

/* Replaces numbers that are 0 by their defaults. */
static heed_status take_numbers(heed_faithfulness_options *o, heed_error *error)
{
    const struct {
        uint32_t *number;
        const char *name;
        uint32_t default_, max;
    } numbers[] = {{&o->orders, "orders", DEFAULT_ORDERS, MAX_ORDERS},
                   {&o->permutations, "permutations", DEFAULT_PERMUTATIONS, MAX_PERMUTATIONS},
                   {&o->resamples, "resamples", DEFAULT_RESAMPLES, MAX_RESAMPLES}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint32_t *number = numbers[i].number;
        if (*number > numbers[i].max)
            return fail(error, HEED_USAGE, "%s: found %u, expected at most %u", numbers[i].name, *number,
                        numbers[i].max);
        *number = *number > 0 ? *number : numbers[i].default_;
    }
    return HEED_OK;
}

static heed_status take_options(heed_faithfulness_options *o, const heed_model *model, heed_error *error)
{
    const heed_explain_options way = {.steps = o->steps};
    heed_faithfulness_options default_;
    heed_status status;
    TRY(options_check(HEED_OPTIONS_FAITHFULNESS, o, error));
    TRY(options_check(HEED_OPTIONS_EXPLAIN, &way, error));
    if (o->erase == HEED_ERASE_UNK && model->words.kind != HEED_VOCABULARY_COUNTS)
        return fail(error, HEED_USAGE, "erase unk: the model's vocabulary has no <unk> (keras), expected remove");
    heed_faithfulness_options_init(&default_);
    o->rows = o->rows > 0 ? o->rows : default_.rows;
    TRY(take_numbers(o, error));
done:
    return status;
}

/* ---- rows */

static heed_status begin(measuring *m, heed_reader *reader, const heed_listener *listener, heed_error *error)
{
    const heed_faithfulness_options *o = &m->result->options;
    heed_status status;
    TRY(text_sample_draw(&m->sample, reader, o->rows, o->seed, listener, error));
    TRY(pool_new(&m->workers, o->threads, error));
    TRY(row_measurer_new(&m->rows, m->result->model, o, m->workers, error));
    row_measurer_methods(m->rows, &m->methods);
    m->columns = m->methods * ROW_MEASURES + 1;
    m->values = memory_array(m->sample.count * m->columns, sizeof *m->values);
    m->means = memory_array(o->resamples * m->columns, sizeof *m->means);
    m->draws = memory_array(pool_threads(m->workers), sizeof *m->draws);
    if (m->values == NULL || m->means == NULL || m->draws == NULL)
        return fail_memory(error, "faithfulness");
done:
    return status;
}

static bool tell(const measuring *m, const heed_listener *listener, size_t done, stopwatch *watch)
{
    if (listener == NULL || !stopwatch_due(watch))
        return true;
    heed_event event = {.stage = HEED_STAGE_EXPLAIN, .done = done, .total = m->sample.count};
    event.seconds = stopwatch_seconds(watch);
    return listener->on_event(listener->user, &event) == 0;
}

static heed_status measure_rows(measuring *m, const heed_listener *listener, heed_error *error)
{
    stopwatch watch = stopwatch_start();
    for (size_t i = 0; i < m->sample.count; i++) {
        double *measures = m->values + m->count * m->columns;
        bool measured;
        heed_bytes text = {m->sample.texts[i], m->sample.sizes[i]};
        heed_status status =
            row_measurer_run(m->rows, text, (uint32_t)i, measures, measures + m->columns - 1, &measured, error);
        if (status != HEED_OK)
            return status;
        m->count += measured;
        m->result->info.seen += measured && heed_model_saw(m->result->model, text);
        if (!tell(m, listener, i + 1, &watch))
            return fail(error, HEED_STOPPED, "stopped");
    }
    return m->count > 0
               ? HEED_OK
               : fail(error, HEED_BAD_DATA,
                      "faithfulness: found no text of two words that the model reads among %zu rows, expected some",
                      m->sample.count);
}

/* ---- means and their intervals */

/* Over the rows with this measure, weighted by how often each was drawn in a resample (NULL: once). */
static double mean_of(const measuring *m, size_t column, const uint32_t *weight)
{
    double sum = 0, rows = 0;
    for (size_t i = 0; i < m->count; i++) {
        double value = m->values[i * m->columns + column], times = weight == NULL ? 1 : weight[i];
        if (!isnan(value)) {
            sum += times * value;
            rows += times;
        }
    }
    return sum / rows; /* NaN without rows */
}

static void run_resample(void *context, size_t number, unsigned worker)
{
    measuring *m = context;
    resample_draw(&m->draws[worker], m->result->options.seed, (uint32_t)number);
    for (size_t c = 0; c < m->columns; c++)
        m->means[number * m->columns + c] = mean_of(m, c, m->draws[worker].weight);
}

static size_t count_of(const measuring *m, size_t column)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++)
        count += isnan(m->values[i * m->columns + column]) ? 0 : 1;
    return count;
}

/* values: of the resamples. No interval if there is one text, or if all that was measured is rounding. */
static heed_interval interval_of(const measuring *m, size_t column, double *values, size_t resamples)
{
    heed_interval found = {mean_of(m, column, NULL), NAN, NAN};
    bootstrap_interval(&found.low, &found.high, values, resamples);
    bool noise = fabs(found.low) < MIN_DIFFERENCE && fabs(found.high) < MIN_DIFFERENCE;
    if (noise || count_of(m, column) < MIN_BOOTSTRAP_ROWS)
        found.low = found.high = NAN;
    return found;
}

static heed_status find_intervals(measuring *m, heed_error *error)
{
    size_t resamples = m->result->options.resamples;
    double *values = memory_array(resamples, sizeof *values);
    bool fine = values != NULL;
    for (unsigned i = 0; i < pool_threads(m->workers) && fine; i++)
        fine = resample_init(&m->draws[i], m->count, 0);
    if (fine)
        pool_run(m->workers, resamples, run_resample, m);
    for (size_t c = 0; c < m->columns && fine; c++) {
        for (size_t i = 0; i < resamples; i++)
            values[i] = m->means[i * m->columns + c];
        m->intervals[c] = interval_of(m, c, values, resamples);
    }
    free(values);
    return fine ? HEED_OK : fail_memory(error, "faithfulness");
}

static void fill_method(heed_method_faithfulness *to, heed_method method, const heed_interval *from)
{
    to->method = method;
    for (size_t i = 0; i < HEED_ERASED; i++) {
        to->comprehensiveness[i] = from[ROW_COMPREHENSIVENESS + i];
        to->sufficiency[i] = from[ROW_SUFFICIENCY + i];
    }
    to->over_random = from[ROW_OVER_RANDOM];
    to->under_random = from[ROW_UNDER_RANDOM];
    to->gain = from[ROW_GAIN];
    to->leave_one_out = from[ROW_LEAVE_ONE_OUT];
    to->random_weights = from[ROW_RANDOM_WEIGHTS];
}

static void fill_result(const measuring *m)
{
    heed_faithfulness *r = m->result;
    size_t count;
    const heed_method *methods = row_measurer_methods(m->rows, &count);
    double max = 0;
    for (size_t i = 0; i < count; i++) {
        fill_method(&r->methods[i], methods[i], m->intervals + i * ROW_MEASURES);
        const heed_interval *gain = &r->methods[i].gain; /* NaN for random order */
        if (gain->low > 0 && difference_is_sure(*gain) && gain->mean > max) {
            max = gain->mean;
            r->info.best = methods[i];
        }
    }
    r->info.method_count = count;
    r->info.rows = m->count;
    r->info.offered = m->sample.offered;
    r->info.short_texts = m->sample.count - m->count;
    r->info.erase = r->options.erase;
    r->info.permuted = m->intervals[m->columns - 1];
}

/* The number in the list of methods with the largest gain but for one of them; `methods`: there is none. */
static size_t next_best(const measuring *m, size_t best)
{
    size_t found = m->methods;
    for (size_t i = 0; i < m->methods; i++) {
        const double gain = m->result->methods[i].gain.mean; /* NaN for random order */
        if (i != best && !isnan(gain) && (found == m->methods || gain > m->result->methods[found].gain.mean))
            found = i;
    }
    return found;
}

/* Intervals get narrower by the root of the number of texts. A bootstrap over a handful of them says little. */
static uint64_t rows_to_tell(heed_interval lead, uint64_t rows)
{
    enum { LEAST = 30, MOST = 1000000 };
    const double wider = (lead.high - lead.low) / 2 / lead.mean, needed = ceil((double)rows * wider * wider);
    if (lead.low > 0)
        return rows < LEAST ? LEAST : 0;
    return needed < LEAST ? LEAST : needed < MOST ? (uint64_t)needed : MOST;
}

/* How sure it is that the best method is better than the next one: both were measured on the same texts, so their
 * difference is surer than either. */
static heed_status find_lead(measuring *m, heed_error *error)
{
    heed_faithfulness *r = m->result;
    size_t best = 0, resamples = r->options.resamples;
    while (best < m->methods && r->methods[best].method != r->info.best)
        best++;
    const size_t rival = next_best(m, best);
    if (r->info.best == HEED_METHOD_AUTO || rival == m->methods)
        return HEED_OK;
    double *values = memory_array(resamples, sizeof *values);
    if (values == NULL)
        return fail_memory(error, "faithfulness");
    for (size_t i = 0; i < resamples; i++) {
        const double *means = m->means + i * m->columns + ROW_GAIN;
        values[i] = means[best * ROW_MEASURES] - means[rival * ROW_MEASURES];
    }
    heed_interval *lead = &r->info.lead;
    lead->mean = r->methods[best].gain.mean - r->methods[rival].gain.mean;
    bootstrap_interval(&lead->low, &lead->high, values, resamples);
    free(values);
    r->info.rival = r->methods[rival].method;
    r->info.rows_needed = rows_to_tell(*lead, r->info.rows);
    return HEED_OK;
}

static void measuring_release(measuring *m)
{
    for (unsigned i = 0; m->draws != NULL && i < pool_threads(m->workers); i++)
        resample_release(&m->draws[i]);
    free(m->draws);
    free(m->values);
    free(m->means);
    row_measurer_free(m->rows);
    text_sample_release(&m->sample);
    pool_free(m->workers);
    heed_faithfulness_free(m->result);
}

heed_status heed_faithfulness_measure(heed_faithfulness **out, const heed_model *model, heed_reader *reader,
                                      const heed_faithfulness_options *options, const heed_listener *listener,
                                      heed_error *error)
{
    *out = NULL;
    measuring m = {.result = memory_array(1, sizeof *m.result)};
    if (m.result == NULL)
        return fail_memory(error, "faithfulness");
    heed_status status;
    m.result->model = model;
    TRY(options_take(HEED_OPTIONS_FAITHFULNESS, &m.result->options, options, error));
    TRY(take_options(&m.result->options, model, error));
    TRY(begin(&m, reader, listener, error));
    TRY(measure_rows(&m, listener, error));
    TRY(find_intervals(&m, error));
    fill_result(&m);
    TRY(find_lead(&m, error));
    *out = m.result;
    m.result = NULL;
done:
    measuring_release(&m);
    return status;
}

/* ---- the result */

const heed_faithfulness_info *heed_faithfulness_describe(const heed_faithfulness *faithfulness)
{
    return &faithfulness->info;
}

const heed_method_faithfulness *heed_faithfulness_method(const heed_faithfulness *faithfulness, size_t i)
{
    return &faithfulness->methods[i];
}

void heed_faithfulness_free(heed_faithfulness *faithfulness)
{
    free(faithfulness);
}

heed_status heed_model_set_explanation(heed_model *model, const heed_faithfulness *faithfulness, heed_error *error)
{
    const heed_faithfulness_info *info = &faithfulness->info;
    if (faithfulness->model != model)
        return fail(error, HEED_USAGE, "faithfulness: found results of another model, expected those of this one");
    if (info->best == HEED_METHOD_AUTO)
        return fail(error, HEED_UNMET,
                    "no method is stored: over %llu texts no method is significantly better than random order; use "
                    "more rows, or trust none of them",
                    (unsigned long long)info->rows);
    const heed_method_faithfulness *best = faithfulness->methods;
    while (best->method != info->best)
        best++;
    model->config.explanation =
        (explanation_record){.method = best->method,
                             .erase = info->erase,
                             .rows = (uint32_t)info->rows,
                             .gain = best->gain.mean,
                             .gain_low = best->gain.low,
                             .gain_high = best->gain.high,
                             .comprehensiveness = best->comprehensiveness[HEED_ERASED_MEAN].mean,
                             .sufficiency = best->sufficiency[HEED_ERASED_MEAN].mean};
    return HEED_OK;
}
