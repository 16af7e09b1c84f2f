#include "linear/dense_pass.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/kernels.h"

/* A tile of wide rows is about the size of a second-level cache; a float32 sum of its rows is precise enough. */
enum { TILE_ROWS = 128, MAX_CHUNKS = 32 };

static size_t tiles_of(size_t rows)
{
    return (rows + TILE_ROWS - 1) / TILE_ROWS;
}

/* Standardised rows, their logits or dz, and dV. */
static size_t tile_numbers(size_t features, size_t outputs)
{
    return TILE_ROWS * (features + outputs) + features * outputs;
}

double dense_pass_memory(size_t features, size_t outputs, unsigned threads)
{
    double parameters = ((double)features + 1) * (double)outputs;
    double a_tile = parameters + TILE_ROWS * ((double)features + (double)outputs);
    return parameters * ((MAX_CHUNKS + 2) * sizeof(double) + sizeof(real)) +
           threads * (a_tile * sizeof(real) + (double)outputs * sizeof(double));
}

heed_status dense_pass_init(dense_pass *p, heed_error *error)
{
    size_t features = p->frame->rows->features, outputs = p->outputs, threads = pool_threads(p->workers);
    p->kernels = kernels_choose();
    p->chunks = tiles_of(p->frame->rows->count) < MAX_CHUNKS ? tiles_of(p->frame->rows->count) : MAX_CHUNKS;
    p->sums = memory_array(p->chunks * features * outputs, sizeof *p->sums);
    p->bias = memory_array((p->chunks + 1) * outputs, sizeof *p->bias);
    p->weights = memory_aligned(features * outputs, sizeof *p->weights);
    p->offset = memory_array(outputs, sizeof *p->offset);
    p->tiles = memory_aligned(threads * tile_numbers(features, outputs), sizeof *p->tiles);
    p->logits = memory_array(threads * outputs, sizeof *p->logits);
    if (p->sums && p->bias && p->weights && p->offset && p->tiles && p->logits)
        return HEED_OK;
    dense_pass_release(p);
    return fail_memory(error, "training");
}

void dense_pass_release(dense_pass *p)
{
    free(p->sums);
    free(p->bias);
    free(p->weights);
    free(p->offset);
    free(p->tiles);
    free(p->logits);
    p->sums = p->bias = p->offset = p->logits = NULL;
    p->weights = p->tiles = NULL;
}

/* V and c. */
static void enter_frame(dense_pass *p, const double *x)
{
    const dense_frame *f = p->frame;
    size_t features = f->rows->features, outputs = p->outputs;
    memcpy(p->offset, x + features * outputs, outputs * sizeof *p->offset);
    for (size_t i = 0; i < features; i++)
        for (size_t k = 0; k < outputs; k++) {
            double w = x[i * outputs + k];
            p->weights[i * outputs + k] = (real)(f->scale[i] * w);
            p->offset[k] += (double)f->mean[i] * w;
        }
}

/* dz of a row in place of its logits, to which c is added in double: its rounding would be the same in all rows. */
static void turn_row(const dense_pass *p, size_t chunk, size_t row, real *z, double *logits)
{
    double *bias = p->bias + chunk * p->outputs;
    for (size_t k = 0; k < p->outputs; k++)
        logits[k] = (double)z[k] + p->offset[k];
    p->row(p->context, chunk, row, logits);
    for (size_t k = 0; k < p->outputs; k++) {
        z[k] = (real)logits[k];
        bias[k] += logits[k];
    }
}

static void pass_tile(const dense_pass *p, size_t chunk, size_t first, unsigned worker)
{
    size_t features = p->frame->rows->features, outputs = p->outputs, left = p->frame->rows->count - first;
    size_t count = left < TILE_ROWS ? left : TILE_ROWS;
    real *x = p->tiles + worker * tile_numbers(features, outputs), *z = x + TILE_ROWS * features;
    real *product = z + TILE_ROWS * outputs;
    matrix rows = matrix_of(x, (int)count, (int)features), logits = matrix_of(z, (int)count, (int)outputs);
    double *sums = p->sums + chunk * features * outputs;
    for (size_t i = 0; i < count; i++)
        dense_frame_standardise(p->frame, first + i, x + i * features);
    matmul(p->kernels, logits, rows, matrix_of(p->weights, (int)features, (int)outputs));
    for (size_t i = 0; i < count; i++)
        turn_row(p, chunk, first + i, z + i * outputs, p->logits + worker * outputs);
    matmul(p->kernels, matrix_of(product, (int)outputs, (int)features), transposed(logits), rows);
    for (size_t i = 0; i < features * outputs; i++)
        sums[i] += (double)product[i];
}

static void pass_chunk(void *context, size_t chunk, unsigned worker)
{
    const dense_pass *p = context;
    size_t size = p->frame->rows->features * p->outputs, tiles = tiles_of(p->frame->rows->count);
    memset(p->sums + chunk * size, 0, size * sizeof *p->sums);
    memset(p->bias + chunk * p->outputs, 0, p->outputs * sizeof *p->bias);
    for (size_t tile = chunk * tiles / p->chunks; tile < (chunk + 1) * tiles / p->chunks; tile++)
        pass_tile(p, chunk, tile * TILE_ROWS, worker);
}

void dense_pass_run(dense_pass *p, const double *x, dense_row_function row, void *context)
{
    double *bias = p->bias + p->chunks * p->outputs;
    p->row = row;
    p->context = context;
    enter_frame(p, x);
    pool_run(p->workers, p->chunks, pass_chunk, p);
    memset(bias, 0, p->outputs * sizeof *bias);
    for (size_t i = 0; i < p->chunks; i++)
        for (size_t k = 0; k < p->outputs; k++)
            bias[k] += p->bias[i * p->outputs + k];
}

void dense_pass_add(const dense_pass *p, size_t first, size_t count, double *gradient)
{
    const dense_frame *f = p->frame;
    size_t features = f->rows->features, outputs = p->outputs;
    const double *bias = p->bias + p->chunks * outputs;
    for (size_t k = 0; k < outputs; k++)
        for (size_t i = first; i < first + count; i++) {
            double sum = 0;
            for (size_t c = 0; c < p->chunks; c++)
                sum += p->sums[(c * outputs + k) * features + i];
            gradient[i * outputs + k] += f->scale[i] * sum + (double)f->mean[i] * bias[k];
        }
}
