/* The fused step of LSTM cells, for vectors: included by kernels_vector.h, whose macros and functions it uses. Its
 * plain twin is lstm_forward of kernels_plain.c, its formula stands in kernels.h.
 *
 * A tile is up to STEP_ROWS rows of LANES units. All four gates of it are sums in registers, beginning with x W + b; U
 * is read in place, four vectors of a row of it at a time; and the cells are finished there, so that preactivations
 * never reach memory. */

enum { STEP_ROWS = TILE_VECTORS == 4 ? 6 : 3 };

/* One row's cells from z, all pointers at their first unit; c_before NULL: it is 0. */
INLINE void lstm_cells(const vec *z, const float *c_before, int units, float *gate, float *c, float *squashed, float *h,
                       size_t lanes)
{
    vec i = v_sigmoid(z[0]), f = v_sigmoid(z[1]), g = v_tanh(z[2]), o = v_sigmoid(z[3]);
    vec vc = v_mul(i, g);
    if (c_before != NULL)
        vc = v_fma(f, GET(c_before), vc);
    vec vs = v_tanh(vc);
    PUT(gate, i);
    PUT(gate + units, f);
    PUT(gate + 2 * units, g);
    PUT(gate + 3 * units, o);
    PUT(c, vc);
    PUT(squashed, vs);
    PUT(h, v_mul(o, vs));
}

/* The part of the next step's input that its tile will begin with: tokens' rows lie anywhere in memory. */
INLINE void lstm_fetch(const lstm_operands *s, const int rows, int first, int u)
{
    for (int r = first; r < first + rows && r < s->rows_ahead; r++)
        UNROLL
        for (int g = 0; g < 4; g++)
            __builtin_prefetch(s->input + ((ptrdiff_t)s->row_ahead[r] * 4 + g) * s->units + u);
}

/* Rows from `first` on, all of them known or none, of units from u on. */
INLINE void lstm_tile(const lstm_operands *s, const int rows, int first, int u, const bool known, size_t lanes)
{
    vec z[STEP_ROWS][4];
    ptrdiff_t units = s->units;
    UNROLL
    for (int r = 0; r < rows; r++) {
        const float *input = lstm_input(s, first + r) + u;
        UNROLL
        for (int g = 0; g < 4; g++)
            z[r][g] = GET(input + g * units);
    }
    lstm_fetch(s, rows, first, u);
    const float *before = s->before + first * units, *w = s->recurrent + u;
    for (int k = 0; known && k < units; k++, w += 4 * units) {
        vec column[4];
        UNROLL
        for (int g = 0; g < 4; g++)
            column[g] = GET(w + g * units);
        UNROLL
        for (int r = 0; r < rows; r++) {
            vec h = v_set(before[r * units + k]);
            UNROLL
            for (int g = 0; g < 4; g++)
                z[r][g] = v_fma(h, column[g], z[r][g]);
        }
    }
    UNROLL
    for (int r = 0; r < rows; r++) {
        ptrdiff_t at = (first + r) * units + u;
        lstm_cells(z[r], known ? s->c_before + at : NULL, s->units, s->gates + 4 * (first + r) * units + u, s->c + at,
                   s->squashed + at, s->h + (first + r) * s->h_row + u, lanes);
    }
}

typedef void (*lstm_tile_function)(const lstm_operands *s, int first, int u, bool known, size_t lanes);
#define LSTM_TILE(R)                                                                                        \
    static void lstm_tile_##R(const lstm_operands *s, int first, int u, bool known, size_t lanes)           \
    {                                                                                                       \
        if (known && lanes == LANES)                                                                        \
            lstm_tile(s, R, first, u, true, LANES);                                                         \
        else                                                                                                \
            lstm_tile(s, R, first, u, known, lanes);                                                        \
    }
LSTM_TILE(1)
LSTM_TILE(2)
LSTM_TILE(3)
#if TILE_VECTORS == 4
LSTM_TILE(4)
LSTM_TILE(5)
LSTM_TILE(6)
static const lstm_tile_function lstm_tiles[STEP_ROWS] = {lstm_tile_1, lstm_tile_2, lstm_tile_3,
                                                         lstm_tile_4, lstm_tile_5, lstm_tile_6};
#else
static const lstm_tile_function lstm_tiles[STEP_ROWS] = {lstm_tile_1, lstm_tile_2, lstm_tile_3};
#endif

/* Rows [first, end) in tiles of nearly the same height. */
static void lstm_rows(const lstm_operands *s, int first, int end, int u, bool known, size_t lanes)
{
    for (int tiles = (end - first + STEP_ROWS - 1) / STEP_ROWS; tiles > 0; tiles--) {
        int rows = (end - first + tiles - 1) / tiles;
        lstm_tiles[rows - 1](s, first, u, known, lanes);
        first += rows;
    }
}

static void lstm_forward(const lstm_operands *s)
{
    FOR_VECTORS(u, (size_t)s->units) {
        lstm_rows(s, 0, s->known, (int)u, true, lanes);
        lstm_rows(s, s->known, s->rows, (int)u, false, lanes);
    }
}
