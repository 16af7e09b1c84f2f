/* The pictures of heed.h: plain data drawn to a writer, whose text is returned. */
#include "draw/pictures_comparison.h"
#include "draw/pictures_curves.h"
#include "draw/pictures_faithfulness.h"
#include "draw/pictures_training.h"
#include "experiment/comparison.h"
#include "model/sum_classifier.h"

static heed_status hand_over(char **out, writer *svg, heed_error *error)
{
    heed_status status = writer_take(svg, out, NULL, error);
    writer_release(svg);
    return status;
}

heed_status heed_model_picture(char **out, const heed_model *model, heed_error *error)
{
    const heed_model *trained = model_with_epochs(model) != NULL ? model_with_epochs(model) : model;
    const training_record *t = &trained->config.training;
    const training_history history = {trained->train, trained->validation, t->epochs_run, t->epoch_kept,
                                      record_has_cross_fit(t)};
    writer svg = {0};
    picture_training(&svg, &history);
    return hand_over(out, &svg, error);
}

heed_status heed_comparison_picture(char **out, const heed_comparison *comparison, heed_error *error)
{
    writer svg = {0};
    picture_comparison(&svg, comparison->contenders, comparison->contender_count);
    return hand_over(out, &svg, error);
}

heed_status heed_faithfulness_picture(char **out, const heed_faithfulness *faithfulness, heed_error *error)
{
    writer svg = {0};
    picture_faithfulness(&svg, faithfulness);
    return hand_over(out, &svg, error);
}

heed_status heed_learning_picture(char **out, const heed_line *lines, size_t count, const char *metric,
                                  heed_error *error)
{
    writer svg = {0};
    picture_learning(&svg, lines, count, metric);
    return hand_over(out, &svg, error);
}
