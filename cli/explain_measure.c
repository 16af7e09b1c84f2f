#include "explain_measure.h"

#include "base/status.h"
#include "model_rows.h"
#include "output.h"
#include "paths.h"
#include "progress.h"

/* Options for explaining texts exclude those for measuring, and vice versa. */
heed_status faithfulness_check(const settings *s, heed_error *error)
{
    static const char *const of_texts[] = {"file", "text", "method", "label", "against", "output-format", "colors"};
    static const char *const of_measuring[] = {"rows", "erase", "seed", "picture", "store"};
    bool measures = s->faithfulness_file != NULL;
    const char *const *strange = measures ? of_texts : of_measuring;
    size_t count = measures ? sizeof of_texts / sizeof *of_texts : sizeof of_measuring / sizeof *of_measuring;
    for (size_t i = 0; i < count; i++)
        if (settings_named(s, strange[i]))
            return fail(error, HEED_USAGE,
                        measures ? "explain: found --%s with --faithfulness, which measures all methods on the "
                                   "predicted labels; leave it out"
                                 : "explain: found --%s without --faithfulness, expected both",
                        strange[i]);
    if (measures && s->operands.count > 1)
        return fail(error, HEED_USAGE, "explain: found the text '%.100s' with --faithfulness, expected only a model",
                    s->operands.items[1]);
    return HEED_OK;
}

static heed_status paths_check(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error), stored = path_guard_begin(error);
    path_guard_output(&g, "--output", s->explain_file);
    path_guard_picture(&g, "--picture", s->picture_file);
    path_guard_input(&g, "MODEL", s->operands.items[0]);
    path_guard_input(&g, "--faithfulness", s->faithfulness_file);
    if (s->store) /* then the model is written, too */
        path_guard_output(&stored, "MODEL", s->operands.items[0]);
    path_guard_input(&stored, "--faithfulness", s->faithfulness_file);
    heed_status status = path_guard_end(&g);
    return status == HEED_OK ? path_guard_end(&stored) : status;
}

static heed_status measure(heed_faithfulness **out, const settings *s, const heed_model *model, heed_error *error)
{
    heed_reader *reader = NULL;
    progress shown;
    heed_faithfulness_options options = s->faithfulness;
    options.steps = s->explain.steps;
    options.threads = s->train.threads;
    *out = NULL;
    progress_init(&shown, "reading", s->quiet, true);
    heed_status status = settings_reader_open(&reader, s, &s->faithfulness_file, 1, error);
    if (status == HEED_OK)
        status = heed_faithfulness_measure(out, model, reader, &options, &shown.listener, error);
    progress_clear(&shown);
    if (status == HEED_OK) {
        const heed_faithfulness_info *info = heed_faithfulness_describe(*out);
        model_warn_seen(info->seen, info->rows, &shown);
        model_tell_forgotten(model, &shown);
    }
    if (reader != NULL)
        progress_skipped(&shown, reader);
    heed_reader_free(reader);
    return status;
}

static heed_status print(const heed_faithfulness *found, const settings *s, heed_error *error)
{
    char *text = NULL;
    output out = output_standard();
    heed_status status;
    if (s->explain_file != NULL)
        TRY(output_create(&out, s->explain_file, error));
    TRY(s->json ? heed_faithfulness_json(&text, found, error) : heed_faithfulness_report(&text, found, error));
    output_take(&out, text);
    if (s->json)
        writer_byte(&out.w, '\n');
    return output_finish(&out, error);
done:
    output_abandon(&out);
    return status;
}

static heed_status draw(const heed_faithfulness *found, const char *path, heed_error *error)
{
    char *svg = NULL;
    heed_status made = heed_faithfulness_picture(&svg, found, error);
    return output_draw_made(made, svg, path, error);
}

/* A model without a faithful explanation is left unchanged. The printed results show why; the command fails. */
static heed_status store(const heed_faithfulness *found, const settings *s, heed_model *model, heed_error *error)
{
    const char *path = s->operands.items[0];
    progress note;
    heed_status status = heed_model_set_explanation(model, found, error);
    if (status == HEED_OK)
        status = heed_model_save(model, path, error);
    if (status != HEED_OK)
        return status;
    progress_init(&note, "storing", s->quiet, false);
    progress_line(&note, "%s: heed explain uses %s from now on", path,
                  heed_method_name(heed_faithfulness_describe(found)->best));
    return HEED_OK;
}

heed_status faithfulness_run(settings *s, heed_model *model, heed_error *error)
{
    heed_faithfulness *found = NULL;
    heed_status status;
    TRY(paths_check(s, error));
    TRY(settings_rows_of_model(s, model, error));
    TRY(measure(&found, s, model, error));
    TRY(print(found, s, error));
    if (s->picture_file != NULL)
        TRY(draw(found, s->picture_file, error));
    if (s->store)
        status = store(found, s, model, error);
done:
    heed_faithfulness_free(found);
    return status;
}
