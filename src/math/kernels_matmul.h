/* The matrix product, for vectors. kernels_template.h includes this file, which uses its macros. The sums of a tile, up
 * to 6 rows of TILE_VECTORS vectors, stay in registers. */

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
        sum[i][v] = o->from == NULL ? v_set(0) : load_column(o->from + i * o->from_row, v, vectors, partial, o->tail);
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
#define TILE(R, V)                                                                                                     \
    static void tile_##R##_##V(const operands *o)                                                                      \
    {                                                                                                                  \
        tile(R, V, false, o);                                                                                          \
    }                                                                                                                  \
    static void tile_part_##R##_##V(const operands *o)                                                                 \
    {                                                                                                                  \
        tile(R, V, true, o);                                                                                           \
    }
#define TILES_OF(V) TILE(1, V) TILE(2, V) TILE(3, V) TILE(4, V) TILE(5, V) TILE(6, V)
#define ROW_OF(P, V)                                                                                                   \
    {                                                                                                                  \
        P##1_##V, P##2_##V, P##3_##V, P##4_##V, P##5_##V, P##6_##V                                                     \
    }
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

/* The first rows of a matrix, of so many floats or pairs: those of the next tile are too short for processors to
 * foresee them. */
INLINE void prefetch_rows(int rows, int count, const void *a, ptrdiff_t row)
{
    enum { LINE = 16 };
    for (int i = 0; i < rows && i < TILE_ROWS; i++)
        for (int k = 0; k < count; k += LINE)
            __builtin_prefetch((const float *)a + i * row + k);
}

/* All rows of one panel of columns, for a block of the depth. Moves o from tile to tile. */
static void matmul_panel(int rows, int columns, operands *o)
{
    int vectors = (columns + LANES - 1) / LANES;
    o->tail = columns - (vectors - 1) * LANES;
    const tile_function *tile_of_rows = tiles[o->tail < LANES][vectors - 1];
    for (int i = 0; i < rows; i += TILE_ROWS) {
        int count = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
        if (o->a_step == 1)
            prefetch_rows(rows - i - TILE_ROWS, o->depth, o->a + TILE_ROWS * o->a_row, o->a_row);
        tile_of_rows[count - 1](o);
        o->a += TILE_ROWS * o->a_row;
        o->from += o->from == NULL ? 0 : TILE_ROWS * o->from_row;
        o->c += TILE_ROWS * o->c_row;
    }
}

/* A copy of a panel of b, with its rows one after the other. */
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

/* The depth is taken in blocks, so that a panel of b stays in the caches. A sum goes on from block to block, so blocks
 * do not change a bit. The rows of a wide b fall into few sets of a cache, so a narrow panel is packed first if enough
 * rows of a read it (reading a panel of four vectors in place is as fast). */
static void matmul_from(const matrix *c, const matrix *a, const matrix *b, const float *from, ptrdiff_t from_row)
{
    float packed[DEPTH_BLOCK * TILE_COLUMNS];
    bool packs = TILE_VECTORS < 4 && c->rows >= PACKED_ROWS && b->row >= PACKED_WIDTH;
    for (int k = 0; k < a->columns || k == 0; k += DEPTH_BLOCK, from = c->data, from_row = c->row)
        for (int j = 0; j < c->columns; j += TILE_COLUMNS) {
            int width = c->columns - j < TILE_COLUMNS ? c->columns - j : TILE_COLUMNS;
            operands part = {.depth = a->columns - k < DEPTH_BLOCK ? a->columns - k : DEPTH_BLOCK,
                             .a = a->data + k * a->step,
                             .a_row = a->row,
                             .a_step = a->step,
                             .b = matrix_row(*b, k) + j,
                             .b_row = b->row,
                             .c = c->data + j,
                             .c_row = c->row,
                             .from = from == NULL ? NULL : from + j,
                             .from_row = from_row};
            if (packs) {
                part.b = packed_panel(packed, width, part.depth, part.b, b->row);
                part.b_row = TILE_COLUMNS;
            }
            matmul_panel(c->rows, width, &part);
        }
}
