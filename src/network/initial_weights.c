#include "network/initial_weights.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"

static double unit_number(random_key key, size_t element)
{
    return random_unit(random_word(key, (uint32_t)element));
}

static void fill_uniform(const parameter *p, real *w, double limit, random_key key)
{
    for (size_t i = 0; i < parameter_count(p); i++)
        w[i] = (real)((2 * unit_number(key, i) - 1) * limit);
}

static double normal_number(random_key key, size_t element) /* Box and Muller 1958 */
{
    double u = 1 - unit_number(key, 2 * element), v = unit_number(key, 2 * element + 1);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Orthonormal rows (Saxe et al. 2013; rows <= columns in every use): Gram-Schmidt, twice, on normal rows. This is the Q
 * of their QR decomposition with the signs of Keras's initializer. */
static heed_status fill_orthogonal(const parameter *p, real *w, random_key key, heed_error *error)
{
    size_t columns = (size_t)p->columns;
    double *q = memory_array(parameter_count(p), sizeof *q);
    if (q == NULL)
        return fail_memory(error, p->name);
    for (int i = 0; i < p->rows; i++) {
        double *row = q + (size_t)i * columns;
        for (size_t j = 0; j < columns; j++)
            row[j] = normal_number(key, (size_t)i * columns + j);
        for (int turn = 0; turn < 2; turn++)
            for (int other = 0; other < i; other++) {
                double along = 0;
                for (size_t j = 0; j < columns; j++)
                    along += row[j] * q[(size_t)other * columns + j];
                for (size_t j = 0; j < columns; j++)
                    row[j] -= along * q[(size_t)other * columns + j];
            }
        double norm = 0;
        for (size_t j = 0; j < columns; j++)
            norm += row[j] * row[j];
        norm = 1 / sqrt(norm);
        for (size_t j = 0; j < columns; j++)
            w[(size_t)i * columns + j] = (real)(row[j] *= norm);
    }
    free(q);
    return HEED_OK;
}

static void fill_forget(const parameter *p, real *w) /* gates i, f, g, o: forget gates start open */
{
    size_t units = parameter_count(p) / 4;
    for (size_t i = 0; i < units; i++)
        w[units + i] = 1;
}

/* sqrt(6 / (fan in + fan out)); in a convolution both are multiplied by the number of taps. */
static double glorot_limit(const parameter *p)
{
    return sqrt(6.0 / (p->taps * ((double)(p->rows / p->taps) + p->columns)));
}

static heed_status fill(const parameter *p, real *w, random_key key, heed_error *error)
{
    for (size_t j = 0; j < parameter_count(p); j++)
        w[j] = p->start == INITIAL_ONE;
    switch (p->start) {
    case INITIAL_ZERO:
    case INITIAL_ONE:
        break;
    case INITIAL_FORGET:
        fill_forget(p, w);
        break;
    case INITIAL_EMBEDDING:
        fill_uniform(p, w, 0.05, key);
        break;
    case INITIAL_GLOROT: /* Glorot & Bengio 2010 */
        fill_uniform(p, w, glorot_limit(p), key);
        break;
    case INITIAL_ORTHOGONAL:
        return fill_orthogonal(p, w, key, error);
    }
    return HEED_OK;
}

heed_status network_initialize(const network *net, real *weights, uint64_t seed, heed_error *error)
{
    heed_status status = HEED_OK;
    for (int i = 0; i < net->parameter_count && status == HEED_OK; i++) {
        const parameter *p = &net->parameters[i];
        status =
            fill(p, weights + p->offset, (random_key){seed, RANDOM_INIT, (uint32_t)p->layer, 0, (uint32_t)i}, error);
    }
    return status;
}
