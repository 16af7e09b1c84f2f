/* The pictures of heed.h: plain data drawn to a writer, whose text is returned. */
#include "draw/pictures_comparison.h"
#include "draw/pictures_curves.h"
#include "draw/pictures_faithfulness.h"
#include "draw/pictures_rows.h"
#include "draw/pictures_training.h"
#include "draw/render.h"
#include "model/model.h"

static heed_status hand_over(char **out, writer *svg, heed_error *error)
{
    heed_status status = writer_take(svg, out, NULL, error);
    writer_release(svg);
    return status;
}

heed_status heed_model_picture(const heed_model *model, char **out, heed_error *error)
{
    const training_record *t = &model->config.training;
    const training_history history = {model->train, model->validation, t->epochs_run, t->epoch_kept};
    writer svg = {0};
    picture_training(&svg, &history);
    return hand_over(out, &svg, error);
}

heed_status heed_comparison_picture(const heed_comparison *comparison, char **out, heed_error *error)
{
    size_t count;
    const heed_contender *contenders = heed_comparison_contenders(comparison, &count);
    writer svg = {0};
    picture_comparison(&svg, contenders, count);
    return hand_over(out, &svg, error);
}

heed_status heed_faithfulness_picture(const heed_faithfulness *faithfulness, char **out, heed_error *error)
{
    const heed_faithfulness_info info = heed_faithfulness_describe(faithfulness);
    writer svg = {0};
    picture_faithfulness(&svg, &info);
    return hand_over(out, &svg, error);
}

heed_status heed_confusion_picture(char **out, const char *const *labels, size_t count, const uint64_t *rows,
                                   heed_error *error)
{
    writer svg = {0};
    picture_confusion(&svg, labels, count, rows);
    return hand_over(out, &svg, error);
}

heed_status heed_roc_picture(char **out, const heed_line *curves, size_t count, heed_error *error)
{
    writer svg = {0};
    picture_roc(&svg, curves, count);
    return hand_over(out, &svg, error);
}

heed_status heed_precision_recall_picture(char **out, const heed_line *curves, size_t count, heed_error *error)
{
    writer svg = {0};
    picture_precision_recall(&svg, curves, count);
    return hand_over(out, &svg, error);
}

heed_status heed_reliability_picture(char **out, const heed_bin *bins, size_t count, heed_error *error)
{
    writer svg = {0};
    picture_reliability(&svg, bins, count);
    return hand_over(out, &svg, error);
}

heed_status heed_scores_picture(char **out, const char *const *labels, size_t count, const uint64_t *rows, size_t bins,
                                const char *score, heed_error *error)
{
    writer svg = {0};
    picture_scores(&svg, labels, count, rows, bins, score);
    return hand_over(out, &svg, error);
}

heed_status heed_lengths_picture(char **out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window,
                                 heed_error *error)
{
    writer svg = {0};
    picture_lengths(&svg, rows, bins, step, window);
    return hand_over(out, &svg, error);
}

heed_status heed_labels_picture(char **out, const char *const *labels, size_t count, const uint64_t *rows,
                                heed_error *error)
{
    writer svg = {0};
    picture_labels(&svg, labels, count, rows);
    return hand_over(out, &svg, error);
}

heed_status heed_learning_picture(char **out, const heed_line *lines, size_t count, const char *metric,
                                  heed_error *error)
{
    writer svg = {0};
    picture_learning(&svg, lines, count, metric);
    return hand_over(out, &svg, error);
}

heed_status heed_picture_write(const char *svg, const char *path, heed_error *error)
{
    return render_write(path, svg, error);
}

heed_status heed_picture_check(const char *path, heed_error *error)
{
    return render_check(path, error);
}
