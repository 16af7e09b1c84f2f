#include "batcher.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/status.h"

typedef struct worker {
    struct batcher *batcher;
    unsigned number;
    pthread_t thread;
    float *probabilities; /* of a job_batch */
    size_t capacity;
} worker;

struct batcher {
    worker *workers;
    batcher_options options;
    unsigned started;
    metrics *metrics;
    atomic_bool cancelled;
    pthread_mutex_t lock; /* of what follows, and of every job's own part */
    pthread_cond_t work_ready;
    job *first, **last; /* the jobs with texts that no worker has */
    size_t waiting;     /* texts */
    unsigned idle;      /* workers that wait */
    bool ending;
};

/* Consecutive texts of a job. */
typedef struct job_slice {
    job *job;
    size_t first, count;
} job_slice;

typedef struct job_batch {
    job_slice slices[MAX_BATCH];
    heed_bytes texts[MAX_BATCH];
    size_t slice_count, count;
} job_batch;

/* ---------------------------------------------------------------- the queue */

static void queue_append(batcher *b, job *j)
{
    j->next = NULL;
    *b->last = j;
    b->last = &j->next;
}

static void queue_remove(batcher *b, job *j)
{
    job **at = &b->first;
    while (*at != NULL && *at != j)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = j->next;
    if (b->last == &j->next)
        b->last = at;
}

static bool same_client(const job *a, const job *b)
{
    return memcmp(&a->client, &b->client, sizeof a->client) == 0;
}

/* Texts of a job's client that wait. */
static size_t client_waiting(const batcher *b, const job *j)
{
    size_t waiting = 0;
    for (const job *other = b->first; other != NULL; other = other->next)
        waiting += same_client(other, j) ? other->count - other->given : 0;
    return waiting;
}

/* Takes texts of one model version, in the order of the jobs. What waits is divided among the workers; a job with more
 * texts than fit goes to the end of the queue. */
static void batch_take(job_batch *taken, batcher *b)
{
    job *lead = b->first, *next, *rest = NULL;
    size_t max = b->options.explains ? 1 : (b->waiting + b->options.workers - 1) / b->options.workers;
    max = max > MAX_BATCH ? MAX_BATCH : max;
    taken->slice_count = taken->count = 0;
    for (job *j = lead; j != NULL && taken->count < max; j = next) {
        size_t left = j->count - j->given, room = max - taken->count;
        next = j->next;
        if (j != lead && (j->version != lead->version || j->counts || lead->counts))
            continue;
        size_t count = left < room ? left : room;
        taken->slices[taken->slice_count++] = (job_slice){j, j->given, count};
        for (size_t i = 0; i < count; i++)
            taken->texts[taken->count++] = j->texts[j->given + i];
        j->given += count;
        j->running += count;
        queue_remove(b, j);
        rest = count < left ? j : rest;
    }
    if (rest != NULL)
        queue_append(b, rest);
    b->waiting -= taken->count;
}

/* ---------------------------------------------------------------- work */

static void counts_add(served_model *m, heed_predictor_counts before, heed_predictor_counts after)
{
    m->texts += after.texts - before.texts;
    m->cut += after.cut - before.cut;
    m->tokens += after.tokens - before.tokens;
    m->unknown += after.unknown - before.unknown;
}

static bool job_is_late(const job *j)
{
    return clock_seconds() >= j->deadline;
}

/* While the texts of a batch are computed. */
typedef struct batch_watch {
    const batcher *batcher;
    double deadline; /* the first of its jobs */
} batch_watch;

static batch_watch watch_of(const batcher *b, const job_batch *taken)
{
    batch_watch watch = {b, taken->slices[0].job->deadline};
    for (size_t i = 1; i < taken->slice_count; i++)
        watch.deadline = fmin(watch.deadline, taken->slices[i].job->deadline);
    return watch;
}

/* heed_predictor_watch: stops if the server does, or as soon as one of the jobs is late; others of its batch are then
 * computed by themselves. */
static bool batch_is_late(void *user)
{
    const batch_watch *watch = user;
    return watch->batcher->cancelled || clock_seconds() >= watch->deadline;
}

static void lead_count(batcher *b, job *lead, uint64_t tokens)
{
    pthread_mutex_lock(&b->lock);
    lead->tokens += tokens;
    pthread_mutex_unlock(&b->lock);
}

