#include "model_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/status.h"
#include "options/choices.h"
#include "options/row_path.h"
#include "operands.h"

/* Prediction must handle every record, whatever its label: "" means that labels are not read, and also overrides the
 * rules for the tutorial's files. The file may be of another kind than those of the training. */
static void rows_without_labels(heed_rows_options *rows)
{
    rows->format = HEED_FORMAT_AUTO;
    rows->label_column = rows->label_map = rows->drop_labels = "";
    rows->label_from = NULL;
    rows->drop_unlabelled = false;
}

static bool is_model_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && strcmp(dot, ".safetensors") == 0;
}

/* Detects a file of rows in place of the model: then one of the other arguments is a model. */
heed_status settings_model_load(heed_model **out, const settings *s, heed_error *error)
{
    const char *const *names = s->operands.items;
    heed_status status = heed_model_load(out, names[0], error);
    for (size_t i = 1; status == HEED_BAD_DATA && i < s->operands.count && !is_model_name(names[0]); i++)
        if (is_model_name(names[i])) {
            heed_error found = *error;
            return fail(error, status, "%.600s; MODEL comes first: heed %s %s %s", found.message, s->command->name,
                        names[i], names[0]);
        }
    return status;
}

/* Whether each row has its answer, if an empty one. */
static bool answers_each_row(const settings *s)
{
    return s->command == &predict_command || (s->command == &explain_command && s->faithfulness_file == NULL);
}

heed_status settings_rows_of_model(settings *s, const heed_model *model, heed_error *error)
{
    const heed_model_info *info = heed_model_describe(model);
    heed_status status = heed_options_copy(&s->rows, info->rows, error);
    if (status != HEED_OK)
        return status;
    s->rows.need_label = s->command == &evaluate_command;
    s->rows.bad_rows_too = answers_each_row(s);
    s->rows.on_bad_row = HEED_BAD_ROW_FAILS;
    s->rows.split_column = s->rows.group_column = s->rows.weight_column = NULL; /* only for training */
    if (!s->rows.need_label)
        rows_without_labels(&s->rows);
    if (settings_named(s, "label-column") || settings_named(s, "label-from"))
        s->rows.label_column = s->rows.label_from = s->rows.label_map =
            NULL; /* labels come from elsewhere: do not use the model's rule */
    if (s->rows.label_separator == NULL && info->task == HEED_TASK_MULTILABEL)
        s->rows.label_separator = ","; /* trained with the library, on its own rows */
    return settings_override(s, true, error);
}

/* The text options that can be changed when training from a model. */
static bool is_fixed_by_model(const option *o)
{
    return o->group == GROUP_STAGES || strcmp(o->name, "preset") == 0 ||
           (o->group == GROUP_WORDS && strcmp(o->name, "max-words") != 0 && strcmp(o->name, "min-count") != 0);
}

heed_status settings_start_from(settings *s, const heed_model *model, heed_error *error)
{
    const heed_model_info *info = heed_model_describe(model);
    for (size_t i = 0; i < s->naming_count; i++)
        if (!s->namings[i].from_config && is_fixed_by_model(s->namings[i].option))
            return fail(error, HEED_USAGE,
                        "--%s: the model of --init-from already determines this; leave the option out",
                        s->namings[i].option->name);
    heed_status status = heed_options_copy(&s->rows, info->rows, error);
    if (status != HEED_OK)
        return status;
    s->train.architecture = info->architecture;
    s->train.mask = info->mask;
    s->train.init_from = model;
    s->text.max_words = info->text->max_words;
    s->text.min_count = info->text->min_count;
    return settings_override(s, false, error);
}

/* What was read from a pipe for this cannot be read again. */
static bool can_be_reopened(const char *path)
{
    struct stat found;
    char *file = row_path_file(path);
    bool there = file != NULL && strcmp(file, "-") != 0 && stat(file, &found) == 0;
    free(file);
    return there && !S_ISFIFO(found.st_mode) && !S_ISCHR(found.st_mode);
}

/* The model's id column and delimiter are optional: this may be another file. Lines on standard input are in the
 * terminal's encoding, whatever that of the training files was. */
heed_status settings_reader_open(heed_reader **out, const settings *s, const char *const *paths, size_t count,
                                 heed_error *error)
{
    heed_rows_options rows = s->rows;
    bool stored_id = rows.id_column != NULL && !settings_named(s, "id-column");
    bool stored_delimiter = rows.delimiter != NULL && !settings_named(s, "delimiter");
    bool again = can_be_reopened(paths[0]);
    terminal_tell(s, paths[0]);
    if (!again && stored_id)
        rows.id_column = NULL;
    if (strcmp(paths[0], "-") == 0 && rows.format == HEED_FORMAT_AUTO && !settings_named(s, "encoding"))
        rows.encoding = HEED_UTF8;
    heed_status status = heed_reader_open(out, paths, count, &rows, error);
    for (unsigned left_out = 1; status == HEED_BAD_DATA && again && left_out < 4; left_out++) {
        bool id = (left_out & 1) != 0, delimiter = (left_out & 2) != 0;
        if ((id && !stored_id) || (delimiter && !stored_delimiter))
            continue;
        rows.id_column = id ? NULL : s->rows.id_column;
        rows.delimiter = delimiter ? NULL : s->rows.delimiter;
        status = heed_reader_open(out, paths, count, &rows, error);
    }
    return status;
}

heed_status settings_predictor_new(heed_predictor **out, const settings *s, const heed_model *model, heed_error *error)
{
    heed_status status;
    TRY(heed_predictor_new(out, model, s->train.threads, error));
    TRY(heed_predictor_set_projections(*out, s->storage, error));
    status = heed_predictor_set_weights(*out, s->weights, error);
done:
    return status;
}

void model_tell_forgotten(const heed_model *model, progress *p)
{
    if (heed_model_digests(model) == 0)
        progress_line(p, "heed: the model has no digests of its rows, so it cannot be known which of these it saw: see "
                         "'heed check'");
}

void model_warn_seen(uint64_t seen, uint64_t rows, progress *p)
{
    if (seen > 0)
        progress_warn(p, HEED_WARNING_LEAK,
                      "the model saw the texts of %" PRIu64 " of %" PRIu64 " rows (%.*f%%) in training: "
                      "%sthe figures measure memory",
                      seen, rows, seen < rows ? 1 : 0, 100 * (double)seen / (double)rows,
                      seen > rows / 2 ? "" : "to that extent ");
}

void settings_tell_weights(const settings *s, const heed_predictor *predictor, progress *p)
{
    if (s->weights == HEED_PRECISION_AUTO)
        progress_line(p, "heed: --weights auto: %s", names_of(&weights_names, heed_predictor_weights(predictor)));
}
