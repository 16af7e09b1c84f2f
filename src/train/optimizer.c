/* Adam, AdamW, and gradient descent with momentum, as Keras computes them.
 *
 *   w weights, g their gradient, m, v moments of 0 before step n = 1; lr the step's learning rate (train/schedule.c)
 *
 *   clipping   g = g clip_norm / |g| if |g| > clip_norm, |g| over all weights        Pascanu et al. 2013, algorithm 1
 *   AdamW      w = (1 - lr decay) w, then as Adam                 Loshchilov & Hutter 2019, algorithm 2, line 12
 *   Adam       m += (1 - 0.9)(g - m)        v += (1 - 0.999)(g^2 - v)        Kingma & Ba 2015, end of section 2
 *              rate = lr sqrt(1 - 0.999^n) / (1 - 0.9^n)        w -= rate m / (sqrt(v) + 1e-7)
 *   SGD        v = momentum v - lr g        w += v
 *
 * AdamW's decay spares biases, the weights of layer norms, and the embedding's row of padding. */
#include "train/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "options/choices.h"

const names optimizer_names = NAMES("adam", "adamw", "sgd");

heed_status optimizer_init(optimizer *out, const network *net, const optimizer_options *options, heed_error *error)
{
    bool adam = options->kind != HEED_OPTIMIZER_SGD;
    *out = (optimizer){.net = net, .kernels = net->kernels, .options = *options};
    out->moment1 = memory_aligned(net->weight_count, sizeof(real));
    out->moment2 = adam ? memory_aligned(net->weight_count, sizeof(real)) : NULL;
    return out->moment1 == NULL || (adam && out->moment2 == NULL) ? fail_memory(error, "an optimizer") : HEED_OK;
}

void optimizer_release(optimizer *o)
{
    free(o->moment1);
    free(o->moment2);
    *o = (optimizer){0};
}

void optimizer_restart(optimizer *o)
{
    memset(o->moment1, 0, o->net->weight_count * sizeof(real));
    if (o->moment2 != NULL)
        memset(o->moment2, 0, o->net->weight_count * sizeof(real));
}

optimizer_step optimizer_step_of(const optimizer *o, uint64_t number, double learning_rate, double square_norm)
{
    double norm = sqrt(square_norm), max_norm = o->options.clip_norm, rate = learning_rate;
    double step = (double)number + 1;
    if (o->options.kind != HEED_OPTIMIZER_SGD)
        rate = learning_rate * sqrt(1 - pow(0.999, step)) / (1 - pow(0.9, step));
    return (optimizer_step){.number = number + 1,
                            .rate = (real)rate,
                            .kept = (real)(1 - learning_rate * o->options.weight_decay),
                            .shrink = max_norm > 0 && norm > max_norm ? (real)(max_norm / norm) : 1};
}

void optimizer_decay(const optimizer *o, const optimizer_step *step, size_t first, size_t count, real *weights)
{
    if (o->options.kind != HEED_OPTIMIZER_ADAMW || step->kept == 1)
        return;
    size_t padding = o->net->embedding_count > 0 ? (size_t)o->net->embedded.width : 0, end = first + count;
    first = first < padding ? padding : first; /* row 0 of the embedding, whose rows are the first weights */
    for (int i = 0; i < o->net->parameter_count; i++) {
        const parameter *p = &o->net->parameters[i];
        size_t begin = p->offset < first ? first : p->offset, stop = p->offset + parameter_count(p);
        stop = stop < end ? stop : end;
        if (parameter_decays(p) && begin < stop)
            o->kernels->scale(stop - begin, step->kept, weights + begin);
    }
}

void optimizer_move(const optimizer *o, const optimizer_step *step, size_t first, size_t count, real *gradient,
                    real *weights)
{
    const kernels *k = o->kernels;
    real *moment1 = o->moment1 + first;
    if (gradient != NULL && step->shrink < 1)
        k->scale(count, step->shrink, gradient);
    if (o->options.kind == HEED_OPTIMIZER_SGD)
        k->sgd(count, step->rate, (real)o->options.momentum, gradient, weights + first, moment1);
    else
        k->adam(count, step->rate, gradient, weights + first, moment1, o->moment2 + first);
}
