/* heed explain: which words of a text led to its label. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/path.h"
#include "base/status.h"
#include "options/row_path.h"
#include "explain_measure.h"
#include "model_rows.h"
#include "operands.h"
#include "output.h"
#include "paths.h"
#include "progress.h"
#include "settings.h"

typedef struct explaining {
    const settings *settings;
    heed_explainer *explainer;
    heed_explanation_format picture;
    bool whole;               /* all explanations are drawn into one picture */
    heed_explanation **items; /* kept for a picture of all */
    size_t count, capacity;
    bool begun;
    output out;
} explaining;

/* ---------------------------------------------------------------- what is written */

/* The format that the ending of a file's name says; terminal: the name has none. EXPLAIN_AUTO: another one. */
static explain_format format_of_name(const char *path)
{
    static const struct {
        const char *ending;
        explain_format format;
    } endings[] = {{".html", EXPLAIN_HTML}, {".htm", EXPLAIN_HTML},   {".svg", EXPLAIN_SVG},
                   {".json", EXPLAIN_JSON}, {".jsonl", EXPLAIN_JSON}, {".txt", EXPLAIN_TERMINAL}};
    const char *name = path_name(path), *ending = strrchr(name, '.');
    for (size_t i = 0; ending != NULL && ending > name && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(ending, endings[i].ending) == 0)
            return endings[i].format;
    return ending == NULL || ending == name ? EXPLAIN_TERMINAL : EXPLAIN_AUTO;
}

static explain_format format_asked(const settings *s)
{
    explain_format format = s->json ? EXPLAIN_JSON : s->explain_format;
    return format == EXPLAIN_AUTO && s->explain_file != NULL ? format_of_name(s->explain_file) : format;
}

/* A picture of another kind, say, must not become a text. */
static heed_status format_check(const settings *s, heed_error *error)
{
    if (s->explain_file == NULL || format_asked(s) != EXPLAIN_AUTO)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "--output: found '%.200s', expected a name that ends in .html, .svg, .json or .txt, or --output-format",
                s->explain_file);
}

/* NO_COLOR: see https://no-color.org; a terminal that says so has 24-bit colours. */
static heed_explanation_format terminal_picture(const settings *s, const output *o)
{
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM"), *depth = getenv("COLORTERM");
    bool fit = output_is_terminal(o) && (no == NULL || *no == '\0') && (kind == NULL || strcmp(kind, "dumb") != 0);
    bool colours = s->colours == COLOURS_ALWAYS || (s->colours == COLOURS_AUTO && fit);
    bool deep = depth != NULL && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0);
    return !colours ? HEED_EXPLANATION_TEXT : deep ? HEED_EXPLANATION_TRUECOLOUR : HEED_EXPLANATION_COLOURS;
}

static heed_explanation_format picture_choose(const settings *s, const output *o)
{
    const explain_format format = format_asked(s);
    return format == EXPLAIN_HTML   ? HEED_EXPLANATION_HTML
           : format == EXPLAIN_SVG  ? HEED_EXPLANATION_SVG
           : format == EXPLAIN_JSON ? HEED_EXPLANATION_JSON
                                    : terminal_picture(s, o);
}

static heed_status items_write(explaining *x, heed_explanation *const *items, size_t count, heed_error *error)
{
    char *text = NULL;
    size_t size = 0;
    heed_status status =
        heed_explanations_draw(&text, &size, (const heed_explanation *const *)items, count, x->picture, error);
    if (status == HEED_OK) {
        if (x->begun && x->picture != HEED_EXPLANATION_JSON)
            writer_byte(&x->out.w, '\n');
        writer_bytes(&x->out.w, text, size);
        x->begun = true;
    }
    heed_free(text);
    return status;
}

/* Takes ownership of an explanation: writes it, or keeps it for the picture of all. */
static heed_status item_take(explaining *x, heed_explanation *item, heed_error *error)
{
    if (!x->whole) {
        heed_status status = items_write(x, &item, 1, error);
        heed_explanation_free(item);
        return status;
    }
    if (x->count == x->capacity) {
        size_t room = x->capacity > 0 ? 2 * x->capacity : 16;
        heed_explanation **items = realloc(x->items, room * sizeof(heed_explanation *));
        if (items == NULL) {
            heed_explanation_free(item);
            return fail(error, HEED_FAILED, "out of memory for %zu explanations", x->count);
        }
        x->items = items;
        x->capacity = room;
    }
    x->items[x->count++] = item;
    return HEED_OK;
}

