/* Probabilities and loss from the logits, which keeps both exact where a probability is near 0 or 1.
 *
 *   one of two:      p = sigmoid(z)   loss = w b(z, y)                     b: binary cross-entropy
 *   one of K:        p = softmax(z)   loss = w (log sum exp z - sum of y z)      cross-entropy
 *   any of K:        p = sigmoid(z)   loss = mean over K of w b(z, y), each output with a weight of its own
 *   b(z, y) = max(z, 0) - z y + log(1 + exp(-|z|))
 *   dz = w (p - y) / rows of the batch, for any of K divided by K too
 *
 * As in Keras, weighted losses are divided by the number of rows, not by the sum of the weights. */
#include <math.h>

#include "network/network.h"

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
    return target == NULL ? 0 : (double)*weight * (log(sum) - chosen);
}

static bool has_sigmoids(const network *net)
{
    return net->spec.outputs == 1 || net->spec.task == HEED_TASK_MULTILABEL;
}

void loss_forward(pass *p)
{
    const chunk *c = p->chunk;
    int count = p->net->logits.width;
    const real *z = pass_value(p, p->net->logits);
    real *probability = p->slot[p->net->probability];
    p->loss = 0;
    for (ptrdiff_t at = 0; at < (ptrdiff_t)c->rows * count; at += count) {
        const real *target = c->target == NULL ? NULL : c->target + at;
        const real *weight = c->target == NULL ? NULL : c->weight + at;
        p->loss += has_sigmoids(p->net) ? sigmoid_row(count, z + at, target, weight, probability + at)
                                        : softmax_row(count, z + at, target, weight, probability + at);
    }
}

void loss_backward(pass *p)
{
    const chunk *c = p->chunk;
    const real *probability = p->slot[p->net->probability];
    real *dz = pass_gradient(p, p->net->logits);
    int count = p->net->logits.width;
    real share = (real)(has_sigmoids(p->net) ? p->row_share / count : p->row_share);
    for (int i = 0; i < c->rows * count; i++)
        dz[i] = (probability[i] - c->target[i]) * (c->weight[i] * share);
}
