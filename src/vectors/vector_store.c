#include "vectors/vector_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/compose.h"

void vectors_release(vectors *v)
{
    intern_release(&v->own);
    free(v->place);
    free(v->values);
    *v = (vectors){0};
}

/* Words from `known` on have no vectors yet. */
static void grow_places(vectors *v, vector_input *in, uint32_t count, uint32_t known)
{
    if (!vector_input_grow(in, &v->place, &v->place_capacity, count, sizeof *v->place))
        return;
    for (uint32_t i = known; i < count; i++)
        v->place[i] = VECTORS_NONE;
}

void vectors_begin(vectors *v, vector_input *in, const intern *wanted, uint32_t width)
{
    *v = (vectors){.wanted = wanted, .width = width};
    if (wanted != NULL)
        grow_places(v, in, wanted->count, 0);
    else if (vector_input_fine(in))
        in->status = intern_init(&v->own, in->error);
}

uint32_t vectors_number(vectors *v, vector_input *in, heed_bytes word)
{
    uint32_t number = INTERN_NONE, known = v->own.count;
    if (v->wanted != NULL)
        return compose_find(v->wanted, word);
    in->status = intern_put(&number, &v->own, word, in->error);
    if (v->own.count > known)
        grow_places(v, in, v->own.count, known);
    return vector_input_fine(in) ? number : INTERN_NONE;
}

float *vectors_add(vectors *v, vector_input *in, uint32_t number)
{
    size_t used = (size_t)v->stored * v->dimensions;
    if (!vector_input_grow(in, &v->values, &v->value_capacity, used + v->dimensions, sizeof *v->values))
        return NULL;
    float *values = v->values + used;
    memset(values, 0, v->dimensions * sizeof *values);
    v->place[number] = v->stored++;
    v->found++;
    return values;
}

void vectors_skip(vectors *v, bool not_utf8)
{
    if (not_utf8) {
        v->not_utf8++;
        return;
    }
    if (v->bad++ == 0)
        v->first_bad = v->rows;
}

void vectors_take_row(vectors *v, vector_input *in, vector_row row, heed_bytes word, const float *values)
{
    v->rows++;
    if (row != VECTOR_ROW_FINE) {
        vectors_skip(v, row == VECTOR_ROW_NOT_UTF8);
        return;
    }
    uint32_t number = vectors_number(v, in, word);
    if (number == INTERN_NONE)
        return;
    if (v->place[number] != VECTORS_NONE) {
        v->repeated++;
        return;
    }
    float *kept = vectors_add(v, in, number);
    if (kept != NULL)
        memcpy(kept, values, v->dimensions * sizeof *kept);
}

void vectors_check_width(const vectors *v, vector_input *in)
{
    if (v->width != 0 && v->width != v->dimensions)
        vector_input_fail(in, HEED_USAGE,
                          "--vectors: %s has %u dimensions, but the architecture's embedding is %u wide; begin it with "
                          "embed %u",
                          in->name, v->dimensions, v->width, v->dimensions);
}
