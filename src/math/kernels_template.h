/* The kernels for vectors. One source file for each instruction set includes this file, and defines before it
 *   KERNELS, NAME           the table and its name
 *   vec, LANES              a vector of floats
 *   v_load v_store          whole vectors, any alignment
 *   v_load_part v_store_part  the first n lanes (1 <= n <= LANES); missing lanes load as 0
 *   v_set v_add v_sub v_mul v_div v_fma (a b + c) v_fnma (c - a b) v_sqrt
 *   v_min v_max             the second operand if one of them is NaN, so a NaN that has to survive is the second
 *   v_exponent              the last 9 bits, moved to where sign and exponent are
 *   v_first                 the first n lanes (1 <= n < LANES), and 0 in the others
 *   v_reduce_add v_reduce_max  the sum of all lanes, in a fixed order; the max of all lanes
 *   v_sign_of v_abs         the sign of x with the magnitude of a; the magnitude
 *   v_upper v_lower         the upper and lower 16 bits of the lanes as bfloat16 numbers; or instead of them what
 *                           kernels_bf16.h describes
 *   TILE_VECTORS            vectors in a row of a matmul tile (it always has TILE_ROWS rows)
 * Every vector kernel takes whole vectors and then a partial one, with the same operations per lane. */

#include <stdint.h>
#include "math/bfloat16.h"
#include "math/kernels.h"
#include "math/kernels_loops.h"

enum { TILE_ROWS = 6, TILE_COLUMNS = TILE_VECTORS * LANES, DEPTH_BLOCK = 192, PACKED_ROWS = 48, PACKED_WIDTH = 256,
       MAX_VECTORS = 4 };

#define INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

#include "math/vector_functions.h"

/* ---- elementwise kernels: for whole vectors, then for the numbers that are left; `lanes` is LANES or their count */

#define FOR_VECTORS(at, n) \
    for (size_t at = 0, lanes = 0; at < (n) && (lanes = (n) - at < LANES ? (n) - at : LANES, true); at += LANES)
#define GET(p) (lanes == LANES ? v_load(p) : v_load_part((p), (int)lanes))
#define PUT(p, x) (lanes == LANES ? v_store((p), (x)) : v_store_part((p), (int)lanes, (x)))

#include "math/kernels_matmul.h"

#include "math/kernels_bf16.h"

#include "math/kernels_cells.h"

static void tanh_all(size_t n, const float *x, float *y)
{
    FOR_VECTORS(i, n)
        PUT(y + i, v_tanh(GET(x + i)));
}

static void exp_all(size_t n, const float *x, float *y)
{
    FOR_VECTORS(i, n)
        PUT(y + i, v_exp(GET(x + i)));
}

static void scale(size_t n, float a, float *x)
{
    FOR_VECTORS(i, n)
        PUT(x + i, v_mul(v_set(a), GET(x + i)));
}

static void gelu(size_t n, const float *x, float *y)
{
    FOR_VECTORS(i, n)
        PUT(y + i, v_gelu(GET(x + i)));
}

static void gelu_backward(size_t n, const float *x, float *d)
{
    FOR_VECTORS(i, n)
        PUT(d + i, v_mul(GET(d + i), v_gelu_slope(GET(x + i))));
}

static void gelu_tanh(size_t n, const float *x, float *y)
{
    FOR_VECTORS(i, n)
        PUT(y + i, v_gelu_tanh(GET(x + i)));
}

static void gelu_tanh_backward(size_t n, const float *x, float *d)
{
    FOR_VECTORS(i, n)
        PUT(d + i, v_mul(GET(d + i), v_gelu_tanh_slope(GET(x + i))));
}

/* The last vector may overlap the one before it, which does not change the max. */
static float max_of(size_t n, const float *x)
{
    float max = x[0];
    if (n >= LANES) {
        vec all = v_load(x + n - LANES);
        for (size_t i = 0; i + LANES < n; i += LANES)
            all = v_max(v_load(x + i), all);
        return v_reduce_max(all);
    }
    for (size_t i = 1; i < n; i++)
        max = x[i] > max ? x[i] : max;
    return max;
}

INLINE vec exp_below(float factor, float max, vec x)
{
    return v_exp(v_mul(v_set(factor), v_sub(x, v_set(max))));
}

