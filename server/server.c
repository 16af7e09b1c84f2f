#include "server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"
#include "handlers.h"
#include "notify.h"
#include "options/choices.h"

/* 0 on the command line means one for each processor. */
static unsigned worker_count(unsigned threads)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return threads > 0 ? threads : processors > 0 ? (unsigned)processors : 1;
}

static sigset_t signals_wanted(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

/* The signal that came within so many seconds, 0 if none did. */
static int signal_wait(double seconds)
{
    sigset_t set = signals_wanted();
    struct timespec timeout = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    int got = sigtimedwait(&set, NULL, &timeout);
    return got > 0 ? got : 0;
}

/* What --weights auto took, of each model. */
static void weights_print(const serving *s)
{
    for (size_t i = 0; i < s->models.count && s->models.options.weights == HEED_PRECISION_AUTO && !s->quiet; i++) {
        const served_model *m = &s->models.items[i];
        fprintf(stderr, "heed: model %s: --weights auto: %s\n", m->name, names_of(&weights_names, m->current->weights));
    }
}

static void models_reload(serving *s)
{
    notify_send("RELOADING=1");
    for (size_t i = 0; i < s->models.count; i++) {
        heed_error error = {""};
        served_model *m = &s->models.items[i];
        if (model_reload(m, &s->models.options, &error) == HEED_OK)
            fprintf(stderr, "heed: model %s reloaded\n", m->name);
        else
            fprintf(stderr, "heed: model %s was not reloaded, the old one is kept: %s\n", m->name, error.message);
    }
    weights_print(s);
    notify_send("READY=1");
}

/* Loads models on a thread of its own, so that signals are heard meanwhile. */
typedef struct reloader {
    serving *serving;
    pthread_t thread;
    bool started;         /* there is a thread to be joined */
    pthread_mutex_t lock; /* of what follows */
    bool running, again;
} reloader;

static bool reload_is_wanted(reloader *r)
{
    pthread_mutex_lock(&r->lock);
    const bool again = r->running = r->again;
    r->again = false;
    pthread_mutex_unlock(&r->lock);
    return again;
}

static void *reload_run(void *user)
{
    reloader *r = user;
    while (reload_is_wanted(r))
        models_reload(r->serving);
    return NULL;
}

static void reloader_end(reloader *r)
{
    if (r->started)
        pthread_join(r->thread, NULL);
    r->started = false;
}

static void reload_start(reloader *r)
{
    pthread_mutex_lock(&r->lock);
    const bool running = r->running;
    r->again = r->running = true;
    pthread_mutex_unlock(&r->lock);
    if (running)
        return;
    reloader_end(r);
    r->started = pthread_create(&r->thread, NULL, reload_run, r) == 0;
    if (!r->started)
        reload_run(r);
}

/* Handles signals until one asks for the end. */
static void signals_serve(reloader *r)
{
    double interval = notify_interval();
    for (;;) {
        int got = signal_wait(interval > 0 ? interval : 3600);
        if (got == SIGHUP)
            reload_start(r);
        else if (got != 0)
            return;
        if (interval > 0)
            notify_send("WATCHDOG=1");
    }
}

/* A second signal: do not wait any longer. */
static bool signal_hurries(void)
{
    int got = signal_wait(0);
    return got == SIGTERM || got == SIGINT;
}

static heed_status address_print(const serve_options *o, const serving *s, heed_error *error)
{
    bool six = strchr(o->address, ':') != NULL;
    if (printf("http://%s%s%s:%u\n", six ? "[" : "", o->address, six ? "]" : "", http_port(s->http)) < 0 ||
        fflush(stdout) != 0)
        return fail(error, HEED_FAILED, "standard output: cannot be written: %s", strerror(errno));
    return HEED_OK;
}

static heed_status serving_start(serving *s, const serve_options *o, heed_error *error)
{
    const unsigned workers = worker_count(o->threads), explainers = workers > 1 ? workers / 2 : 1;
    const model_options models = {
        .workers = workers, .explainers = explainers, .storage = o->storage, .weights = o->weights};
    const batcher_options predictions = {.workers = workers, .queue = o->queue},
                          explanations = {.workers = explainers, .queue = o->queue, .explains = true};
    const access_rules access = {.hosts = o->allow_hosts,
                                 .host_count = o->allow_host_count,
                                 .origins = o->origins,
                                 .origin_count = o->origin_count};
    const http_options http = {.address = o->address,
                               .port = (uint16_t)o->port,
                               .connections = o->connections,
                               .connections_each = o->connections_each,
                               .max_body = o->max_body,
                               .header_seconds = o->header_seconds,
                               .request_seconds = o->request_seconds,
                               .admit = request_admit,
                               .handle = request_answer,
                               .answered = request_answered,
                               .user = s};
    heed_status status;
    TRY(access_init(&s->access, &access, o->address, o->token_file, error));
    TRY(models_init(&s->models, o->models, o->model_count, &models, error));
    TRY(batcher_new(&s->predictions, &predictions, &s->metrics, error));
    TRY(batcher_new(&s->explanations, &explanations, &s->metrics, error));
    status = http_start(&s->http, &http, error);
done:
    return status;
}

/* user: NULL if nobody waits for an answer. Work stops soon after it is told to. Where it does not, the process ends
 * all the same: nothing that a request or a reload does holds it up. */
static void *end_for_sure(void *user)
{
    const struct timespec patience = {.tv_nsec = 800000000};
    nanosleep(&patience, NULL);
    if (user == NULL) /* all were answered; only memory is still to be given back */
        _exit(HEED_OK);
    fprintf(stderr, "heed: ended in the midst of work that did not stop\n");
    _exit(HEED_FAILED);
}

static void serving_end(serving *s, const serve_options *o)
{
    pthread_t guard;
    notify_send("STOPPING=1");
    s->draining = true;
    if (!o->quiet)
        fprintf(stderr, "heed: shutting down, %zu connections are open\n", http_connections(s->http));
    const bool done = http_drain(s->http, o->drain_seconds, signal_hurries);
    if (pthread_create(&guard, NULL, end_for_sure, done ? NULL : s) == 0)
        pthread_detach(guard);
    if (!done)
        fprintf(stderr, "heed: %zu connections were closed without an answer\n", http_connections(s->http));
    batcher_cancel(s->predictions);
    batcher_cancel(s->explanations);
}

heed_status server_run(const serve_options *o, heed_error *error)
{
    serving s = {.max_texts = o->max_texts,
                 .max_cost = o->max_cost,
                 .queue = o->queue,
                 .connections = o->connections,
                 .began = (double)time(NULL),
                 .quiet = o->quiet};
    reloader reloads = {.serving = &s, .lock = PTHREAD_MUTEX_INITIALIZER};
    sigset_t wanted = signals_wanted(), before;
    pthread_sigmask(SIG_BLOCK, &wanted, &before); /* before threads are started: they inherit it */
    heed_status status = serving_start(&s, o, error);
    if (status == HEED_OK) {
        weights_print(&s);
        status = address_print(o, &s, error);
    }
    if (status == HEED_OK) {
        notify_send("READY=1");
        signals_serve(&reloads);
        serving_end(&s, o);
    }
    reloader_end(&reloads);
    http_free(s.http);
    batcher_free(s.predictions);
    batcher_free(s.explanations);
    models_release(&s.models);
    access_release(&s.access);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}
