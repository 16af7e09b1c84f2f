/* Products with bf16 matrices, for vectors. kernels_template.h includes this file; kernels.h has the order of the sums.
 * Both operands are bfloat16 numbers, so that their products are exact and every table gets the same bits.
 *
 * An instruction set that multiplies pairs of bfloat16 numbers defines
 *   v_round_pairs(to, a, b)   2 LANES numbers, those of a before those of b, rounded and stored as LANES pairs
 *   v_pair(a, b)              pairs of a's and b's numbers, rounded
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

/* So many pairs of the depth are a block where both operands are pairs already. */
enum { PAIR_BLOCK = DEPTH_BLOCK };

/* Rounded numbers for a block of the depth: as pairs, or as floats. */
#ifdef v_dot_pairs
typedef uint32_t rounded;
enum { ROUNDED_PAIR = 1 };
#else
typedef float rounded;
enum { ROUNDED_PAIR = 2 };
#endif
enum { ROUNDED_ROW = DEPTH_BLOCK / 2 * ROUNDED_PAIR };

typedef struct rounded_rows {
    const rounded *x;
    ptrdiff_t row;
} rounded_rows;

#ifdef v_dot_pairs

INLINE vec load_some(const float *p, int n)
{
    return n >= LANES ? v_load(p) : n > 0 ? v_load_part(p, n) : v_set(0);
}

INLINE void round_row(int count, const float *x, rounded *to)
{
    for (int k = 0; k < count; k += 2 * LANES)
        v_round_pairs(to + k / 2, load_some(x + k, count - k), load_some(x + k + LANES, count - k - LANES));
}

/* Rows of pairs: in `room` [rows][PAIR_BLOCK * ROUNDED_PAIR], unless they can be read where they are. */
INLINE rounded_rows take_rows(const int rows, const pair_matrix *x, rounded *room)
{
    (void)rows;
    (void)room;
    return (rounded_rows){x->data, x->row};
}

/* sum[r][v] += x w for a pair of the depth. */
INLINE void add_pair(const int rows, const int vectors, rounded_rows x, const pair_columns *c, vec sum[][MAX_VECTORS])
{
    vec column[MAX_VECTORS];
    UNROLL
    for (int v = 0; v < vectors; v++)
        column[v] = load_pairs(c, v);
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++)
        sum[r][v] = v_dot_pairs(x.x[r * x.row], column[v], sum[r][v]);
}

#else

INLINE void round_row(int count, const float *x, rounded *to)
{
    for (int k = 0; k < count; k++)
        to[k] = bfloat16_value(bfloat16_of(x[k]));
    if (count % 2 == 1)
        to[count] = 0;
}

INLINE rounded_rows take_rows(const int rows, const pair_matrix *x, rounded *room)
{
    enum { ROW = PAIR_BLOCK * ROUNDED_PAIR };
    for (int r = 0; r < rows; r++)
        for (int k = 0; k < x->columns; k++) {
            uint32_t pair = x->data[r * x->row + k];
            room[r * ROW + 2 * k] = bfloat16_value((uint16_t)pair);
            room[r * ROW + 2 * k + 1] = bfloat16_value((uint16_t)(pair >> 16));
        }
    return (rounded_rows){room, ROW};
}

INLINE void add_pair(const int rows, const int vectors, rounded_rows x, const pair_columns *c, vec sum[][MAX_VECTORS])
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
            vec xk = v_set(x.x[r * x.row + half]);
            UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r][v] = v_fma(xk, column[v], sum[r][v]);
        }
    }
}

#endif

/* sum[r][v] += x w for a block of the depth; w moves on to the next one. */
INLINE void add_block(const int rows, const int vectors, int pairs, rounded_rows x, pair_columns *w, ptrdiff_t w_row,
                      vec sum[][MAX_VECTORS])
{
    for (int k = 0; k < pairs; k++, w->w += w_row, x.x += ROUNDED_PAIR)
        add_pair(rows, vectors, x, w, sum);
}

/* sum[r][v] += x w, with columns of a bf16 matrix whose rows are w_row apart. */
INLINE void bf16_sums(const int rows, const int vectors, matrix x, pair_columns w, ptrdiff_t w_row,
                      vec sum[][MAX_VECTORS])
{
    for (int first = 0; first < x.columns; first += DEPTH_BLOCK) {
        int count = x.columns - first < DEPTH_BLOCK ? x.columns - first : DEPTH_BLOCK;
        rounded block[TILE_ROWS * ROUNDED_ROW];
        for (int r = 0; r < rows; r++)
            round_row(count, matrix_row(x, r) + first, block + r * ROUNDED_ROW);
        add_block(rows, vectors, (count + 1) / 2, (rounded_rows){block, ROUNDED_ROW}, &w, w_row, sum);
    }
}

/* The same of x as pairs, at most a block of the depth. */
INLINE void pair_sums(const int rows, const int vectors, pair_matrix x, pair_columns w, ptrdiff_t w_row,
                      vec sum[][MAX_VECTORS])
{
    rounded room[TILE_ROWS * PAIR_BLOCK * ROUNDED_PAIR];
    add_block(rows, vectors, x.columns, take_rows(rows, &x, room), &w, w_row, sum);
}

/* ---- the products: tiles of whole vectors, then single vectors, a part of one for the columns that are left */

typedef struct bf16_operands {
    matrix x;          /* of a block of the depth, to be rounded; the rows are those of y */
    pair_matrix pairs; /* the same as pairs */
    const uint32_t *w;
    ptrdiff_t w_row;
    const float *from; /* what the sums begin with; NULL: 0 */
    ptrdiff_t from_row;
    float *y;
    ptrdiff_t y_row;
} bf16_operands;

