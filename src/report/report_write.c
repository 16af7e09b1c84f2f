/* A report from its beginning to its files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "report/report.h"

void heed_report_options_init(heed_report_options *options)
{
    *options = (heed_report_options){.seed = 0};
}

/* ---- files and folders */

static heed_status make_folder(const char *path, heed_error *error)
{
    struct stat found;
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode)))
        return HEED_OK;
    return fail(error, HEED_FAILED, "%s: this folder cannot be made: %s", path, strerror(errno));
}

static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
    return memory_copy(name, strlen(name));
}

static heed_status read_digest(heed_report *r, const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size;
    heed_status status = file_read(&data, &size, path, SIZE_MAX, error);
    if (status != HEED_OK)
        return status;
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits(data, size));
    for (size_t i = 0; i < sizeof bytes.digest; i++) {
        r->digest[2 * i] = "0123456789abcdef"[bytes.digest[i] >> 4];
        r->digest[2 * i + 1] = "0123456789abcdef"[bytes.digest[i] & 15];
    }
    free(data);
    return HEED_OK;
}

static heed_status copy_options(heed_report *r, const heed_report_options *o, heed_error *error)
{
    r->seed = o->seed;
    r->folder = memory_copy(o->folder, strlen(o->folder));
    r->model_name = name_of(o->model_file != NULL ? o->model_file : "");
    r->files = memory_array(o->file_count, sizeof *r->files);
    bool fine = r->folder != NULL && r->model_name != NULL && r->files != NULL;
    for (; fine && r->file_count < o->file_count; r->file_count++) {
        const char *path = o->files[r->file_count];
        r->files[r->file_count] = name_of(strcmp(path, "-") == 0 ? "standard input" : path);
        fine = r->files[r->file_count] != NULL;
    }
    return fine ? HEED_OK : fail_memory(error, "a report");
}

/* ---- beginning and end */

static heed_status check_arguments(const heed_model *m, const heed_evaluation *e, const heed_report_options *o,
                                   heed_error *error)
{
    if (o->folder == NULL || o->folder[0] == '\0')
        return fail(error, HEED_USAGE, "report: no folder is named, expected where to write it");
    if (e->label_count != m->config.labels.count ||
        evaluation_is_several(e) != (m->config.labels.task == HEED_TASK_MULTILABEL))
        return fail(error, HEED_USAGE, "report: the evaluation has %zu labels, expected the model's %u", e->label_count,
                    m->config.labels.count);
    return e->rows == 0 ? HEED_OK
                        : fail(error, HEED_USAGE, "report: the evaluation has %zu rows, expected none yet", e->rows);
}

heed_status heed_report_new(heed_report **out, const heed_model *model, const heed_evaluation *evaluation,
                            const heed_report_options *options, heed_error *error)
{
    *out = NULL;
    heed_status status = check_arguments(model, evaluation, options, error);
    if (status != HEED_OK)
        return status;
    heed_report *r = memory_array(1, sizeof *r);
    if (r == NULL)
        return fail_memory(error, "a report");
    r->model = model;
    r->evaluation = evaluation;
    r->place_limit = UINT64_MAX;
    status = copy_options(r, options, error);
    if (status == HEED_OK)
        status = make_folder(r->folder, error);
    if (status == HEED_OK && options->model_file != NULL)
        status = read_digest(r, options->model_file, error);
    if (status == HEED_OK)
        status = pool_new(&r->workers, options->threads, error);
    unsigned threads = status == HEED_OK ? pool_threads(r->workers) : 0;
    r->encoders = memory_array(threads, sizeof *r->encoders);
    r->status = memory_array(threads, sizeof *r->status);
    r->errors = memory_array(threads, sizeof *r->errors);
    if (status == HEED_OK && (!r->encoders || !r->status || !r->errors))
        status = fail_memory(error, "a report");
    for (unsigned i = 0; i < threads && status == HEED_OK; i++)
        status = text_encoder_init(&r->encoders[i], error);
    if (status != HEED_OK) {
        heed_report_free(r);
        return status;
    }
    *out = r;
    return HEED_OK;
}

