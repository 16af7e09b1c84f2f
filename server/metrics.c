#include "metrics.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/writer.h"

static const unsigned statuses[STATUS_COUNT] = {200, 204, 400, 401, 403, 404, 405, 408, 411, 413,
                                                414, 415, 417, 421, 422, 429, 431, 500, 503, 504};
static const double seconds_bounds[BUCKET_COUNT] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                    0.05,   0.1,   0.25,   0.5,   1,    10};
static const double batch_bounds[BATCH_BUCKETS] = {1, 2, 4, 8, 16, 32};

static void histogram_add(histogram *h, const double *bounds, size_t count, double value, unsigned long long sum)
{
    size_t i = 0;
    while (i < count && value > bounds[i])
        i++;
    h->bucket[i]++;
    h->sum += sum;
}

void metrics_request(metrics *m, route route, unsigned status, double seconds)
{
    size_t i = 0;
    while (i < STATUS_COUNT && statuses[i] != status)
        i++;
    m->requests[route][i]++;
    histogram_add(&m->latency[route], seconds_bounds, BUCKET_COUNT, seconds, (unsigned long long)(1e6 * seconds));
}

void metrics_batch(metrics *m, size_t texts)
{
    histogram_add(&m->batch, batch_bounds, BATCH_BUCKETS, (double)texts, texts);
}

static void heading_write(writer *out, const char *name, const char *type, const char *help)
{
    writer_print(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A label's value: Prometheus escapes \ " and LF. */
static void value_write(writer *out, const char *text)
{
    writer_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '\\' || *text == '"' || *text == '\n')
            writer_byte(out, '\\');
        writer_byte(out, *text == '\n' ? 'n' : *text);
    }
    writer_byte(out, '"');
}

/* labels: `route="/",` or nothing. */
static void histogram_write(writer *out, const char *name, const char *labels, const histogram *h, const double *bounds,
                            size_t count, double unit)
{
    unsigned long long below = 0;
    for (size_t i = 0; i <= count; i++) {
        below += h->bucket[i];
        if (i < count)
            writer_print(out, "%s_bucket{%sle=\"%g\"} %llu\n", name, labels, bounds[i], below);
        else
            writer_print(out, "%s_bucket{%sle=\"+Inf\"} %llu\n", name, labels, below);
    }
    char braces[80] = "";
    if (*labels != '\0') /* without the comma */
        snprintf(braces, sizeof braces, "{%.*s}", (int)bytes_of(labels).size - 1, labels);
    writer_print(out, "%s_sum%s %.9g\n%s_count%s %llu\n", name, braces, (double)h->sum * unit, name, braces, below);
}

static void requests_write(const metrics *m, writer *out)
{
    heading_write(out, "heed_requests_total", "counter", "Requests by route and status.");
    for (int r = 0; r < ROUTE_COUNT; r++)
        for (size_t s = 0; s <= STATUS_COUNT; s++) {
            if (m->requests[r][s] == 0)
                continue;
            char status[8] = "other";
            if (s < STATUS_COUNT)
                snprintf(status, sizeof status, "%u", statuses[s]);
            writer_print(out, "heed_requests_total{route=\"%s\",status=\"%s\"} %llu\n", route_label((route)r), status,
                         (unsigned long long)m->requests[r][s]);
        }
    heading_write(out, "heed_request_seconds", "histogram", "From a request's headers to its answer.");
    for (int r = 0; r < ROUTE_COUNT; r++) {
        char labels[64];
        bool any = false;
        for (size_t i = 0; i <= BUCKET_COUNT; i++)
            any |= m->latency[r].bucket[i] > 0;
        snprintf(labels, sizeof labels, "route=\"%s\",", route_label((route)r));
        if (any)
            histogram_write(out, "heed_request_seconds", labels, &m->latency[r], seconds_bounds, BUCKET_COUNT, 1e-6);
    }
    heading_write(out, "heed_batch_texts", "histogram", "Texts per batch of a worker.");
    histogram_write(out, "heed_batch_texts", "", &m->batch, batch_bounds, BATCH_BUCKETS, 1);
}

static void count_write(writer *out, const char *name, const char *model, unsigned long long count)
{
    writer_print(out, "%s{model=\"%s\"} %llu\n", name, model, count); /* its characters need no escapes */
}

typedef struct model_counter {
    const char *name, *help;
    size_t offset; /* of an atomic_ullong in served_model */
} model_counter;

