/* Products with bf16 matrices, for vectors. kernels_template.h includes this file; kernels.h has the order of the sums.
 * Both operands are bfloat16 numbers, so that their products are exact and every table gets the same bits.
 *
 * An instruction set that multiplies pairs of bfloat16 numbers defines
 *   v_round_pairs(to, a, b)   2 LANES numbers, those of a before those of b, rounded and stored as LANES pairs
 *   v_dot_pairs(x, w, c)      c + the upper halves' product + the lower halves' product; x: one pair for all lanes
 * The others widen pairs and multiply floats:
 *   v_upper(w) v_lower(w)     the halves of pairs as floats */

/* Columns of a bf16 matrix: vectors of pairs from w on, `distance` apart, of which the first `lanes` count. */
typedef struct pair_columns {
    const uint32_t *w;
    ptrdiff_t distance;
    size_t lanes;
} pair_columns;

INLINE vec load_pairs(const pair_columns *c, int v)
{
    const float *pairs = (const float *)(const void *)(c->w + v * c->distance);
    return c->lanes == LANES ? v_load(pairs) : v_load_part(pairs, (int)c->lanes);
}

/* Rows of x for a block of the depth, rounded: as pairs, or as floats. */
#ifdef v_dot_pairs

typedef uint32_t rounded_rows[TILE_ROWS][DEPTH_BLOCK / 2];

INLINE vec load_some(const float *p, int n)
{
    return n >= LANES ? v_load(p) : n > 0 ? v_load_part(p, n) : v_set(0);
}

INLINE void round_row(int count, const float *x, uint32_t *to)
{
    for (int k = 0; k < count; k += 2 * LANES)
        v_round_pairs(to + k / 2, load_some(x + k, count - k), load_some(x + k + LANES, count - k - LANES));
}

/* sum[r][v] += x w for a pair of the depth. */
INLINE void add_pair(const int rows, const int vectors, int pair, rounded_rows x, const pair_columns *c,
                     vec sum[][MAX_VECTORS])
{
    vec column[MAX_VECTORS];
    UNROLL
    for (int v = 0; v < vectors; v++)
        column[v] = load_pairs(c, v);
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
        for (int v = 0; v < vectors; v++)
            sum[r][v] = v_dot_pairs(x[r][pair], column[v], sum[r][v]);
}

#else

typedef float rounded_rows[TILE_ROWS][DEPTH_BLOCK];

INLINE void round_row(int count, const float *x, float *to)
{
    for (int k = 0; k < count; k++)
        to[k] = bfloat16_value(bfloat16_of(x[k]));
    if (count % 2 == 1)
        to[count] = 0;
}

INLINE void add_pair(const int rows, const int vectors, int pair, rounded_rows x, const pair_columns *c,
                     vec sum[][MAX_VECTORS])
{
    UNROLL
    for (int half = 1; half >= 0; half--) {
        vec column[MAX_VECTORS];
        UNROLL
        for (int v = 0; v < vectors; v++) {
            vec both = load_pairs(c, v);
            column[v] = half == 1 ? v_upper(both) : v_lower(both);
        }
        UNROLL
        for (int r = 0; r < rows; r++) {
            vec xk = v_set(x[r][2 * pair + half]);
            UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r][v] = v_fma(xk, column[v], sum[r][v]);
        }
    }
}

#endif

/* sum[r][v] += x w, with columns of a bf16 matrix whose rows are w_row apart. */
INLINE void bf16_sums(const int rows, const int vectors, matrix x, pair_columns w, ptrdiff_t w_row,
                        vec sum[][MAX_VECTORS])
{
    for (int first = 0; first < x.columns; first += DEPTH_BLOCK) {
        int count = x.columns - first < DEPTH_BLOCK ? x.columns - first : DEPTH_BLOCK;
        rounded_rows block;
        for (int r = 0; r < rows; r++)
            round_row(count, matrix_row(x, r) + first, block[r]);
        for (int pair = 0; 2 * pair < count; pair++, w.w += w_row)
            add_pair(rows, vectors, pair, block, &w, sum);
    }
}

/* ---- the product: tiles of TILE_VECTORS whole vectors, then single vectors for the columns that are left */

typedef struct bf16_operands {
    matrix x; /* of a block of the depth; the rows are those of y */
    const uint32_t *w;
    ptrdiff_t w_row;
    const float *from; /* what the sums begin with */
    ptrdiff_t from_row;
    float *y;
    ptrdiff_t y_row;
} bf16_operands;

INLINE void bf16_tile(const int rows, const int vectors, const bf16_operands *o, size_t lanes)
{
    vec sum[TILE_ROWS][MAX_VECTORS];
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
        for (int v = 0; v < vectors; v++)
            sum[r][v] = GET(o->from + r * o->from_row + v * LANES);
    bf16_sums(rows, vectors, o->x, (pair_columns){o->w, LANES, lanes}, o->w_row, sum);
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
        for (int v = 0; v < vectors; v++)
            PUT(o->y + r * o->y_row + v * LANES, sum[r][v]);
}

typedef void (*bf16_tile_function)(const bf16_operands *o, size_t lanes);
#define BF16_TILE(R)                                                   \
    static void bf16_wide_##R(const bf16_operands *o, size_t lanes)  \
    {                                                                    \
        (void)lanes;                                                     \
        bf16_tile(R, TILE_VECTORS, o, LANES);                          \
    }                                                                    \
    static void bf16_small_##R(const bf16_operands *o, size_t lanes) \
    {                                                                    \
        bf16_tile(R, 1, o, lanes);                                     \
    }
BF16_TILE(1)
BF16_TILE(2)
BF16_TILE(3)
BF16_TILE(4)
BF16_TILE(5)
BF16_TILE(6)
static const bf16_tile_function bf16_tiles[2][TILE_ROWS] = {
    {bf16_small_1, bf16_small_2, bf16_small_3, bf16_small_4, bf16_small_5, bf16_small_6},
    {bf16_wide_1, bf16_wide_2, bf16_wide_3, bf16_wide_4, bf16_wide_5, bf16_wide_6}};

/* All rows of one panel of columns, for a block of the depth. */
static void bf16_panel(bool wide, bf16_operands o, size_t lanes)
{
    for (int i = 0; i < o.x.rows; i += TILE_ROWS) {
        bf16_tiles[wide][(o.x.rows - i < TILE_ROWS ? o.x.rows - i : TILE_ROWS) - 1](&o, lanes);
        o.x.data += TILE_ROWS * o.x.row;
        o.from += TILE_ROWS * o.from_row;
        o.y += TILE_ROWS * o.y_row;
    }
}

/* The depth is taken in blocks as in matmul_from. */
static void affine_bf16_of(const matrix *y, const matrix *x, const uint32_t *w, const float *bias)
{
    for (int k = 0; k < x->columns; k += DEPTH_BLOCK)
        for (int j = 0, width; j < y->columns; j += width) {
            bool wide = y->columns - j >= TILE_COLUMNS;
            width = wide ? TILE_COLUMNS : y->columns - j < LANES ? y->columns - j : LANES;
            int depth = x->columns - k < DEPTH_BLOCK ? x->columns - k : DEPTH_BLOCK;
            bf16_operands o = {.x = matrix_columns(*x, k, depth),
                                 .w = w + (ptrdiff_t)(k / 2) * y->columns + j,
                                 .w_row = y->columns,
                                 .from = k > 0 ? y->data + j : bias + j,
                                 .from_row = k > 0 ? y->row : 0,
                                 .y = y->data + j,
                                 .y_row = y->row};
            bf16_panel(wide, o, (size_t)width);
        }
}
