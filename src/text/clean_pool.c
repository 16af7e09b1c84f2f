/* Batches of records are read, cleaned and prepared on all threads, and taken in order. While a batch is prepared, the
 * calling thread takes the one before it, if allowed, and reads the one after it, as far as it need not wait: the
 * writer of a pipe may be waiting for an answer. */
#include "text/clean_pool.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "rows/record_batch.h"

enum { BATCH_ROWS = ROW_SLOTS / 2, BATCH_BYTES = 512 << 10, GROUP_ROWS = 4, GROUPS = BATCH_ROWS / GROUP_ROWS };

/* Some consecutive rows, which one thread prepares. */
typedef struct group {
    heed_status status;
    heed_error error;
} group;

typedef struct row_batch {
    size_t first_slot;
    record_batch *records;
    const heed_record *record; /* [count] */
    size_t count;
    heed_status filled; /* of reading it */
    heed_error why;
    group groups[GROUPS];
    bool read, prepared; /* and not yet taken */
} row_batch;

typedef struct row_job {
    heed_reader *reader;
    const heed_cleaner *cleaner;
    const clean_pool *work;
    row_batch batches[2];
    row_batch *now, *other; /* is being prepared now */
    row_scratch *scratch;   /* one per worker */
    heed_status status;     /* of taking */
    heed_error error;
} row_job;

static heed_status prepare_rows(const row_job *job, size_t first, row_scratch *scratch, heed_error *error)
{
    const row_batch *b = job->now;
    const clean_pool *work = job->work;
    heed_status status = HEED_OK;
    for (size_t i = first; i < first + GROUP_ROWS && i < b->count; i++) {
        TRY(heed_cleaner_run(scratch->cleaned, job->cleaner, b->record[i].text, error));
        TRY(work->prepare(work->user, b->first_slot + i, &b->record[i], scratch, error));
    }
done:
    return status;
}

static void prepare_group(void *context, size_t task, unsigned worker)
{
    row_job *job = context;
    group *g = &job->now->groups[task];
    g->status = prepare_rows(job, task * GROUP_ROWS, &job->scratch[worker], &g->error);
}

static void read_batch(row_job *job, row_batch *b)
{
    record_batch_follow(b->records, (b == job->now ? job->other : job->now)->records);
    b->filled = record_batch_fill(b->records, job->reader, BATCH_ROWS, BATCH_BYTES, &b->why);
    b->record = record_batch_items(b->records, &b->count);
    b->read = true;
}

static heed_status take_rows(const row_job *job, const row_batch *b, heed_error *error)
{
    const clean_pool *work = job->work;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < b->count; i++) {
        const group *g = &b->groups[i / GROUP_ROWS];
        if (g->status != HEED_OK)
            return fail(error, g->status, "%s", g->error.message);
        TRY(work->take(work->user, b->first_slot + i, &b->record[i], error));
    }
done:
    return status;
}

/* Takes a prepared batch, unless taking has failed before. */
static void take_batch(row_job *job, row_batch *b)
{
    if (b->prepared && job->status == HEED_OK)
        job->status = take_rows(job, b, &job->error);
    b->prepared = false;
}

static void work_beside(void *context)
{
    row_job *job = context;
    take_batch(job, job->other);
    if (job->status == HEED_OK && heed_reader_ready(job->reader))
        read_batch(job, job->other);
}

/* Prepares the current batch; meanwhile the other one is taken, and maybe refilled. */
static void run_batch(row_job *job, pool *threads)
{
    row_batch *b = job->now;
    b->read = false;
    pool_run_beside(threads, (b->count + GROUP_ROWS - 1) / GROUP_ROWS, prepare_group, job, work_beside, job);
    b->prepared = true;
    if (!job->work->take_beside || !job->other->read)
        take_batch(job, b);
    job->now = job->other;
    job->other = b;
}

/* Reads the next batch unless that was done; false if there is none. */
static bool has_batch(row_job *job)
{
    if (!job->now->read)
        read_batch(job, job->now);
    return job->now->filled == HEED_OK;
}

static heed_status run_batches(row_job *job, pool *threads, heed_error *error)
{
    while (job->status == HEED_OK && has_batch(job))
        run_batch(job, threads);
    take_batch(job, job->other);
    if (job->status != HEED_OK)
        return fail(error, job->status, "%s", job->error.message);
    return job->now->filled == HEED_END ? HEED_OK : fail(error, job->now->filled, "%s", job->now->why.message);
}

static void free_job(row_job *job, unsigned workers)
{
    if (job == NULL)
        return;
    for (unsigned i = 0; job->scratch != NULL && i < workers; i++) {
        heed_tokens_free(job->scratch[i].cleaned);
        heed_tokens_free(job->scratch[i].spare);
        if (job->work->free_own != NULL)
            job->work->free_own(job->scratch[i].own);
    }
    free(job->scratch);
    for (unsigned i = 0; i < 2; i++)
        record_batch_free(job->batches[i].records);
    free(job);
}

static heed_status new_job(row_job **out, heed_reader *reader, const heed_cleaner *cleaner, const clean_pool *work,
                           unsigned workers, heed_error *error)
{
    heed_status status = HEED_OK;
    row_scratch *scratch = memory_array(workers, sizeof *scratch);
    row_job *job = *out = memory_array(1, sizeof *job);
    if (job == NULL || scratch == NULL) {
        free(scratch);
        return fail_memory(error, "cleaning rows");
    }
    *job = (row_job){.reader = reader, .cleaner = cleaner, .work = work, .scratch = scratch};
    for (unsigned i = 0; i < workers; i++) {
        TRY(heed_tokens_new(&scratch[i].cleaned, error));
        TRY(heed_tokens_new(&scratch[i].spare, error));
    }
    for (unsigned i = 0; i < 2; i++) {
        job->batches[i].first_slot = i * BATCH_ROWS;
        TRY(record_batch_new(&job->batches[i].records, error));
    }
    job->now = &job->batches[0];
    job->other = &job->batches[1];
done:
    return status;
}

heed_status clean_pool_run(heed_reader *reader, const heed_cleaner *cleaner, unsigned threads, const clean_pool *work,
                           heed_error *error)
{
    pool *workers = NULL;
    row_job *job = NULL;
    heed_status status;
    TRY(pool_new(&workers, threads, error));
    TRY(new_job(&job, reader, cleaner, work, pool_threads(workers), error));
    status = run_batches(job, workers, error);
done:
    free_job(job, workers == NULL ? 0 : pool_threads(workers));
    pool_free(workers);
    return status;
}
