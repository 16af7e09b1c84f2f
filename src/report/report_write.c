/* Completes a report: counts, explains and draws what was kept of the rows, and writes the files. */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/status.h"
#include "report/report_json.h"
#include "report/report_page.h"
#include "report/report_pictures.h"
#include "report/report_rows.h"

static heed_status write_pictures(const heed_report *r, heed_error *error)
{
    char name[REPORT_FILE_NAME], *folder = NULL;
    heed_status status;
    TRY(report_path(&folder, r->folder, "pictures", error));
    TRY(path_need_folder(folder, error));
    for (unsigned i = 0; i < REPORT_PICTURES; i++) {
        const writer *svg = &r->pictures[i];
        report_picture_file(name, i);
        if (svg->size > 0)
            TRY(report_file_write(r->folder, name, svg->data, svg->size, error));
    }
done:
    free(folder);
    return status;
}

static heed_status write_all(const heed_report *r, heed_error *error)
{
    writer page = {0};
    char *json = NULL;
    heed_status status;
    report_page(&page, r);
    TRY(writer_check(&page, error));
    TRY(report_json(&json, r, error));
    TRY(write_pictures(r, error));
    TRY(report_file_write(r->folder, "report.json", json, strlen(json), error));
    TRY(report_file_write(r->folder, "report.html", page.data, page.size, error));
done:
    writer_release(&page);
    free(json);
    return status;
}

static heed_status check_complete(const heed_report *r, heed_error *error)
{
    return r->rows == r->evaluation->rows
               ? HEED_OK
               : fail(error, HEED_USAGE,
                      "report: found %zu texts and an evaluation of %zu rows, expected one text per row", r->rows,
                      r->evaluation->rows);
}

heed_status heed_report_write(heed_report *report, const heed_listener *listener, heed_error *error)
{
    heed_report *r = report;
    heed_status status;
    TRY(evaluation_check_finished(r->evaluation, error));
    if (r->words.labels != NULL)
        return fail(error, HEED_USAGE, "report: it has already been written");
    TRY(report_flush(r, error));
    TRY(check_complete(r, error));
    row_sample_trim(&r->sample);
    TRY(report_words_count(&r->words, r->model, r->evaluation, &r->sample, r->pool, listener, error));
    TRY(mistakes_explain(&r->mistakes, r->model, pool_threads(r->pool), error));
    TRY(report_draw(r, error));
    TRY(write_all(r, error));
done:
    return status;
}
