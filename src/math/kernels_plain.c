/* Every kernel in plain loops. This is the definition that the vector kernels are compared with, the only table of the
 * double precision build, and what HEED_ISA=plain runs. */
#include "math/kernels.h"

#include <math.h>

#include "math/bfloat16.h"
#include "math/functions.h"
#include "math/kernels_loops.h"

static void matmul_from(const matrix *c, const matrix *a, const matrix *b, const real *from, ptrdiff_t from_row)
{
    for (int i = 0; i < c->rows; i++) {
        real *ci = matrix_row(*c, i);
        for (int j = 0; j < c->columns; j++)
            ci[j] = from == NULL ? 0 : from[i * from_row + j];
        for (int k = 0; k < a->columns; k++) {
            real aik = a->data[i * a->row + k * a->step];
            const real *bk = matrix_row(*b, k);
            for (int j = 0; j < c->columns; j++)
                ci[j] += aik * bk[j];
        }
    }
}

/* sum + x w, w being column 0 of a bf16 matrix of so many columns. */
static real bf16_sum(int depth, const real *x, const uint32_t *w, ptrdiff_t columns, real sum)
{
    for (int k = 0; k < depth; k += 2, w += columns) {
        if (k + 1 < depth)
            sum += (real)bfloat16_value(bfloat16_of((float)x[k + 1])) * (real)bfloat16_value((uint16_t)(*w >> 16));
        sum += (real)bfloat16_value(bfloat16_of((float)x[k])) * (real)bfloat16_value((uint16_t)*w);
    }
    return sum;
}

static void affine_bf16_of(const matrix *y, const matrix *x, const uint32_t *w, const real *bias)
{
    for (int i = 0; i < y->rows; i++)
        for (int j = 0; j < y->columns; j++)
            matrix_row(*y, i)[j] = bf16_sum(x->columns, matrix_row(*x, i), w + j, y->columns, bias[j]);
}

static void to_pairs_of(const matrix *x, const pair_matrix *pairs)
{
    for (int k = 0; k < x->rows; k += 2)
        for (int j = 0; j < x->columns; j++)
            pairs->data[k / 2 * pairs->row + j] =
                bfloat16_pair(matrix_row(*x, k)[j], k + 1 < x->rows ? matrix_row(*x, k + 1)[j] : 0);
}

static void matmul_bf16_of(const matrix *y, const pair_matrix *w, const pair_matrix *x)
{
    for (int i = 0; i < y->rows; i++)
        for (int j = 0; j < y->columns; j++) {
            real sum = 0;
            for (int k = 0; k < x->rows; k++) {
                uint32_t a = w->data[i * w->row + k], b = x->data[k * x->row + j];
                sum += (real)bfloat16_value((uint16_t)(a >> 16)) * (real)bfloat16_value((uint16_t)(b >> 16));
                sum += (real)bfloat16_value((uint16_t)a) * (real)bfloat16_value((uint16_t)b);
            }
            matrix_row(*y, i)[j] = sum;
        }
}

/* Writes h to the output of row r, and to where the next step reads it. */
static void put_h(const cell_operands *o, int r, int u, real h)
{
    o->h[r * o->h_row + u] = h;
    if (r < o->rows_next)
        o->next[(ptrdiff_t)r * o->units + u] = h;
}

/* z + (dropped U)[r][j] */
static real recurrent_sum(const cell_operands *o, ptrdiff_t columns, int r, ptrdiff_t j, real z)
{
    if (o->recurrent_bf16 != NULL && r < o->known)
        return bf16_sum(o->units, o->dropped + r * o->previous_hidden_row, o->recurrent_bf16 + j, columns, z);
    for (int k = 0; k < o->units && r < o->known; k++)
        z += o->dropped[r * o->previous_hidden_row + k] * o->recurrent[k * columns + j];
    return z;
}

static void lstm_forward(const cell_operands *o)
{
    int units = o->units;
    for (int r = 0; r < o->rows; r++)
        for (int u = 0; u < units; u++) {
            ptrdiff_t at = (ptrdiff_t)r * units + u;
            real z[4];
            for (int gate = 0; gate < 4; gate++) {
                ptrdiff_t j = (ptrdiff_t)gate * units + u;
                z[gate] = recurrent_sum(o, 4 * (ptrdiff_t)units, r, j, cell_input_row(o, 4, r)[j]);
            }
            real i = function_sigmoid(z[0]), f = function_sigmoid(z[1]), g = function_tanh(z[2]);
            real out = function_sigmoid(z[3]), c = i * g + (r < o->known ? f * o->previous_cell[at] : 0);
            real tanh_cell = function_tanh(c);
            o->c[at] = c;
            put_h(o, r, u, out * tanh_cell);
            if (o->gates == NULL)
                continue;
            real *gates = o->gates + (ptrdiff_t)r * 4 * units + u;
            gates[0] = i;
            gates[units] = f;
            gates[2 * (ptrdiff_t)units] = g;
            gates[3 * (ptrdiff_t)units] = out;
            o->inner[at] = tanh_cell;
        }
}

