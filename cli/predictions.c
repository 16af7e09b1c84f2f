#include "predictions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_numbers.h"
#include "base/spelling.h"
#include "base/status.h"

/* ---------------------------------------------------------------- what is predicted */

/* The greatest length of all labels and all scores. */
static heed_status joined_reserve(predictions *a, heed_error *error)
{
    size_t separators = a->labels.count * strlen(a->labels.separator), size = separators + 1;
    for (size_t i = 0; i < a->labels.count; i++)
        size += strlen(a->labels.names[i]);
    a->joined = calloc(size, 1);
    a->scores = calloc(separators + a->labels.count * SCORE_BYTES + 1, 1);
    return a->joined != NULL && a->scores != NULL ? HEED_OK : fail_memory(error, "the answers");
}

/* fastText's lines are read word by word: a label with a blank would be read as a label and something else. */
static heed_status fasttext_check(const labels *l, heed_error *error)
{
    for (size_t i = 0; i < l->count; i++)
        if (strpbrk(l->names[i], " \t\n\v\f\r") != NULL)
            return fail(
                error, HEED_USAGE,
                "--output-format fasttext: found the label '%.200s', whose blank would end it, as fastText reads "
                "word by word; use --output-format jsonl, csv or tsv",
                l->names[i]);
    return HEED_OK;
}

heed_status predictions_init(predictions *a, const heed_model *model, const settings *s, heed_error *error)
{
    *a = (predictions){.all = s->all_scores, .top = settings_named(s, "top-k")};
    heed_status status = labels_init(&a->labels, model, s->threshold, s->rows.label_separator, error);
    if (status == HEED_OK && s->output_format == ANSWER_FASTTEXT && !s->append)
        status = fasttext_check(&a->labels, error);
    if (status != HEED_OK)
        return status;
    size_t count = a->labels.count;
    a->several = a->labels.task == HEED_TASK_MULTILABEL;
    a->listed = a->all || s->top_k > count ? count : s->top_k;
    a->ranks = calloc(count + 1, sizeof *a->ranks);
    if (a->ranks == NULL)
        return fail_memory(error, "the answers");
    for (size_t i = 0; i < a->listed; i++)
        a->ranks[i] = i;
    return a->several ? joined_reserve(a, error) : HEED_OK;
}

void predictions_release(predictions *a)
{
    labels_release(&a->labels);
    free(a->ranks);
    free(a->joined);
    free(a->scores);
    *a = (predictions){0};
}

/* All predicted labels, and all their scores, in one text each. */
static void predictions_join(predictions *a)
{
    char *label = a->joined, *score = a->scores;
    for (size_t i = 0; i < a->answered; i++) {
        if (i > 0) {
            label = stpcpy(label, a->labels.separator);
            score = stpcpy(score, a->labels.separator);
        }
        label = stpcpy(label, a->labels.names[a->labels.order[i]]);
        score += snprintf(score, SCORE_BYTES, SCORE_FORMAT, (double)a->probabilities[a->labels.order[i]]);
    }
    *label = *score = '\0';
}

void predictions_take(predictions *a, const float *probabilities)
{
    a->probabilities = probabilities;
    a->answered = 0;
    if (probabilities == NULL)
        return;
    a->best = labels_best(&a->labels, probabilities);
    if (!a->all)
        labels_rank(a->ranks, a->listed, &a->labels, probabilities);
    if (!a->several)
        return;
    a->answered = a->top ? a->listed : labels_decide(&a->labels, probabilities);
    if (a->top)
        memcpy(a->labels.order, a->ranks, a->listed * sizeof *a->ranks);
    predictions_join(a);
}

static heed_bytes label_name(const predictions *a, size_t label)
{
    return bytes_of(a->labels.names[label]);
}

static void answer_score_write(const predictions *a, writer *o, size_t label)
{
    score_write(o, (double)a->probabilities[label]);
}

/* ---------------------------------------------------------------- names */

static size_t column_count(const predictions *a)
{
    return a->all ? 2 + a->listed : 2 * a->listed;
}

/* "label", "score", and then "score_LABEL" of all of them, or "label_2", "score_2"; free() releases it, NULL: memory.
 */
static char *column_name(const predictions *a, size_t column, heading h)
{
    const char *stem = column % 2 == 0 ? "label" : "score";
    char *name = NULL, rank[32] = "", number[16] = "";
    if (column >= 2 && !a->all)
        snprintf(rank, sizeof rank, "_%zu", column / 2 + 1);
    if (h.number > 1)
        snprintf(number, sizeof number, "_%u", h.number);
    int size = column >= 2 && a->all ? asprintf(&name, "%sscore_%s%s", h.prefix, a->labels.names[column - 2], number)
                                     : asprintf(&name, "%s%s%s%s", h.prefix, stem, rank, number);
    return size < 0 ? NULL : name;
}