INLINE void bf16_tile(const bool paired, const int rows, const int vectors, const bf16_operands *o, size_t lanes)
{
    const pair_columns w = {o->w, LANES, lanes};
    vec sum[TILE_ROWS][MAX_VECTORS];
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++)
        sum[r][v] = o->from == NULL ? v_set(0) : GET(o->from + r * o->from_row + v * LANES);
    if (paired)
        pair_sums(rows, vectors, o->pairs, w, o->w_row, sum);
    else
        bf16_sums(rows, vectors, o->x, w, o->w_row, sum);
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++)
        PUT(o->y + r * o->y_row + v * LANES, sum[r][v]);
}

typedef void (*bf16_tile_function)(const bf16_operands *o, size_t lanes);
#define BF16_TILE(NAME, PAIRED, R, V, COUNT)                                                                           \
    static void bf16_##NAME##_##R(const bf16_operands *o, size_t lanes)                                                \
    {                                                                                                                  \
        (void)lanes;                                                                                                   \
        bf16_tile(PAIRED, R, V, o, COUNT);                                                                             \
    }
#define BF16_TILES(NAME, PAIRED, V, COUNT)                                                                             \
    BF16_TILE(NAME, PAIRED, 1, V, COUNT)                                                                               \
    BF16_TILE(NAME, PAIRED, 2, V, COUNT)                                                                               \
    BF16_TILE(NAME, PAIRED, 3, V, COUNT)                                                                               \
    BF16_TILE(NAME, PAIRED, 4, V, COUNT)                                                                               \
    BF16_TILE(NAME, PAIRED, 5, V, COUNT)                                                                               \
    BF16_TILE(NAME, PAIRED, 6, V, COUNT)                                                                               \
    static const bf16_tile_function bf16_##NAME[TILE_ROWS] = {bf16_##NAME##_1, bf16_##NAME##_2, bf16_##NAME##_3,       \
                                                              bf16_##NAME##_4, bf16_##NAME##_5, bf16_##NAME##_6};
BF16_TILES(wide, false, TILE_VECTORS, LANES)
BF16_TILES(small, false, 1, lanes)
BF16_TILES(paired_part, true, 1, lanes)
BF16_TILES(paired_1, true, 1, LANES)
BF16_TILES(paired_2, true, 2, LANES)
#if TILE_VECTORS == 4
BF16_TILES(paired_3, true, 3, LANES)
BF16_TILES(paired_4, true, 4, LANES)
static const bf16_tile_function *const bf16_paired[] = {bf16_paired_part, bf16_paired_1, bf16_paired_2, bf16_paired_3,
                                                        bf16_paired_4};
#else
static const bf16_tile_function *const bf16_paired[] = {bf16_paired_part, bf16_paired_1, bf16_paired_2};
#endif

/* All rows of one panel of columns, for a block of the depth. */
static void bf16_panel(const bf16_tile_function *tile_of_rows, int rows, bf16_operands o, size_t lanes)
{
    for (int i = 0; i < rows; i += TILE_ROWS) {
        if (o.pairs.data != NULL)
            prefetch_rows(rows - i - TILE_ROWS, o.pairs.columns, o.pairs.data + TILE_ROWS * o.pairs.row, o.pairs.row);
        tile_of_rows[(rows - i < TILE_ROWS ? rows - i : TILE_ROWS) - 1](&o, lanes);
        o.x.data += TILE_ROWS * o.x.row;
        o.pairs.data += TILE_ROWS * o.pairs.row;
        o.from += o.from == NULL ? 0 : TILE_ROWS * o.from_row;
        o.y += TILE_ROWS * o.y_row;
    }
}

/* A row of pairs of two rows; second NULL: 0. */
static void pair_row(int count, const float *first, const float *second, uint32_t *to)
{
#ifdef v_pair
    FOR_VECTORS(j, (size_t)count)
    PUT((float *)(void *)(to + j), v_pair(GET(first + j), second == NULL ? v_set(0) : GET(second + j)));
#else
    for (int j = 0; j < count; j++)
        to[j] = bfloat16_pair(first[j], second == NULL ? 0 : second[j]);
#endif
}

static void to_pairs_of(const matrix *x, const pair_matrix *pairs)
{
    for (int k = 0; k < x->rows; k += 2)
        pair_row(x->columns, matrix_row(*x, k), k + 1 < x->rows ? matrix_row(*x, k + 1) : NULL,
                 pairs->data + k / 2 * pairs->row);
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
            bf16_panel(wide ? bf16_wide : bf16_small, y->rows, o, (size_t)width);
        }
}

static void matmul_bf16_of(const matrix *y, const pair_matrix *w, const pair_matrix *x)
{
    for (int k = 0; k < x->rows; k += PAIR_BLOCK)
        for (int j = 0, width; j < y->columns; j += width) {
            int left = y->columns - j, vectors = left < TILE_COLUMNS ? left / LANES : TILE_VECTORS;
            width = vectors > 0 ? vectors * LANES : left;
            bf16_operands o = {
                .pairs = {w->data + k, w->rows, x->rows - k < PAIR_BLOCK ? x->rows - k : PAIR_BLOCK, w->row},
                .w = x->data + k * x->row + j,
                .w_row = x->row,
                .from = k > 0 ? y->data + j : NULL,
                .from_row = y->row,
                .y = y->data + j,
                .y_row = y->row};
            bf16_panel(bf16_paired[vectors], y->rows, o, (size_t)width);
        }
}
