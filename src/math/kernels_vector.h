/* The kernels for vectors: included by one source for each instruction set, which defines before it
 *   KERNELS, NAME           the table and its name
 *   vec, LANES              a vector of floats
 *   v_load v_store          whole vectors, any alignment
 *   v_load_part v_store_part  the first n lanes (1 <= n <= LANES); missing lanes load as 0
 *   v_set v_add v_sub v_mul v_div v_fma (a b + c) v_fnma (c - a b) v_sqrt
 *   v_min v_max             the second operand where one is NaN, so the second is the one that has to stay NaN
 *   v_exponent              the last 9 bits moved to where sign and exponent stand
 *   v_first                 the first n lanes (1 <= n < LANES), 0 for the others
 *   v_total v_largest       the sum of all lanes, in a fixed order; the largest lane
 *   v_sign_of v_abs         x's sign on a's magnitude; magnitude
 *   v_upper v_lower         the upper and lower 16 bits of the lanes as bfloat16 numbers, or what else kernels_halved.h
 *                           may have
 *   TILE_VECTORS            vectors across a tile of the matrix product (its rows are always TILE_ROWS)
 * Every vector kernel walks with whole vectors and one partial one, both doing the same operations per lane. */

#include <stdint.h>
#include "math/bfloat16.h"
#include "math/kernels.h"
#include "math/kernels_loops.h"

enum { TILE_ROWS = 6, TILE_COLUMNS = TILE_VECTORS * LANES, DEPTH_BLOCK = 256, PACKED_ROWS = 48, PACKED_WIDTH = 256,
       MOST_VECTORS = 4 };

#define INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

#include "math/vector_functions.h"

/* ---- matrix product: tiles of up to 6 rows and TILE_VECTORS vectors whose sums stay in registers */

typedef struct operands {
    int depth, tail; /* tail: lanes of the last vector */
    const float *a;
    ptrdiff_t a_row, a_step;
    const float *b;
    ptrdiff_t b_row;
    const float *from; /* what the sums begin with; NULL: 0 */
    ptrdiff_t from_row;
    float *c;
    ptrdiff_t c_row;
} operands;

INLINE vec load_column(const float *p, int v, int vectors, bool partial, int tail)
{
    return partial && v == vectors - 1 ? v_load_part(p + v * LANES, tail) : v_load(p + v * LANES);
}

INLINE void tile(const int rows, const int vectors, const bool partial, const operands *o)
{
    vec sum[TILE_ROWS][TILE_VECTORS];
    UNROLL
    for (int i = 0; i < rows; i++)
        UNROLL
        for (int v = 0; v < vectors; v++)
            sum[i][v] =
                o->from == NULL ? v_set(0) : load_column(o->from + i * o->from_row, v, vectors, partial, o->tail);
    const float *a = o->a, *b = o->b;
    for (int k = 0; k < o->depth; k++, a += o->a_step, b += o->b_row) {
        vec column[TILE_VECTORS];
        UNROLL
        for (int v = 0; v < vectors; v++)
            column[v] = load_column(b, v, vectors, partial, o->tail);
        UNROLL
        for (int i = 0; i < rows; i++) {
            vec aik = v_set(a[i * o->a_row]);
            UNROLL
            for (int v = 0; v < vectors; v++)
                sum[i][v] = v_fma(aik, column[v], sum[i][v]);
        }
    }
    UNROLL
    for (int i = 0; i < rows; i++)
        UNROLL
        for (int v = 0; v < vectors; v++) {
            float *c = o->c + i * o->c_row + v * LANES;
            if (partial && v == vectors - 1)
                v_store_part(c, o->tail, sum[i][v]);
            else
                v_store(c, sum[i][v]);
        }
}

typedef void (*tile_function)(const operands *);
#define TILE(R, V)                                \
    static void tile_##R##_##V(const operands *o) \
    {                                             \
        tile(R, V, false, o);                     \
    }                                             \
    static void tile_part_##R##_##V(const operands *o) \
    {                                             \
        tile(R, V, true, o);                      \
    }