/* Readers find a column whatever its capitals: a prediction must not be taken for the label beside it. */
static heed_status heading_try(bool *taken, heading h, const predictions *a, const heed_bytes *columns, size_t count,
                               heed_error *error)
{
    *taken = false;
    for (size_t i = 0; i < column_count(a) && !*taken; i++) {
        char *name = column_name(a, i, h);
        if (name == NULL)
            return fail_memory(error, "the names of columns");
        for (size_t j = 0; j < count && !*taken; j++)
            *taken = spelled_alike(columns[j], bytes_of(name));
        free(name);
    }
    return HEED_OK;
}

static heading heading_after(heading h)
{
    return *h.prefix == '\0' ? (heading){"predicted_", 1} : (heading){h.prefix, h.number + 1};
}

heed_status heading_choose(heading *out, const predictions *a, const heed_bytes *columns, size_t count,
                           heed_error *error)
{
    bool taken = true;
    heed_status status = HEED_OK;
    for (heading h = {"", 1}; taken && status == HEED_OK; h = heading_after(h)) {
        *out = h;
        status = heading_try(&taken, h, a, columns, count, error);
    }
    return status;
}

/* ---------------------------------------------------------------- fields */

static void field_write(writer *o, heed_bytes text, dialect d)
{
    if (d.quotes)
        escape_field(o, text, d.delimiter);
    else
        escape_bare_field(o, text, d.delimiter);
}

/* The same for a label, which another program may look up: its line ends, tabs and backslashes are written with a
 * backslash, except in the quotes of CSV, which keep them. */
static void label_write(writer *o, heed_bytes label, dialect d)
{
    writer escaped = {0};
    if (d.quotes && d.delimiter != '\t') {
        field_write(o, label, d);
        return;
    }
    escape_label(&escaped, label);
    if (escaped.problem != 0)
        writer_fail(o, escaped.problem);
    field_write(o, (heed_bytes){escaped.data, escaped.size}, d);
    writer_release(&escaped);
}

void predictions_names(const predictions *a, writer *o, dialect d, heading h)
{
    for (size_t i = 0; i < column_count(a); i++) {
        char *name = column_name(a, i, h);
        if (i > 0)
            writer_byte(o, d.delimiter);
        label_write(o, bytes_of(name != NULL ? name : ""), d);
        free(name);
    }
}

void predictions_fields(const predictions *a, writer *o, dialect d)
{
    if (a->probabilities == NULL) {
        writer_repeat(o, d.delimiter, column_count(a) - 1);
        return;
    }
    bool joined = a->several && !a->top; /* the K most likely have their own columns */
    label_write(o, joined ? bytes_of(a->joined) : label_name(a, a->best), d);
    writer_byte(o, d.delimiter);
    if (joined)
        field_write(o, bytes_of(a->scores), d);
    else
        answer_score_write(a, o, a->best);
    for (size_t i = a->all ? 0 : 1; i < a->listed; i++) {
        if (!a->all) {
            writer_byte(o, d.delimiter);
            label_write(o, label_name(a, a->ranks[i]), d);
        }
        writer_byte(o, d.delimiter);
        answer_score_write(a, o, a->ranks[i]);
    }
}

static void table_write(const predictions *a, writer *o, dialect d, const heed_record *record, bool with_id)
{
    if (with_id) {
        field_write(o, record->id, d);
        writer_byte(o, d.delimiter);
    }
    predictions_fields(a, o, d);
}

/* The labels that JSON and fastText list: every label, the K most likely, or with several labels per row all that are
 * predicted. */
static const size_t *listed_labels(const predictions *a)
{
    return a->several && !a->all ? a->labels.order : a->ranks;
}

static size_t listed_count(const predictions *a)
{
    if (a->probabilities == NULL)
        return 0;
    return a->several && !a->all ? a->answered : a->listed;
}

/* ---------------------------------------------------------------- JSON */

/* A label and its score; with several labels per row arrays of all that are predicted. */
static void answer_write(const predictions *a, writer *o, bool scores)
{
    if (a->probabilities == NULL) {
        writer_text(o, "null");
        return;
    }
    for (size_t i = 0; i < a->answered && a->several; i++) {
        writer_byte(o, i == 0 ? '[' : ',');
        if (scores)
            answer_score_write(a, o, a->labels.order[i]);
        else
            escape_json(o, label_name(a, a->labels.order[i]));
    }
    if (a->several)
        writer_text(o, a->answered == 0 ? "[]" : "]");
    else if (scores)
        answer_score_write(a, o, a->best);
    else
        escape_json(o, label_name(a, a->best));
}

