/* heed.h's pictures: the buffers of pictures.h handed over as text. */
#include "draw/render.h"
#include "model/model.h"
#include "experiment/comparison.h"
#include "explain/faithfulness.h"
#include "draw/pictures.h"

/* Hands over what was drawn. */
static heed_status take(char **out, buffer *svg, heed_status status, heed_error *error)
{
    *out = NULL;
    if (status == HEED_OK)
        status = buffer_take(svg, out, error);
    buffer_release(svg);
    return status;
}

heed_status heed_model_picture(const heed_model *model, char **out, heed_error *error)
{
    buffer svg = {0};
    const training_record *t = &model->config.training;
    const training_history history = {model->train, model->validation, t->epochs_run, t->epoch_kept};
    return take(out, &svg, picture_training(&svg, &history, error), error);
}

heed_status heed_comparison_picture(const heed_comparison *comparison, char **out, heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_comparison(&svg, comparison->contenders, comparison->contender_count, error),
                error);
}

heed_status heed_faithfulness_picture(const heed_faithfulness *faithfulness, char **out, heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_faithfulness(&svg, &faithfulness->info, error), error);
}

heed_status heed_confusion_picture(char **out, const char *const *labels, size_t count, const uint64_t *rows,
                                   heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_confusion(&svg, labels, count, rows, error), error);
}

heed_status heed_roc_picture(char **out, const heed_line *curves, size_t count, heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_roc(&svg, curves, count, error), error);
}

heed_status heed_precision_recall_picture(char **out, const heed_line *curves, size_t count, heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_precision_recall(&svg, curves, count, error), error);
}

heed_status heed_reliability_picture(char **out, const heed_bin *bins, size_t count, heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_reliability(&svg, bins, count, error), error);
}

heed_status heed_scores_picture(char **out, const char *const *labels, size_t count, const uint64_t *rows,
                                size_t bins, const char *score, heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_scores(&svg, labels, count, rows, bins, score, error), error);
}

heed_status heed_lengths_picture(char **out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window,
                                 heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_lengths(&svg, rows, bins, step, window, error), error);
}

heed_status heed_labels_picture(char **out, const char *const *labels, size_t count, const uint64_t *rows,
                                heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_labels(&svg, labels, count, rows, error), error);
}

heed_status heed_learning_picture(char **out, const heed_line *lines, size_t count, const char *figure,
                                  heed_error *error)
{
    buffer svg = {0};
    return take(out, &svg, picture_learning(&svg, lines, count, figure, error), error);
}

heed_status heed_picture_write(const char *svg, const char *path, heed_error *error)
{
    return render_write(path, svg, error);
}

heed_status heed_picture_check(const char *path, heed_error *error)
{
    return render_check(path, error);
}