/* dh of a row: dout + dh from the step after, or from the final state */
static real outer_gradient(const cell_gradients *b, int r, int u)
{
    ptrdiff_t at = r * b->row + u;
    return b->dout[at] + (r < b->after ? b->dh[(ptrdiff_t)r * b->units + u] : b->dstate[at]);
}

static void lstm_backward(const cell_gradients *b)
{
    int units = b->units;
    for (int r = 0; r < b->rows; r++) {
        real *i = b->gates + (ptrdiff_t)r * 4 * units, *f = i + units, *g = f + units, *o = g + units;
        for (int u = 0; u < units; u++) {
            ptrdiff_t at = (ptrdiff_t)r * units + u;
            real tc = b->inner[at], before = r < b->known ? b->previous_cell[at] : 0, dh = outer_gradient(b, r, u);
            real dct = (r < b->after ? b->dc[at] : 0) + dh * o[u] * (1 - tc * tc);
            real di = dct * g[u], df = dct * before, dg = dct * i[u], d_o = dh * tc;
            b->dc[at] = dct * f[u];
            i[u] = di * i[u] * (1 - i[u]);
            f[u] = df * f[u] * (1 - f[u]);
            g[u] = dg * (1 - g[u] * g[u]);
            o[u] = d_o * o[u] * (1 - o[u]);
        }
    }
}

static void gru_forward(const cell_operands *o)
{
    int units = o->units;
    for (int row = 0; row < o->rows; row++)
        for (int u = 0; u < units; u++) {
            const real *x = cell_input_row(o, 3, row) + u, *bias = o->bias + u;
            ptrdiff_t three = 3 * (ptrdiff_t)units, at = (ptrdiff_t)row * units + u;
            real z = function_sigmoid(recurrent_sum(o, three, row, u, x[0] + bias[0]));
            real r = function_sigmoid(recurrent_sum(o, three, row, units + u, x[units] + bias[units]));
            real inner = recurrent_sum(o, three, row, 2 * units + u, bias[2 * (ptrdiff_t)units]);
            real g = function_tanh(x[2 * (ptrdiff_t)units] + r * inner);
            real before = row < o->known ? o->previous_hidden[row * o->previous_hidden_row + u] : 0;
            put_h(o, row, u, z * before + (1 - z) * g);
            if (o->gates == NULL)
                continue;
            real *gates = o->gates + row * three + u;
            gates[0] = z;
            gates[units] = r;
            gates[2 * (ptrdiff_t)units] = g;
            o->inner[at] = inner;
        }
}

static void gru_backward(const cell_gradients *b)
{
    int units = b->units;
    for (int row = 0; row < b->rows; row++) {
        real *z = b->gates + (ptrdiff_t)row * 3 * units, *r = z + units, *g = r + units;
        for (int u = 0; u < units; u++) {
            ptrdiff_t at = (ptrdiff_t)row * units + u;
            real dh = outer_gradient(b, row, u), before = row < b->known ? b->previous_hidden[at] : 0;
            real dz = dh * (before - g[u]) * z[u] * (1 - z[u]);
            real dg = dh * (1 - z[u]) * (1 - g[u] * g[u]);
            real dr = dg * b->inner[at] * r[u] * (1 - r[u]);
            b->dh[at] = dh * z[u];
            b->inner[at] = dg * r[u];
            z[u] = dz;
            r[u] = dr;
            g[u] = dg;
        }
    }
}

static void tanh_all(size_t n, const real *x, real *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = function_tanh(x[i]);
}

static void exp_all(size_t n, const real *x, real *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = function_exp(x[i]);
}

static void softmax(size_t n, real scale, real *x, softmax_sums *of)
{
    real max = x[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        max = x[i] > max ? x[i] : max;
    for (size_t i = 0; i < n; i++) {
        x[i] = function_exp(scale * (x[i] - max));
        sum += x[i];
    }
    *of = (softmax_sums){max, 1 / sum};
    for (size_t i = 0; i < n; i++)
        x[i] *= of->inverse;
}

static void softmax_again(size_t n, real scale, softmax_sums of, real *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = function_exp(scale * (x[i] - of.max)) * of.inverse;
}

static void softmax_down(const matrix *x, real scale, real *max, real *inverse)
{
    for (int j = 0; j < x->columns; j++) {
        real sum = 0;
        max[j] = x->data[j];
        for (int i = 1; i < x->rows; i++)
            max[j] = matrix_row(*x, i)[j] > max[j] ? matrix_row(*x, i)[j] : max[j];
        for (int i = 0; i < x->rows; i++) {
            real *p = matrix_row(*x, i) + j;
            *p = function_exp(scale * (*p - max[j]));
            sum += *p;
        }
        inverse[j] = 1 / sum;
        for (int i = 0; i < x->rows; i++)
            matrix_row(*x, i)[j] *= inverse[j];
    }
}

static void softmax_down_again(const matrix *x, real scale, const real *max, const real *inverse)
{
    for (int i = 0; i < x->rows; i++)
        for (int j = 0; j < x->columns; j++)
            matrix_row(*x, i)[j] = function_exp(scale * (matrix_row(*x, i)[j] - max[j])) * inverse[j];
}

static void gelu(size_t n, const real *x, real *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] / 2 * (1 + function_erf(x[i] * SQRT_HALF));
}