static heed_status batch_predict(worker *w, const job_batch *taken, heed_error *error)
{
    const job *lead = taken->slices[0].job;
    heed_predictor *predictor = lead->version->predictors[w->number];
    size_t labels = lead->version->label_count, size = taken->count * labels;
    if (size > w->capacity) {
        float *larger = realloc(w->probabilities, size * sizeof *larger);
        if (larger == NULL)
            return fail_memory(error, "the answers");
        w->probabilities = larger;
        w->capacity = size;
    }
    batch_watch watch = watch_of(w->batcher, taken);
    const double began = clock_seconds();
    heed_predictor_counts before = *heed_predictor_describe(predictor);
    heed_predictor_watch(predictor, batch_is_late, &watch);
    heed_status status = heed_predictor_run(w->probabilities, predictor, taken->texts, taken->count, error);
    if (status == HEED_OK) {
        const heed_predictor_counts after = *heed_predictor_describe(predictor);
        counts_add(lead->served, before, after);
        if (lead->counts)
            lead_count(w->batcher, taken->slices[0].job, after.tokens - before.tokens);
        duration_add(&lead->served->compute, clock_seconds() - began);
        lead->served->last_inference = (unsigned long long)time(NULL) * 1000;
    }
    const float *from = w->probabilities;
    for (size_t i = 0; i < taken->slice_count && status == HEED_OK; i++) {
        const job_slice *p = &taken->slices[i];
        memcpy(p->job->probabilities + p->first * labels, from, p->count * labels * sizeof *from);
        from += p->count * labels;
    }
    return status;
}

/* The worker's explainer of a version, made when it first has a text of it. */
static heed_status explainer_of(heed_explainer **out, const worker *w, const job *j, heed_error *error)
{
    heed_explain_options options = *j->explain;
    heed_explainer **own = &j->version->explainers[w->number];
    options.threads = 1;
    heed_status status = *own == NULL ? heed_explainer_new(own, j->version->model, &options, error)
                                      : heed_explainer_set(*own, &options, error);
    *out = *own;
    return status;
}

static heed_status batch_explain(worker *w, const job_batch *taken, heed_error *error)
{
    const job_slice *p = &taken->slices[0]; /* of one text */
    const job *j = p->job;
    batch_watch watch = watch_of(w->batcher, taken);
    heed_explainer *explainer = NULL;
    heed_status status = explainer_of(&explainer, w, j, error);
    if (status != HEED_OK)
        return status;
    heed_explainer_watch(explainer, batch_is_late, &watch);
    return heed_explainer_run(&j->explanations[p->first], explainer, j->texts[p->first], error);
}

/* Tells the thread that waits for a job; from then on the job is gone. */
static void job_tell(job *j)
{
    pthread_mutex_lock(&j->end.lock);
    j->end.told = true;
    pthread_cond_signal(&j->end.tell);
    pthread_mutex_unlock(&j->end.lock);
}

static void job_finish(job *j)
{
    j->finished = j->running == 0 && j->given == j->count;
}

/* Notes the end of a batch, under the lock of all jobs, and then tells those whose jobs are finished, without it. */
static void batch_end(batcher *b, const job_batch *taken, heed_status status, const heed_error *error)
{
    job *finished[MAX_BATCH];
    size_t count = 0;
    pthread_mutex_lock(&b->lock);
    for (size_t i = 0; i < taken->slice_count; i++) {
        job *j = taken->slices[i].job;
        if (status != HEED_OK && j->status == HEED_OK) {
            j->status = status;
            j->error = *error;
        }
        j->running -= taken->slices[i].count;
        if (j->status != HEED_OK && j->given < j->count) { /* the rest of it is not needed any more */
            queue_remove(b, j);
            b->waiting -= j->count - j->given;
            j->given = j->count;
        }
        job_finish(j);
        if (j->finished)
            finished[count++] = j;
    }
    pthread_mutex_unlock(&b->lock);
    for (size_t i = 0; i < count; i++)
        job_tell(finished[i]);
}

/* A text that has no answer, or that is late, is no failure of the other requests in its batch: each gets its own
 * answer. */
static void slices_predict(worker *w, const job_batch *taken)
{
    const heed_bytes *texts = taken->texts;
    for (size_t i = 0; i < taken->slice_count; i++) {
        heed_error error = {""};
        job_batch one = {.slices = {taken->slices[i]}, .slice_count = 1, .count = taken->slices[i].count};
        memcpy(one.texts, texts, one.count * sizeof *texts);
        texts += one.count;
        heed_status status = job_is_late(one.slices[0].job) ? HEED_STOPPED : batch_predict(w, &one, &error);
        batch_end(w->batcher, &one, status, &error);
    }
}

/* Predictions, which are short, come first where there are fewer processors than threads. Where this is not allowed,
 * they share. */
static void priority_lower(void)
{
    enum { NICER = 10 };
    setpriority(PRIO_PROCESS, (id_t)gettid(), NICER);
}

static void *worker_run(void *user)
{
    worker *w = user;
    batcher *b = w->batcher;
    job_batch taken;
    if (b->options.explains)
        priority_lower();
    pthread_mutex_lock(&b->lock);
    for (;;) {
        b->idle++;
        while (b->first == NULL && !b->ending)
            pthread_cond_wait(&b->work_ready, &b->lock);
        b->idle--;
        if (b->first == NULL)
            break;
        heed_error error = {""};
        batch_take(&taken, b);
        pthread_mutex_unlock(&b->lock);
        heed_status status = (b->options.explains ? batch_explain : batch_predict)(w, &taken, &error);
        if (!b->options.explains)
            metrics_batch(b->metrics, taken.count);
        bool apart = (status == HEED_BAD_DATA || status == HEED_STOPPED) && taken.slice_count > 1;
        if (apart)
            slices_predict(w, &taken);
        else
            batch_end(b, &taken, status, &error);
        pthread_mutex_lock(&b->lock);
    }
    pthread_mutex_unlock(&b->lock);
    return NULL;
}

