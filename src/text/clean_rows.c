/* heed_clean_rows: a batch of records is read, cleaned on all threads, and handed out in order; then the next. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "rows/record_batch.h"
#include "text/cleaner.h"

enum { BATCH_ROWS = 512, BATCH_BYTES = 1 << 20, GROUP_ROWS = 16, GROUPS = BATCH_ROWS / GROUP_ROWS };

/* What became of some neighbouring rows: their tokens one behind the other, and their joined texts. */
typedef struct group {
    heed_token *tokens;
    size_t token_count, token_capacity;
    buffer joined;
    size_t row_tokens[GROUP_ROWS], row_bytes[GROUP_ROWS];
    heed_status status;
    heed_error error;
} group;

typedef struct batch_job {
    const heed_cleaner *cleaner;
    const heed_record *records;
    size_t count;
    group groups[GROUPS];
    heed_tokens **scratch; /* one a worker */
} batch_job;

static heed_status clean_row(group *g, size_t row, const heed_cleaner *cleaner, heed_bytes text, heed_tokens *scratch)
{
    heed_status status = heed_cleaner_run(cleaner, text, scratch, &g->error);
    if (status != HEED_OK)
        return status;
    size_t count;
    const heed_token *tokens = heed_tokens_items(scratch, &count);
    heed_bytes joined = heed_tokens_joined(scratch);
    status = memory_grow(&g->tokens, &g->token_capacity, g->token_count + count, sizeof *tokens, &g->error);
    if (status == HEED_OK)
        status = buffer_append(&g->joined, joined.data, joined.size, &g->error);
    if (status != HEED_OK)
        return status;
    if (count > 0)
        memcpy(g->tokens + g->token_count, tokens, count * sizeof *tokens);
    g->token_count += count;
    g->row_tokens[row] = count;
    g->row_bytes[row] = joined.size;
    return HEED_OK;
}

static void clean_group(void *context, size_t task, unsigned worker)
{
    batch_job *job = context;
    group *g = &job->groups[task];
    g->token_count = 0;
    g->status = HEED_OK;
    buffer_clear(&g->joined);
    size_t first = task * GROUP_ROWS;
    for (size_t i = 0; i < GROUP_ROWS && first + i < job->count && g->status == HEED_OK; i++)
        g->status = clean_row(g, i, job->cleaner, job->records[first + i].text, job->scratch[worker]);
}

/* The texts of the tokens stand in the row's joined text, a space between them. */
static void point_tokens(heed_token *tokens, size_t count, const char *joined)
{
    for (size_t i = 0; i < count; i++) {
        tokens[i].text.data = joined;
        joined += tokens[i].text.size + 1;
    }
}

static heed_status deliver_group(group *g, const heed_record *records, size_t count, heed_cleaned_sink sink, void *user,
                                 heed_error *error)
{
    if (g->status != HEED_OK)
        return fail(error, g->status, "%s", g->error.message);
    heed_token *tokens = g->tokens;
    const char *joined = g->joined.data == NULL ? "" : g->joined.data;
    for (size_t i = 0; i < count; i++) {
        point_tokens(tokens, g->row_tokens[i], joined);
        if (sink(user, &records[i], tokens, g->row_tokens[i], (heed_bytes){joined, g->row_bytes[i]}) != 0)
            return fail(error, HEED_STOPPED, "stopped by its receiver at row %llu of %s",
                        (unsigned long long)records[i].row, records[i].file);
        if (g->row_tokens[i] > 0) /* no token at all, no block to walk in */
            tokens += g->row_tokens[i];
        joined += g->row_bytes[i];
    }
    return HEED_OK;
}

static heed_status clean_batch(batch_job *job, pool *threads, heed_cleaned_sink sink, void *user, heed_error *error)
{
    size_t groups = (job->count + GROUP_ROWS - 1) / GROUP_ROWS;
    pool_run(threads, groups, clean_group, job);
    heed_status status = HEED_OK;
    for (size_t i = 0; status == HEED_OK && i < groups; i++) {
        size_t first = i * GROUP_ROWS, rest = job->count - first;
        status = deliver_group(&job->groups[i], job->records + first, rest < GROUP_ROWS ? rest : GROUP_ROWS, sink, user,
                               error);
    }
    return status;
}

static heed_status run_batches(batch_job *job, record_batch *batch, heed_reader *reader, pool *threads,
                               heed_cleaned_sink sink, void *user, heed_error *error)
{
    for (;;) {
        heed_status filled = record_batch_fill(batch, reader, BATCH_ROWS, BATCH_BYTES, error);
        if (filled != HEED_OK)
            return filled == HEED_END ? HEED_OK : filled;
        job->records = record_batch_items(batch, &job->count);
        heed_status status = clean_batch(job, threads, sink, user, error);
        if (status != HEED_OK)
            return status;
    }
}

static void free_job(batch_job *job, unsigned workers)
{
    if (job == NULL)
        return;
    for (size_t i = 0; i < GROUPS; i++) {
        free(job->groups[i].tokens);
        buffer_release(&job->groups[i].joined);
    }
    for (unsigned i = 0; job->scratch != NULL && i < workers; i++)
        heed_tokens_free(job->scratch[i]);
    free(job->scratch);
    free(job);
}

static heed_status new_job(batch_job **out, const heed_cleaner *cleaner, unsigned workers, heed_error *error)
{
    batch_job *job = *out = memory_array(1, sizeof *job);
    if (job == NULL)
        return fail_memory(error, "cleaning rows");
    job->cleaner = cleaner;
    job->scratch = memory_array(workers, sizeof *job->scratch);
    heed_status status = job->scratch == NULL ? fail_memory(error, "cleaning rows") : HEED_OK;
    for (unsigned i = 0; status == HEED_OK && i < workers; i++)
        status = heed_tokens_new(&job->scratch[i], error);
    return status;
}

heed_status heed_clean_rows(heed_reader *reader, const heed_cleaner *cleaner, unsigned threads, heed_cleaned_sink sink,
                            void *user, heed_error *error)
{
    pool *workers = NULL;
    batch_job *job = NULL;
    record_batch *batch = NULL;
    heed_status status = pool_new(&workers, threads, error);
    if (status != HEED_OK)
        return status;
    status = new_job(&job, cleaner, pool_threads(workers), error);
    if (status != HEED_OK)
        goto done;
    status = record_batch_new(&batch, error);
    if (status == HEED_OK)
        status = run_batches(job, batch, reader, workers, sink, user, error);
done:
    record_batch_free(batch);
    free_job(job, pool_threads(workers));
    pool_free(workers);
    return status;
}