static void softmax(size_t n, float factor, float *x, softmax_sums *of)
{
    vec sum = v_set(0);
    of->max = max_of(n, x);
    FOR_VECTORS(i, n) {
        vec e = exp_below(factor, of->max, GET(x + i));
        PUT(x + i, e);
        sum = v_add(sum, lanes == LANES ? e : v_first(e, (int)lanes));
    }
    of->inverse = 1 / v_reduce_add(sum);
    scale(n, of->inverse, x);
}

static void softmax_again(size_t n, float factor, softmax_sums of, float *x)
{
    FOR_VECTORS(i, n)
        PUT(x + i, v_mul(v_set(of.inverse), exp_below(factor, of.max, GET(x + i))));
}

/* A vector of columns at a time. */
static void softmax_down(const matrix *x, float factor, float *max, float *inverse)
{
    FOR_VECTORS(j, (size_t)x->columns) {
        float *top = x->data + j, *end = top + x->rows * x->row;
        vec most = GET(top), sum = v_set(0);
        for (const float *p = top + x->row; p < end; p += x->row)
            most = v_max(GET(p), most);
        for (float *p = top; p < end; p += x->row) {
            vec e = v_exp(v_mul(v_set(factor), v_sub(GET(p), most)));
            PUT(p, e);
            sum = v_add(sum, e);
        }
        vec share = v_div(v_set(1), sum);
        for (float *p = top; p < end; p += x->row)
            PUT(p, v_mul(share, GET(p)));
        PUT(max + j, most);
        PUT(inverse + j, share);
    }
}

static void softmax_down_again(const matrix *x, float factor, const float *max, const float *inverse)
{
    for (int i = 0; i < x->rows; i++)
        FOR_VECTORS(j, (size_t)x->columns) {
            float *p = matrix_row(*x, i) + j;
            PUT(p, v_mul(GET(inverse + j), v_exp(v_mul(v_set(factor), v_sub(GET(p), GET(max + j))))));
        }
}

static void add_all(size_t n, const float *x, float *y)
{
    FOR_VECTORS(i, n)
        PUT(y + i, v_add(GET(y + i), GET(x + i)));
}

static void axpy(size_t n, float a, const float *x, float *y)
{
    FOR_VECTORS(i, n)
        PUT(y + i, v_fma(v_set(a), GET(x + i), GET(y + i)));
}

/* A sum for each lane, then the sum of the lanes. */
static float dot(size_t n, const float *x, const float *y)
{
    vec sum = v_set(0);
    FOR_VECTORS(i, n)
        sum = v_fma(GET(x + i), GET(y + i), sum);
    return v_reduce_add(sum);
}

static void exchange(int rows, size_t n, const float *g, const float *x, float *const *row, float *dx)
{
    FOR_VECTORS(i, n) {
        vec vx = GET(x + i), sum = GET(dx + i);
        for (int k = 0; k < rows; k++) {
            vec gk = v_set(g[k]), vr = GET(row[k] + i);
            sum = v_fma(gk, vr, sum);
            PUT(row[k] + i, v_fma(gk, vx, vr));
        }
        PUT(dx + i, sum);
    }
}

/* ---- sums over rows: enough columns at a time to hide the latency of an addition, then the columns that are left */

enum { WIDE = 4 };

static void sum_rows_of(const matrix *x, float *y)
{
    size_t wide = (size_t)x->columns - (size_t)x->columns % (WIDE * LANES);
    for (size_t j = 0; j < wide; j += WIDE * LANES) {
        vec sum[WIDE];
        UNROLL
        for (int v = 0; v < WIDE; v++)
            sum[v] = v_load(y + j + v * LANES);
        for (int i = 0; i < x->rows; i++)
            UNROLL
            for (int v = 0; v < WIDE; v++)
                sum[v] = v_add(sum[v], v_load(x->data + i * x->row + (ptrdiff_t)j + v * LANES));
        UNROLL
        for (int v = 0; v < WIDE; v++)
            v_store(y + j + v * LANES, sum[v]);
    }
    FOR_VECTORS(j, (size_t)x->columns - wide) {
        vec sum = GET(y + wide + j);
        for (int i = 0; i < x->rows; i++)
            sum = v_add(sum, GET(x->data + i * x->row + (ptrdiff_t)(wide + j)));
        PUT(y + wide + j, sum);
    }
}

enum { LISTED_AHEAD = 6 }; /* how many rows ahead memory is fetched */

