/* heed predict: one line out for each record in, in order. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "output.h"
#include "progress.h"
#include "settings.h"

typedef struct predicting {
    const settings *settings;
    labels labels;
    output out;
    const heed_reader *reader;
    heed_format format;    /* of the file being read */
    size_t *ranks;         /* [top_k] */
    size_t top_k;
    bool begun;            /* something was written */
    bool with_ids;         /* the first record had one */
    bool table;            /* --append to a file of columns */
    char *header;          /* --append: the first file's columns, as they were written */
} predicting;

/* ---------------------------------------------------------------- answers alone */

static heed_bytes rank_name(const predicting *p, size_t rank)
{
    return bytes_of(p->labels.names[p->ranks[rank]]);
}

static double rank_score(const predicting *p, const float *probabilities, size_t rank)
{
    return (double)probabilities[p->ranks[rank]];
}

static void tsv_write(predicting *p, const heed_record *record, const float *probabilities)
{
    output *o = &p->out;
    if (p->with_ids) {
        output_column(o, record->id);
        output_byte(o, '\t');
    }
    for (size_t i = 0; i < p->top_k; i++) {
        output_text(o, i == 0 ? "" : "\t");
        output_column(o, rank_name(p, i));
        output_byte(o, '\t');
        output_score(o, rank_score(p, probabilities, i));
    }
}

/* "label,score,label_2,score_2" */
static void names_write(predicting *p, char delimiter, const char *prefix)
{
    output_print(&p->out, "%slabel%c%sscore", prefix, delimiter, prefix);
    for (size_t i = 1; i < p->top_k; i++)
        output_print(&p->out, "%c%slabel_%zu%c%sscore_%zu", delimiter, prefix, i + 1, delimiter, prefix, i + 1);
}

static void fields_write(predicting *p, char delimiter, const float *probabilities)
{
    for (size_t i = 0; i < p->top_k; i++) {
        if (i > 0)
            output_byte(&p->out, delimiter);
        output_field(&p->out, rank_name(p, i), delimiter);
        output_byte(&p->out, delimiter);
        output_score(&p->out, rank_score(p, probabilities, i));
    }
}

static void csv_write(predicting *p, const heed_record *record, const float *probabilities)
{
    output *o = &p->out;
    if (!p->begun) {
        output_text(o, p->with_ids ? "id," : "");
        names_write(p, ',', "");
        output_byte(o, '\n');
    }
    if (p->with_ids) {
        output_field(o, record->id, ',');
        output_byte(o, ',');
    }
    fields_write(p, ',', probabilities);
}

static void scores_write(predicting *p, const float *probabilities)
{
    output *o = &p->out;
    output_text(o, "[");
    for (size_t i = 0; i < p->top_k; i++) {
        output_text(o, i == 0 ? "{\"label\":" : ",{\"label\":");
        output_json(o, rank_name(p, i));
        output_text(o, ",\"score\":");
        output_score(o, rank_score(p, probabilities, i));
        output_byte(o, '}');
    }
    output_byte(o, ']');
}

static void jsonl_write(predicting *p, const heed_record *record, const float *probabilities)
{
    output *o = &p->out;
    output_byte(o, '{');
    if (record->id.data != NULL) {
        output_text(o, "\"id\":");
        output_json(o, record->id);
        output_byte(o, ',');
    }
    output_text(o, "\"label\":");
    output_json(o, rank_name(p, 0));
    output_text(o, ",\"score\":");
    output_score(o, rank_score(p, probabilities, 0));
    output_text(o, ",\"scores\":");
    scores_write(p, probabilities);
    output_byte(o, '}');
}

/* As fastText's predict-prob writes. */
static void fasttext_write(predicting *p, const float *probabilities)
{
    for (size_t i = 0; i < p->top_k; i++) {
        output_text(&p->out, i == 0 ? "__label__" : " __label__");
        output_column(&p->out, rank_name(p, i));
        output_byte(&p->out, ' ');
        output_score(&p->out, rank_score(p, probabilities, i));
    }
}

static void answer_write(predicting *p, const heed_record *record, const float *probabilities)
{
    switch (p->settings->output_format) {
    case ANSWER_TSV:
        tsv_write(p, record, probabilities);
        break;
    case ANSWER_CSV:
        csv_write(p, record, probabilities);
        break;
    case ANSWER_JSONL:
        jsonl_write(p, record, probabilities);
        break;
    case ANSWER_FASTTEXT:
        fasttext_write(p, probabilities);
        break;
    }
}

/* ---------------------------------------------------------------- --append */

static char table_delimiter(const predicting *p)
{
    return p->format == HEED_FORMAT_CSV ? ',' : '\t';
}

static void columns_write(output *o, const heed_bytes *fields, size_t count, char delimiter)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            output_byte(o, delimiter);
        output_field(o, fields[i], delimiter);
    }
}

static bool bytes_equal(heed_bytes a, const char *b)
{
    return a.size == strlen(b) && memcmp(a.data, b, a.size) == 0;
}

/* A column of the input keeps its name: the answer's columns step aside. */
static const char *columns_prefix(const heed_bytes *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(columns[i], "label") || bytes_equal(columns[i], "score"))
            return "predicted_";
    return "";
}

/* The object as it stands, so that its numbers keep their digits, with two keys more. The reader let it pass, so it
 * is one object. */
