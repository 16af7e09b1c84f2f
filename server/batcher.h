/* Requests become batches: workers, each with predictors or explainers of its own, take the texts that wait. Nobody
 * waits for a batch to fill: a single text takes a third of a millisecond, so what comes while the workers are busy is
 * the next batch. The server has one batcher for predictions and one for explanations, so that neither waits for the
 * other. */
#ifndef SERVER_BATCHER_H
#define SERVER_BATCHER_H

#include <netinet/in.h>

#include "metrics.h"
#include "models.h"

enum { MAX_BATCH = 32 };

/* The texts of a request and the place of their results; the batcher only borrows it. explain NULL: probabilities
 * [count][labels]; otherwise explanations [count], which are the caller's to release. */
typedef struct job {
    served_model *served;
    model_version *version;
    const heed_bytes *texts;
    size_t count; /* at least 1 */
    float *probabilities;
    const heed_explain_options *explain;
    heed_explanation **explanations;
    bool counts; /* its tokens are wanted: then it shares no batch with others */
    uint64_t tokens;
    struct in6_addr client; /* who asks */
    double deadline;        /* of clock_seconds */
    heed_status status;
    heed_error error;

    /* The batcher's own: texts that workers were given, and those of them that are not done; finished: neither is left,
     * and its last worker is about to tell. */
    size_t given, running;
    bool finished;
    struct job *next;
    struct job_end {
        pthread_mutex_t lock; /* of told: who waits for one job does not wait for the lock of all */
        pthread_cond_t tell;
        bool told;
    } end;
} job;

typedef enum job_result {
    JOB_DONE,    /* see job->status */
    JOB_FULL,    /* too many texts of its client are waiting already */
    JOB_TIMEOUT, /* its deadline passed */
    JOB_CANCELLED
} job_result;

typedef struct batcher_options {
    unsigned workers;
    size_t queue;  /* how many texts of one client may wait; a job is accepted while fewer do, so that nobody fills it
                      for  others. How many clients there are is bounded by the connections */
    bool explains; /* its workers make explanations, at a lower priority than others; else predictions */
} batcher_options;

typedef struct batcher batcher;

heed_status batcher_new(batcher **out, const batcher_options *options, metrics *metrics, heed_error *error);
/* Runs a job and waits for its end, at most shortly after its deadline: workers stop what they have begun of it. */
job_result batcher_run(batcher *b, job *j);
/* Ends all jobs, those that workers have too, and accepts no more. */
void batcher_cancel(batcher *b);
/* Texts that wait. */
size_t batcher_depth(batcher *b);
/* No job may be running. */
void batcher_free(batcher *b);

#endif
