/* Probabilities and loss from the logits, which keeps both exact where a probability is near 0 or 1.
 *
 *   K = 1: p = sigmoid(z)   loss = max(z, 0) - z y + log(1 + exp(-|z|))         binary cross-entropy
 *   K > 1: p = softmax(z)   loss = log sum exp z - sum of y z                   cross-entropy
 *   both:  dz = (p - y) / rows of the batch */
#include <math.h>

#include "network/network.h"

static double sigmoid_row(double z, const real *target, real *probability)
{
    *probability = (real)(z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z)));
    return target == NULL ? 0 : (z > 0 ? z : 0) - z * (double)*target + log1p(exp(-fabs(z)));
}

static double softmax_row(int count, const real *z, const real *target, real *probability)
{
    double highest = (double)z[0], sum = 0, chosen = 0;
    for (int i = 1; i < count; i++)
        highest = (double)z[i] > highest ? (double)z[i] : highest;
    for (int i = 0; i < count; i++)
        sum += exp((double)z[i] - highest);
    for (int i = 0; i < count; i++) {
        probability[i] = (real)(exp((double)z[i] - highest) / sum);
        if (target != NULL)
            chosen += (double)target[i] * ((double)z[i] - highest);
    }
    return target == NULL ? 0 : log(sum) - chosen;
}

void loss_forward(pass *p)
{
    const chunk *c = p->chunk;
    int count = p->net->logits.width;
    const real *z = pass_value(p, p->net->logits);
    real *probability = p->slot[p->net->probability];
    p->loss = 0;
    for (int r = 0; r < c->rows; r++) {
        const real *target = c->target == NULL ? NULL : c->target + (ptrdiff_t)r * count;
        p->loss += count == 1
                       ? sigmoid_row((double)z[r], target, probability + r)
                       : softmax_row(count, z + (ptrdiff_t)r * count, target, probability + (ptrdiff_t)r * count);
    }
}

void loss_backward(pass *p)
{
    const real *probability = p->slot[p->net->probability];
    real *dz = pass_gradient(p, p->net->logits);
    for (int i = 0; i < p->chunk->rows * p->net->logits.width; i++)
        dz[i] = (probability[i] - p->chunk->target[i]) * (real)p->row_share;
}
