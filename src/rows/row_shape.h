/* What the rows of a delimited file look like, column by column: enough to tell whether a line could be a row of it. */
#ifndef ROWS_ROW_SHAPE_H
#define ROWS_ROW_SHAPE_H

#include "heed.h"

enum {
    SHAPE_COLUMNS = 32, /* further ones are not looked at */
    SHAPE_VALUES = 256, /* a column with more values has none that are told apart */
    SHAPE_ROWS = 1000,  /* later rows are not learned */
    SHAPE_FEW = 4       /* fewer rows say nothing */
};

typedef struct column_shape {
    uint64_t value[SHAPE_VALUES]; /* digests of the different values, as labels have them */
    size_t count;                 /* of values; SHAPE_VALUES + 1: there are more */
    bool mixed;                   /* some value is not a row of digits */
} column_shape;

typedef struct row_shape {
    size_t rows;
    column_shape column[SHAPE_COLUMNS];
} row_shape;

void row_shape_clear(row_shape *s);
void row_shape_learn(row_shape *s, const heed_bytes *field, size_t count);
/* Whether some column says anything about its values. */
bool row_shape_tells(const row_shape *s);
/* How many columns have a value here that is one of theirs; -1 if a column cannot have its value. */
int row_shape_fit(const row_shape *s, const heed_bytes *field, size_t count);
/* Whether the rows of both, taken together, have a column whose values come again and again, and share one of them. */
bool row_shape_is_shared(const row_shape *a, const row_shape *b);

#endif
