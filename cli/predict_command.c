/* heed predict: one line of output per input record, in order. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/status.h"
#include "base/unpack.h"
#include "options/row_path.h"
#include "operands.h"
#include "predictions.h"
#include "model_rows.h"
#include "progress.h"

typedef struct predicting {
    const settings *settings;
    predictions predictions;
    output out;
    heed_reader *reader;
    heed_format format;        /* of the file being read */
    dialect dialect;           /* --append: of the lines written */
    bool begun;                /* something was written */
    bool headed;               /* --append: what comes before the first line was written */
    const char *line_end;      /* --append: of the last line that had one */
    bool with_ids;             /* the first record had one */
    bool table;                /* --append to a file of columns */
    char *header;              /* --append: the first file's dialect and columns */
    float *text_probabilities; /* [labels]: of a text of the command line */
} predicting;

/* ---------------------------------------------------------------- --append */

/* The line as it is, with the answer; of a bad record the answer is empty. */
static void append_write(predicting *p, const heed_record *record)
{
    if (p->format == HEED_FORMAT_JSONL) {
        answers_append_json(&p->predictions, &p->out.w, record->line);
        return;
    }
    if (p->table) /* unchanged: its quotes are those that were read */
        writer_bytes(&p->out.w, record->line.data, record->line.size);
    else
        escape_column(&p->out.w, p->format == HEED_FORMAT_FOLDER ? record->text : record->line);
    writer_byte(&p->out.w, p->dialect.delimiter);
    predictions_fields(&p->predictions, &p->out.w, p->dialect);
}

static void columns_write(writer *o, const heed_bytes *columns, size_t count, dialect d)
{
    for (size_t i = 0; i < count; i++) {
        if (d.quotes)
            escape_field(o, columns[i], d.delimiter);
        else
            escape_bare_field(o, columns[i], d.delimiter);
        writer_byte(o, d.delimiter);
    }
}

/* A file that is appended to begins as the first one did: with its byte order mark, and the line that says what
 * separates its fields. */
static void head_write(predicting *p, const heed_reader_info *info)
{
    if (p->headed)
        return;
    writer_text(&p->out.w, info->byte_order_mark ? "\xEF\xBB\xBF" : "");
    writer_text(&p->out.w, info->separator_line);
    p->headed = true;
}

/* Lines end as in the input; a last line without an end as the one before it. */
static void line_end_write(predicting *p, const char *end)
{
    if (*end != '\0')
        p->line_end = end;
    writer_text(&p->out.w, p->line_end);
}

/* What further files must share with the first: delimiter, quoting, columns. */
static heed_status header_describe(char **out, const predicting *p, const heed_reader_info *info, heed_error *error)
{
    writer w = {0};
    writer_print(&w, "%c%d", p->dialect.delimiter, (int)info->quoting);
    columns_write(&w, info->columns, info->column_count, p->dialect);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}

/* The names of the first file's columns, and those of the added ones. */
static heed_status columns_begin(predicting *p, const heed_bytes *columns, size_t count, heed_error *error)
{
    heading h;
    heed_status status = heading_choose(&h, &p->predictions, columns, count, error);
    if (status != HEED_OK)
        return status;
    columns_write(&p->out.w, columns, count, p->dialect);
    predictions_names(&p->predictions, &p->out.w, p->dialect, h);
    line_end_write(p, heed_reader_describe(p->reader)->line_end);
    return HEED_OK;
}

/* The header of the first file, with the added columns. */
static heed_status header_write(predicting *p, const char *path, heed_error *error)
{
    char *header = NULL;
    const heed_reader_info *info = heed_reader_describe(p->reader);
    head_write(p, info);
    heed_status status = header_describe(&header, p, info, error);
    if (status != HEED_OK)
        return status;
    bool first = p->header == NULL, same = first || strcmp(p->header, header) == 0;
    free(p->header);
    p->header = header;
    if (!same)
        return fail(error, HEED_USAGE,
                    "%s: found other columns or quotes than in the first file, expected the same for --append; predict "
                    "this file separately",
                    path);
    return first && info->column_count > 0 ? columns_begin(p, info->columns, info->column_count, error) : HEED_OK;
}