/* ---------------------------------------------------------------- texts */

static heed_status text_explain(explaining *x, heed_bytes text, heed_error *error)
{
    const char *against = x->settings->explain_against;
    heed_explanation *item = NULL, *other = NULL;
    heed_status status;
    if (against == NULL) {
        TRY(heed_explainer_run(&item, x->explainer, text, error));
        return item_take(x, item, error);
    }
    TRY(heed_explainer_compare(&item, &other, x->explainer, text, bytes_of(against), error));
    TRY(item_take(x, item, error));
    return item_take(x, other, error);
done:
    heed_explanation_free(other);
    return status;
}

static heed_status record_blame(const heed_record *record, heed_status status, heed_error *error)
{
    heed_error found = *error;
    if (status == HEED_OK)
        return status;
    return fail(error, status, "%s: row %llu: %.800s", record->file, (unsigned long long)record->row, found.message);
}

/* A row that was skipped has as many explanations as another. */
static heed_status row_explain(explaining *x, const heed_record *record, heed_error *error)
{
    heed_explanation *item = NULL;
    heed_status status = HEED_OK;
    if (!record->bad)
        return record_blame(record, text_explain(x, record->text, error), error);
    for (int left = x->settings->explain_against == NULL ? 1 : 2; status == HEED_OK && left > 0; left--) {
        status = heed_explanation_skipped(&item, record->problem, error);
        if (status == HEED_OK)
            status = item_take(x, item, error);
    }
    return status;
}

static heed_status file_explain(explaining *x, const char *path, heed_error *error)
{
    heed_reader *reader = NULL;
    const heed_record *record;
    progress shown;
    progress_init(&shown, "explaining", x->settings->quiet, x->whole || !output_is_terminal(&x->out));
    heed_status status = settings_reader_open(&reader, x->settings, &path, 1, error);
    while (status == HEED_OK && (status = heed_reader_next(&record, reader, error)) == HEED_OK) {
        status = row_explain(x, record, error);
        progress_reading(&shown, reader);
        if (!x->whole && !heed_reader_ready(reader)) /* the writer of the pipe may wait for this output */
            output_flush(&x->out);
        if (status == HEED_OK && x->out.w.problem != 0)
            break;
    }
    progress_clear(&shown);
    if (reader != NULL && status == HEED_END)
        progress_skipped(&shown, reader);
    heed_reader_free(reader);
    return status == HEED_END ? HEED_OK : status;
}

/* A text argument; "-" is standard input, as elsewhere. If it is the name of a file, the file may have been meant. */
static heed_status operand_explain(explaining *x, const char *text, heed_error *error)
{
    if (strcmp(text, "-") == 0)
        return file_explain(x, text, error);
    char *file = row_path_file(text);
    bool there = file != NULL && access(file, F_OK) == 0;
    free(file);
    if (there) {
        progress note;
        progress_init(&note, "explaining", x->settings->quiet, false);
        progress_warn(&note, WARNING_FILE_AS_TEXT, "'%s' is explained as a text; use --file for the texts of a file",
                      text);
    } else if (operand_is_named_like_file(text)) {
        return operand_missing(x->settings, text, error);
    }
    return text_explain(x, bytes_of(text), error);
}

/* First text arguments, then those of --text, then files; without any, standard input. */
static heed_status texts_explain(explaining *x, heed_error *error)
{
    const settings *s = x->settings;
    heed_status status = HEED_OK;
    for (size_t i = 1; i < s->operands.count; i++)
        TRY(operand_explain(x, s->operands.items[i], error));
    for (size_t i = 0; i < s->texts.count; i++)
        TRY(text_explain(x, bytes_of(s->texts.items[i]), error));
    for (size_t i = 0; i < s->explain_files.count; i++)
        TRY(file_explain(x, s->explain_files.items[i], error));
    if (s->operands.count == 1 && s->explain_files.count == 0 && s->texts.count == 0)
        TRY(file_explain(x, "-", error));
    if (x->whole)
        status = items_write(x, x->items, x->count, error);
done:
    return status;
}

/* ---------------------------------------------------------------- the command */

