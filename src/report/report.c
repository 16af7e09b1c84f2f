#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/status.h"
#include "options/row_path.h"
#include "options/option_structs.h"

const names report_picture_names =
    NAMES("confusion", "roc", "precision-recall", "reliability", "scores", "labels", "lengths", "training", "graph");

void report_picture_file(char out[REPORT_FILE_NAME], unsigned picture)
{
    snprintf(out, REPORT_FILE_NAME, "pictures/%s.svg", names_of(&report_picture_names, picture));
}

static bool same_labels(const heed_model *m, const heed_evaluation *e)
{
    bool same = e->label_count == m->config.labels.count &&
                evaluation_is_multilabel(e) == (m->config.labels.task == HEED_TASK_MULTILABEL);
    for (size_t i = 0; same && i < e->label_count; i++)
        same = bytes_same(evaluation_name(e, i), bytes_of(m->labels[i]));
    return same;
}

static heed_status check_arguments(const heed_model *m, const heed_evaluation *e, const heed_report_options *o,
                                   heed_error *error)
{
    if (o->folder == NULL || o->folder[0] == '\0')
        return fail(error, HEED_USAGE, "report: no folder is given, expected one to write to");
    if (!same_labels(m, e))
        return fail(error, HEED_USAGE, "report: the evaluation has %zu labels, expected the model's %u, in its order",
                    e->label_count, m->config.labels.count);
    return e->rows == 0 ? HEED_OK
                        : fail(error, HEED_USAGE, "report: the evaluation has %zu rows, expected none yet", e->rows);
}

/* The whole path if it ends in a slash. */
static char *name_of(const char *path)
{
    const char *name = path_name(path);
    return memory_copy(name[0] != '\0' ? name : path, strlen(name[0] != '\0' ? name : path));
}

static heed_status copy_options(heed_report *r, const heed_report_options *o, heed_error *error)
{
    r->folder = memory_copy(o->folder, strlen(o->folder));
    r->model_name = name_of(o->model_file != NULL ? o->model_file : "");
    r->files = memory_array(o->file_count, sizeof *r->files);
    bool fine = r->folder != NULL && r->model_name != NULL && r->files != NULL;
    for (; fine && r->file_count < o->file_count; r->file_count++) {
        const char *path = o->files[r->file_count];
        char *file = row_path_file(path);
        if (file != NULL)
            r->files[r->file_count] = name_of(strcmp(file, "-") == 0 ? "standard input" : file);
        free(file);
        fine = r->files[r->file_count] != NULL;
    }
    return fine ? HEED_OK : fail_memory(error, "a report");
}

/* Without what comes before <svg, which names a document type on a network. */
static heed_status copy_graph(writer *out, const char *svg, heed_error *error)
{
    const char *begin = svg != NULL ? strstr(svg, "<svg") : NULL;
    if (begin != NULL)
        writer_text(out, begin);
    return writer_check(out, error);
}

static heed_status make_workers(heed_report *r, unsigned threads, heed_error *error)
{
    heed_status status;
    TRY(pool_new(&r->pool, threads, error));
    r->workers = memory_array(pool_threads(r->pool), sizeof *r->workers);
    if (r->workers == NULL)
        return fail_memory(error, "a report");
    for (unsigned i = 0; i < pool_threads(r->pool); i++)
        TRY(token_map_init(&r->workers[i].map, error));
done:
    return status;
}

heed_status heed_report_new(heed_report **out, const heed_model *model, const heed_evaluation *evaluation,
                            const heed_report_options *options, heed_error *error)
{
    heed_report *r = NULL;
    heed_report_options o;
    heed_status status;
    *out = NULL;
    TRY(options_take(HEED_OPTIONS_REPORT, &o, options, error));
    TRY(check_arguments(model, evaluation, &o, error));
    r = memory_array(1, sizeof *r);
    if (r == NULL)
        return fail_memory(error, "a report");
    r->model = model;
    r->evaluation = evaluation;
    TRY(row_sample_init(&r->sample, o.seed, error));
    TRY(copy_options(r, &o, error));
    TRY(copy_graph(&r->pictures[PICTURE_GRAPH], o.graph, error));
    TRY(path_need_folder(r->folder, error));
    if (o.model_file != NULL)
        TRY(report_file_digest(r->digest, o.model_file, error));
    TRY(make_workers(r, o.threads, error));
    *out = r;
    r = NULL;
done:
    heed_report_free(r);
    return status;
}

void heed_report_free(heed_report *r)
{
    if (r == NULL)
        return;
    for (unsigned i = 0; r->workers != NULL && i < pool_threads(r->pool); i++)
        token_map_release(&r->workers[i].map);
    for (int i = 0; i < REPORT_PICTURES; i++)
        writer_release(&r->pictures[i]);
    for (size_t i = 0; i < r->file_count; i++)
        free(r->files[i]);
    row_sample_release(&r->sample);
    mistakes_release(&r->mistakes);
    report_words_release(&r->words);
    writer_release(&r->texts);
    pool_free(r->pool);
    free(r->workers);
    free(r->lengths);
    free(r->files);
    free(r->model_name);
    free(r->folder);
    free(r);
}