static heed_status append_begin(predicting *p, const char *path, heed_error *error)
{
    p->table = p->format == HEED_FORMAT_TSV || p->format == HEED_FORMAT_CSV;
    const heed_reader_info *info = heed_reader_describe(p->reader);
    p->dialect = (dialect){p->table ? info->delimiter : '\t', info->quoting != HEED_QUOTING_NONE};
    return p->table ? header_write(p, path, error) : HEED_OK;
}

/* ---------------------------------------------------------------- rows */

static int predicted(void *user, const heed_record *record, const float *probabilities)
{
    predicting *p = user;
    if (!p->begun)
        p->with_ids = record->id.data != NULL;
    predictions_take(&p->predictions, probabilities);
    if (p->settings->append) {
        if (p->reader != NULL) /* a text of the command line has no file that begins */
            head_write(p, heed_reader_describe(p->reader));
        append_write(p, record);
        line_end_write(p, record->line_end);
    } else {
        predictions_write(&p->predictions, &p->out.w, p->settings->output_format, record, p->with_ids, !p->begun);
        writer_byte(&p->out.w, '\n');
    }
    p->begun = true;
    if (p->reader == NULL || !heed_reader_ready(p->reader)) /* the writer of the pipe may wait for this output */
        output_flush(&p->out);
    return p->out.w.problem != 0;
}

/* A regular file without a known extension may have been meant to have columns. */
static void lines_tell(const predicting *p, const char *path, progress *shown)
{
    struct stat found;
    char *file = row_path_file(path);
    size_t size = row_path_of(path).size, packed;
    packing_of_name(&packed, path, size);
    size -= packed;
    bool text = size > 4 && strncasecmp(path + size - 4, ".txt", 4) == 0;
    bool regular = file != NULL && strcmp(file, "-") != 0 && stat(file, &found) == 0 && S_ISREG(found.st_mode);
    free(file);
    if (regular && !text && p->format == HEED_FORMAT_LINES && p->settings->rows.format == HEED_FORMAT_AUTO)
        progress_line(shown, "heed: %s is read as one text per line; use --format if it is not", path);
}

static heed_status file_predict(predicting *p, heed_predictor *predictor, const char *path, progress *shown,
                                heed_error *error)
{
    heed_reader *reader = NULL;
    heed_status status;
    TRY(settings_reader_open(&reader, p->settings, &path, 1, error));
    p->reader = reader;
    p->format = heed_reader_describe(reader)->format;
    lines_tell(p, path, shown);
    if (p->settings->append)
        TRY(append_begin(p, path, error));
    status = heed_predict_rows(predictor, reader, predicted, p, &shown->listener, error);
done:
    progress_clear(shown);
    if (status != HEED_BAD_DATA && reader != NULL)
        progress_skipped(shown, reader);
    heed_reader_free(reader);
    return status;
}

/* A text of the command line, as if it were the line of a file. */
static heed_status text_predict(predicting *p, heed_predictor *predictor, const char *text, heed_error *error)
{
    const heed_record record = {
        .text = bytes_of(text), .line = bytes_of(text), .line_end = "", .file = "--text", .weight = 1};
    heed_error found = {""};
    heed_status status = heed_predictor_run(p->text_probabilities, predictor, &record.text, 1, &found);
    if (status != HEED_OK)
        return fail(error, status, "the command line: %.800s", found.message);
    p->reader = NULL;
    p->format = HEED_FORMAT_LINES;
    p->table = false;
    p->dialect = (dialect){'\t', true};
    return predicted(p, &record, p->text_probabilities) == 0 ? HEED_OK : HEED_STOPPED;
}

