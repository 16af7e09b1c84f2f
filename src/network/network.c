#include "network/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "network/architecture.h"

/* ---- building */

heed_status network_add_parameter(network *net, layer *l, int index, const char *part, int rank, int rows, int columns,
                                  initial start, heed_error *error)
{
    heed_status status = memory_grow(&net->parameters, &net->parameter_capacity, (size_t)net->parameter_count + 1,
                                     sizeof *net->parameters, error);
    if (status != HEED_OK)
        return status;
    parameter *p = &net->parameters[net->parameter_count++];
    *p = (parameter){.rows = rows, .columns = columns, .rank = rank, .offset = net->weight_count, .start = start,
                     .layer = l->number, .shape = {rank == 1 ? columns : rows, columns}};
    snprintf(p->name, sizeof p->name, "%s%s%s", l->name, part[0] == '_' ? "" : ".", part);
    l->weight[index] = net->weight_count;
    net->weight_count += parameter_count(p);
    return HEED_OK;
}

void network_shape_parameter(network *net, int first, int second, int third)
{
    parameter *p = &net->parameters[net->parameter_count - 1];
    p->rank = 3;
    p->shape[0] = first;
    p->shape[1] = second;
    p->shape[2] = third;
}

size_t network_add_prepared(network *net, size_t count)
{
    size_t offset = net->prepared_count;
    net->prepared_count += (count + 15) / 16 * 16; /* 64 bytes of floats */
    return offset;
}

size_t network_add_halved(network *net, size_t count)
{
    size_t offset = net->halved_count;
    net->halved_count += (count + 15) / 16 * 16; /* 64 bytes */
    return offset;
}

void network_number_name(const network *net, layer *l, const char *name)
{
    int before = 0;
    for (int i = 0; i < l->number; i++)
        before += net->layers[i].class == l->class;
    snprintf(l->name, sizeof l->name, before > 0 ? "%s_%d" : "%s", name, before);
}

heed_status network_add_slot(network *net, int *slot, int width, bool per_row, bool gradient, heed_error *error)
{
    heed_status status =
        memory_grow(&net->slots, &net->slot_capacity, (size_t)net->slot_count + 1, sizeof *net->slots, error);
    if (status != HEED_OK)
        return status;
    *slot = net->slot_count++;
    net->slots[*slot] = (slot_size){.width = width, .per_row = per_row, .gradient = gradient};
    return HEED_OK;
}

heed_status network_add_tensor(network *net, tensor *t, int width, bool per_row, heed_error *error)
{
    t->width = width;
    heed_status status = network_add_slot(net, &t->value, width, per_row, false, error);
    return status == HEED_OK ? network_add_slot(net, &t->gradient, width, per_row, true, error) : status;
}

static heed_status build_layers(network *net, heed_error *error)
{
    flow f = {0};
    for (int i = 0; i < net->layer_count; i++) {
        layer *l = &net->layers[i];
        l->number = i;
        heed_status status = l->class->build(net, l, &f, error);
        if (status != HEED_OK)
            return status;
        if (l->class->stage == STAGE_ENCODER)
            f.encoders++;
        if (l->class->stage == STAGE_EMBEDDING) {
            net->embedded = f.sequence;
            net->embedding_count = net->weight_count;
        }
    }
    net->logits = f.row;
    return network_add_slot(net, &net->probability, f.row.width, true, false, error);
}

heed_status network_new(network **out, const network_spec *spec, heed_error *error)
{
    *out = NULL;
    network *net = memory_array(1, sizeof *net);
    if (net == NULL)
        return fail_memory(error, "a network");
    net->spec = *spec;
    net->attention = -1;
    net->kernels = kernels_choose();
    heed_status status = architecture_parse(&net->layers, &net->layer_count, spec->architecture, error);
    if (status == HEED_OK)
        status = architecture_print(&net->architecture, net->layers, net->layer_count, error);
    if (status == HEED_OK)
        status = build_layers(net, error);
    if (status != HEED_OK) {
        network_free(net);
        return status;
    }
    net->spec.architecture = net->architecture;
    *out = net;
    return HEED_OK;
}

void network_free(network *net)
{
    if (net == NULL)
        return;
    free(net->layers);
    free(net->parameters);
    free(net->slots);
    free(net->architecture);
    free(net);
}

