/* The fused steps of LSTM and GRU cells, for vectors. kernels_template.h includes this file, which uses its macros and
 * functions. network/lstm.c and network/gru.c have the formulas, kernels_plain.c the plain twins of the same names.
 *
 * A tile is up to STEP_ROWS rows of LANES units. The z of all its gates are sums in registers that begin with x W + b
 * and go on with h[t-1] U, one vector per gate at a time. The cell is finished there too, so that z is never stored. */

enum { STEP_ROWS = TILE_VECTORS == 4 ? 6 : 3 };

/* ---- the recurrent sums of a tile */

/* z[r][g] += dropped U, for rows from `first` on and units from u on. */
INLINE void cell_sums(const cell_operands *o, const int gates, const int rows, int first, int u, size_t lanes,
                      vec z[STEP_ROWS][MAX_VECTORS])
{
    ptrdiff_t units = o->units, previous_hidden_row = o->previous_hidden_row;
    const float *dropped = o->dropped + first * previous_hidden_row, *w = o->recurrent + u;
    for (int k = 0; k < units; k++, w += gates * units) {
        vec column[MAX_VECTORS];
        UNROLL
        for (int g = 0; g < gates; g++)
            column[g] = GET(w + g * units);
        UNROLL
        for (int r = 0; r < rows; r++) {
            vec h = v_set(dropped[r * previous_hidden_row + k]);
            UNROLL
            for (int g = 0; g < gates; g++)
                z[r][g] = v_fma(h, column[g], z[r][g]);
        }
    }
}

/* The same with U as a bf16 matrix. */
INLINE void cell_sums_bf16(const cell_operands *o, const int gates, const int rows, int first, int u, size_t lanes,
                             vec z[STEP_ROWS][MAX_VECTORS])
{
    ptrdiff_t units = o->units;
    matrix dropped = matrix_spaced(o->dropped + first * o->previous_hidden_row, rows, o->units, o->previous_hidden_row);
    bf16_sums(rows, gates, dropped, (pair_columns){o->recurrent_bf16 + u, units, lanes}, gates * units, z);
}

/* Fetches the input of the next step's tile early: the rows of tokens are anywhere in memory. */
INLINE void cell_fetch(const cell_operands *o, const int gates, const int rows, int first, int u)
{
    for (int r = first; r < first + rows && r < o->rows_ahead; r++)
        UNROLL
        for (int g = 0; g < gates; g++)
            __builtin_prefetch(o->input + ((ptrdiff_t)o->row_ahead[r] * gates + g) * o->units + u);
}

INLINE void cell_put_h(const cell_operands *o, int r, int u, vec h, size_t lanes)
{
    PUT(o->h + r * o->h_row + u, h);
    if (r < o->rows_next)
        PUT(o->next + (ptrdiff_t)r * o->units + u, h);
}

/* ---- LSTM */

/* The cells of row r from z, which becomes i, f, g, o. */
INLINE void lstm_cells(const cell_operands *o, vec *z, int r, int u, const bool known, size_t lanes)
{
    ptrdiff_t units = o->units, at = r * units + u;
    z[0] = v_sigmoid(z[0]);
    z[1] = v_sigmoid(z[1]);
    z[2] = v_tanh(z[2]);
    z[3] = v_sigmoid(z[3]);
    vec c = v_mul(z[0], z[2]);
    if (known)
        c = v_fma(z[1], GET(o->previous_cell + at), c);
    vec tanh_cell = v_tanh(c);
    PUT(o->c + at, c);
    cell_put_h(o, r, u, v_mul(z[3], tanh_cell), lanes);
    if (o->gates == NULL)
        return;
    UNROLL
    for (int g = 0; g < 4; g++)
        PUT(o->gates + (4 * (ptrdiff_t)r + g) * units + u, z[g]);
    PUT(o->inner + at, tanh_cell);
}