/* Nothing is answered before it is known that all of them are there. */
static heed_status operands_check(const settings *s, heed_error *error)
{
    for (size_t i = 1; i < s->operands.count; i++)
        if (operand_kind_of(s->operands.items[i]) == OPERAND_MISSING)
            return operand_missing(s, s->operands.items[i], error);
    return HEED_OK;
}

/* Files and texts in their order, then those of --text; without either, standard input. */
static heed_status operands_predict(predicting *p, heed_predictor *predictor, heed_error *error)
{
    const settings *s = p->settings;
    progress shown;
    heed_status status;
    progress_init(&shown, "predicting", s->quiet, !output_is_terminal(&p->out));
    TRY(operands_check(s, error));
    settings_tell_weights(s, predictor, &shown);
    for (size_t i = 1; i < s->operands.count; i++) {
        const char *operand = s->operands.items[i];
        bool is_text = operand_kind_of(operand) == OPERAND_TEXT;
        TRY(is_text ? text_predict(p, predictor, operand, error) : file_predict(p, predictor, operand, &shown, error));
    }
    for (size_t i = 0; i < s->texts.count; i++)
        TRY(text_predict(p, predictor, s->texts.items[i], error));
    if (s->operands.count == 1 && s->texts.count == 0)
        TRY(file_predict(p, predictor, "-", &shown, error));
done:
    return status;
}

static heed_status files_predict(predicting *p, const heed_model *model, heed_error *error)
{
    heed_predictor *predictor = NULL;
    heed_status status;
    p->text_probabilities = calloc(heed_model_describe(model)->label_count, sizeof *p->text_probabilities);
    TRY(p->text_probabilities == NULL ? fail_memory(error, "a text") : HEED_OK);
    TRY(settings_predictor_new(&predictor, p->settings, model, error));
    status = operands_predict(p, predictor, error);
done:
    if (status == HEED_OK || p->out.w.problem != 0)
        status = output_finish(&p->out, error);
    else /* predictions made before the failure are still written */
        output_flush(&p->out);
    heed_predictor_free(predictor);
    return status;
}

static heed_status options_check(const settings *s, heed_error *error)
{
    if (s->append && settings_named(s, "output-format"))
        return fail(error, HEED_USAGE, "--append writes in the input's format; leave out --output-format");
    if (s->all_scores && settings_named(s, "top-k"))
        return fail(error, HEED_USAGE, "predict: found --all-scores and --top-k, expected one of them");
    return s->threshold == NULL ? HEED_OK : heed_check_thresholds(s->threshold, error);
}

static heed_status run(settings *s, heed_error *error)
{
    predicting p = {.settings = s, .out = output_standard(), .line_end = "\n"};
    heed_model *model = NULL;
    heed_status status;
    TRY(options_check(s, error));
    TRY(settings_model_load(&model, s, error));
    TRY(settings_rows_of_model(s, model, error));
    TRY(predictions_init(&p.predictions, model, s, error));
    status = files_predict(&p, model, error);
done:
    free(p.header);
    free(p.text_probabilities);
    predictions_release(&p.predictions);
    heed_model_free(model);
    return status;
}

const command predict_command = {
    .name = "predict",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_ANSWERS | TOUCHES_THREADS,
    .min_arguments = 1,
    .max_arguments = ANY_NUMBER,
    .arguments = "MODEL [FILE|TEXT...] [OPTION]...",
    .summary = "label texts",
    .about = "Writes one line per record, in order: the label and its probability, separated by a tab; if the input "
             "has ids, the id comes first. Without a file, or with -, texts are read from standard input, one per "
             "line, and lines from a pipe are answered as they come.\n\n"
             "An argument that is no file is a text if it has a blank and neither a slash nor the ending of a file; "
             "--text takes any text.",
    .examples = "heed predict m.safetensors - --top-k 2 < reviews.txt\n"
                "heed predict m.safetensors 'what a day'\n"
                "heed predict m.safetensors reviews.csv --append > labelled.csv\n"
                "tail -f log.txt | heed predict m.safetensors",
};
