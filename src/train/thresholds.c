#include "train/thresholds.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/classifier.h"

static int by_falling_probability(const void *a, const void *b)
{
    float x = ((const judged *)a)->probability, y = ((const judged *)b)->probability;
    return (x < y) - (x > y);
}

/* At least `below` and less than `above`, so that exactly the probabilities from `above` on are answered. */
static float between(float below, float above)
{
    if (below <= 0.5F && above > 0.5F)
        return 0.5F;
    float middle = (float)(((double)below + (double)above) / 2);
    return middle < above ? middle : below;
}

float threshold_of_best_f1(judged *rows, size_t count)
{
    size_t positives = 0, hits = 0;
    double best = 0;
    float threshold = 0.5F;
    for (size_t i = 0; i < count; i++)
        positives += rows[i].has_label;
    qsort(rows, count, sizeof *rows, by_falling_probability);
    for (size_t i = 0; i < count; i++) { /* rows 0 to i are answered */
        hits += rows[i].has_label;
        float next = i + 1 < count ? rows[i + 1].probability : 0;
        if (next == rows[i].probability) /* no threshold is between equal numbers */
            continue;
        double f1 = 2 * (double)hits / (double)(positives + i + 1);
        float found = between(next, rows[i].probability);
        bool nearer = fabsf(found - 0.5F) <= fabsf(threshold - 0.5F);
        if (f1 > best || (f1 == best && f1 > 0 && nearer)) {
            best = f1;
            threshold = found;
        }
    }
    return threshold;
}

/* ---- of a model */

heed_status thresholds_check(const training_data *data, const heed_train_options *options, heed_error *error)
{
    if (!options->tune_thresholds)
        return HEED_OK;
    if (data->task == HEED_TASK_MULTICLASS)
        return fail(error, HEED_USAGE,
                    "--tune-thresholds: found %u labels of which each row has one, so there is no threshold to tune; "
                    "expected two labels, or --label-separator",
                    data->label_count);
    return data->validation.count > 0
               ? HEED_OK
               : fail(error, HEED_USAGE, "--tune-thresholds: there are no validation rows to tune them on");
}

static bool has_label(const examples *e, uint32_t row, uint32_t label)
{
    uint32_t count;
    const uint32_t *labels = examples_labels(e, row, &count);
    for (uint32_t i = 0; i < count; i++)
        if (labels[i] == label)
            return true;
    return false;
}

/* The threshold of a label with the best F1 on examples whose probabilities [count][labels] are known. rows: scratch.
 */
static float best_threshold(judged *rows, const examples *e, const float *probabilities, size_t labels, uint32_t label)
{
    for (uint32_t row = 0; row < e->count; row++)
        rows[row] = (judged){probabilities[row * labels + label], has_label(e, row, label)};
    return threshold_of_best_f1(rows, e->count);
}

static heed_status tune(heed_model *m, const examples *e, unsigned threads, heed_error *error)
{
    const label_config *labels = &m->config.labels;
    pool *workers = NULL;
    float *probabilities = NULL;
    judged *rows = memory_array(e->count, sizeof *rows);
    heed_status status;
    TRY(rows == NULL ? fail_memory(error, "thresholds") : HEED_OK);
    TRY(pool_new(&workers, threads, error));
    TRY(classify_examples(&probabilities, m, e, workers, error));
    for (uint32_t i = 0; i < model_threshold_count(&m->config); i++) {
        uint32_t label = labels->task == HEED_TASK_BINARY ? labels->positive : i;
        m->thresholds[i] = (double)best_threshold(rows, e, probabilities, labels->count, label);
    }
done:
    pool_free(workers);
    free(probabilities);
    free(rows);
    return status;
}

heed_status thresholds_choose(heed_model *model, const training_data *data, const heed_train_options *options,
                              heed_error *error)
{
    uint32_t count = model_threshold_count(&model->config);
    model->thresholds = memory_array(count, sizeof *model->thresholds);
    if (model->thresholds == NULL)
        return fail_memory(error, "thresholds");
    for (uint32_t i = 0; i < count; i++)
        model->thresholds[i] = 0.5;
    return options->tune_thresholds ? tune(model, &data->validation, options->threads, error) : HEED_OK;
}
