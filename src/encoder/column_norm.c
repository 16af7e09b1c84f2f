#include "encoder/column_norm.h"

void column_norm_forward(const encoder_pass *p, norm_down norm, matrix x, text_span panel, real *normal, real *inverse)
{
    if (p->keeps != KEEP_NOTHING) {
        matrix n = over_span(p, normal, x.rows, panel);
        p->kernels->normalize_down(&norm, &x, &n, inverse + panel.first);
    } else
        p->kernels->normalize_down(&norm, &x, NULL, NULL);
}

void column_norm_backward(const encoder_pass *p, norm_down norm, matrix d, text_span panel, const real *normal,
                          const real *inverse)
{
    matrix n = over_span(p, normal, d.rows, panel);
    p->kernels->normalize_down_backward(&norm, &n, inverse + panel.first, &d);
}
