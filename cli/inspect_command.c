/* heed inspect: what is in a model. */
#include "base/status.h"
#include "output.h"
#include "paths.h"
#include "pictures.h"
#include "settings.h"

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

/* Only the picture, and nothing on standard output. */
static heed_status inspect_draw(const heed_model *model, const char *path, heed_error *error)
{
    char *svg = NULL;
    heed_status made = heed_model_picture(&svg, model, error);
    return output_draw_made(made, svg, path, error);
}

static heed_status checks(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    if (s->labels + s->json + s->history + (s->picture_file != NULL) + (s->graph_file != NULL) > 1)
        return fail(error, HEED_USAGE,
                    "inspect: found several of --labels, --json, --history, --picture and --graph, expected one");
    path_guard_picture(&g, "--picture", s->picture_file);
    path_guard_output(&g, "--graph", s->graph_file);
    path_guard_input(&g, "the model", s->operands.items[0]);
    heed_status status = s->graph_file == NULL ? HEED_OK : graph_check(s->graph_file, error);
    return status == HEED_OK ? path_guard_end(&g) : status;
}

static heed_status run(settings *s, heed_error *error)
{
    heed_model *model = NULL;
    heed_status status;
    TRY(checks(s, error));
    TRY(heed_model_load(&model, s->operands.items[0], error));
    status = s->picture_file != NULL ? inspect_draw(model, s->picture_file, error)
             : s->graph_file != NULL ? graph_write(s->graph_file, model, error)
                                     : inspect_print(model, s, error);
done:
    heed_model_free(model);
    return status;
}

const command inspect_command = {
    .name = "inspect",
    .run = run,
    .min_arguments = 1,
    .max_arguments = 1,
    .arguments = "MODEL [OPTION]...",
    .summary = "show what is in a model",
    .about = "Prints the layers of the network, how texts are cleaned, and how the model was trained.",
    .examples = "heed inspect m.safetensors\n"
                "heed inspect m.safetensors --history > history.csv\n"
                "heed inspect m.safetensors --graph m.svg",
};
