#include "network/attention.h"

#include <math.h>
#include <string.h>

#include "base/status.h"

heed_status attention_begin(network *net, layer *l, flow *f, heed_error *error)
{
    strcpy(l->name, "attention");
    l->in = f->sequence;
    l->state_in = f->state;
    if (f->state.width == 0)
        return fail(error, HEED_USAGE, "architecture: '%s' needs an encoder before it, for its query", l->class->keyword);
    heed_status status = network_add_tensor(net, &l->out, l->in.width, true, error);
    f->row = l->out;
    return status;
}

void attention_softmax(const chunk *c, const real *scores, real *weights)
{
    for (int r = 0; r < c->rows; r++) {
        real highest = 0, sum = 0;
        for (int t = 0; t < c->length[r]; t++) {
            real score = scores[c->offset[t] + r];
            highest = t == 0 || score > highest ? score : highest;
        }
        for (int t = 0; t < c->length[r]; t++) {
            int i = c->offset[t] + r;
            weights[i] = (real)exp((double)(scores[i] - highest));
            sum += weights[i];
        }
        for (int t = 0; t < c->length[r]; t++)
            weights[c->offset[t] + r] /= sum;
    }
}

void attention_softmax_backward(const chunk *c, const real *weights, real *d)
{
    for (int r = 0; r < c->rows; r++) {
        real mean = 0;
        for (int t = 0; t < c->length[r]; t++)
            mean += weights[c->offset[t] + r] * d[c->offset[t] + r];
        for (int t = 0; t < c->length[r]; t++) {
            int i = c->offset[t] + r;
            d[i] = weights[i] * (d[i] - mean);
        }
    }
}

void attention_context(pass *p, const layer *l, const real *weights)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    const real *h = pass_value(p, l->in);
    real *y = pass_value(p, l->out);
    memset(y, 0, (size_t)c->rows * width * sizeof *y);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            p->net->kernels->axpy(width, weights[i], h + i * width, y + (size_t)r * width);
        }
}

void attention_context_backward(pass *p, const layer *l, const real *weights, real *dweights)
{
    const chunk *c = p->chunk;
    size_t width = (size_t)l->in.width;
    const real *h = pass_value(p, l->in), *dy = pass_gradient(p, l->out);
    real *dh = pass_gradient(p, l->in);
    for (int t = 0; t < c->steps; t++)
        for (int r = 0; r < c->active[t]; r++) {
            size_t i = (size_t)(c->offset[t] + r);
            dweights[i] = p->net->kernels->dot(width, h + i * width, dy + (size_t)r * width);
            p->net->kernels->axpy(width, weights[i], dy + (size_t)r * width, dh + i * width);
        }
}
