#include "report/report_json.h"

#include "base/json.h"
#include "report/report_limits.h"
#include "report/report_rows.h"

/* Puts the JSON of another part, NULL if that failed, and releases it. */
static void put_made(json_builder *j, const char *key, char *json)
{
    json_put_json(j, key, json != NULL ? json : "");
    heed_free(json);
}

static void put_model(json_builder *j, const heed_report *r)
{
    char *json = NULL;
    heed_model_json(&json, r->model, NULL);
    put_made(j, "model", json);
}

static void put_evaluation(json_builder *j, const heed_report *r)
{
    char *json = NULL;
    heed_evaluation_json(&json, r->evaluation, NULL);
    put_made(j, "evaluation", json);
}

static void put_explanation(json_builder *j, const heed_explanation *e)
{
    char *json = NULL;
    size_t size;
    heed_explanations_draw(&json, &size, &e, 1, HEED_EXPLANATION_JSON, NULL);
    put_made(j, "explanation", json);
}

static void put_lengths(json_builder *j, const heed_report *r)
{
    uint64_t bars[REPORT_LENGTHS];
    uint32_t step;
    size_t count = count_lengths(bars, &step, r->lengths, r->rows);
    json_open_object(j, "lengths");
    json_put_count(j, "step", step);
    json_open_list(j, "rows");
    for (size_t i = 0; i < count; i++)
        json_put_count(j, NULL, bars[i]);
    json_close(j);
    json_close(j);
}

static void put_test(json_builder *j, const heed_report *r)
{
    json_open_object(j, "test");
    json_open_list(j, "files");
    for (size_t i = 0; i < r->file_count; i++)
        json_put_text(j, NULL, r->files[i]);
    json_close(j);
    json_put_count(j, "rows", r->rows);
    json_put_count(j, "tokens", r->tokens);
    json_put_count(j, "unknown_tokens", r->unknown);
    json_put_count(j, "rows_beyond_window", r->cut_rows);
    put_lengths(j, r);
    json_close(j);
}

static void put_pictures(json_builder *j, const heed_report *r)
{
    json_open_list(j, "pictures");
    for (unsigned i = 0; i < REPORT_PICTURES; i++) {
        char path[REPORT_FILE_NAME];
        if (r->pictures[i].size == 0)
            continue;
        report_picture_file(path, i);
        json_put_text(j, NULL, path);
    }
    json_close(j);
}

static void put_mistake(json_builder *j, const heed_report *r, const kept_row *m)
{
    json_open_object(j, NULL);
    json_put_count(j, "row", (uint64_t)m->row + 1);
    json_put_text(j, "id", m->id);
    json_open_list(j, "labels");
    for (size_t i = 0; i < evaluation_labels(r->evaluation); i++)
        if (evaluation_has_truth(r->evaluation, m->row, i))
            json_put_bytes(j, NULL, evaluation_name(r->evaluation, i));
    json_close(j);
    json_put_text(j, m->given ? "answered" : "missed", r->model->labels[m->label]);
    json_put_number(j, "probability", (double)m->sure);
    put_explanation(j, m->explanation);
    json_close(j);
}

static void put_mistakes(json_builder *j, const mistake_list *m, const heed_report *r)
{
    json_put_count(j, "wrong", m->wrong);
    json_open_list(j, "mistakes");
    for (size_t i = 0; i < m->count; i++)
        put_mistake(j, r, &m->rows[i]);
    json_close(j);
}

static void put_label_words(json_builder *j, const char *label, const label_words *list, const intern *texts)
{
    json_open_list(j, label);
    for (size_t i = 0; i < list->count; i++) {
        const report_word *w = &list->words[i];
        json_open_object(j, NULL);
        json_put_bytes(j, "word", intern_word(texts, w->number));
        json_put_number(j, "mean", w->mean);
        json_put_count(j, "rows", w->rows);
        json_close(j);
    }
    json_close(j);
}

static void put_words(json_builder *j, const heed_report *r)
{
    json_open_object(j, "words");
    json_put_text(j, "method", heed_method_name(r->words.method));
    json_put_flag(j, "measured", model_measured(r->model, r->words.method));
    json_put_count(j, "rows", r->sample.count);
    json_put_count(j, "seed", r->sample.seed);
    json_put_count(j, "least_rows", r->words.min_rows);
    json_open_object(j, "labels");
    for (size_t i = 0; i < r->evaluation->label_count; i++)
        put_label_words(j, r->model->labels[i], &r->words.labels[i], r->words.texts);
    json_close(j);
    json_close(j);
}

static void put_limits(json_builder *j)
{
    json_open_list(j, "limits");
    for (const char *const *limit = report_limits(); *limit != NULL; limit++)
        json_put_text(j, NULL, *limit);
    json_close(j);
}

heed_status report_json(char **out, const heed_report *r, heed_error *error)
{
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_text(&j, "heed", heed_version());
    json_put_text(&j, "file", r->model_name);
    json_put_text(&j, "digest", r->digest);
    put_model(&j, r);
    put_test(&j, r);
    put_evaluation(&j, r);
    put_pictures(&j, r);
    put_mistakes(&j, &r->mistakes, r);
    put_words(&j, r);
    put_limits(&j);
    json_close(&j);
    return json_take(&j, out, "a report as JSON", error);
}
