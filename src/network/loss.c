/* Probabilities and loss from the logits, so that both are exact even for probabilities near 0 or 1.
 *
 *   z, p, y, w [R][K]: logits, probabilities, targets, weights
 *
 *   forward    one of two:   p = sigmoid(z)        loss = w bce(z, y)
 *              one of K:     p = softmax(z)        loss = w (log(sum of exp(z)) - sum of y * z); y sums to 1
 *              any of K:     p = sigmoid(z)        loss = mean over K of w * bce(z, y), a weight for each output
 *              bce(z, y) = max(z, 0) - z y + log(1 + exp(-|z|))        (binary cross-entropy)
 *   backward   dz = w * (p - y) / rows of the batch; for any of K also / K
 *
 * As in Keras, weighted losses are divided by the number of rows, not by the sum of the weights. */
#include "network/loss.h"

#include <math.h>
#include <stddef.h>

static double sigmoid(double z)
{
    return z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z));
}

static double binary_cross_entropy(double z, double target)
{
    return (z > 0 ? z : 0) - z * target + log1p(exp(-fabs(z)));
}

static double sigmoid_row(int count, const real *z, const real *target, const real *weight, real *probability)
{
    double loss = 0;
    for (int i = 0; i < count; i++) {
        probability[i] = (real)sigmoid((double)z[i]);
        if (target != NULL)
            loss += (double)weight[i] * binary_cross_entropy((double)z[i], (double)target[i]);
    }
    return loss / count;
}

static double softmax_row(int count, const real *z, const real *target, const real *weight, real *probability)
{
    double max = (double)z[0], sum = 0, chosen = 0;
    for (int i = 1; i < count; i++)
        max = (double)z[i] > max ? (double)z[i] : max;
    for (int i = 0; i < count; i++)
        sum += exp((double)z[i] - max);
    for (int i = 0; i < count; i++) {
        probability[i] = (real)(exp((double)z[i] - max) / sum);
        if (target != NULL)
            chosen += (double)target[i] * ((double)z[i] - max);
    }
    return target == NULL ? 0 : (double)*weight * (log(sum) - chosen);
}

double loss_forward(const loss_rows *l, const real *z, real *probability)
{
    int count = l->outputs;
    double loss = 0;
    for (ptrdiff_t at = 0; at < (ptrdiff_t)l->rows * count; at += count) {
        const real *target = l->target == NULL ? NULL : l->target + at;
        const real *weight = l->target == NULL ? NULL : l->weight + at;
        loss += l->sigmoids ? sigmoid_row(count, z + at, target, weight, probability + at)
                            : softmax_row(count, z + at, target, weight, probability + at);
    }
    return loss;
}

void loss_backward(const loss_rows *l, double row_share, const real *probability, real *dz)
{
    real share = (real)(l->sigmoids ? row_share / l->outputs : row_share);
    for (int i = 0; i < l->rows * l->outputs; i++)
        dz[i] = (probability[i] - l->target[i]) * (l->weight[i] * share);
}