#define TILES_OF(V) TILE(1, V) TILE(2, V) TILE(3, V) TILE(4, V) TILE(5, V) TILE(6, V)
#define ROW_OF(P, V) {P##1_##V, P##2_##V, P##3_##V, P##4_##V, P##5_##V, P##6_##V}
TILES_OF(1)
TILES_OF(2)
#if TILE_VECTORS == 4
TILES_OF(3)
TILES_OF(4)
static const tile_function tiles[2][TILE_VECTORS][TILE_ROWS] = {
    {ROW_OF(tile_, 1), ROW_OF(tile_, 2), ROW_OF(tile_, 3), ROW_OF(tile_, 4)},
    {ROW_OF(tile_part_, 1), ROW_OF(tile_part_, 2), ROW_OF(tile_part_, 3), ROW_OF(tile_part_, 4)}};
#else
static const tile_function tiles[2][TILE_VECTORS][TILE_ROWS] = {{ROW_OF(tile_, 1), ROW_OF(tile_, 2)},
                                                                {ROW_OF(tile_part_, 1), ROW_OF(tile_part_, 2)}};
#endif

/* One panel of columns for a block of the depth, all rows. */
static void product_panel(int rows, int columns, operands o)
{
    int vectors = (columns + LANES - 1) / LANES;
    o.tail = columns - (vectors - 1) * LANES;
    const tile_function *tile_of_rows = tiles[o.tail < LANES][vectors - 1];
    for (int i = 0; i < rows; i += TILE_ROWS) {
        int count = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
        tile_of_rows[count - 1](&o);
        o.a += TILE_ROWS * o.a_row;
        o.from += o.from == NULL ? 0 : TILE_ROWS * o.from_row;
        o.c += TILE_ROWS * o.c_row;
    }
}

/* A copy of a panel of b, its rows side by side. */
static const float *packed_panel(float *to, int width, int depth, const float *b, ptrdiff_t b_row)
{
    for (int k = 0; k < depth; k++)
        for (int j = 0; j < width; j += LANES)
            if (width - j >= LANES)
                v_store(to + k * TILE_COLUMNS + j, v_load(b + k * b_row + j));
            else
                v_store_part(to + k * TILE_COLUMNS + j, width - j, v_load_part(b + k * b_row + j, width - j));
    return to;
}

/* Blocks of the depth keep a panel of b in the caches; a sum continues where its block before ended, so blocks change
 * no bit. The rows of a wide b fall into few sets of a cache: where enough rows of a read a narrow panel, it is packed
 * first (one of four vectors is read in place as fast). */
static void product_from(int rows, int columns, int depth, operands o)
{
    float packed[DEPTH_BLOCK * TILE_COLUMNS];
    bool packs = TILE_VECTORS < 4 && rows >= PACKED_ROWS && o.b_row >= PACKED_WIDTH;
    for (int k = 0; k < depth || k == 0; k += DEPTH_BLOCK)
        for (int j = 0; j < columns; j += TILE_COLUMNS) {
            int width = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
            operands part = o;
            part.depth = depth - k < DEPTH_BLOCK ? depth - k : DEPTH_BLOCK;
            part.a += k * o.a_step;
            part.b += k * o.b_row + j;
            part.c += j;
            part.from = k > 0 ? part.c : o.from == NULL ? NULL : o.from + j;
            part.from_row = k > 0 ? o.c_row : o.from_row;
            if (packs) {
                part.b = packed_panel(packed, width, part.depth, part.b, o.b_row);
                part.b_row = TILE_COLUMNS;
            }
            product_panel(rows, width, part);
        }
}

static void product(int rows, int columns, int depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b,
                    ptrdiff_t b_row, float *c, ptrdiff_t c_row, bool add)
{
    product_from(rows, columns, depth,
                 (operands){.a = a, .a_row = a_row, .a_step = a_step, .b = b, .b_row = b_row, .from = add ? c : NULL,
                            .from_row = c_row, .c = c, .c_row = c_row});
}

static void affine(int rows, int columns, int depth, const float *x, ptrdiff_t x_row, const float *w, const float *bias,
                   float *y, ptrdiff_t y_row)
{
    product_from(rows, columns, depth,
                 (operands){.a = x, .a_row = x_row, .a_step = 1, .b = w, .b_row = columns, .from = bias, .c = y,
                            .c_row = y_row});
}

/* ---- elementwise kernels: for whole vectors, then for the part that is left; `lanes` is LANES or the rest */

