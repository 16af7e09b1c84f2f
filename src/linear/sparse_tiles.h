/* sparse_add for several columns. sparse.c includes this file for each kind of vector, and defines before it
 *   ADD_TILES, ADD_TILE   the function, and one that it uses
 *   LANES                 doubles of a vector: 2, 4 or 8
 *   LAST                  4, or LANES if it is more
 *   TARGET                what the compiler may use
 * Each sum is in the order of the values, so the bits are the same with every kind. */

/* out [columns] = to + the sum, which stays in registers: columns is a constant where this is used, at most 16. */
static inline __attribute__((always_inline)) TARGET void ADD_TILE(double *out, const double *to, sparse_column column,
                                                                  const double *x, size_t width, size_t columns)
{
    typedef double vector __attribute__((vector_size(LANES * sizeof(double))));
    vector sum[16 / LANES], y;
    UNROLL
    for (size_t j = 0; j < columns / LANES; j++)
        memcpy(&sum[j], to + LANES * j, sizeof y);
    for (size_t i = 0; i < column.count; i++) {
        const double *at = x + column.values[i].index * width;
        double value = (double)column.values[i].value;
        UNROLL
        for (size_t j = 0; j < columns / LANES; j++) {
            memcpy(&y, at + LANES * j, sizeof y);
            sum[j] += value * y;
        }
    }
    UNROLL
    for (size_t j = 0; j < columns / LANES; j++)
        memcpy(out + LANES * j, &sum[j], sizeof y);
}

/* For LAST columns or more. The last ones may overlap others, which get the same sums. */
TARGET static void ADD_TILES(double *to, sparse_column column, const double *x, size_t width)
{
    double last[LAST];
    size_t k = 0;
    ADD_TILE(last, to + width - LAST, column, x + width - LAST, width, LAST);
    for (; k + 16 <= width; k += 16)
        ADD_TILE(to + k, to + k, column, x + k, width, 16);
    for (; k + 8 <= width; k += 8)
        ADD_TILE(to + k, to + k, column, x + k, width, 8);
    if (k + LAST < width)
        ADD_TILE(to + k, to + k, column, x + k, width, LAST);
    memcpy(to + width - LAST, last, sizeof last);
}

#undef ADD_TILES
#undef ADD_TILE
#undef LANES
#undef LAST
#undef TARGET
