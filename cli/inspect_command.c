/* heed inspect: what is in a model, or what an architecture would become. */
#include "base/status.h"
#include "output.h"
#include "paths.h"
#include "pictures.h"
#include "settings.h"

/* ---------------------------------------------------------------- a model */

static heed_status labels_print(const heed_model *model, heed_error *error)
{
    output out = output_standard();
    const heed_model_info *info = heed_model_describe(model);
    writer label = {0};
    for (size_t i = 0; i < info->label_count; i++) {
        writer_clear(&label);
        escape_label(&label, bytes_of(info->labels[i]));
        escape_terminal(&out.w, (heed_bytes){label.data, label.size});
        writer_byte(&out.w, '\n');
    }
    heed_status status = writer_check(&label, error);
    writer_release(&label);
    return status == HEED_OK ? output_finish(&out, error) : status;
}

static heed_status inspect_print(const heed_model *model, const settings *s, heed_error *error)
{
    char *text = NULL;
    if (s->labels)
        return labels_print(model, error);
    heed_status made = s->json      ? heed_model_json(&text, model, error)
                       : s->history ? heed_model_history_csv(&text, model, error)
                                    : heed_model_summary(&text, model, error);
    return output_print_made(made, text, !s->json && !s->history, error);
}

static heed_status inspect_graph(const heed_model *model, const char *path, heed_error *error)
{
    char *dot = NULL;
    heed_status made = heed_model_dot(&dot, model, error);
    return graph_write_made(made, dot, path, error);
}

static heed_status model_inspect(const settings *s, heed_error *error)
{
    heed_model *model = NULL;
    heed_status status;
    TRY(heed_model_load(&model, s->operands.items[0], error));
    status = s->picture_file != NULL ? output_draw_model(model, s->picture_file, error)
             : s->graph_file != NULL ? inspect_graph(model, s->graph_file, error)
                                     : inspect_print(model, s, error);
done:
    heed_model_free(model);
    return status;
}

/* ---------------------------------------------------------------- an architecture */

static heed_status outline_inspect(const settings *s, heed_error *error)
{
    char *text = NULL;
    heed_task task = s->rows.label_separator != NULL ? HEED_TASK_MULTILABEL
                     : s->label_count == 2           ? HEED_TASK_BINARY
                                                     : HEED_TASK_MULTICLASS;
    if (s->graph_file != NULL) {
        heed_status made = heed_outline_dot(&text, &s->train, &s->text, task, s->label_count, error);
        return graph_write_made(made, text, s->graph_file, error);
    }
    heed_status made =
        (s->json ? heed_outline_json : heed_outline_summary)(&text, &s->train, &s->text, task, s->label_count, error);
    return output_print_made(made, text, !s->json, error);
}

/* Options that say how a model would be, so that none is read. */
static const char *const outline_options[] = {
    "architecture", "preset", "mask", "no-mask", "max-words", "max-length", "label-count", "label-separator", "pad"};

static const char *outline_option(const settings *s)
{
    for (size_t i = 0; i < sizeof outline_options / sizeof *outline_options; i++)
        if (settings_named(s, outline_options[i]))
            return outline_options[i];
    return NULL;
}

/* ---------------------------------------------------------------- the command */

static heed_status subject_check(const settings *s, heed_error *error)
{
    const char *option = outline_option(s);
    if (s->operands.count == 1 && option != NULL)
        return fail(error, HEED_USAGE,
                    "inspect: found the model '%s' and --%s, which is for an architecture without a model; leave out "
                    "one of the two",
                    s->operands.items[0], option);
    if (s->operands.count == 0 && option == NULL)
        return fail(
            error, HEED_USAGE,
            "inspect: an argument is missing, expected heed inspect MODEL, or heed inspect --architecture TEXT");
    if (s->operands.count == 0 && (s->labels || s->history || s->picture_file != NULL))
        return fail(error, HEED_USAGE, "inspect: found --%s without a model, expected heed inspect MODEL",
                    s->labels    ? "labels"
                    : s->history ? "history"
                                 : "picture");
    return HEED_OK;
}

static heed_status checks(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    heed_status status;
    TRY(subject_check(s, error));
    if (s->labels + s->json + s->history + (s->picture_file != NULL) + (s->graph_file != NULL) > 1)
        return fail(error, HEED_USAGE,
                    "inspect: found several of --labels, --json, --history, --picture and --graph, expected one");
    path_guard_picture(&g, "--picture", s->picture_file);
    path_guard_output(&g, "--graph", s->graph_file);
    path_guard_input(&g, "the model", s->operands.count > 0 ? s->operands.items[0] : NULL);
    TRY(s->graph_file == NULL ? HEED_OK : graph_check(s->graph_file, error));
    return path_guard_end(&g);
done:
    return status;
}

static heed_status run(settings *s, heed_error *error)
{
    heed_status status = checks(s, error);
    if (status != HEED_OK)
        return status;
    return s->operands.count > 0 ? model_inspect(s, error) : outline_inspect(s, error);
}

const command inspect_command = {
    .name = "inspect",
    .run = run,
    .touches = TOUCHES_SHAPE,
    .max_arguments = 1,
    .arguments = "MODEL|--architecture TEXT [OPTION]...",
    .summary = "show what is in a model, or what an architecture would be",
    .about = "Prints the layers of the network, how texts are cleaned, and how the model was trained. With "
             "--architecture, and "
             "without a model, it prints the layers that training would begin with: their shapes and parameters for so "
             "many words, tokens and labels.",
    .examples = "heed inspect m.safetensors\n"
                "heed inspect m.safetensors --history > history.csv\n"
                "heed inspect m.safetensors --graph m.svg\n"
                "heed inspect --architecture 'embed 64 | bilstm 32 | max' --label-count 5",
};