static void gelu_backward(size_t n, const real *x, real *d)
{
    for (size_t i = 0; i < n; i++)
        d[i] *= (1 + function_erf(x[i] * SQRT_HALF)) / 2 + x[i] * NORMAL_DENSITY_0 * function_exp(-x[i] * x[i] / 2);
}

/* The tanh of gelu_tanh. */
static real gelu_inner(real x)
{
    return function_tanh(GELU_TANH_SCALE * x * (1 + GELU_TANH_CUBE * x * x));
}

static void gelu_tanh(size_t n, const real *x, real *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] / 2 * (1 + gelu_inner(x[i]));
}

static void gelu_tanh_backward(size_t n, const real *x, real *d)
{
    for (size_t i = 0; i < n; i++) {
        real inner = gelu_inner(x[i]), rate = GELU_TANH_SCALE * (1 + 3 * GELU_TANH_CUBE * x[i] * x[i]);
        d[i] *= (1 + inner) / 2 + x[i] / 2 * (1 - inner * inner) * rate;
    }
}

static void add_all(size_t n, const real *x, real *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += x[i];
}

static void scale(size_t n, real a, real *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= a;
}

static void axpy(size_t n, real a, const real *x, real *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] += a * x[i];
}

static real dot(size_t n, const real *x, const real *y)
{
    real sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static void exchange(int rows, size_t n, const real *g, const real *x, real *const *row, real *dx)
{
    for (int k = 0; k < rows; k++)
        for (size_t i = 0; i < n; i++) {
            dx[i] += g[k] * row[k][i];
            row[k][i] += g[k] * x[i];
        }
}

static void sum_rows_of(const matrix *x, real *y)
{
    for (int i = 0; i < x->rows; i++)
        for (int j = 0; j < x->columns; j++)
            y[j] += matrix_row(*x, i)[j];
}

static void sum_listed(size_t n, const real *x, const size_t *row, size_t count, size_t listed, real *y)
{
    (void)listed;
    for (size_t j = 0; j < n; j++)
        y[j] = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < n; j++)
            y[j] += x[row[i] * n + j];
}

static void adam(size_t n, real rate, const real *g, real *w, real *m, real *v)
{
    const real keep_m = (real)(1 - 0.9), keep_v = (real)(1 - 0.999), epsilon = (real)1e-7;
    for (size_t i = 0; i < n; i++) {
        real gi = g == NULL ? 0 : g[i];
        m[i] += keep_m * (gi - m[i]);
        v[i] += keep_v * (gi * gi - v[i]);
        w[i] -= rate * m[i] / ((real)sqrt((double)v[i]) + epsilon);
    }
}

static bool adam_idle(size_t n, int steps, const real *rate, const real *kept, real *w, real *m, real *v)
{
    bool settled = true;
    for (size_t i = 0; i < n; i++) {
        real before = 0, change = 0;
        for (int s = 0; s < steps; s++) {
            w[i] *= kept == NULL ? 1 : kept[s];
            before = w[i];
            adam(1, rate[s], NULL, w + i, m + i, v + i);
            change = rate[s] * m[i] / ((real)sqrt((double)v[i]) + (real)1e-7);
        }
        settled = settled && (real)fabs((double)change) * 67108864 <= (real)fabs((double)before);
    }
    return settled;
}

static void adam_fade(size_t n, int steps, real *m, real *v)
{
    const real keep_m = (real)(1 - 0.9), keep_v = (real)(1 - 0.999);
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < steps; s++) {
            m[i] += keep_m * (0 - m[i]);
            v[i] += keep_v * (0 - v[i]);
        }
}

static void sgd(size_t n, real rate, real momentum, const real *g, real *w, real *v)
{
    for (size_t i = 0; i < n; i++) {
        v[i] = momentum * v[i] - rate * (g == NULL ? 0 : g[i]);
        w[i] += v[i];
    }
}

const kernels kernels_plain = KERNEL_TABLE("plain");
