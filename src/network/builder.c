#include "network/builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "math/bfloat16.h"

void builder_refuse(builder *b, const char *format, ...)
{
    char message[sizeof b->error->message];
    if (b->status != HEED_OK)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    b->status = fail(b->error, HEED_USAGE, "%s", message);
}

void builder_name(builder *b, const char *name)
{
    layer *l = b->layer;
    int before = 0;
    for (int i = 0; i < l->number; i++)
        before += strncmp(b->net->layers[i].name, name, strlen(name)) == 0;
    snprintf(l->name, sizeof l->name, before > 0 ? "%s_%d" : "%s", name, before);
}

/* Room for one more element after `count`; false after a failure. */
static bool grow(builder *b, void *block, size_t *capacity, int count, size_t size)
{
    if (b->status == HEED_OK)
        b->status = memory_grow(block, capacity, (size_t)count + 1, size, b->error);
    return b->status == HEED_OK;
}

/* ---- parameters */

static size_t take(size_t *count, size_t more)
{
    size_t offset = *count;
    *count += more;
    return offset;
}

/* As stored. */
static void set_shape(parameter *p, const parameter_spec *s)
{
    const int flat[3] = {s->vector ? s->columns : s->rows, s->columns};
    const int of_taps[3] = {s->taps, s->rows / p->taps, s->columns};
    bool deep = s->taps > 0 || s->shape[0] > 0;
    p->rank = s->vector ? 1 : deep ? 3 : 2;
    memcpy(p->shape, s->taps > 0 ? of_taps : deep ? s->shape : flat, sizeof p->shape);
}

void builder_parameter(builder *b, parameter_spec s)
{
    network *net = b->net;
    if (!grow(b, &net->parameters, &net->parameter_capacity, net->parameter_count, sizeof *net->parameters))
        return;
    parameter *p = &net->parameters[net->parameter_count++];
    *p = (parameter){.rows = s.rows,
                     .columns = s.columns,
                     .taps = s.taps > 0 ? s.taps : 1,
                     .start = s.start,
                     .layer = b->layer->number};
    set_shape(p, &s);
    snprintf(p->name, sizeof p->name, "%s%s%s", b->layer->name, s.part[0] == '_' ? "" : ".", s.part);
    size_t count = parameter_count(p);
    p->offset = take(&net->weight_count, count);
    p->transposed = s.transposed ? take(&net->transposed_count, count) : NO_COPY;
    p->bf16 = s.bf16 ? take(&net->bf16_count, bf16_count(s.rows, s.columns)) : NO_COPY;
}

void builder_kernel(builder *b, const char *part, int rows, int columns)
{
    builder_parameter(
        b,
        (parameter_spec){.part = part, .rows = rows, .columns = columns, .start = INITIAL_GLOROT, .transposed = true});
}

void builder_bias(builder *b, const char *part, int count)
{
    builder_parameter(
        b, (parameter_spec){.part = part, .rows = 1, .columns = count, .vector = true, .start = INITIAL_ZERO});
}

/* ---- slots */

int builder_slot(builder *b, slot_spec spec)
{
    network *net = b->net;
    if (!grow(b, &net->slots, &net->slot_capacity, net->slot_count, sizeof *net->slots))
        return 0;
    net->slots[net->slot_count] = spec;
    return net->slot_count++;
}

static tensor add_tensor(builder *b, int width, bool per_row)
{
    tensor t = {.width = width};
    t.value = builder_slot(b, (slot_spec){.width = width, .per_row = per_row});
    t.gradient = builder_slot(b, (slot_spec){.width = width, .per_row = per_row, .gradient = true});
    return t;
}

tensor builder_sequence(builder *b, int width)
{
    return add_tensor(b, width, false);
}

tensor builder_row(builder *b, int width)
{
    return add_tensor(b, width, true);
}

void builder_projection(builder *b, int kernel, int tap, int bias, int slot, bool packed)
{
    network *net = b->net;
    if (b->status != HEED_OK || net->embedding_count == 0) /* no states are equal */
        return;
    const parameter *w = layer_parameter(net, b->layer, kernel);
    size_t at = (size_t)tap * (parameter_count(w) / (size_t)w->taps);
    net->projections[net->projection_count++] =
        (projection){.kernel = w->offset + at,
                     .bias = bias < 0 ? NO_BIAS : layer_parameter(net, b->layer, bias)->offset,
                     .transposed = w->transposed + at,
                     .columns = w->columns,
                     .slot = slot,
                     .packed = packed};
}

/* ---- the layers */

/* The copies of a layer's weights begin at a multiple of 64 bytes. */
static size_t aligned(size_t count)
{
    return (count + 15) / 16 * 16;
}

static void build_layer(builder *b, const layer_spec *spec, int number)
{
    network *net = b->net;
    layer *l = b->layer = &net->layers[number];
    *l = (layer){.class = spec->class, .spec = *spec, .number = number, .first_parameter = net->parameter_count};
    net->transposed_count = aligned(net->transposed_count);
    net->bf16_count = aligned(net->bf16_count);
    l->class->build(b, l);
    b->encoders += l->class->stage == STAGE_ENCODER;
    if (l->class->stage != STAGE_EMBEDDING)
        return;
    net->embedded = b->sequence;
    net->embedding_count = net->weight_count;
}

heed_status builder_run(network *net, const layer_spec *layers, int count, heed_error *error)
{
    builder b = {.net = net, .error = error};
    net->layer_count = count;
    net->layers = memory_array((size_t)count, sizeof *net->layers);
    if (net->layers == NULL)
        return fail_memory(error, "a network");
    for (int i = 0; i < count && b.status == HEED_OK; i++)
        build_layer(&b, &layers[i], i);
    net->logits = b.row;
    net->probability = builder_slot(&b, (slot_spec){.width = b.row.width, .per_row = true});
    return b.status;
}