/* ---- initial weights (the initializers of Keras) */

static double unit_number(random_key key, size_t element)
{
    return random_unit(random_word(key, (uint32_t)element));
}

static void fill_uniform(const parameter *p, real *w, double limit, random_key key)
{
    for (size_t i = 0; i < parameter_count(p); i++)
        w[i] = (real)((2 * unit_number(key, i) - 1) * limit);
}

static double normal_number(random_key key, size_t element) /* Box and Muller 1958 */
{
    double u = 1 - unit_number(key, 2 * element), v = unit_number(key, 2 * element + 1);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* Orthonormal rows (rows <= columns in every use): Gram and Schmidt twice over normal rows, which is the Q of their
 * QR decomposition with the signs of Keras's initializer (Saxe et al. 2013). */
static heed_status fill_orthogonal(const parameter *p, real *w, random_key key, heed_error *error)
{
    size_t columns = (size_t)p->columns;
    double *q = memory_array(parameter_count(p), sizeof *q);
    if (q == NULL)
        return fail_memory(error, p->name);
    for (int i = 0; i < p->rows; i++) {
        double *row = q + (size_t)i * columns;
        for (size_t j = 0; j < columns; j++)
            row[j] = normal_number(key, (size_t)i * columns + j);
        for (int turn = 0; turn < 2; turn++)
            for (int other = 0; other < i; other++) {
                double along = 0;
                for (size_t j = 0; j < columns; j++)
                    along += row[j] * q[(size_t)other * columns + j];
                for (size_t j = 0; j < columns; j++)
                    row[j] -= along * q[(size_t)other * columns + j];
            }
        double norm = 0;
        for (size_t j = 0; j < columns; j++)
            norm += row[j] * row[j];
        norm = 1 / sqrt(norm);
        for (size_t j = 0; j < columns; j++)
            w[(size_t)i * columns + j] = (real)(row[j] *= norm);
    }
    free(q);
    return HEED_OK;
}

static void fill_forget(const parameter *p, real *w) /* gates i, f, g, o: forget gates start open */
{
    size_t units = parameter_count(p) / 4;
    for (size_t i = 0; i < units; i++)
        w[units + i] = 1;
}

heed_status network_initialize(const network *net, real *weights, uint64_t seed, heed_error *error)
{
    heed_status status = HEED_OK;
    for (int i = 0; i < net->parameter_count && status == HEED_OK; i++) {
        const parameter *p = &net->parameters[i];
        real *w = weights + p->offset;
        random_key key = {seed, RANDOM_INIT, (uint32_t)p->layer, 0, (uint32_t)i};
        for (size_t j = 0; j < parameter_count(p); j++)
            w[j] = p->start == INITIAL_ONE;
        switch (p->start) {
        case INITIAL_ZERO:
        case INITIAL_ONE:
            break;
        case INITIAL_FORGET:
            fill_forget(p, w);
            break;
        case INITIAL_EMBEDDING:
            fill_uniform(p, w, 0.05, key);
            break;
        case INITIAL_GLOROT: /* Glorot & Bengio 2010 */
            fill_uniform(p, w, sqrt(6.0 / (p->rows + p->columns)), key);
            break;
        case INITIAL_GLOROT_TAPS: /* [taps][in][out]: each input reaches `out` features at as many places */
            fill_uniform(p, w, sqrt(6.0 / (p->shape[0] * ((double)p->shape[1] + p->shape[2]))), key);
            break;
        case INITIAL_ORTHOGONAL:
            status = fill_orthogonal(p, w, key, error);
            break;
        }
    }
    return status;
}

void network_prepare_layer(const network *net, int number, const real *weights, real *prepared)
{
    const layer *l = &net->layers[number];
    if (l->class->prepare != NULL)
        l->class->prepare(l, net, weights, prepared);
}

void network_prepare(const network *net, const real *weights, real *prepared)
{
    for (int i = 0; i < net->layer_count; i++)
        network_prepare_layer(net, i, weights, prepared);
}

void network_halve(const network *net, const real *weights, uint32_t *halved)
{
    for (int i = 0; i < net->layer_count; i++)
        if (net->layers[i].class->halve != NULL)
            net->layers[i].class->halve(&net->layers[i], weights, halved);
}

/* Some columns at a time, whose lines of out the caches hold while the rows pass. */
void transpose(int rows, int columns, const real *x, real *out)
{
    enum { AT_A_TIME = 16 };
    for (int first = 0; first < columns; first += AT_A_TIME) {
        int end = columns - first < AT_A_TIME ? columns : first + AT_A_TIME;
        for (int i = 0; i < rows; i++)
            for (int j = first; j < end; j++)
                out[(ptrdiff_t)j * rows + i] = x[(ptrdiff_t)i * columns + j];
    }
}

/* ---- chunks */

void chunk_pack(chunk *c, const uint32_t *const *ids)
{
    c->steps = c->rows > 0 ? c->length[0] : 0;
    c->positions = 0;
    int active = c->rows;
    for (int t = 0; t < c->steps; t++) {
        while (c->length[active - 1] <= t)
            active--;
        c->active[t] = active;
        c->offset[t] = c->positions;
        for (int r = 0; r < active; r++)
            c->ids[c->positions + r] = ids[r][t];
        c->positions += active;
    }
    c->offset[c->steps] = c->positions;
}

/* ---- passes */

static size_t slot_capacity(const pass *p, const slot_size *s)
{
    size_t count = (size_t)s->width * (size_t)(s->per_row ? p->row_capacity : p->position_capacity);
    return s->gradient && !p->training ? 0 : (count + 15) / 16 * 16;
}

heed_status pass_new(pass **out, const network *net, int rows, int steps, bool training, heed_error *error)
{
    *out = NULL;
    pass *p = memory_array(1, sizeof *p);
    if (p == NULL)
        return fail_memory(error, "a pass");
    p->net = net;
    p->training = training;
    p->row_capacity = rows;
    p->position_capacity = rows * steps;
    size_t total = 0;
    for (int i = 0; i < net->slot_count; i++)
        total += slot_capacity(p, &net->slots[i]);
    p->memory = memory_aligned(total, sizeof *p->memory);
    p->slot = memory_array((size_t)net->slot_count, sizeof *p->slot);
    if (p->memory == NULL || p->slot == NULL) {
        pass_free(p);
        return fail_memory(error, "a pass");
    }
    real *next = p->memory;
    for (int i = 0; i < net->slot_count; i++) {
        p->slot[i] = next;
        next += slot_capacity(p, &net->slots[i]);
    }
    *out = p;
    return HEED_OK;
}

void pass_free(pass *p)
{
    if (p == NULL)
        return;
    free(p->memory);
    free(p->slot);
    free(p);
}

static void layers_forward(pass *p, int first)
{
    const network *net = p->net;
    for (int i = first; i < net->layer_count; i++)
        net->layers[i].class->forward(&net->layers[i], p);
    loss_forward(p);
}

void network_forward(pass *p)
{
    layers_forward(p, 0);
}

void network_forward_pooled(pass *p)
{
    int first = 0;
    while (layer_place(&p->net->layers[first]) < STAGE_POOLING)
        first++;
    layers_forward(p, first);
}

static void clear_gradients(pass *p)
{
    const network *net = p->net;
    for (int i = 0; i < net->slot_count; i++)
        if (net->slots[i].gradient && !net->slots[i].written && !(p->place != NULL && i == net->embedded.gradient)) {
            int count = net->slots[i].per_row ? p->chunk->rows : p->chunk->positions;
            memset(p->slot[i], 0, (size_t)count * (size_t)net->slots[i].width * sizeof(real));
        }
}

static void layers_backward(pass *p)
{
    const network *net = p->net;
    for (int i = net->layer_count - 1; i >= 0; i--)
        net->layers[i].class->backward(&net->layers[i], p);
}

void network_backward(pass *p)
{
    clear_gradients(p);
    loss_backward(p);
    layers_backward(p);
}

void network_backward_from(pass *p, const real *dlogits)
{
    clear_gradients(p);
    memcpy(pass_gradient(p, p->net->logits), dlogits,
           (size_t)p->chunk->rows * (size_t)p->net->logits.width * sizeof *dlogits);
    layers_backward(p);
}