/* Fetches the same columns of the row that is LISTED_AHEAD places after i in the list. */
INLINE void fetch_listed(const float *x, size_t n, const size_t *row, size_t i, size_t listed, int vectors)
{
    const float *next = x + row[i + LISTED_AHEAD < listed ? i + LISTED_AHEAD : i] * n;
    UNROLL
    for (int v = 0; v < vectors; v++)
        __builtin_prefetch(next + v * LANES);
}

static void sum_listed(size_t n, const float *x, const size_t *row, size_t count, size_t listed, float *y)
{
    size_t wide = n - n % (WIDE * LANES);
    for (size_t j = 0; j < wide; j += WIDE * LANES) {
        vec sum[WIDE];
        UNROLL
        for (int v = 0; v < WIDE; v++)
            sum[v] = v_set(0);
        for (size_t i = 0; i < count; i++) {
            fetch_listed(x + j, n, row, i, listed, WIDE);
            UNROLL
            for (int v = 0; v < WIDE; v++)
                sum[v] = v_add(sum[v], v_load(x + row[i] * n + j + v * LANES));
        }
        UNROLL
        for (int v = 0; v < WIDE; v++)
            v_store(y + j + v * LANES, sum[v]);
    }
    FOR_VECTORS(j, n - wide) {
        vec sum = v_set(0);
        for (size_t i = 0; i < count; i++) {
            fetch_listed(x + wide + j, n, row, i, listed, 1);
            sum = v_add(sum, GET(x + row[i] * n + wide + j));
        }
        PUT(y + wide + j, sum);
    }
}

INLINE void fade(vec g, vec *m, vec *v)
{
    *m = v_fma(v_set((float)(1 - 0.9)), v_sub(g, *m), *m);
    *v = v_fma(v_set((float)(1 - 0.999)), v_sub(v_mul(g, g), *v), *v);
}

INLINE vec adam_change(float rate, vec m, vec v)
{
    return v_div(v_mul(v_set(rate), m), v_add(v_sqrt(v), v_set(1e-7f)));
}

static void adam(size_t n, float rate, const float *g, float *w, float *m, float *v)
{
    FOR_VECTORS(i, n) {
        vec vg = g == NULL ? v_set(0) : GET(g + i), vm = GET(m + i), vv = GET(v + i);
        fade(vg, &vm, &vv);
        PUT(m + i, vm);
        PUT(v + i, vv);
        PUT(w + i, v_sub(GET(w + i), adam_change(rate, vm, vv)));
    }
}

/* A change of less than 2^-25 of its weight is rounded away. The test is for 2^-26, so that numbers that are flushed to
 * 0 do not matter either. */
static bool adam_idle(size_t n, int steps, const float *rate, const float *kept, float *w, float *m, float *v)
{
    vec excess = v_set(0);
    FOR_VECTORS(i, n) {
        vec vm = GET(m + i), vv = GET(v + i), vw = GET(w + i), before = vw, change = v_set(0);
        for (int s = 0; s < steps; s++) {
            fade(v_set(0), &vm, &vv);
            change = adam_change(rate[s], vm, vv);
            before = kept == NULL ? vw : v_mul(vw, v_set(kept[s]));
            vw = v_sub(before, change);
        }
        PUT(m + i, vm);
        PUT(v + i, vv);
        PUT(w + i, vw);
        excess = v_max(excess, v_fma(v_abs(change), v_set(67108864), v_sub(v_set(0), v_abs(before))));
    }
    float lane[LANES], max = 0;
    v_store(lane, excess);
    for (int i = 0; i < LANES; i++)
        max = lane[i] <= max ? max : lane[i];
    return max <= 0;
}

static void adam_fade(size_t n, int steps, float *m, float *v)
{
    FOR_VECTORS(i, n) {
        vec vm = GET(m + i), vv = GET(v + i);
        for (int s = 0; s < steps; s++)
            fade(v_set(0), &vm, &vv);
        PUT(m + i, vm);
        PUT(v + i, vv);
    }
}

static void sgd(size_t n, float rate, float momentum, const float *g, float *w, float *v)
{
    FOR_VECTORS(i, n) {
        vec vg = g == NULL ? v_set(0) : GET(g + i);
        vec vv = v_fnma(v_set(rate), vg, v_mul(v_set(momentum), GET(v + i)));
        PUT(v + i, vv);
        PUT(w + i, v_add(GET(w + i), vv));
    }
}

const kernels KERNELS = KERNEL_TABLE(NAME);
