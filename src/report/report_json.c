/* A report as one JSON object; figures that are not defined are null. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "report/report.h"

/* jansson's constructors give NULL for want of memory and its setters pass that on: one flag tells at the end. */
static void set(bool *failed, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        *failed = true;
}

static void append(bool *failed, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        *failed = true;
}

static json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

/* ---- what others write already */

typedef heed_status json_maker(const heed_report *r, char **out, heed_error *error);

static heed_status make_model(const heed_report *r, char **out, heed_error *error)
{
    return heed_model_json(r->model, out, error);
}

static heed_status make_evaluation(const heed_report *r, char **out, heed_error *error)
{
    return heed_evaluation_json(r->evaluation, out, error);
}

static json_t *made_object(bool *failed, const heed_report *r, json_maker *make)
{
    char *text = NULL;
    json_t *object = make(r, &text, NULL) == HEED_OK ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;
    *failed = *failed || object == NULL;
    free(text);
    return object;
}

/* ---- the rows */

static json_t *test_object(bool *failed, const heed_report *r)
{
    json_t *object = json_object(), *files = json_array(), *lengths = json_object(), *bars = json_array();
    uint64_t bins[REPORT_LENGTHS];
    uint32_t step;
    size_t bin_count = report_length_bins(r, bins, &step);
    for (size_t i = 0; i < r->file_count; i++)
        append(failed, files, json_string(r->files[i]));
    for (size_t i = 0; i < bin_count; i++)
        append(failed, bars, count(bins[i]));
    set(failed, lengths, "step", count(step));
    set(failed, lengths, "rows", bars);
    set(failed, object, "files", files);
    set(failed, object, "rows", count(r->rows));
    set(failed, object, "tokens", count(r->tokens));
    set(failed, object, "unknown_tokens", count(r->unknown));
    set(failed, object, "rows_beyond_window", count(r->cut_rows));
    set(failed, object, "lengths", lengths);
    return object;
}

static json_t *explanation_object(bool *failed, const heed_explanation *e)
{
    char *text = NULL;
    size_t size;
    heed_status status = heed_explanations_draw(&text, &size, &e, 1, HEED_PICTURE_JSON, NULL);
    json_t *object = status == HEED_OK ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;
    *failed = *failed || object == NULL;
    heed_free(text);
    return object;
}

static json_t *truths_array(bool *failed, const heed_report *r, size_t row)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->evaluation->label_count; i++)
        if (evaluation_has_truth(r->evaluation, row, i))
            append(failed, array, json_string(r->model->labels[i]));
    return array;
}

static json_t *mistakes_array(bool *failed, const heed_report *r)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->mistake_count; i++) {
        const kept_row *m = &r->mistakes[i];
        json_t *object = json_object();
        set(failed, object, "row", count((uint64_t)m->row + 1));
        set(failed, object, "id", m->id != NULL ? json_string(m->id) : json_null());
        set(failed, object, "labels", truths_array(failed, r, m->row));
        set(failed, object, m->given ? "answered" : "missed", json_string(r->model->labels[m->label]));
        set(failed, object, "probability", json_real((double)m->sure));
        set(failed, object, "explanation", explanation_object(failed, r->explanations[i]));
        append(failed, array, object);
    }
    return array;
}

static json_t *words_object(bool *failed, const heed_report *r)
{
    json_t *object = json_object(), *labels = json_object();
    const vocabulary *words = &r->model->words;
    for (size_t i = 0; i < r->evaluation->label_count; i++) {
        json_t *list = json_array();
        for (size_t j = 0; j < r->words[i].count; j++) {
            const report_word *w = &r->words[i].words[j];
            heed_bytes text = intern_word(&words->words, w->id - words->first);
            json_t *word = json_object();
            set(failed, word, "word", json_stringn(text.data, text.size));
            set(failed, word, "mean", json_real(w->mean));
            set(failed, word, "rows", count(w->rows));
            append(failed, list, word);
        }
        set(failed, labels, r->model->labels[i], list);
    }
    set(failed, object, "method", json_string(heed_method_name(report_word_method(r))));
    set(failed, object, "rows", count(r->sampled));
    set(failed, object, "seed", count(r->seed));
    set(failed, object, "least_rows", count(r->word_least));
    set(failed, object, "labels", labels);
    return object;
}

static json_t *pictures_array(bool *failed, const heed_report *r)
{
    json_t *array = json_array();
    for (int i = 0; i < REPORT_PICTURES; i++)
        if (r->pictures[i].size > 0)
            append(failed, array, json_sprintf("pictures/%s.svg", report_picture_name((report_picture)i)));
    return array;
}

static json_t *limits_array(bool *failed)
{
    json_t *array = json_array();
    for (const char *const *limit = report_limits(); *limit != NULL; limit++)
        append(failed, array, json_string(*limit));
    return array;
}

heed_status report_json(char **out, const heed_report *r, heed_error *error)
{
    enum { DIGITS = 15 };
    bool failed = false;
    json_t *object = json_object();
    set(&failed, object, "heed", json_string(heed_version()));
    set(&failed, object, "file", json_string(r->model_name));
    set(&failed, object, "digest", json_string(r->digest));
    set(&failed, object, "model", made_object(&failed, r, make_model));
    set(&failed, object, "test", test_object(&failed, r));
    set(&failed, object, "evaluation", made_object(&failed, r, make_evaluation));
    set(&failed, object, "pictures", pictures_array(&failed, r));
    set(&failed, object, "wrong", count(r->wrong));
    set(&failed, object, "mistakes", mistakes_array(&failed, r));
    set(&failed, object, "words", words_object(&failed, r));
    set(&failed, object, "limits", limits_array(&failed));
    *out = failed ? NULL : json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS));
    json_decref(object);
    return *out != NULL ? HEED_OK : fail_memory(error, "a report as JSON");
}
