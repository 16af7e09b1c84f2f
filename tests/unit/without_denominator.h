/* scikit-learn says 0 for a score of a label that has no denominator (zero_division=0); heed says that it is not
 * defined. What is expected of heed, from scikit-learn's figures. */
#ifndef TESTS_WITHOUT_DENOMINATOR_H
#define TESTS_WITHOUT_DENOMINATOR_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "heed.h"

/* Of a label: rows that have it, rows for which it is predicted. */
typedef struct denominators {
    double support, predicted;
} denominators;

/* kind: 0 precision, 1 recall, 2 F1. */
static inline double defined_score(double scikit, denominators d, size_t kind)
{
    const double of[] = {d.predicted, d.support, d.predicted + d.support};
    return of[kind] > 0 ? scikit : (double)NAN;
}

/* A classification report with dashes; labels [count] are those that it shows, in its order. free() releases it. */
static inline char *defined_report(const char *scikit, const denominators *labels, size_t count)
{
    enum { CELL = 10, CELLS = 4 }; /* the last of a line: precision, recall, F1, support */
    char *report = strdup(scikit), *line = strstr(report, "\n\n") + 2;
    for (size_t i = 0; i < count; i++) {
        char *end = strchr(line, '\n');
        for (size_t kind = 0; kind < CELLS - 1; kind++)
            if (isnan(defined_score(0, labels[i], kind))) {
                char *cell = end - (CELLS - kind) * CELL;
                memset(cell, ' ', CELL);
                cell[CELL - 1] = '-';
            }
        line = end + 1;
    }
    return report;
}

#endif
