/* The rows of a report: counted, sampled, and the surest mistakes kept, in memory that does not grow with the texts. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "report/report.h"

/* ---- the block at hand: its texts are cleaned and looked up on all threads */

static void count_unknown(block_row *row, const vocabulary *words, const text_encoder *e)
{
    size_t pieces;
    const heed_token *piece = heed_tokens_items(e->pieces, &pieces);
    row->tokens = (uint32_t)pieces;
    row->unknown = 0;
    for (size_t i = 0; i < pieces; i++)
        row->unknown += intern_find(&words->words, piece[i].text) == INTERN_NONE;
}

static heed_status read_row(heed_report *r, block_row *row, text_encoder *e, heed_error *error)
{
    heed_status status = text_encode(e, r->model, (heed_bytes){r->texts.data + row->begin, row->size}, NULL, error);
    if (status != HEED_OK)
        return status;
    size_t length = e->count;
    row->length = (uint32_t)length;
    count_unknown(row, &r->model->words, e);
    if (!row->sampled)
        return HEED_OK;
    row->ids = memory_array(length, sizeof *row->ids);
    if (row->ids == NULL)
        return fail_memory(error, "a report");
    if (length > 0)
        memcpy(row->ids, e->ids, length * sizeof *row->ids);
    return HEED_OK;
}

static void read_task(void *context, size_t task, unsigned worker)
{
    heed_report *r = context;
    if (r->status[worker] == HEED_OK)
        r->status[worker] = read_row(r, &r->block[task], &r->encoders[worker], &r->errors[worker]);
}

static int compare_places(const void *a, const void *b)
{
    uint64_t x = ((const sampled_row *)a)->place, y = ((const sampled_row *)b)->place;
    return x < y ? -1 : x > y;
}

void report_trim_sample(heed_report *r)
{
    qsort(r->sample, r->sampled, sizeof *r->sample, compare_places);
    for (size_t i = REPORT_SAMPLE; i < r->sampled; i++)
        free(r->sample[i].ids);
    if (r->sampled >= REPORT_SAMPLE) {
        r->sampled = REPORT_SAMPLE;
        r->place_limit = r->sample[REPORT_SAMPLE - 1].place;
    }
}

static void take_row(heed_report *r, block_row *row)
{
    uint32_t window = r->model->config.network.window;
    r->lengths[r->rows++] = row->tokens;
    r->tokens += row->tokens;
    r->unknown += row->unknown;
    r->cut_rows += window > 0 && row->tokens > window;
    if (!row->sampled)
        return;
    if (r->sampled == 2 * REPORT_SAMPLE)
        report_trim_sample(r);
    r->sample[r->sampled++] = (sampled_row){row->place, row->ids, row->length, row->label};
    row->ids = NULL;
}

heed_status report_flush(heed_report *r, heed_error *error)
{
    unsigned threads = pool_threads(r->workers);
    heed_status status =
        memory_grow(&r->lengths, &r->length_capacity, r->rows + r->block_rows, sizeof *r->lengths, error);
    memset(r->status, 0, threads * sizeof *r->status);
    if (status == HEED_OK)
        pool_run(r->workers, r->block_rows, read_task, r);
    for (unsigned i = 0; i < threads && status == HEED_OK; i++)
        if (r->status[i] != HEED_OK)
            status = fail(error, r->status[i], "%s", r->errors[i].message);
    for (size_t i = 0; i < r->block_rows; i++) {
        if (status == HEED_OK)
            take_row(r, &r->block[i]);
        free(r->block[i].ids);
        r->block[i].ids = NULL;
    }
    r->block_rows = 0;
    buffer_clear(&r->texts);
    return status;
}

/* ---- mistakes */

/* The row's answer in question: the one given where it is wrong; of several labels a row the wrong one, yes or no, that
 * is surest. false: all is right. */