static void object_append(predicting *p, const heed_record *record, const float *probabilities)
{
    output *o = &p->out;
    heed_bytes line = record->line;
    json_t *object = json_loadb(line.data, line.size, JSON_ALLOW_NUL, NULL);
    bool taken = json_object_get(object, "label") != NULL || json_object_get(object, "score") != NULL;
    const char *prefix = taken ? "predicted_" : "";
    json_decref(object);
    while (line.size > 0 && line.data[line.size - 1] != '}')
        line.size--;
    output_bytes(o, line.data, line.size > 0 ? line.size - 1 : 0);
    output_print(o, ",\"%slabel\":", prefix);
    output_json(o, rank_name(p, 0));
    output_print(o, ",\"%sscore\":", prefix);
    output_score(o, rank_score(p, probabilities, 0));
    if (p->top_k > 1) {
        output_print(o, ",\"%sscores\":", prefix);
        scores_write(p, probabilities);
    }
    output_byte(o, '}');
}

static void append_write(predicting *p, const heed_record *record, const float *probabilities)
{
    if (p->table) {
        columns_write(&p->out, record->fields, record->field_count, table_delimiter(p));
        output_byte(&p->out, table_delimiter(p));
        fields_write(p, table_delimiter(p), probabilities);
    } else if (p->format == HEED_FORMAT_JSONL) {
        object_append(p, record, probabilities);
    } else {
        output_column(&p->out, p->format == HEED_FORMAT_FOLDER ? record->text : record->line);
        output_byte(&p->out, '\t');
        fields_write(p, '\t', probabilities);
    }
}

/* The header of the first file, with the answer's columns; further files must have the same. */
static heed_status header_write(predicting *p, const char *path, heed_error *error)
{
    size_t count = 0, size = 0;
    char *header = NULL;
    const heed_bytes *columns = heed_reader_columns(p->reader, &count);
    output memory = {open_memstream(&header, &size), path, 0};
    if (memory.file == NULL)
        return complain(error, HEED_FAILED, "out of memory for the header of %s", path);
    output_byte(&memory, table_delimiter(p));
    columns_write(&memory, columns, count, table_delimiter(p));
    heed_status status = output_finish(&memory, error);
    if (status == HEED_OK && p->header != NULL && strcmp(p->header, header) != 0)
        status = complain(error, HEED_USAGE, "%s: found other columns than in the first file, expected the same for "
                          "--append; predict it on its own", path);
    if (status == HEED_OK && p->header == NULL && count > 0) {
        columns_write(&p->out, columns, count, table_delimiter(p));
        output_byte(&p->out, table_delimiter(p));
        names_write(p, table_delimiter(p), columns_prefix(columns, count));
        output_byte(&p->out, '\n');
    }
    free(p->header);
    p->header = header;
    return status;
}

/* ---------------------------------------------------------------- rows */

static int predicted(void *user, const heed_record *record, const float *probabilities)
{
    predicting *p = user;
    if (!p->begun)
        p->with_ids = record->id.data != NULL;
    labels_rank(p->ranks, p->top_k, &p->labels, probabilities);
    if (p->settings->append)
        append_write(p, record, probabilities);
    else
        answer_write(p, record, probabilities);
    output_byte(&p->out, '\n');
    p->begun = true;
    if (!heed_reader_ready(p->reader)) /* whoever writes the pipe waits for this answer */
        output_flush(&p->out);
    return p->out.problem != 0;
}

static heed_status file_predict(predicting *p, heed_predictor *predictor, const char *path, progress *shown,
                                heed_error *error)
{
    heed_reader *reader = NULL;
    heed_status status = settings_reader_open(&reader, p->settings, &path, 1, error);
    if (status == HEED_OK) {
        p->reader = reader;
        p->format = heed_reader_format(reader);
        p->table = p->settings->append && (p->format == HEED_FORMAT_TSV || p->format == HEED_FORMAT_CSV);
        if (p->table)
            status = header_write(p, path, error);
    }
    if (status == HEED_OK)
        status = heed_predict_rows(predictor, reader, predicted, p, &shown->listener, error);
    progress_clear(shown);
    if (reader != NULL)
        progress_skipped(shown, reader);
    heed_reader_free(reader);
    return status;
}

static heed_status files_predict(predicting *p, const heed_model *model, heed_error *error)
{
    static const char *const standard_input[] = {"-"};
    const settings *s = p->settings;
    size_t count = s->operands.count - 1;
    const char *const *paths = count > 0 ? s->operands.items + 1 : standard_input;
    heed_predictor *predictor = NULL;
    progress shown;
    progress_init(&shown, "predicting", s->quiet, !output_is_terminal(&p->out));
    heed_status status = heed_predictor_new(&predictor, model, s->train.threads, error);
    for (size_t i = 0; i < (count > 0 ? count : 1) && status == HEED_OK; i++)
        status = file_predict(p, predictor, paths[i], &shown, error);
    if (status == HEED_OK || p->out.problem != 0)
        status = output_finish(&p->out, error);
    else /* what was answered before the failure still comes out */
        output_flush(&p->out);
    heed_predictor_free(predictor);
    return status;
}

heed_status predict_command(settings *s, heed_error *error)
{
    predicting p = {.settings = s, .out = output_standard()};
    heed_model *model = NULL;
    if (s->append && settings_named(s, "output-format"))
        return complain(error, HEED_USAGE, "--append writes in the input's format; leave out --output-format");
    heed_status status = heed_model_load(&model, s->operands.items[0], error);
    if (status == HEED_OK)
        status = labels_init(&p.labels, model, s->threshold, settings_named(s, "threshold"), error);
    if (status == HEED_OK)
        status = settings_rows_of_model(s, model, error);
    if (status == HEED_OK) {
        p.top_k = s->top_k < p.labels.count ? s->top_k : p.labels.count;
        p.ranks = calloc(p.labels.count + 1, sizeof *p.ranks);
        status = p.ranks != NULL ? files_predict(&p, model, error) : complain(error, HEED_FAILED, "out of memory");
    }
    free(p.header);
    free(p.ranks);
    heed_model_free(model);
    return status;
}
