/* heed inspect: what is in a model. */
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/status.h"
#include "output.h"
#include "paths.h"
#include "settings.h"

/* The format selected by the file extension of --graph. */
static heed_status graph_format(const char **format, const char *path, heed_error *error)
{
    static const char *const formats[] = {"dot", "svg", "png", "pdf"};
    const char *end = strrchr(path, '.');
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (end != NULL && strcasecmp(end + 1, formats[i]) == 0) {
            *format = formats[i];
            return HEED_OK;
        }
    return fail(error, HEED_USAGE, "--graph: found '%.200s', expected a name that ends in .dot, .svg, .png or .pdf",
                path);
}

static heed_status graph_write(const heed_model *model, const settings *s, heed_error *error)
{
    const char *format = NULL;
    char *text = NULL;
    size_t size = 0;
    heed_status status;
    TRY(graph_format(&format, s->graph_file, error));
    TRY(heed_model_graph(model, format, &text, &size, error));
    status = file_write(s->graph_file, text, size, error);
done:
    heed_free(text);
    return status;
}

static heed_status labels_print(const heed_model *model, heed_error *error)
{
    output out = output_standard();
    size_t count = 0;
    const char *const *labels = heed_model_labels(model, &count);
    for (size_t i = 0; i < count; i++) {
        escape_terminal(&out.w, bytes_of(labels[i]));
        writer_byte(&out.w, '\n');
    }
    return output_finish(&out, error);
}

static heed_status inspect_print(const heed_model *model, const settings *s, heed_error *error)
{
    char *text = NULL;
    if (s->labels)
        return labels_print(model, error);
    heed_status made = s->json      ? heed_model_json(model, &text, error)
                       : s->history ? heed_model_history_csv(model, &text, error)
                                    : heed_model_summary(model, &text, error);
    return output_print_made(made, text, !s->json && !s->history, error);
}

/* Only the picture, and nothing on standard output. */
static heed_status inspect_draw(const heed_model *model, const char *path, heed_error *error)
{
    char *svg = NULL;
    heed_status made = heed_model_picture(model, &svg, error);
    return output_draw_made(made, svg, path, error);
}

static heed_status checks(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    const char *format;
    if (s->labels + s->json + s->history + (s->picture_file != NULL) + (s->graph_file != NULL) > 1)
        return fail(error, HEED_USAGE,
                    "inspect: found several of --labels, --json, --history, --picture and --graph, expected one");
    path_guard_picture(&g, "--picture", s->picture_file);
    path_guard_output(&g, "--graph", s->graph_file);
    path_guard_input(&g, "the model", s->operands.items[0]);
    heed_status status = s->graph_file == NULL ? HEED_OK : graph_format(&format, s->graph_file, error);
    return status == HEED_OK ? path_guard_end(&g) : status;
}

static heed_status run(settings *s, heed_error *error)
{
    heed_model *model = NULL;
    heed_status status;
    TRY(checks(s, error));
    TRY(heed_model_load(&model, s->operands.items[0], error));
    status = s->picture_file != NULL ? inspect_draw(model, s->picture_file, error)
             : s->graph_file != NULL ? graph_write(model, s, error)
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
    .about = "Prints the layers of the network, how texts are cleaned, and how it was trained.",
    .examples = "heed inspect m.safetensors\n"
                "heed inspect m.safetensors --history > history.csv\n"
                "heed inspect m.safetensors --graph m.svg",
};