static bool find_mistake(kept_row *out, const heed_evaluation *e, size_t row, uint64_t *wrong)
{
    const answer_rule rule = evaluation_rule(e);
    const float *p = evaluation_row(e, row);
    bool found = false;
    if (!evaluation_is_several(e)) {
        size_t answer = answer_one(&rule, p);
        found = answer != e->truth[row];
        *out = (kept_row){.row = (uint32_t)row, .label = (uint32_t)answer, .given = true, .sure = p[answer]};
        *wrong += found;
        return found;
    }
    for (size_t i = 0; i < e->label_count; i++) {
        bool given = answer_has(&rule, p, i);
        float sure = given ? p[i] : 1 - p[i];
        if (given == evaluation_has_truth(e, row, i))
            continue;
        ++*wrong;
        if (!found || sure > out->sure)
            *out = (kept_row){.row = (uint32_t)row, .label = (uint32_t)i, .given = given, .sure = sure};
        found = true;
    }
    return found;
}

/* Among the surest, an earlier row before a later one that is as sure. */
static heed_status keep_mistake(heed_report *r, kept_row mistake, heed_bytes text, heed_bytes id, heed_error *error)
{
    bool full = r->mistake_count == REPORT_MISTAKES;
    if (full && !(mistake.sure > r->mistakes[REPORT_MISTAKES - 1].sure))
        return HEED_OK;
    mistake.size = text.size;
    mistake.text = memory_copy(text.size > 0 ? text.data : "", text.size);
    mistake.id = id.data != NULL ? memory_copy(id.data, id.size) : NULL;
    if (mistake.text == NULL || (id.data != NULL && mistake.id == NULL)) {
        free(mistake.text);
        free(mistake.id);
        return fail_memory(error, "a report");
    }
    size_t at = full ? REPORT_MISTAKES - 1 : r->mistake_count++;
    if (full) {
        free(r->mistakes[at].text);
        free(r->mistakes[at].id);
    }
    for (; at > 0 && r->mistakes[at - 1].sure < mistake.sure; at--)
        r->mistakes[at] = r->mistakes[at - 1];
    r->mistakes[at] = mistake;
    return HEED_OK;
}

/* ---- a row */

/* The label whose words a row is counted among: of two the positive one, whose logit is the other's with its sign
 * turned; else the likeliest. */
static uint32_t word_label(const heed_evaluation *e, size_t row)
{
    const float *p = e->probabilities + row * e->label_count;
    size_t best = 0;
    if (evaluation_is_binary(e))
        return (uint32_t)e->positive;
    for (size_t i = 1; i < e->label_count; i++)
        best = p[i] > p[best] ? i : best;
    return (uint32_t)best;
}

heed_status heed_report_add(heed_report *report, heed_bytes text, heed_bytes id, heed_error *error)
{
    heed_report *r = report;
    const heed_evaluation *e = r->evaluation;
    size_t row = r->rows + r->block_rows;
    if (e->rows != row + 1 || row >= UINT32_MAX)
        return fail(error, HEED_USAGE, "report: text %zu where the evaluation has %zu rows, expected one text for each",
                    row + 1, e->rows);
    kept_row mistake;
    heed_status status = HEED_OK;
    if (find_mistake(&mistake, e, row, &r->wrong))
        status = keep_mistake(r, mistake, text, id, error);
    random_key key = {.seed = r->seed, .purpose = RANDOM_RESAMPLE, .layer = 2, .row = (uint32_t)row};
    block_row *b = &r->block[r->block_rows];
    *b = (block_row){.begin = r->texts.size, .size = text.size, .label = word_label(e, row)};
    b->place = (uint64_t)random_word(key, 0) << 32 | row;
    b->sampled = b->place < r->place_limit;
    if (status == HEED_OK && text.size > 0)
        status = buffer_append(&r->texts, text.data, text.size, error);
    if (status == HEED_OK)
        r->block_rows++;
    return status == HEED_OK && r->block_rows == REPORT_BLOCK ? report_flush(r, error) : status;
}