/* ---------------------------------------------------------------- jobs */

static struct timespec timespec_of(double seconds)
{
    return (struct timespec){(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)};
}

/* Whether the job's end was told before its deadline; deadline NULL: waits for it. */
static bool told_by(job *j, const struct timespec *deadline)
{
    int problem = 0;
    pthread_mutex_lock(&j->end.lock);
    while (!j->end.told && problem == 0)
        problem = deadline != NULL ? pthread_cond_timedwait(&j->end.tell, &j->end.lock, deadline)
                                   : pthread_cond_wait(&j->end.tell, &j->end.lock);
    const bool told = j->end.told;
    pthread_mutex_unlock(&j->end.lock);
    return told;
}

/* A late job is taken out of the queue, but the texts that workers already have are waited for: they write to it. They
 * stop soon. */
static job_result job_wait(batcher *b, job *j)
{
    const struct timespec deadline = timespec_of(j->deadline);
    const bool late = !told_by(j, &deadline);
    if (late) {
        pthread_mutex_lock(&b->lock);
        if (j->given < j->count) {
            queue_remove(b, j);
            b->waiting -= j->count - j->given;
            j->given = j->count;
        }
        const bool held = j->running > 0 || j->finished; /* by a worker, which will tell */
        pthread_mutex_unlock(&b->lock);
        if (held)
            told_by(j, NULL);
    }
    return b->cancelled ? JOB_CANCELLED : late || j->status == HEED_STOPPED ? JOB_TIMEOUT : JOB_DONE;
}

static void job_end_init(struct job_end *end)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&end->tell, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&end->lock, NULL);
    end->told = false;
}

job_result batcher_run(batcher *b, job *j)
{
    job_end_init(&j->end);
    pthread_mutex_lock(&b->lock);
    const bool cancelled = b->cancelled, accepted = !cancelled && client_waiting(b, j) < b->options.queue;
    if (accepted) {
        queue_append(b, j);
        b->waiting += j->count;
        for (unsigned i = 0; i < b->idle && i < j->count; i++)
            pthread_cond_signal(&b->work_ready);
    }
    pthread_mutex_unlock(&b->lock);
    const job_result result = accepted ? job_wait(b, j) : cancelled ? JOB_CANCELLED : JOB_FULL;
    pthread_cond_destroy(&j->end.tell);
    pthread_mutex_destroy(&j->end.lock);
    return result;
}

void batcher_cancel(batcher *b)
{
    pthread_mutex_lock(&b->lock);
    b->cancelled = true;
    while (b->first != NULL) {
        job *j = b->first;
        queue_remove(b, j);
        b->waiting -= j->count - j->given;
        j->given = j->count;
        job_finish(j);
        if (j->finished)
            job_tell(j);
    }
    pthread_mutex_unlock(&b->lock);
}

size_t batcher_depth(batcher *b)
{
    pthread_mutex_lock(&b->lock);
    size_t waiting = b->waiting;
    pthread_mutex_unlock(&b->lock);
    return waiting;
}

heed_status batcher_new(batcher **out, const batcher_options *options, metrics *metrics, heed_error *error)
{
    const unsigned workers = options->workers;
    *out = NULL;
    batcher *b = calloc(1, sizeof *b);
    if (b == NULL)
        return fail_memory(error, "the workers");
    b->options = *options;
    b->metrics = metrics;
    b->last = &b->first;
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->work_ready, NULL);
    b->workers = calloc(workers, sizeof *b->workers);
    for (; b->workers != NULL && b->started < workers; b->started++) {
        worker *w = &b->workers[b->started];
        *w = (worker){.batcher = b, .number = b->started};
        if (pthread_create(&w->thread, NULL, worker_run, w) != 0)
            break;
    }
    if (b->started == workers) {
        *out = b;
        return HEED_OK;
    }
    batcher_free(b);
    return fail(error, HEED_FAILED, "%u threads cannot be started", workers);
}

void batcher_free(batcher *b)
{
    if (b == NULL)
        return;
    pthread_mutex_lock(&b->lock);
    b->ending = true;
    pthread_cond_broadcast(&b->work_ready);
    pthread_mutex_unlock(&b->lock);
    for (unsigned i = 0; i < b->started; i++) {
        pthread_join(b->workers[i].thread, NULL);
        free(b->workers[i].probabilities);
    }
    pthread_cond_destroy(&b->work_ready);
    pthread_mutex_destroy(&b->lock);
    free(b->workers);
    free(b);
}