static void models_write(writer *out, const model_set *models)
{
    static const model_counter counters[] = {
        {"heed_texts_total", "Texts that were read.", offsetof(served_model, texts)},
        {"heed_texts_truncated_total", "Texts cut to the model's maximum length.", offsetof(served_model, cut)},
        {"heed_tokens_total", "Tokens of the texts.", offsetof(served_model, tokens)},
        {"heed_tokens_unknown_total", "Tokens that the model does not know.", offsetof(served_model, unknown)},
        {"heed_model_reloads_total", "Reloads that replaced the model.", offsetof(served_model, reloads)},
        {"heed_model_reload_failures_total", "Reloads that left the old model.", offsetof(served_model, failures)},
    };
    for (size_t c = 0; c < sizeof counters / sizeof *counters; c++) {
        heading_write(out, counters[c].name, "counter", counters[c].help);
        for (size_t i = 0; i < models->count; i++) {
            const char *at = (const char *)&models->items[i] + counters[c].offset;
            count_write(out, counters[c].name, models->items[i].name, *(const atomic_ullong *)(const void *)at);
        }
    }
    heading_write(out, "heed_predicted_total", "counter", "Texts that got a label.");
    for (size_t i = 0; i < models->count; i++) {
        model_version *v = model_get(&models->items[i]);
        for (size_t label = 0; label < v->label_count; label++) {
            writer_print(out, "heed_predicted_total{model=\"%s\",label=", models->items[i].name);
            value_write(out, v->labels[label]);
            writer_print(out, "} %llu\n", (unsigned long long)v->predicted[label]);
        }
        model_put(v);
    }
}

/* ---- the process */

static void gauge_write(writer *out, const char *name, const char *type, const char *help, double value)
{
    heading_write(out, name, type, help);
    writer_print(out, "%s %.15g\n", name, value);
}

static double open_descriptors(void)
{
    double count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        return NAN;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 3; /* "." and "..", and that of the folder */
}

/* As Prometheus's own client libraries call them. What the system does not tell is NaN. */
static void process_write(writer *out, double began)
{
    struct rusage used = {0};
    struct rlimit most = {0};
    unsigned long pages = 0, resident = 0;
    FILE *memory = fopen("/proc/self/statm", "r");
    const bool known = memory != NULL && fscanf(memory, "%lu %lu", &pages, &resident) == 2;
    const double page = (double)sysconf(_SC_PAGESIZE);
    if (memory != NULL)
        fclose(memory);
    getrusage(RUSAGE_SELF, &used);
    getrlimit(RLIMIT_NOFILE, &most);
    gauge_write(out, "process_cpu_seconds_total", "counter", "Processor time of user and system.",
                (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
                    1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec));
    gauge_write(out, "process_resident_memory_bytes", "gauge", "Resident memory.",
                known ? page * (double)resident : NAN);
    gauge_write(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.", known ? page * (double)pages : NAN);
    gauge_write(out, "process_open_fds", "gauge", "Open file descriptors.", open_descriptors());
    gauge_write(out, "process_max_fds", "gauge", "Largest number of them.", (double)most.rlim_cur);
    gauge_write(out, "process_start_time_seconds", "gauge", "Start of the process since 1970.", began);
}

static void infos_write(writer *out, const model_set *models)
{
    heading_write(out, "heed_build_info", "gauge", "The version of heed.");
    writer_print(out, "heed_build_info{version=\"%s\"} 1\n", heed_version());
    heading_write(out, "heed_model_info", "gauge", "The models that are served.");
    for (size_t i = 0; i < models->count; i++) {
        model_version *v = model_get(&models->items[i]);
        writer_print(out, "heed_model_info{model=\"%s\",version=\"%u\",architecture=", models->items[i].name,
                     v->number);
        value_write(out, heed_model_describe(v->model)->architecture);
        writer_text(out, "} 1\n");
        model_put(v);
    }
}

void metrics_write(const metrics *m, writer *out, const model_set *models, server_gauges now)
{
    requests_write(m, out);
    models_write(out, models);
    infos_write(out, models);
    gauge_write(out, "heed_queue_texts", "gauge", "Texts that wait for a worker.", (double)now.waiting_texts);
    gauge_write(out, "heed_queue_explanations", "gauge", "Texts that wait to be explained.",
                (double)now.waiting_explanations);
    gauge_write(out, "heed_connections", "gauge", "Open connections.", (double)now.connections);
    process_write(out, now.began);
}