#define FOR_VECTORS(at, n) \
    for (size_t at = 0, lanes = 0; at < (n) && (lanes = (n) - at < LANES ? (n) - at : LANES, true); at += LANES)
#define GET(p) (lanes == LANES ? v_load(p) : v_load_part((p), (int)lanes))
#define PUT(p, x) (lanes == LANES ? v_store((p), (x)) : v_store_part((p), (int)lanes, (x)))

#include "math/kernels_halved.h"

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

/* The last vector may overlap the one before it: the largest stays the same. */
static float largest_of(size_t n, const float *x)
{
    float most = x[0];
    if (n >= LANES) {
        vec all = v_load(x + n - LANES);
        for (size_t i = 0; i + LANES < n; i += LANES)
            all = v_max(v_load(x + i), all);
        return v_largest(all);
    }
    for (size_t i = 1; i < n; i++)
        most = x[i] > most ? x[i] : most;
    return most;
}

INLINE vec exp_below(float factor, float highest, vec x)
{
    return v_exp(v_mul(v_set(factor), v_sub(x, v_set(highest))));
}

static void softmax(size_t n, float factor, float *x, softmax_sums *of)
{
    vec sum = v_set(0);
    of->highest = largest_of(n, x);
    FOR_VECTORS(i, n) {
        vec e = exp_below(factor, of->highest, GET(x + i));
        PUT(x + i, e);
        sum = v_add(sum, lanes == LANES ? e : v_first(e, (int)lanes));
    }
    of->inverse = 1 / v_total(sum);
    scale(n, of->inverse, x);
}

static void softmax_again(size_t n, float factor, softmax_sums of, float *x)
{
    FOR_VECTORS(i, n)
        PUT(x + i, v_mul(v_set(of.inverse), exp_below(factor, of.highest, GET(x + i))));
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

/* A sum per lane, then of the lanes. */
static float dot(size_t n, const float *x, const float *y)
{
    vec sum = v_set(0);
    FOR_VECTORS(i, n)
        sum = v_fma(GET(x + i), GET(y + i), sum);
    return v_total(sum);
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

/* ---- sums over rows: of as many columns at a time as hide the latency of an addition, then of what is left */

enum { WIDE = 4 };

static void sum_rows(int rows, int columns, const float *x, ptrdiff_t x_row, float *y)
{
    size_t wide = (size_t)columns - (size_t)columns % (WIDE * LANES);
    for (size_t j = 0; j < wide; j += WIDE * LANES) {
        vec sum[WIDE];
        UNROLL
        for (int v = 0; v < WIDE; v++)
            sum[v] = v_load(y + j + v * LANES);
        for (int i = 0; i < rows; i++)
            UNROLL
            for (int v = 0; v < WIDE; v++)
                sum[v] = v_add(sum[v], v_load(x + i * x_row + (ptrdiff_t)j + v * LANES));
        UNROLL
        for (int v = 0; v < WIDE; v++)
            v_store(y + j + v * LANES, sum[v]);
    }
    FOR_VECTORS(j, (size_t)columns - wide) {
        vec sum = GET(y + wide + j);
        for (int i = 0; i < rows; i++)
            sum = v_add(sum, GET(x + i * x_row + (ptrdiff_t)(wide + j)));
        PUT(y + wide + j, sum);
    }
}

enum { LISTED_AHEAD = 6 }; /* rows on their way from memory */

/* The same columns of the row that the list holds some places behind i. */
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

/* A change of less than 2^-25 of its weight is rounded away; twice as far from it, what is flushed to 0 does not
 * matter either. */
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
    float lane[LANES], most = 0;
    v_store(lane, excess);
    for (int i = 0; i < LANES; i++)
        most = lane[i] <= most ? most : lane[i];
    return most <= 0;
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

const kernels KERNELS = {NAME,    product, affine, lstm_forward, lstm_backward, gru_forward, gru_backward, tanh_all,
                         add_all, scale,   axpy,         dot,           exchange,    sum_rows, sum_listed, adam, sgd,
                         .affine_halved = affine_halved, .exp = exp_all, .softmax = softmax,
                         .softmax_again = softmax_again, .adam_idle = adam_idle,
                         .adam_fade = adam_fade, LOOP_KERNELS};