/* For rows from `first` on, all of which are known or none, and units from u on. */
INLINE void lstm_tile(const cell_operands *o, const int rows, int first, int u, const bool known, const bool bf16,
                      size_t lanes)
{
    vec z[STEP_ROWS][MAX_VECTORS];
    UNROLL
    for (int r = 0; r < rows; r++) {
        const float *input = cell_input_row(o, 4, first + r) + u;
        UNROLL
        for (int g = 0; g < 4; g++)
            z[r][g] = GET(input + g * (ptrdiff_t)o->units);
    }
    cell_fetch(o, 4, rows, first, u);
    if (known && bf16)
        cell_sums_bf16(o, 4, rows, first, u, lanes, z);
    else if (known)
        cell_sums(o, 4, rows, first, u, lanes, z);
    UNROLL
    for (int r = 0; r < rows; r++)
        lstm_cells(o, z[r], first + r, u, known, lanes);
}

/* ---- GRU */

/* The cells of row r. z: input_z + inner_z, input_r + inner_r, inner_g, input_g */
INLINE void gru_cells(const cell_operands *o, vec *z, int r, int u, const bool known, size_t lanes)
{
    ptrdiff_t units = o->units;
    z[0] = v_sigmoid(z[0]);
    z[1] = v_sigmoid(z[1]);
    vec g = v_tanh(v_fma(z[1], z[2], z[3]));
    vec before = known ? GET(o->previous_hidden + r * o->previous_hidden_row + u) : v_set(0);
    cell_put_h(o, r, u, v_fma(z[0], v_sub(before, g), g), lanes);
    if (o->gates == NULL)
        return;
    float *gates = o->gates + 3 * r * units + u;
    PUT(gates, z[0]);
    PUT(gates + units, z[1]);
    PUT(gates + 2 * units, g);
    PUT(o->inner + r * units + u, z[2]);
}

INLINE void gru_tile(const cell_operands *o, const int rows, int first, int u, const bool known, const bool bf16,
                     size_t lanes)
{
    vec z[STEP_ROWS][MAX_VECTORS];
    ptrdiff_t units = o->units;
    UNROLL
    for (int r = 0; r < rows; r++) {
        const float *input = cell_input_row(o, 3, first + r) + u;
        z[r][0] = v_add(GET(input), GET(o->bias + u));
        z[r][1] = v_add(GET(input + units), GET(o->bias + units + u));
        z[r][2] = GET(o->bias + 2 * units + u);
    }
    cell_fetch(o, 3, rows, first, u);
    if (known && bf16)
        cell_sums_bf16(o, 3, rows, first, u, lanes, z);
    else if (known)
        cell_sums(o, 3, rows, first, u, lanes, z);
    UNROLL
    for (int r = 0; r < rows; r++) {
        z[r][3] = GET(cell_input_row(o, 3, first + r) + 2 * units + u);
        gru_cells(o, z[r], first + r, u, known, lanes);
    }
}

/* ---- a step forwards: a tile function for each number of rows, for float weights and for bfloat16 weights */

typedef void (*cell_tile)(const cell_operands *o, int first, int u, bool known, size_t lanes);
#define CELL_TILE_OF(CELL, NAME, R, BF16)                                                   \
    static void CELL##_##NAME##_##R(const cell_operands *o, int first, int u, bool known, size_t lanes) \
    {                                                                                                  \
        if (known && lanes == LANES)                                                                   \
            CELL##_tile(o, R, first, u, true, BF16, LANES);                                          \
        else                                                                                           \
            CELL##_tile(o, R, first, u, known, BF16, lanes);                                         \
    }
#define CELL_TILE(CELL, R) CELL_TILE_OF(CELL, tile, R, false) CELL_TILE_OF(CELL, bf16, R, true)
#define CELL_TILES(CELL) CELL_TILE(CELL, 1) CELL_TILE(CELL, 2) CELL_TILE(CELL, 3)
CELL_TILES(lstm)
CELL_TILES(gru)
#if TILE_VECTORS == 4
#define HIGH_CELL_TILES(CELL) CELL_TILE(CELL, 4) CELL_TILE(CELL, 5) CELL_TILE(CELL, 6)
HIGH_CELL_TILES(lstm)
HIGH_CELL_TILES(gru)
#define CELL_HEIGHTS(NAME) {NAME##_1, NAME##_2, NAME##_3, NAME##_4, NAME##_5, NAME##_6}
#else
#define CELL_HEIGHTS(NAME) {NAME##_1, NAME##_2, NAME##_3}
#endif
static const cell_tile lstm_tiles[2][STEP_ROWS] = {CELL_HEIGHTS(lstm_tile), CELL_HEIGHTS(lstm_bf16)};
static const cell_tile gru_tiles[2][STEP_ROWS] = {CELL_HEIGHTS(gru_tile), CELL_HEIGHTS(gru_bf16)};