void heed_report_free(heed_report *r)
{
    if (r == NULL)
        return;
    for (unsigned i = 0; r->encoders != NULL && r->workers != NULL && i < pool_threads(r->workers); i++)
        text_encoder_release(&r->encoders[i]);
    for (size_t i = 0; i < r->sampled; i++)
        free(r->sample[i].ids);
    for (size_t i = 0; i < r->mistake_count; i++) {
        free(r->mistakes[i].text);
        free(r->mistakes[i].id);
        heed_explanation_free(r->explanations[i]);
    }
    for (int i = 0; i < REPORT_PICTURES; i++)
        buffer_release(&r->pictures[i]);
    for (size_t i = 0; i < r->file_count; i++)
        free(r->files[i]);
    buffer_release(&r->texts);
    pool_free(r->workers);
    free(r->encoders);
    free(r->status);
    free(r->errors);
    free(r->lengths);
    free(r->words);
    free(r->files);
    free(r->model_name);
    free(r->folder);
    free(r);
}

/* ---- the files */

static heed_status write_file(const heed_report *r, const char *name, const char *ending, const char *data, size_t size,
                              heed_error *error)
{
    buffer path = {0};
    heed_status status = buffer_print(&path, error, "%s/%s%s", r->folder, name, ending);
    if (status == HEED_OK)
        status = buffer_byte(&path, '\0', error);
    if (status == HEED_OK && data == NULL)
        status = make_folder(path.data, error);
    else if (status == HEED_OK)
        status = file_write(path.data, data, size, error);
    buffer_release(&path);
    return status;
}

static heed_status write_pictures(const heed_report *r, heed_error *error)
{
    heed_status status = write_file(r, "pictures", "", NULL, 0, error);
    for (int i = 0; i < REPORT_PICTURES && status == HEED_OK; i++) {
        buffer name = {0};
        if (r->pictures[i].size == 0)
            continue;
        status = buffer_print(&name, error, "pictures/%s", report_picture_name((report_picture)i));
        if (status == HEED_OK)
            status = buffer_byte(&name, '\0', error);
        if (status == HEED_OK)
            status = write_file(r, name.data, ".svg", r->pictures[i].data, r->pictures[i].size, error);
        buffer_release(&name);
    }
    return status;
}

static heed_status write_all(const heed_report *r, heed_error *error)
{
    buffer page = {0};
    char *json = NULL;
    heed_status status = report_page(&page, r, error);
    if (status == HEED_OK)
        status = report_json(&json, r, error);
    if (status == HEED_OK)
        status = write_pictures(r, error);
    if (status == HEED_OK)
        status = write_file(r, "report", ".json", json, strlen(json), error);
    if (status == HEED_OK)
        status = write_file(r, "report", ".html", page.data, page.size, error);
    buffer_release(&page);
    free(json);
    return status;
}

heed_status heed_report_write(heed_report *report, const heed_listener *listener, heed_error *error)
{
    heed_report *r = report;
    heed_status status = evaluation_check_finished(r->evaluation, error);
    if (status == HEED_OK && r->words != NULL)
        status = fail(error, HEED_USAGE, "report: it is written already");
    if (status == HEED_OK)
        status = report_flush(r, error);
    if (status == HEED_OK && r->rows != r->evaluation->rows)
        status = fail(error, HEED_USAGE, "report: it has %zu texts, the evaluation %zu rows, expected as many", r->rows,
                      r->evaluation->rows);
    if (status == HEED_OK)
        status = report_count_words(r, listener, error);
    if (status == HEED_OK)
        status = report_explain(r, error);
    if (status == HEED_OK)
        status = report_draw(r, error);
    return status == HEED_OK ? write_all(r, error) : status;
}
