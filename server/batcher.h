/* Requests become batches: workers, each with predictors of its own, take the texts that wait. Nobody waits for a batch
 * to fill: a lone text costs a third of a millisecond, so what comes while the workers are busy is the next batch. */
#ifndef SERVER_BATCHER_H
#define SERVER_BATCHER_H

#include "metrics.h"
#include "models.h"

enum { BATCH_MOST = 32 };

/* What a request wants; the batcher only borrows it. explain NULL: probabilities [count][labels]; otherwise
 * explanations [count], which are the caller's. */
typedef struct job {
    served_model *served;
    model_version *version;
    const heed_bytes *texts;
    size_t count; /* at least 1 */
    float *probabilities;
    const heed_explain_options *explain;
    heed_explanation **explanations;
    double deadline; /* of clock_seconds */
    heed_status status;
    heed_error error;

    size_t next, running; /* the batcher's own: texts given out, and those of them that are not done */
    struct job *after;
    pthread_cond_t done;
} job;

typedef enum job_end {
    JOB_DONE, /* job->status says how */
    JOB_FULL, /* too much is waiting already */
    JOB_LATE  /* its deadline came first */
} job_end;

typedef struct batcher batcher;

/* queue: texts that may wait; a job is taken on while they are fewer. */
heed_status batcher_new(batcher **out, unsigned workers, size_t queue, metrics *metrics, heed_error *error);
/* Runs a job and waits for its end. */
job_end batcher_run(batcher *b, job *j);
/* Gives up what waits, and takes on nothing more; what workers have at hand they still do. */
void batcher_cut(batcher *b);
/* Texts that wait. */
size_t batcher_depth(batcher *b);
/* No job may be running. */
void batcher_free(batcher *b);

#endif
