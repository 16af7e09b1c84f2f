#include "explain/quadrature.h"

#include <math.h>

/* P_n(x) by its three-term recurrence, and its derivative. */
static double legendre(unsigned n, double x, double *derivative)
{
    double before = 0, here = 1;
    for (unsigned k = 1; k <= n; k++) {
        double next = ((2.0 * k - 1) * x * here - (k - 1.0) * before) / k;
        before = here;
        here = next;
    }
    *derivative = n * (x * here - before) / (x * x - 1);
    return here;
}

void quadrature_points(unsigned count, double *points, double *weights)
{
    for (unsigned i = 0; i < (count + 1) / 2; i++) { /* roots come in pairs around 0 */
        double x = cos(3.141592653589793 * (i + 0.75) / (count + 0.5)), slope = 1, step = 1;
        for (int turn = 0; turn < 100 && fabs(step) > 1e-15; turn++) {
            step = legendre(count, x, &slope) / slope;
            x -= step;
        }
        legendre(count, x, &slope);
        double weight = 1 / ((1 - x * x) * slope * slope); /* half of that on [-1, 1] */
        points[i] = 0.5 - 0.5 * x;
        points[count - 1 - i] = 0.5 + 0.5 * x;
        weights[i] = weights[count - 1 - i] = weight;
    }
}
