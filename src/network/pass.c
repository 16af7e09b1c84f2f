#include "network/pass.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/loss.h"

static size_t slot_size(const pass *p, const slot_spec *s)
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
        total += slot_size(p, &net->slots[i]);
    p->memory = memory_aligned(total, sizeof *p->memory);
    p->slot = memory_array((size_t)net->slot_count, sizeof *p->slot);
    if (p->memory == NULL || p->slot == NULL) {
        pass_free(p);
        return fail_memory(error, "a pass");
    }
    real *next = p->memory;
    for (int i = 0; i < net->slot_count; i++) {
        p->slot[i] = next;
        next += slot_size(p, &net->slots[i]);
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

/* ---- the chunk's rows in the loss */

static loss_rows rows_of(const pass *p)
{
    const network_spec *spec = &p->net->spec;
    return (loss_rows){.sigmoids = spec->outputs == 1 || spec->task == HEED_TASK_MULTILABEL,
                       .rows = p->chunk->rows,
                       .outputs = p->net->logits.width,
                       .target = p->chunk->target,
                       .weight = p->chunk->weight};
}

/* ---- forward and backward */

static void layers_forward(pass *p, int first)
{
    const network *net = p->net;
    for (int i = first; i < net->layer_count && !pass_stopped(p); i++)
        net->layers[i].class->forward(&net->layers[i], p);
    loss_rows rows = rows_of(p);
    p->loss = loss_forward(&rows, pass_value(p, net->logits).data, p->slot[net->probability]);
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
            matrix gradient = pass_matrix(p, i);
            memset(gradient.data, 0, matrix_count(gradient) * sizeof(real));
        }
}

static void layers_backward(pass *p)
{
    const network *net = p->net;
    for (int i = net->layer_count - 1; i >= 0 && !pass_stopped(p); i--)
        net->layers[i].class->backward(&net->layers[i], p);
}

void network_backward(pass *p)
{
    loss_rows rows = rows_of(p);
    clear_gradients(p);
    loss_backward(&rows, p->row_share, p->slot[p->net->probability], pass_gradient(p, p->net->logits).data);
    layers_backward(p);
}

void network_backward_from(pass *p, const real *dlogits)
{
    matrix dz = pass_gradient(p, p->net->logits);
    clear_gradients(p);
    memcpy(dz.data, dlogits, matrix_count(dz) * sizeof *dlogits);
    layers_backward(p);
}