static heed_status output_begin(explaining *x, heed_error *error)
{
    const settings *s = x->settings;
    path_guard g = path_guard_begin(error);
    heed_status status;
    path_guard_output(&g, "--output", s->explain_file);
    path_guard_input(&g, "MODEL", s->operands.items[0]);
    path_guard_inputs(&g, "--file", s->explain_files.items, s->explain_files.count);
    TRY(path_guard_end(&g));
    TRY(format_check(s, error));
    if (s->explain_file != NULL)
        TRY(output_create(&x->out, s->explain_file, error));
    x->picture = picture_choose(s, &x->out);
    if (x->picture == HEED_EXPLANATION_COLOURS || x->picture == HEED_EXPLANATION_TRUECOLOUR)
        x->out.w.filter = NULL; /* a terminal has to obey the colours; texts in them are escaped */
    x->whole = x->picture == HEED_EXPLANATION_HTML || x->picture == HEED_EXPLANATION_SVG;
done:
    return status;
}

/* Explanations made before a failure are still written to standard output; a file is written completely or not at all.
 */
static heed_status output_end(explaining *x, heed_status status, heed_error *error)
{
    if (status == HEED_OK || (x->out.w.problem != 0 && x->out.w.file != NULL))
        return output_finish(&x->out, error);
    if (x->out.w.file == stdout)
        output_flush(&x->out);
    else
        output_abandon(&x->out);
    return status;
}

static heed_status model_explain(explaining *x, settings *s, const heed_model *model, heed_error *error)
{
    heed_explain_options options = s->explain;
    heed_status status;
    options.threads = s->train.threads;
    TRY(settings_rows_of_model(s, model, error));
    TRY(heed_explainer_new(&x->explainer, model, &options, error));
    TRY(output_begin(x, error));
    status = texts_explain(x, error);
done:
    return output_end(x, status, error);
}

static heed_status run(settings *s, heed_error *error)
{
    explaining x = {.settings = s, .out = output_standard()};
    heed_model *model = NULL;
    heed_status status;
    if (s->json && settings_named(s, "output-format"))
        return fail(error, HEED_USAGE, "explain: found --json and --output-format, expected one of them");
    TRY(faithfulness_check(s, error));
    TRY(settings_model_load(&model, s, error));
    status = s->faithfulness_file != NULL ? faithfulness_run(s, model, error) : model_explain(&x, s, model, error);
done:
    for (size_t i = 0; i < x.count; i++)
        heed_explanation_free(x.items[i]);
    free(x.items);
    heed_explainer_free(x.explainer);
    heed_model_free(model);
    return status;
}

const command explain_command = {
    .name = "explain",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_EXPLAINING | TOUCHES_THREADS,
    .min_arguments = 1,
    .max_arguments = ANY_NUMBER,
    .arguments = "MODEL [TEXT...] [OPTION]...",
    .summary = "show which words led to a text's label",
    .about =
        "Shows each text as it was written, with its words coloured (or marked) by their scores. Words that the "
        "model did not read are marked too: dropped words, unknown words, and words beyond its maximum length. "
        "Texts are given as arguments or by --text and --file; without any, or with -, they are read from standard "
        "input, "
        "one per line.\n\n"
        "Except for attention, scores are for (+) or against (-) a label, in units of its logit:\n"
        "attention: where the model looked, which is not always the reason for its prediction; the same for every "
        "label; sums to 1\n"
        "gradient: the word's embedding times the gradient of the logit; needs only one pass\n"
        "integrated: gradients integrated from zero embeddings to those of the words; the scores add up to the "
        "logit minus that of zero embeddings\n"
        "leave-one-out: how much the logit falls when the word is removed\n"
        "weights: for linear and wide models: value times weight of the word, plus its share of that of each n-gram "
        "that contains it\n\n"
        "--faithfulness measures how far each method can be trusted for this model; --store also stores the best "
        "method in the model.",
    .examples = "heed explain m.safetensors 'A film to remember, for all its faults.'\n"
                "heed explain m.safetensors --file reviews.csv --output reviews.html\n"
                "heed explain m.safetensors 'a good film' --against 'not a good film'\n"
                "heed explain m.safetensors --json < reviews.txt\n"
                "heed explain m.safetensors --faithfulness reviews.csv --store",
};