/* Rows [first, end) in tiles of nearly the same number of rows. */
static void cell_rows(const cell_operands *o, const cell_tile *of_height, int first, int end, int u, bool known,
                      size_t lanes)
{
    for (int tiles = (end - first + STEP_ROWS - 1) / STEP_ROWS; tiles > 0; tiles--) {
        int rows = (end - first + tiles - 1) / tiles;
        of_height[rows - 1](o, first, u, known, lanes);
        first += rows;
    }
}

static void cell_forward(const cell_operands *o, const cell_tile *of_height)
{
    FOR_VECTORS(u, (size_t)o->units) {
        cell_rows(o, of_height, 0, o->known, (int)u, true, lanes);
        cell_rows(o, of_height, o->known, o->rows, (int)u, false, lanes);
    }
}

static void lstm_forward(const cell_operands *o)
{
    cell_forward(o, lstm_tiles[o->recurrent_bf16 != NULL]);
}

static void gru_forward(const cell_operands *o)
{
    cell_forward(o, gru_tiles[o->recurrent_bf16 != NULL]);
}

/* ---- backwards */

/* x (1 - x), the derivative of the sigmoid if x is its value */
INLINE vec v_sigmoid_backward(vec x)
{
    return v_fnma(x, x, x);
}

/* dh of a row: dout + dh from the step after, or from the final state */
INLINE vec outer_gradient(const cell_gradients *b, int r, size_t u, size_t lanes)
{
    const float *after = r < b->after ? b->dh + (ptrdiff_t)r * b->units : b->dstate + r * b->row;
    return v_add(GET(b->dout + r * b->row + u), GET(after + u));
}

static void lstm_backward(const cell_gradients *b)
{
    int units = b->units;
    for (int row = 0; row < b->rows; row++) {
        float *i = b->gates + (ptrdiff_t)row * 4 * units, *f = i + units, *g = f + units, *o = g + units;
        const ptrdiff_t at = (ptrdiff_t)row * units;
        FOR_VECTORS(u, (size_t)units) {
            vec vi = GET(i + u), vf = GET(f + u), vg = GET(g + u), vo = GET(o + u), vs = GET(b->inner + at + u);
            vec dh = outer_gradient(b, row, u, lanes);
            vec before = row < b->known ? GET(b->previous_cell + at + u) : v_set(0);
            vec after = row < b->after ? GET(b->dc + at + u) : v_set(0);
            vec dc = v_fma(v_mul(dh, vo), v_fnma(vs, vs, v_set(1)), after);
            PUT(b->dc + at + u, v_mul(dc, vf));
            PUT(i + u, v_mul(v_mul(dc, vg), v_sigmoid_backward(vi)));
            PUT(f + u, v_mul(v_mul(dc, before), v_sigmoid_backward(vf)));
            PUT(g + u, v_mul(v_mul(dc, vi), v_fnma(vg, vg, v_set(1))));
            PUT(o + u, v_mul(v_mul(dh, vs), v_sigmoid_backward(vo)));
        }
    }
}

static void gru_backward(const cell_gradients *b)
{
    int units = b->units;
    for (int row = 0; row < b->rows; row++) {
        float *z = b->gates + (ptrdiff_t)row * 3 * units, *r = z + units, *g = r + units;
        const ptrdiff_t at = (ptrdiff_t)row * units;
        FOR_VECTORS(u, (size_t)units) {
            vec vz = GET(z + u), vr = GET(r + u), vg = GET(g + u), dh = outer_gradient(b, row, u, lanes);
            vec before = row < b->known ? GET(b->previous_hidden + at + u) : v_set(0);
            vec dg = v_mul(v_mul(dh, v_sub(v_set(1), vz)), v_fnma(vg, vg, v_set(1)));
            PUT(z + u, v_mul(v_mul(dh, v_sub(before, vg)), v_sigmoid_backward(vz)));
            PUT(r + u, v_mul(v_mul(dg, GET(b->inner + at + u)), v_sigmoid_backward(vr)));
            PUT(g + u, dg);
            PUT(b->inner + at + u, v_mul(dg, vr));
            PUT(b->dh + at + u, v_mul(dh, vz));
        }
    }
}
