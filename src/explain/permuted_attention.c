#include "explain/permuted_attention.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

static double output_distance(const heed_model *model, const float *a, const float *b)
{
    size_t outputs = model->config.network.outputs;
    double sum = 0;
    for (size_t i = 0; i < outputs; i++)
        sum += fabs((double)a[i] - (double)b[i]);
    heed_task task = model->config.labels.task;
    return task == HEED_TASK_MULTICLASS ? sum / 2 : sum / (double)outputs;
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* orders [1 + count][tokens], the first is that of the tokens. */
static void draw_orders(uint32_t *orders, size_t tokens, unsigned count, random_key key)
{
    for (unsigned i = 0; i <= count; i++) {
        uint32_t *order = orders + i * tokens;
        for (size_t t = 0; t < tokens; t++)
            order[t] = (uint32_t)t;
        key.epoch = i;
        if (i > 0)
            random_shuffle(order, (uint32_t)tokens, key);
    }
}

/* Sorts the numbers. */
static double median_of(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    return (numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
}

/* The same of a network and the row that it reads. */
static heed_status find_distance(double *median, attributor *a, const heed_model *model, const batch_row *row,
                                 const attention_draws *draws, heed_error *error)
{
    size_t tokens = (size_t)row->length, outputs = model->config.network.outputs, rows = 1 + (size_t)draws->count;
    uint32_t *orders = memory_array(rows * tokens, sizeof *orders);
    float *found = memory_array(rows * outputs, sizeof *found);
    double *distances = memory_array(draws->count, sizeof *distances);
    heed_status status;
    if (orders == NULL || found == NULL || distances == NULL)
        TRY(fail_memory(error, "permuted attention"));
    draw_orders(orders, tokens, draws->count, draws->key);
    TRY(attributor_permuted(a, row, orders, rows, found, error));
    for (unsigned i = 0; i < draws->count; i++)
        distances[i] = output_distance(model, found, found + (i + 1) * outputs);
    *median = median_of(distances, draws->count);
done:
    free(orders);
    free(found);
    free(distances);
    return status;
}

heed_status permuted_attention_distance(double *median, attributor *a, const heed_model *model, const batch_row *row,
                                        const attention_draws *draws, heed_error *error)
{
    attributor *attending;
    batch_row own;
    heed_status status = attributor_attending(&attending, &own, a, row, error);
    return status == HEED_OK ? find_distance(median, attending, model, &own, draws, error) : status;
}
