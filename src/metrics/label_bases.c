#include "metrics/label_bases.h"

#include <math.h>
#include <stddef.h>

enum { FAR = 4 }; /* times the rows of the rarest label that the most frequent one has: a fifth of two labels */

/* offset: of the area in curve_areas. */
static label_basis area_basis(const heed_evaluation *e, size_t offset)
{
    label_basis b = {0, 0};
    for (size_t i = 0; i < e->label_count; i++) {
        double area = *(const double *)(const void *)((const char *)&e->areas[i] + offset);
        if (evaluation_asks(e, i)) {
            b.all++;
            b.counted += isnan(area) ? 0 : 1;
        }
    }
    return b;
}

label_basis evaluation_roc_basis(const heed_evaluation *e)
{
    return area_basis(e, offsetof(curve_areas, roc));
}

label_basis evaluation_precision_basis(const heed_evaluation *e)
{
    return area_basis(e, offsetof(curve_areas, average_precision));
}

label_basis evaluation_macro_basis(const heed_evaluation *e)
{
    label_basis b = {0, evaluation_labels(e)};
    for (size_t i = 0; i < b.all; i++)
        b.counted += evaluation_has_label(e, i) ? 1 : 0;
    return b;
}

size_t evaluation_rare_label(const heed_evaluation *e)
{
    size_t none = evaluation_labels(e), rare = none;
    uint64_t most = 0;
    for (size_t i = 0; i < e->label_count; i++) {
        uint64_t rows = e->counts.of[i].support;
        most = rows > most ? rows : most;
        if (rows > 0 && (rare == none || rows < e->counts.of[rare].support))
            rare = i;
    }
    return rare != none && most >= FAR * e->counts.of[rare].support ? rare : none;
}