/* "label": ..., "score": ... and, if asked for, "scores": [...], separated by commas. */
static void keys_write(const predictions *a, writer *o, heading h, bool with_scores)
{
    char number[16] = "";
    if (h.number > 1)
        snprintf(number, sizeof number, "_%u", h.number);
    writer_print(o, "\"%slabel%s\":", h.prefix, number);
    answer_write(a, o, false);
    writer_print(o, ",\"%sscore%s\":", h.prefix, number);
    answer_write(a, o, true);
    if (!with_scores)
        return;
    const size_t *listed = listed_labels(a);
    writer_print(o, ",\"%sscores%s\":[", h.prefix, number);
    for (size_t i = 0; i < listed_count(a); i++) {
        writer_text(o, i == 0 ? "{\"label\":" : ",{\"label\":");
        escape_json(o, label_name(a, listed[i]));
        writer_text(o, ",\"score\":");
        answer_score_write(a, o, listed[i]);
        writer_byte(o, '}');
    }
    writer_byte(o, ']');
}

static bool has_key(json_t *object, const char *key)
{
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at))
        if (spelled_alike(bytes_of(json_object_iter_key(at)), bytes_of(key)))
            return true;
    return false;
}

static bool keys_taken(json_t *object, heading h)
{
    static const char *const stems[] = {"label", "score", "scores"};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        char key[64];
        int size = snprintf(key, sizeof key, "%s%s", h.prefix, stems[i]);
        if (h.number > 1)
            snprintf(key + size, sizeof key - (size_t)size, "_%u", h.number);
        if (has_key(object, key))
            return true;
    }
    return false;
}

/* The object is copied unchanged, so that its numbers keep their digits. The reader accepted it, so it is one object.
 */
void answers_append_json(const predictions *a, writer *o, heed_bytes object)
{
    json_t *keys;
    json_error_t where;
    heading h = {"", 1};
    if (json_parse_any(&keys, NULL, object, JSON_ALLOW_NUL, &where, NULL) == HEED_FAILED)
        writer_fail(o, ENOMEM);
    if (!json_is_object(keys)) { /* a bad row */
        json_decref(keys);
        writer_bytes(o, object.data, object.size);
        return;
    }
    while (keys_taken(keys, h))
        h = heading_after(h);
    bool empty = json_object_size(keys) == 0;
    json_decref(keys);
    while (object.size > 0 && object.data[object.size - 1] != '}')
        object.size--;
    writer_bytes(o, object.data, object.size > 0 ? object.size - 1 : 0);
    writer_text(o, empty ? "" : ",");
    keys_write(a, o, h, a->all || a->listed > 1);
    writer_byte(o, '}');
}

static void jsonl_write(const predictions *a, writer *o, const heed_record *record)
{
    writer_byte(o, '{');
    if (record->id.data != NULL) {
        writer_text(o, "\"id\":");
        escape_json(o, record->id);
        writer_byte(o, ',');
    }
    keys_write(a, o, (heading){"", 1}, true);
    writer_byte(o, '}');
}

/* ---------------------------------------------------------------- all formats */

/* As fastText's predict-prob writes it. */
static void fasttext_write(const predictions *a, writer *o)
{
    const size_t *listed = listed_labels(a);
    for (size_t i = 0; i < listed_count(a); i++) {
        writer_text(o, i == 0 ? "__label__" : " __label__");
        writer_bytes(o, label_name(a, listed[i]).data, label_name(a, listed[i]).size);
        writer_byte(o, ' ');
        answer_score_write(a, o, listed[i]);
    }
}

void predictions_write(const predictions *a, writer *o, answer_format format, const heed_record *record, bool with_id,
                       bool first)
{
    static const dialect tsv = {'\t', false}, csv = {',', true};
    switch (format) {
    case ANSWER_TSV:
        table_write(a, o, tsv, record, with_id);
        break;
    case ANSWER_CSV:
        if (first) {
            writer_text(o, with_id ? "id," : "");
            predictions_names(a, o, csv, (heading){"", 1});
            writer_byte(o, '\n');
        }
        table_write(a, o, csv, record, with_id);
        break;
    case ANSWER_JSONL:
        jsonl_write(a, o, record);
        break;
    case ANSWER_FASTTEXT:
        fasttext_write(a, o);
        break;
    }
}
